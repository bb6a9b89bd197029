import type { Call } from "../../base/log.ts";
import { decompress } from "../../image/decompress.ts";
import { isDigest, verifiedBytes } from "../../image/digest.ts";
import type { Layer } from "../../image/image.ts";
import { readLayerRange } from "../../image/layerSource.ts";
import { readTar } from "../../image/tar.ts";
import { parseJsonTable } from "./jsonTable.ts";
import type { TableOfContents } from "./tocFile.ts";
import { BadTableOfContents } from "./tocFile.ts";
import type { TocSource } from "./tocSource.ts";
import { maxTableBytes } from "./tocSource.ts";

/** The footer (docs/estargz.md, "Footer"): an empty gzip member whose extra field holds the table's offset. */
const footerBytes = 51;
/** Most tables are smaller, so that one request brings footer and table. */
const tailGuessBytes = 1024 * 1024;

/** The eStargz table of a layer, if its manifest names the table's digest: without that nothing vouches for it. */
export function estargzSource(layer: Layer): TocSource | undefined {
  const digest = layer.annotations["containerd.io/snapshot/stargz/toc.digest"];
  const blobBytes = layer.blobSizeBytes;
  if (digest === undefined || !isDigest(digest) || blobBytes === undefined || blobBytes < footerBytes) return undefined;
  return {
    key: `estargz ${digest} ${layer.digest ?? layer.diffId}`,
    async load(call) {
      const tailStart = Math.max(0, blobBytes - tailGuessBytes);
      const tail = await readLayerRange(layer, tailStart, blobBytes, call);
      const tableStart = tableOffset(tail.subarray(-footerBytes));
      if (tableStart >= blobBytes - footerBytes) throw new BadTableOfContents("The eStargz footer points behind its table");
      if (blobBytes - tableStart > maxTableBytes) throw new BadTableOfContents("The eStargz table is too large");
      const before = tableStart < tailStart ? await readLayerRange(layer, tableStart, tailStart, call) : undefined;
      const stored = before ? [before, tail] : [tail.subarray(tableStart - tailStart)];
      const json = await tableOf(stored, call);
      verifiedBytes(json, digest, "the table of contents of a layer");
      const table: TableOfContents = parseJsonTable(Buffer.from(json).toString(), { compression: "gzip", endByte: tableStart });
      return { table, readBytes: tail.length + (before?.length ?? 0) };
    },
  };
}

/** From the extra field: the subfield `SG` with 16 hexadecimal digits and `STARGZ`. */
function tableOffset(footer: Uint8Array): number {
  const text = Buffer.from(footer).toString("latin1");
  const match = /^\x1f\x8b\x08\x04.{6}\x1a\x00SG\x16\x00([0-9a-f]{16})STARGZ/s.exec(text);
  const offset = match ? Number.parseInt(match[1] as string, 16) : NaN;
  if (!Number.isSafeInteger(offset)) throw new BadTableOfContents("The layer has no eStargz footer");
  return offset;
}

/** The table is a gzipped tar of one file. */
async function tableOf(stored: readonly Uint8Array[], call: Call): Promise<Uint8Array> {
  const limits = { maxBytes: maxTableBytes, maxRatio: Infinity, ratioFromBytes: Infinity };
  for await (const { header, content } of readTar(decompress(toAsync(stored), { limits }), call)) {
    if (header.name !== "stargz.index.json") break;
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece);
    return Buffer.concat(pieces);
  }
  throw new BadTableOfContents("The eStargz table is missing");
}

async function* toAsync(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
