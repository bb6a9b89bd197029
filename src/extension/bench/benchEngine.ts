/** The door to benchmarks; as heavy as the one to clusters, so it is only ever opened by `await import`. */
import type { ContentSettings } from "../../bench/plan/compareImages.ts";
import { defaultContentSettings } from "../../bench/plan/contentCheck.ts";
import { engineSettings } from "../engineSettings.ts";
import type { UserSettings } from "../settings.ts";

export { planText } from "../../bench/plan/planText.ts";
export { redactedRun } from "../../bench/redactedRun.ts";
export { preparePlan, readObject } from "../../bench/run/preparePlan.ts";
export { runBench } from "../../bench/run/runBench.ts";
export { summaryOf } from "../../bench/summary.ts";
export { verdictOf } from "../../bench/verdict.ts";

/** How the arms' images are read to compare them. */
export function contentSettings(settings: UserSettings): ContentSettings {
  return { ...defaultContentSettings(), ...engineSettings(settings) };
}
