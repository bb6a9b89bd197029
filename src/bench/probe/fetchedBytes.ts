import { parseSize } from "../../base/format.ts";
import { epochMsOfNanoseconds, numberOf, rowsOf, type NodeReport } from "./nodeReport.ts";

/** Bytes that came in from the registry's side, as time goes on. */
export interface ByteSamples {
  /** On the node's clock, in order; the count of each interface by its name. */
  readonly samples: readonly { readonly atEpochMs: number; readonly bytes: Readonly<Record<string, number>> }[];
}

/** Reads what `sampleScript` printed: uptimes become instants of the node's clock. Undefined when nothing was counted. */
export function byteSamplesOf(report: NodeReport): ByteSamples | undefined {
  const [stamp, uptime] = rowsOf(report, "clock")[0] ?? [];
  const clock = epochMsOfNanoseconds(stamp);
  const up = numberOf(uptime);
  if (clock === undefined || up === undefined) return undefined;
  const samples = rowsOf(report, "at").flatMap(([at, ...counts]) => {
    const atUp = numberOf(at);
    const pairs = counts
      .map((count) => count.split("="))
      .flatMap(([name, bytes]) => (name && numberOf(bytes) !== undefined ? [[name, Number(bytes)] as const] : []));
    return atUp === undefined || pairs.length === 0 ? [] : [{ atEpochMs: clock + (atUp - up) * 1000, bytes: Object.fromEntries(pairs) }];
  });
  return samples.length > 0 ? { samples } : undefined;
}

/**
 * Bytes between two instants of the node's clock, from the last count before the first to the first count after the second; of several
 * interfaces the one over which most came.
 */
export function bytesBetween(
  { samples }: ByteSamples,
  fromEpochMs: number,
  toEpochMs: number,
): { readonly interface: string; readonly bytes: number } | undefined {
  const first = samples.findLast(({ atEpochMs }) => atEpochMs <= fromEpochMs) ?? samples[0];
  const last = samples.find(({ atEpochMs }) => atEpochMs >= toEpochMs) ?? samples.at(-1);
  if (!first || !last) return undefined;
  const grown = Object.entries(last.bytes).map(([name, bytes]) => ({ interface: name, bytes: bytes - (first.bytes[name] ?? bytes) }));
  const most = grown.reduce((best, each) => (each.bytes > best.bytes ? each : best), grown[0] ?? { interface: "", bytes: -1 });
  return most.bytes >= 0 ? most : undefined;
}

/**
 * What the node says it has of an image, from `fetchedScript`: the snapshotter's own counter, else the size of its cache and of the layers
 * in containerd's store. Used where no interface counts the registry's bytes alone.
 */
export function storedBytesOf(
  report: NodeReport,
  layerDigests: readonly string[],
): { readonly bytes: number; readonly source: string } | undefined {
  const counters = rowsOf(report, "counter");
  if (counters.length > 0)
    return { bytes: sum(counters.map(([, bytes]) => numberOf(bytes) ?? 0)), source: "counted by nydusd, without what the protocol adds" };
  const wanted = new Set(layerDigests);
  const blobs = rowsOf(report, "blob").filter(([digest]) => digest !== undefined && wanted.has(digest));
  const caches = rowsOf(report, "cache");
  if (blobs.length === 0 && caches.length === 0) return undefined;
  const bytes = sum(blobs.map(([, size]) => parseSize(size ?? "") ?? 0)) + sum(caches.map(([, , size]) => numberOf(size) ?? 0));
  return { bytes, source: "size of the layers and caches on the node's disk" };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
