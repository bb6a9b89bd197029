import { parseSize } from "../../base/format.ts";
import { epochMsOfNanoseconds, numberOf, rowsOf, type NodeReport } from "./nodeReport.ts";

/** Bytes that came in from the registry's side, as time goes on. */
export interface ByteSamples {
  /** The interface on the way to the registry; several where the registry's name is the node's own. */
  readonly interfaces: readonly string[];
  /** On the node's clock, in order. */
  readonly samples: readonly { readonly atEpochMs: number; readonly bytes: number }[];
}

/** Reads what `sampleScript` printed: uptimes become instants of the node's clock. Undefined when the interface is unknown. */
export function byteSamplesOf(report: NodeReport): ByteSamples | undefined {
  const interfaces = rowsOf(report, "interface")[0]?.filter((name) => name !== "") ?? [];
  const [stamp, uptime] = rowsOf(report, "clock")[0] ?? [];
  const clock = epochMsOfNanoseconds(stamp);
  const up = numberOf(uptime);
  if (interfaces.length === 0 || clock === undefined || up === undefined) return undefined;
  const samples = rowsOf(report, "at").flatMap(([at, bytes]) => {
    const atUp = numberOf(at);
    const count = numberOf(bytes);
    return atUp === undefined || count === undefined ? [] : [{ atEpochMs: clock + (atUp - up) * 1000, bytes: count }];
  });
  return { interfaces, samples };
}

/** Bytes between two instants of the node's clock: from the last count before the first to the first count after the second. */
export function bytesBetween(samples: ByteSamples, fromEpochMs: number, toEpochMs: number): number | undefined {
  const first = samples.samples.findLast(({ atEpochMs }) => atEpochMs <= fromEpochMs) ?? samples.samples[0];
  const last = samples.samples.find(({ atEpochMs }) => atEpochMs >= toEpochMs) ?? samples.samples.at(-1);
  return first && last && last.bytes >= first.bytes ? last.bytes - first.bytes : undefined;
}

/**
 * What the node says it has of an image, from `fetchedScript`: the snapshotter's own counter, else the size of its cache and of the layers
 * in containerd's store. Used where no interface counts the registry's bytes alone.
 */
export function storedBytesOf(report: NodeReport, layerDigests: readonly string[]): { readonly bytes: number; readonly source: string } | undefined {
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
