import { crc32 } from "node:zlib";
import type { TarEntry } from "../image/image.ts";
import type { WeightsFact } from "./fileFact.ts";

/** Formats of model weights; smaller files are not worth the look. */
const weightsName = /\.(?:safetensors|gguf|ggml|bin|pt|pth|ckpt|h5|keras|msgpack|onnx|onnx_data|tflite|pb|ot|engine|plan)$/;
/** Hugging Face's cache names contents by their digest. */
const contentName = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const leastBytes = 1_000_000;

export function isWeights({ sizeBytes }: TarEntry, baseName: string): boolean {
  return sizeBytes >= leastBytes && (weightsName.test(baseName) || contentName.test(baseName));
}

/** Sums a content up while it passes by: gigabytes a second, so that equal weights are known as such. */
export function weightsReader(): { push(chunk: Uint8Array): void; finish(): WeightsFact } {
  let sum = 0;
  return {
    push: (chunk) => {
      sum = crc32(chunk, sum);
    },
    finish: () => ({ kind: "weights", crc32: sum }),
  };
}
