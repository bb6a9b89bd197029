import type { TouchedByMoment } from "./pages.ts";
import type { Reading, WeightsFile } from "./startupSet.ts";
import type { OpenedNote } from "./walkStartup.ts";

/** Files below this are configuration or test data, whatever their ending says. */
const leastBytes = 100_000;

/** How the usual loaders of one format take a file in. */
export interface WeightsFormat {
  readonly ending: RegExp;
  readonly format: WeightsFile["format"];
  readonly reading: Reading;
  /** Of a mapped file, the share that is read before the container is ready; absent: its header. */
  readonly readyShare?: number;
}

/** The first row that fits holds, unless a rule knows better by the call (`torch.load(…, mmap=True)`). */
const formats: readonly WeightsFormat[] = [
  // The names that `from_pretrained` looks for: it takes the mapped tensors as the model's parameters (transformers, diffusers), so that a
  // page is read when it is computed with (safetensors issue 474).
  { ending: /(^|\/)(model|diffusion_pytorch_model)([.-][^/]*)?\.safetensors$/, format: "safetensors", reading: "mapped" },
  // Other names come from programs that copy the tensors into a model that they made (`load_state_dict(load_file(…))`).
  { ending: /\.safetensors$/, format: "safetensors", reading: "read" },
  // llama.cpp maps with MAP_POPULATE and MADV_WILLNEED (src/llama-mmap.cpp): the kernel reads all of it at once.
  { ending: /\.gguf$/, format: "gguf", reading: "mapped", readyShare: 1 },
  { ending: /(^|\/)ggml-[^/]*\.bin$/, format: "gguf", reading: "read" },
  // `torch.load` maps nothing unless it is told to (`mmap=None` stands for False).
  { ending: /(^|\/)(diffusion_)?pytorch_model[^/]*\.bin$|\.(pt|pth|ckpt|safetensors\.bin)$/, format: "pytorch", reading: "read" },
  // InferenceSession parses the whole protobuf (onnxruntime issue 8319). External data are mapped (pull request 11127), but the CPU
  // provider packs constant matrices into a layout of its own when the session is made, which reads them.
  { ending: /\.(onnx|ort)$|\.onnx[._]data(_\d+)?$/, format: "onnx", reading: "read" },
  // `deserialize_cuda_engine` takes the bytes of the whole plan.
  { ending: /\.(engine|plan|trt)$/, format: "tensorrt", reading: "read" },
  // The interpreter maps a flat buffer, XNNPACK packs its weights before the first call; a SavedModel's variables are restored by reading.
  { ending: /\.(pb|h5|keras|tflite)$|\/variables\.data-\d+-of-\d+$/, format: "tensorflow", reading: "read" },
  // CTranslate2, fastText, OpenVINO, flax and their like.
  { ending: /(^|\/)(model|adapter_model|openvino_model|lid\.\d+)\.(bin|ftz)$|\.(msgpack|nemo|npz|mar)$/, format: "other", reading: "read" },
];

/** The kind of weights that a path names; undefined for every other file. */
export function weightsFormat(path: string): WeightsFormat | undefined {
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
