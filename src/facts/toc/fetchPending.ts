import { mapWithLimit } from "../../base/concurrency.ts";
import { isUserError } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import type { Problem } from "../../base/text.ts";
import { verifiedBytes } from "../../image/digest.ts";
import type { Layer } from "../../image/image.ts";
import { readLayerRange } from "../../image/layerSource.ts";
import { readFact } from "../extractors.ts";
import { openFactsCache } from "../factsCache.ts";
import type { FileFact } from "../fileFact.ts";
import type { FactsOptions } from "../imageFacts.ts";
import { shortened } from "../layerEntry.ts";
import type { LayerFacts } from "../layerFacts.ts";
import { encodeFetched, FetchedFacts } from "./fetchedFacts.ts";
import { backingOf, fetchedKey, withBacking } from "./tableOfContents.ts";
import type { ContentPiece, TocFile } from "./tocFile.ts";
import { BadTableOfContents } from "./tocFile.ts";
import { unpackStart } from "./unpack.ts";

/** Larger contents are not fetched: they are held in memory, and would cost more than the table saves. */
const maxContentBytes = 64 * 1024 * 1024;
/** Parts of the blob that lie closer than this are fetched by one request. */
const maxGapBytes = 128 * 1024;
const maxRequestBytes = 8 * 1024 * 1024;
const requestsAtOnce = 4;

/**
 * Fetches the contents of these entries by range and gives the layer's facts with what they say; `keepFetched` keeps them. Entries
 * whose content cannot be had are no longer pending, and a problem tells of them. Throws `digest-mismatch`, or what the
 * origin throws.
 */
export async function fetchPending(layer: Layer, facts: LayerFacts, entryIndices: readonly number[], call: Call): Promise<LayerFacts> {
  const backing = backingOf(facts);
  const before = facts instanceof FetchedFacts ? facts : undefined;
  if (!backing || !before) throw new Error("These facts did not come from a table of contents");
  const table = backing.table ?? (await backing.source.load(call)).table;

  const fetched = new Map(before.fetched);
  const problems: Problem[] = [...before.problems];
  function leaveOut(entryIndex: number, why: string): void {
    fetched.set(entryIndex, undefined);
    const path = facts.entries[entryIndex]?.path ?? "";
    if (problems.length < 100) problems.push({ severity: "warning", message: `The content of ${shortened(path)} is not known: ${why}.` });
  }

  const wanted: { readonly entryIndex: number; readonly file: TocFile }[] = [];
  for (const entryIndex of entryIndices) {
    const file = table.files[entryIndex];
    if (fetched.has(entryIndex)) continue;
    if (!file || file.pieces.length === 0) leaveOut(entryIndex, "the table of contents does not tell where it lies");
    else if (file.entry.sizeBytes > maxContentBytes || file.pieces.some(isTooLarge)) {
      leaveOut(entryIndex, "it is too large to be fetched by itself");
    } else wanted.push({ entryIndex, file });
  }

  const contents = new Map<ContentPiece, Uint8Array | string>();
  const waiting = new Map(wanted.map(({ file }) => [file, new Set(file.pieces)]));
  const ownersByPiece = new Map<ContentPiece, { readonly entryIndex: number; readonly file: TocFile }>();
  for (const owner of wanted) for (const piece of owner.file.pieces) ownersByPiece.set(piece, owner);

  function arrived(piece: ContentPiece, content: Uint8Array | string): void {
    contents.set(piece, content);
    const owner = ownersByPiece.get(piece);
    const rest = owner && waiting.get(owner.file);
    if (!owner || !rest?.delete(piece) || rest.size > 0) return;
    const parts = owner.file.pieces.map((part) => contents.get(part) ?? "a part of it is missing");
    for (const part of owner.file.pieces) contents.delete(part);
    const failure = parts.find((part) => typeof part === "string");
    if (failure !== undefined) leaveOut(owner.entryIndex, failure);
    else
      fetched.set(
        owner.entryIndex,
        factOf(
          owner.file,
          parts.filter((part) => typeof part !== "string"),
        ),
      );
  }

  const ranges = mergedRanges([...ownersByPiece.keys()]);
  await mapWithLimit(ranges, requestsAtOnce, async (range) => {
    const stored = await readLayerRange(layer, range.startByte, range.endByte, call);
    for (const group of range.groups) await unpackGroup(group, stored, range.startByte, arrived);
  });

  return withBacking(new FetchedFacts(before.base, fetched, problems), { ...backing, table });
}

