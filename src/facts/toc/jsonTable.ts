import { z } from "zod";
import type { Problem } from "../../base/text.ts";
import { isDigest } from "../../image/digest.ts";
import type { Digest } from "../../image/image.ts";
import type { TarMemberType } from "../../image/tarHeader.ts";
import { layerEntry } from "../layerEntry.ts";
import type { ContentPiece, TableOfContents, TocFile } from "./tocFile.ts";
import { BadTableOfContents } from "./tocFile.ts";

const count = z.number().check(z.refine((value) => Number.isSafeInteger(value) && value >= 0, "no size or offset"));
const digest = z.string().transform((text): Digest | undefined => (isDigest(text) ? text : undefined));

const tocEntry = z.object({
  name: z.string(),
  type: z.string(),
  size: z.nullish(count),
  modtime: z.nullish(z.string()),
  linkName: z.nullish(z.string()),
  mode: z.nullish(z.number()),
  offset: z.nullish(count),
  /** zstd:chunked only. */
  endOffset: z.nullish(count),
  /** eStargz only: several files may share one gzip member. */
  innerOffset: z.nullish(count),
  chunkOffset: z.nullish(count),
  chunkSize: z.nullish(count),
  chunkDigest: z.nullish(digest),
  /** zstd:chunked only: `zeros` are not stored. */
  chunkType: z.nullish(z.string()),
  digest: z.nullish(digest),
});

type JsonEntry = z.infer<typeof tocEntry>;

const table = z.object({ version: z.number(), entries: z.array(tocEntry) });

const memberTypes: ReadonlyMap<string, TarMemberType> = new Map([
  ["reg", "file"],
  ["dir", "directory"],
  ["symlink", "symlink"],
  ["hardlink", "hardlink"],
  ["char", "other"],
  ["block", "other"],
  ["fifo", "other"],
]);

/** How a table's author stores contents; `endByte` is where the last content may end. */
export interface JsonTableForm {
  readonly compression: "gzip" | "zstd";
  readonly endByte: number;
}

/**
 * The table of contents that eStargz (stargz-snapshotter, docs/estargz.md) and zstd:chunked (containers/storage,
 * pkg/chunked/internal) share. Throws `BadTableOfContents`.
 */
export function parseJsonTable(json: string, form: JsonTableForm): TableOfContents {
  let parsed: z.infer<typeof table>;
  try {
    parsed = table.parse(JSON.parse(json));
  } catch (error) {
    throw new BadTableOfContents("The table of contents is no valid JSON of its kind", { cause: error });
  }
  const offsets = [...new Set(parsed.entries.map(({ offset }) => offset ?? 0))].sort((a, b) => a - b);
  const nextOffset = new Map(offsets.map((offset, i) => [offset, offsets[i + 1] ?? form.endByte]));

  const files: TocFile[] = [];
  const problems: Problem[] = [];
  const { entries } = parsed;
  for (let i = 0; i < entries.length; i++) {
    const first = entries[i] as JsonEntry;
    if (first.type === "chunk") continue;
    const parts = [first];
    while (entries[i + 1]?.type === "chunk") parts.push(entries[++i] as JsonEntry);
    const mtime = Date.parse(first.modtime ?? "");
    const { entry, problem } = layerEntry({
      name: first.name,
      type: memberTypes.get(first.type) ?? "other",
      sizeBytes: first.size ?? 0,
      linkName: first.linkName ?? "",
      mode: (first.mode ?? 0) & 0o7777,
      mtimeEpochS: Number.isFinite(mtime) ? mtime / 1000 : 0,
    });
    if (problem !== undefined && problems.length < 50) problems.push({ severity: "warning", message: problem });
    if (!entry) continue;
    const hasContent = entry.type === "file" && entry.sizeBytes > 0;
    const pieces = hasContent ? piecesOf(parts, entry.sizeBytes, form, nextOffset) : [];
    files.push({ entry, pieces, digest: first.digest ?? undefined });
  }
  return { files, problems };
}

/** Empty when the parts leave a gap or point outside the blob. */
function piecesOf(
  parts: readonly JsonEntry[],
  sizeBytes: number,
  form: JsonTableForm,
  nextOffset: ReadonlyMap<number, number>,
): ContentPiece[] {
  const pieces: ContentPiece[] = [];
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const pieceBytes = part.chunkSize || (parts.length === 1 ? sizeBytes : sizeBytes - (part.chunkOffset ?? 0));
    const startByte = part.offset ?? 0;
    const endByte = part.endOffset ?? nextOffset.get(startByte) ?? form.endByte;
    const isStored = part.chunkType !== "zeros";
    if ((part.chunkOffset ?? 0) !== at || pieceBytes <= 0 || endByte > form.endByte || (isStored && startByte >= endByte)) return [];
    pieces.push({
      startByte,
      endByte,
      form: { kind: isStored ? form.compression : "zeros" },
      skipBytes: part.innerOffset ?? 0,
      sizeBytes: pieceBytes,
      digest: part.chunkDigest ?? (parts.length === 1 && i === 0 ? (part.digest ?? undefined) : undefined),
    });
    at += pieceBytes;
  }
  return at === sizeBytes ? pieces : [];
}
