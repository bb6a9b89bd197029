import { describe, expect, test } from "vitest";
import { estimateStartup } from "../../src/startup/estimate.ts";
import { touchedOf } from "../../src/startup/pages.ts";
import { weightsFormat } from "../../src/startup/weights.ts";
import { debianRoot, program } from "../fakes/elf.ts";
import { memoryCatalog } from "../fakes/memoryCatalog.ts";

const mebibyte = 1024 * 1024;

describe("formats by name", () => {
  const check = (path: string, expected: string | undefined): void =>
    test(path, () => {
      const format = weightsFormat(path);
      expect(format && `${format.format} ${format.reading}`).toBe(expected);
    });
  check("/models/llama/model-00001-of-00003.safetensors", "safetensors mapped");
  check("/models/model.fp16.safetensors", "safetensors mapped");
  check("/models/unet/diffusion_pytorch_model.safetensors", "safetensors mapped");
  check("/models/ranker.safetensors", "safetensors read");
  check("/models/q4.gguf", "gguf mapped");
  check("/models/ggml-base.en.bin", "gguf read");
  check("/models/pytorch_model-00001-of-00002.bin", "pytorch read");
  check("/models/net.onnx", "onnx read");
  check("/models/net.onnx_data", "onnx read");
  check("/models/net.onnx.data", "onnx read");
  check("/models/bert.plan", "tensorrt read");
  check("/models/1/variables/variables.data-00000-of-00001", "tensorflow read");
  check("/models/ct2/model.bin", "other read");
  check("/models/tokenizer.json", undefined);
  check("/models/tokenizer.model", undefined);
  check("/models/model.safetensors.index.json", undefined);
  check("/models/config.json", undefined);
});

describe("bytes read until ready and until the first request is answered, in MiB of 100", () => {
  const check = (path: string, reading: "mapped" | "read" | undefined, expected: readonly [ready: number, request: number]): void =>
    test(`${path} ${reading ?? "as its format is"}`, () => {
      const catalog = memoryCatalog({ [path]: { sizeBytes: 100 * mebibyte } });
      const entry = catalog.file(path);
      if (!entry) throw new Error("no file");
      const { ready, request } = touchedOf(entry, catalog, 4 * mebibyte, reading);
      expect([ready, request].map(({ pageBytes }) => Math.round(pageBytes / mebibyte))).toEqual(expected);
      expect(ready.chunkBytes).toBe(expected[0] === 0 ? 4 * mebibyte : 100 * mebibyte);
    });
  check("/m/model.safetensors", undefined, [0, 100]);
  check("/m/model.safetensors", "read", [100, 100]);
  check("/m/model.gguf", undefined, [100, 100]);
  check("/m/net.pt", undefined, [100, 100]);
  check("/m/net.pt", "mapped", [0, 100]);
  check("/m/table.npy", "mapped", [0, 100]);
});

test("weights are told apart, largest first, and counted in the measures too", () => {
  const catalog = memoryCatalog({
    ...debianRoot,
    "/usr/bin/serve": program(),
    "/m/small.gguf": { sizeBytes: 5 * mebibyte },
    "/m/large.gguf": { sizeBytes: 50 * mebibyte },
    "/start.sh": "#!/bin/sh\ncat /m/small.gguf >/dev/null\ncat /m/large.gguf >/dev/null\nexec serve\n",
    "/usr/bin/cat": program(),
  });
  const estimate = estimateStartup(
    catalog,
    { entrypoint: ["/bin/sh", "/start.sh"], cmd: [], env: ["PATH=/usr/bin"], workingDir: "/", user: "", chunkSizeBytes: 4 * mebibyte },
    1,
  );
  expect(estimate.weights.map(({ path, format, readyBytes }) => [path, format, readyBytes / mebibyte])).toEqual([
    ["/m/large.gguf", "gguf", 50],
    ["/m/small.gguf", "gguf", 5],
  ]);
  expect(estimate.measures.pageBytes.value).toBeGreaterThan(55 * mebibyte);
});
