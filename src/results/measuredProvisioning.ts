import { formatDuration } from "../base/format.ts";
import type { BootReport, ReportBoot } from "../boot/bootReport.ts";
import type { Confidence } from "../stats/confidence.ts";
import { medianInterval } from "../stats/medianInterval.ts";
import { median } from "../stats/quantiles.ts";
import { usualProvisioningMs } from "./gainLadder.ts";

/** How long nodes took from the first phase that they tell of until the unit was ready; what a cloud takes to find a machine is not in it. */
export interface MeasuredProvisioning {
  readonly medianMs: number;
  /** How many got ready. */
  readonly boots: number;
  /** Of the median; absent below three boots. */
  readonly interval?: Confidence;
}

/** Where the wait for a new node begins from, before anybody says otherwise. */
export interface ProvisioningStart {
  readonly provisioningMs: number;
  /** In words: `median of 5 boots in this report, ± 2.1 s`, or that it is assumed. */
  readonly source: string;
  readonly isMeasured: boolean;
}

/** Undefined when no boot got ready. */
export function measuredProvisioning({ boots }: BootReport): MeasuredProvisioning | undefined {
  const lengthsMs = boots.flatMap((boot) => (boot.chain.state === "ready" ? [beforeUserspaceMs(boot) + boot.chain.endAtMs] : []));
  const medianMs = median(lengthsMs);
  if (medianMs === undefined) return undefined;
  const interval = medianInterval(lengthsMs);
  return { medianMs, boots: lengthsMs.length, ...(interval && { interval }) };
}

function beforeUserspaceMs({ phases }: ReportBoot): number {
  return phases.reduce((sum, { phase, durationMs }) => (phase === "userspace" ? sum : sum + durationMs), 0);
}

/** What the report's own boots tell, else those of the first of the others that holds some, else what the field tells. */
export function provisioningStart(
  own: MeasuredProvisioning | undefined,
  others: readonly { readonly name: string; readonly measured: MeasuredProvisioning | undefined }[],
): ProvisioningStart {
  if (own) return startOf(own, "this report");
  for (const { name, measured } of others) if (measured) return startOf(measured, name);
  return { provisioningMs: usualProvisioningMs, source: "assumed: no boots are in this report or in those beside it", isMeasured: false };
}

function startOf({ medianMs, boots, interval }: MeasuredProvisioning, where: string): ProvisioningStart {
  const basis = boots === 1 ? `one boot in ${where}` : `median of ${boots} boots in ${where}`;
  const half = interval && Math.max(interval.high - medianMs, medianMs - interval.low);
  return { provisioningMs: medianMs, source: half === undefined ? basis : `${basis}, ± ${formatDuration(half)}`, isMeasured: true };
}
