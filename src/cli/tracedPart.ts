import type { Call } from "../base/log.ts";
import type { Inspection } from "../inspect/inspection.ts";
import { compared, readTracedStart } from "../inspect/traced.ts";
import type { Report } from "../results/report.ts";
import { reportTraced } from "../results/reportTraced.ts";
import type { InspectArguments } from "./inspectArguments.ts";
import { momentArgument } from "./momentArgument.ts";

/** What `--trace` adds to a report; nothing without it. */
export async function tracedPart(
  inspection: Inspection,
  { trace, moment }: Pick<InspectArguments, "trace" | "moment">,
  call: Call,
): Promise<Pick<Report, "traced">> {
  if (trace === undefined) return {};
  const wanted = momentArgument(moment);
  const start = await readTracedStart(inspection, trace, call);
  for (const { message } of start.traced.problems) process.stderr.write(`${message}\n`);
  return { traced: reportTraced(compared(inspection, start, wanted)) };
}
