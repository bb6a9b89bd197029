import type { ReportBench } from "./document.ts";
import type { LoadingModel } from "./breakEven.ts";

/** What a benchmark tells of the break-even's model, for one arm against the baseline. */
export interface MeasuredLoading {
  readonly model: LoadingModel;
  /** How the bandwidth is known: as the run's environment tells it, or from what the baseline pulled in which time (then unpacking is in it). */
  readonly bandwidthFrom: "environment" | "pull";
  /** Share of the image's bytes that the arm had fetched when it was ready; undefined when nobody counted. */
  readonly touchedShare: number | undefined;
}

/** What no benchmark measures, until it is said otherwise: a registry in the same region, and the usual 4 MiB of eStargz and SOCI. */
const usualLoading = { requestMs: 20, chunkBytes: 4_194_304, chunksAtOnce: 1 } as const;

/** Undefined when the image's size, or how fast it can come, is not known. */
export function measuredLoading({ run, summary }: ReportBench, arm: string): MeasuredLoading | undefined {
  const { environment } = run;
  const baseline = summary.arms.find((one) => one.arm === summary.baseline);
  const compressedBytes = environment.images.find((image) => image.arm === summary.baseline)?.compressedSizeBytes;
  if (!baseline || compressedBytes === undefined || !(compressedBytes > 0)) return undefined;
  const pullMs = baseline.stages.find(({ names }) => names.length === 1 && names[0] === "pull")?.medianMs;
  const told = environment.linkBytesPerSecond;
  const bandwidthBytesPerSecond = told ?? (pullMs !== undefined && pullMs > 0 ? (1000 * compressedBytes) / pullMs : undefined);
  if (bandwidthBytesPerSecond === undefined) return undefined;
  const unpackMs = Math.max(0, (pullMs ?? 0) - (1000 * compressedBytes) / bandwidthBytesPerSecond);
  const fetched = summary.arms.find((one) => one.arm === arm)?.fetched;
  return {
    model: { compressedBytes, bandwidthBytesPerSecond, unpackMs, ...usualLoading },
    bandwidthFrom: told === undefined ? "pull" : "environment",
    touchedShare: fetched && fetched.medianBytes / compressedBytes,
  };
}