/** Keeps what was fetched for a table of contents, so that another process need not fetch it again. */
export async function keepFetched(facts: LayerFacts, options: Pick<FactsOptions, "cacheDir" | "maxCacheBytes">, call: Call): Promise<void> {
  const backing = backingOf(facts);
  if (!backing || !(facts instanceof FetchedFacts)) return;
  await openFactsCache(options.cacheDir, options.maxCacheBytes, call.log).write(fetchedKey(backing.source), encodeFetched(facts));
}

function isTooLarge(piece: ContentPiece): boolean {
  return piece.skipBytes + piece.sizeBytes > maxContentBytes || piece.endByte - piece.startByte > maxContentBytes;
}

function factOf(file: TocFile, parts: readonly Uint8Array[]): FileFact | undefined {
  const content = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
  if (file.digest && parts.length > 1) verifiedBytes(content, file.digest, `the content of ${shortened(file.entry.path)}`);
  return readFact(file.entry, content);
}

/** Pieces that are unpacked together: they come from the same stored bytes. */
type PieceGroup = readonly [ContentPiece, ...ContentPiece[]];

interface MergedRange {
  readonly startByte: number;
  endByte: number;
  readonly groups: PieceGroup[];
}

function mergedRanges(pieces: readonly ContentPiece[]): MergedRange[] {
  const groups = new Map<string, [ContentPiece, ...ContentPiece[]]>();
  for (const piece of pieces) {
    const key = `${piece.startByte} ${piece.endByte} ${piece.form.kind}`;
    const group = groups.get(key);
    if (group) group.push(piece);
    else groups.set(key, [piece]);
  }
  const ranges: MergedRange[] = [];
  for (const group of [...groups.values()].sort(([a], [b]) => a.startByte - b.startByte)) {
    const { form } = group[0];
    const startByte = form.kind === "zeros" ? 0 : group[0].startByte;
    const endByte = form.kind === "zeros" ? 0 : Math.max(startByte, group[0].endByte);
    const last = ranges.at(-1);
    if (last && startByte <= last.endByte + maxGapBytes && Math.max(endByte, last.endByte) - last.startByte <= maxRequestBytes) {
      last.endByte = Math.max(last.endByte, endByte);
      last.groups.push(group);
    } else ranges.push({ startByte, endByte, groups: [group] });
  }
  return ranges;
}

async function unpackGroup(
  group: PieceGroup,
  stored: Uint8Array,
  storedStart: number,
  arrived: (piece: ContentPiece, content: Uint8Array | string) => void,
): Promise<void> {
  const [first] = group;
  const plainBytes = group.reduce((most, piece) => Math.max(most, piece.skipBytes + piece.sizeBytes), 0);
  const own = stored.subarray(first.startByte - storedStart, first.endByte - storedStart);
  let plain: Uint8Array | string;
  try {
    plain = await unpackStart(first, own, plainBytes);
  } catch (error) {
    const isBad = error instanceof BadTableOfContents || (isUserError(error) && error.code === "layer-unreadable");
    if (!isBad) throw error;
    plain = "its part of the layer cannot be unpacked";
  }
  for (const piece of group) {
    if (typeof plain === "string") {
      arrived(piece, plain);
      continue;
    }
    const content = plain.subarray(piece.skipBytes, piece.skipBytes + piece.sizeBytes);
    if (piece.digest) verifiedBytes(content, piece.digest, "a part of a layer");
    arrived(piece, content);
  }
}
