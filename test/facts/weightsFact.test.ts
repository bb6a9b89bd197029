import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { factReader, wantsContent } from "../../src/facts/extractors.ts";
import type { TarEntry } from "../../src/image/image.ts";

function entry(path: string, sizeBytes: number): TarEntry {
  return { path, type: "file", sizeBytes, mode: 0o644, mtimeEpochS: 0 };
}

test("weights are summed up as they pass by, and never fetched for it", () => {
  const content = Buffer.alloc(1_500_000, "abc");
  const model = entry("/m/model.safetensors", content.length);
  const reader = factReader(model, content.subarray(0, 65_536));
  for (let at = 0; at < content.length; at += 65_536) reader?.push(content.subarray(at, at + 65_536));
  expect(reader?.finish()).toEqual({ kind: "weights", crc32: crc32(content) });
  expect(wantsContent(model)).toBe(false);
  expect(factReader(entry("/m/small.safetensors", 10), content.subarray(0, 10))).toBeUndefined();
});

test("an ONNX model tells where its tensors lie, wherever chunks of it end", () => {
  const location = (name: string): Buffer =>
    Buffer.concat([Buffer.from("\n\x08location\x12", "latin1"), Buffer.from([name.length]), Buffer.from(name)]);
  const content = Buffer.concat([
    Buffer.alloc(90, 1),
    location("a.weights"),
    Buffer.alloc(300, 2),
    location("data/b.bin"),
    location("a.weights"),
  ]);
  for (const size of [1, 7, 64, 100, 10_000]) {
    const reader = factReader(entry("/m/model.onnx", content.length), content);
    for (let at = 0; at < content.length; at += size) reader?.push(content.subarray(at, at + size));
    expect(reader?.finish()).toEqual({ kind: "weights", crc32: crc32(content), externalData: ["a.weights", "data/b.bin"] });
  }
});
