import { crc32 } from "node:zlib";
import type { TarEntry } from "../image/image.ts";
import type { WeightsFact } from "./fileFact.ts";

/** Formats of model weights; smaller files are not worth the look. */
const weightsName = /\.(?:safetensors|gguf|ggml|bin|pt|pth|ckpt|h5|keras|msgpack|onnx|onnx_data|tflite|pb|ot|engine|plan)$/;
/** Hugging Face's cache names contents by their digest. */
const contentName = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const leastBytes = 1_000_000;

export function isWeights({ sizeBytes }: TarEntry, baseName: string): boolean {
  return baseName.endsWith(".onnx") || (sizeBytes >= leastBytes && (weightsName.test(baseName) || contentName.test(baseName)));
}

/** Sums a content up while it passes by: gigabytes a second, so that equal weights are known as such. */
export function weightsReader({ path }: Pick<TarEntry, "path">): { push(chunk: Uint8Array): void; finish(): WeightsFact } {
  let sum = 0;
  const locations = path.endsWith(".onnx") ? new ExternalData() : undefined;
  return {
    push: (chunk) => {
      sum = crc32(chunk, sum);
      locations?.push(chunk);
    },
    finish: () => ({
      kind: "weights",
      crc32: sum,
      ...(locations !== undefined && locations.found.size > 0 && { externalData: [...locations.found] }),
    }),
  };
}

/** A `StringStringEntryProto` whose key is `location`, up to the value's own length. */
const locationEntry = Buffer.from("\n\x08location\x12", "latin1");
const longestLocation = 127;
const mostLocations = 1000;

/** Finds the files that an ONNX model keeps tensors in: the value behind each `location`, across the borders of chunks. */
class ExternalData {
  readonly found = new Set<string>();
  private tail: Buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): void {
    const held = this.tail.length;
    const rest = locationEntry.length + longestLocation + 1;
    const chunkStart = Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.length, rest));
    this.search(Buffer.concat([this.tail, chunkStart]), held);
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.search(bytes, bytes.length);
    // The caller may use the chunk's memory again.
    this.tail = Buffer.from(bytes.length >= rest ? bytes.subarray(-rest) : Buffer.concat([this.tail, bytes]).subarray(-rest));
  }

  private search(bytes: Buffer, end: number): void {
    for (let at = bytes.indexOf(locationEntry); at >= 0 && at < end; at = bytes.indexOf(locationEntry, at + 1)) {
      const lengthAt = at + locationEntry.length;
      const length = bytes[lengthAt] ?? 0;
      if (length === 0 || length > longestLocation || lengthAt + 1 + length > bytes.length) continue;
      if (this.found.size < mostLocations) this.found.add(bytes.toString("utf8", lengthAt + 1, lengthAt + 1 + length));
    }
  }
}
