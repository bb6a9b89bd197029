import type { CatalogEntry } from "../facts/fileCatalog.ts";
import { leastBytes } from "./finding.ts";

const weightsFile = /\.(?:safetensors|gguf|ggml|bin|pt|pth|ckpt|h5|keras|msgpack|onnx|onnx_data|tflite|pb|ot|engine|plan|npz|joblib|pkl)$/;

/** Hugging Face's cache names contents by their digest and links to them from `snapshots`. */
const contentName = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Weights smaller than this are cheaper than a reader's time. */
const smallestWeights = leastBytes;

/** By name and size. */
export function looksLikeWeights({ path, sizeBytes }: CatalogEntry): boolean {
  return sizeBytes >= smallestWeights && (weightsFile.test(path) || contentName.test(baseName(path)));
}

/** A library is large from here on; smaller ones are copied into wheels by the hundred, to little harm. */
export const largeLibraryBytes = 10_000_000;

/** `libcublas.so.12.4.5` and auditwheel's `libcublas-1a2b3c4d.so.12` → `libcublas.so`; undefined for all else, and for small ones. */
export function largeLibraryName({ path, sizeBytes }: CatalogEntry): string | undefined {
  if (sizeBytes < largeLibraryBytes || /\/(?:i386|i686)-linux-|\/lib32\//.test(path)) return undefined;
  const stem = /^(lib[^/]+?)(?:-[0-9a-f]{8})?(?:[.-]\d[\w.]*?)?\.so(?:\.[\d.]+)?$/.exec(baseName(path))?.[1];
  return stem === undefined ? undefined : `${stem}.so`;
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
