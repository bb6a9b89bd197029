import type { Problem } from "../../base/text.ts";
import { isDigest } from "../../image/digest.ts";
import type { Digest } from "../../image/image.ts";
import type { TarMemberType } from "../../image/tarHeader.ts";
import { layerEntry } from "../layerEntry.ts";
import { FlatTable } from "./flatBuffer.ts";
import type { ContentPiece, DeflateCheckpoint, TableOfContents, TocFile } from "./tocFile.ts";
import { BadTableOfContents } from "./tocFile.ts";

const windowBytes = 32_768;
/** Compressed offset, uncompressed offset, bits, window (soci-snapshotter, ztoc/compression/gzip_zinfo.h). */
const checkpointBytes = 8 + 8 + 1 + windowBytes;
const maxNameBytes = 64 * 1024;

const memberTypes: ReadonlyMap<string, TarMemberType> = new Map([
  ["reg", "file"],
  ["dir", "directory"],
  ["symlink", "symlink"],
  ["hardlink", "hardlink"],
]);

/** From one checkpoint to the next; each span can be unpacked by itself. */
interface Span {
  readonly storedStart: number;
  readonly storedEnd: number;
  readonly plainStart: number;
  readonly plainEnd: number;
  readonly storedDigest: Digest | undefined;
  /** Undefined where the layer is not compressed. */
  readonly checkpoint: DeflateCheckpoint | undefined;
}

/** SOCI's table of contents (soci-snapshotter, ztoc/fbs/ztoc.fbs; field numbers follow that schema). Throws `BadTableOfContents`. */
export function parseZtoc(bytes: Uint8Array): TableOfContents {
  try {
    return tableOf(FlatTable.root(bytes));
  } catch (error) {
    if (error instanceof RangeError) throw new BadTableOfContents("The zTOC points outside itself", { cause: error });
    throw error;
  }
}

function tableOf(ztoc: FlatTable): TableOfContents {
  const spans = spansOf(ztoc);
  const files: TocFile[] = [];
  const problems: Problem[] = [];
  for (const file of ztoc.table(4)?.tables(0) ?? []) {
    const plainStart = file.int64(2);
    const sizeBytes = file.int64(3);
    const mtime = Date.parse(file.string(10, 100));
    if (plainStart < 0 || sizeBytes < 0) throw new BadTableOfContents("The zTOC has a file of an impossible size");
    const { entry, problem } = layerEntry({
      name: file.string(0, maxNameBytes),
      type: memberTypes.get(file.string(1, 100)) ?? "other",
      sizeBytes,
      linkName: file.string(4, maxNameBytes),
      mode: file.int64(5) & 0o7777,
      mtimeEpochS: Number.isFinite(mtime) ? mtime / 1000 : 0,
    });
    if (problem !== undefined && problems.length < 50) problems.push({ severity: "warning", message: problem });
    if (!entry) continue;
    files.push({ entry, pieces: entry.type === "file" ? piecesOf(spans, plainStart, plainStart + sizeBytes) : [] });
  }
  return { files, problems };
}

/** Spans in order. */
function spansOf(ztoc: FlatTable): Span[] {
  const info = ztoc.table(5);
  if (!info) throw new BadTableOfContents("The zTOC has no compression info");
  const storedBytes = ztoc.int64(2);
  const plainBytes = ztoc.int64(3);
  const digests = [...info.strings(2, 200)].map((text) => (isDigest(text) ? text : undefined));
  const data = info.bytes(3);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const gzip = 1;
  const starts = info.int8(0, gzip) === gzip ? gzipStarts(view, data) : plainStarts(view);
  return starts.map((start, i): Span => {
    const next = starts[i + 1];
    const span = {
      storedStart: start.storedStart - (start.checkpoint && start.checkpoint.bits > 0 ? 1 : 0),
      storedEnd: next?.storedStart ?? storedBytes,
      plainStart: start.plainStart,
      plainEnd: next?.plainStart ?? plainBytes,
      storedDigest: digests[i],
      checkpoint: start.checkpoint,
    };
    if (span.storedStart < 0 || span.storedEnd <= span.storedStart || span.storedEnd > storedBytes || span.plainEnd < span.plainStart) {
      throw new BadTableOfContents("The zTOC's checkpoints are out of order");
    }
    return span;
  });
}

type SpanStart = Pick<Span, "storedStart" | "plainStart" | "checkpoint">;

function gzipStarts(view: DataView, data: Uint8Array): SpanStart[] {
  const count = view.getInt32(0, true);
  const stored = (data.length - 12) / checkpointBytes;
  // The first version left out the first checkpoint, for which a gzip header of 10 bytes was assumed.
  if (count < 1 || (stored !== count && stored !== count - 1)) throw new BadTableOfContents("The zTOC's checkpoints are cut off");
  const starts: SpanStart[] = [];
  if (stored === count - 1) starts.push({ storedStart: 10, plainStart: 0, checkpoint: { bits: 0, window: new Uint8Array(windowBytes) } });
  for (let at = 12; at < data.length; at += checkpointBytes) {
    const bits = view.getUint8(at + 16);
    if (bits > 7) throw new BadTableOfContents("The zTOC has a checkpoint within no byte");
    starts.push({
      storedStart: Number(view.getBigInt64(at, true)),
      plainStart: Number(view.getBigInt64(at + 8, true)),
      checkpoint: { bits, window: data.subarray(at + 17, at + checkpointBytes) },
    });
  }
  return starts;
}

/** A layer that is not compressed is cut at even distances (ztoc/compression/tar_zinfo.go). */
function plainStarts(view: DataView): SpanStart[] {
  const spanBytes = Number(view.getBigInt64(4, true));
  const totalBytes = Number(view.getBigInt64(12, true));
  if (!(spanBytes >= 4096) || !(totalBytes / spanBytes <= 1_000_000)) throw new BadTableOfContents("The zTOC's spans are too short");
  const starts: SpanStart[] = [];
  for (let at = 0; at < totalBytes; at += spanBytes) starts.push({ storedStart: at, plainStart: at, checkpoint: undefined });
  return starts;
}

/** Empty when the spans do not hold the range. */
function piecesOf(spans: readonly Span[], start: number, end: number): ContentPiece[] {
  const pieces: ContentPiece[] = [];
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).plainEnd <= start) low = middle + 1;
    else high = middle;
  }
  let at = start;
  for (let i = low; at < end; i++) {
    const span = spans[i];
    if (!span || at < span.plainStart) return [];
    const until = Math.min(end, span.plainEnd);
    if (until > at) pieces.push(pieceOf(span, at, until));
    at = Math.max(at, until);
  }
  return pieces;
}

function pieceOf(span: Span, start: number, end: number): ContentPiece {
  const { checkpoint, storedDigest } = span;
  return {
    startByte: span.storedStart,
    endByte: span.storedEnd,
    form: checkpoint ? { kind: "deflate", checkpoint, storedDigest } : { kind: "plain" },
    skipBytes: start - span.plainStart,
    sizeBytes: end - start,
  };
}
