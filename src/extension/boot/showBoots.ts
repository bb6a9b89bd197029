import { coldstartVersion } from "../../base/version.ts";
import type { ReadBoot } from "../../boot/bootChain.ts";
import { openReport } from "../bench/runPlan.ts";
import { placeForReport, saveReport } from "../reports/reportFiles.ts";
import { readWorkRules } from "../settings.ts";

/** Saves the report of boots and opens it; nothing when the user names no place for it. */
export async function showBoots(boots: readonly ReadBoot[], name: string): Promise<void> {
  const { bootReportOf, withSettings } = await import("./bootEngine.ts");
  const report = bootReportOf(boots, { rules: withSettings(readWorkRules()) });
  const uri = await placeForReport(name, undefined);
  if (!uri) return;
  await saveReport(uri, { boots: report }, coldstartVersion);
  await openReport(uri);
}
