import type { Call } from "../base/log.ts";
import { explain } from "../inspect/explain.ts";
import { optionsOf, settingsOf, type ImageArguments } from "./imageArguments.ts";
import { inspected } from "./inspected.ts";
import { printExplanation } from "./printExplanation.ts";

/** The options of `coldstart explain`, as commander reads them. */
export interface ExplainArguments extends ImageArguments {
  readonly image: string;
  readonly paths: readonly string[];
  readonly json?: boolean;
}

export async function explainCommand(given: ExplainArguments, call: Call): Promise<void> {
  const inspection = await inspected(given.image, { ...optionsOf(given), settings: settingsOf(given) }, call);
  const explanations = explain(inspection, given.paths);
  process.stdout.write(given.json ? `${JSON.stringify(explanations)}\n` : explanations.map(printExplanation).join("\n"));
}
