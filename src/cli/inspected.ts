import type { Call } from "../base/log.ts";
import { inspectImage } from "../inspect/inspect.ts";
import type { Inspection, InspectOptions } from "../inspect/inspection.ts";
import type { EngineSettings } from "../inspect/settings.ts";
import { Progress } from "./progress.ts";

/** Runs an inspection to its end with progress on stderr. */
export async function inspected(
  name: string,
  options: InspectOptions & { readonly settings: EngineSettings },
  call: Call,
): Promise<Inspection> {
  const progress = new Progress();
  try {
    for await (const event of inspectImage(name, options, call)) {
      progress.show(event);
      if (event.kind === "done") return event.inspection;
    }
  } finally {
    progress.clear();
  }
  throw new Error("an inspection ended without a result");
}
