import type { TouchedByMoment } from "./pages.ts";
import type { Reading, WeightsFile } from "./startupSet.ts";
import type { OpenedNote } from "./walkStartup.ts";

/** Files below this are configuration or test data, whatever their ending says. */
const leastBytes = 100_000;

/** Endings of files of model weights, and how the loaders of that format take them in unless a rule knows better. */
const formats: readonly { readonly ending: RegExp; readonly format: WeightsFile["format"]; readonly reading: Reading }[] = [
  // safetensors' loaders map the file and touch a tensor when it is copied or computed with (safetensors, "zero-copy").
  { ending: /\.safetensors$/, format: "safetensors", reading: "mapped" },
  { ending: /\.gguf$/, format: "gguf", reading: "mapped" },
  { ending: /(^|\/)pytorch_model[^/]*\.bin$|\.(pt|pth|ckpt)$/, format: "pytorch", reading: "read" },
  { ending: /\.onnx(_data)?$/, format: "onnx", reading: "read" },
  { ending: /\.(engine|plan|trt)$/, format: "tensorrt", reading: "read" },
  { ending: /\.(pb|h5|keras|tflite)$|\/variables\.data-\d+-of-\d+$/, format: "tensorflow", reading: "read" },
];

/** The kind of weights that a path names; undefined for every other file. */
export function weightsFormat(path: string): { readonly format: WeightsFile["format"]; readonly reading: Reading } | undefined {
  return formats.find(({ ending }) => ending.test(path));
}

/** An opened file as weights, if it is one. */
export function weightsFileOf({ entry, evidence, reading, moment }: OpenedNote, touched: TouchedByMoment): WeightsFile | undefined {
  const kind = entry.sizeBytes < leastBytes ? undefined : weightsFormat(entry.path);
  if (!kind) return undefined;
  return {
    path: entry.path,
    sizeBytes: entry.sizeBytes,
    layerIndex: entry.layerIndex,
    format: kind.format,
    reading: reading ?? kind.reading,
    readyBytes: moment === "ready" ? touched.ready.pageBytes : 0,
    requestBytes: touched.request.pageBytes,
    evidence,
  };
}
