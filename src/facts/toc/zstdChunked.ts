import { zstdDecompressSync } from "node:zlib";
import { isDigest, verifiedBytes } from "../../image/digest.ts";
import type { Layer } from "../../image/image.ts";
import { readLayerRange } from "../../image/layerSource.ts";
import { parseJsonTable } from "./jsonTable.ts";
import { BadTableOfContents } from "./tocFile.ts";
import type { TocSource } from "./tocSource.ts";
import { maxTableBytes } from "./tocSource.ts";

/** The table of a zstd:chunked layer, where its annotations say (containers/storage, pkg/chunked/internal/minimal/compression.go). */
export function zstdChunkedSource(layer: Layer): TocSource | undefined {
  const digest = annotation(layer, "manifest-checksum");
  // offset:length:uncompressed length:type
  const position = /^(\d{1,15}):(\d{1,15}):(\d{1,15}):1$/.exec(annotation(layer, "manifest-position") ?? "");
  if (digest === undefined || !isDigest(digest) || !position || layer.blobSizeBytes === undefined) return undefined;
  const startByte = Number(position[1]);
  const endByte = startByte + Number(position[2]);
  const plainBytes = Number(position[3]);
  if (endByte > layer.blobSizeBytes || plainBytes > maxTableBytes || endByte - startByte > maxTableBytes) return undefined;
  return {
    key: `zstd:chunked ${digest} ${layer.digest ?? layer.diffId}`,
    async load(call) {
      const stored = await readLayerRange(layer, startByte, endByte, call);
      verifiedBytes(stored, digest, "the table of contents of a layer");
      let json: Buffer;
      try {
        json = zstdDecompressSync(stored, { maxOutputLength: plainBytes || 1 });
      } catch (error) {
        throw new BadTableOfContents("The zstd:chunked table cannot be unpacked", { cause: error });
      }
      return { table: parseJsonTable(json.toString(), { compression: "zstd", endByte: startByte }), readBytes: stored.length };
    },
  };
}

/** Early writers left out `github`. */
function annotation(layer: Layer, name: string): string | undefined {
  return layer.annotations[`io.github.containers.zstd-chunked.${name}`] ?? layer.annotations[`io.containers.zstd-chunked.${name}`];
}
