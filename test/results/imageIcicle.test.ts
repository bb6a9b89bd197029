import { expect, test } from "vitest";
import { imageIcicle, type IcicleNode } from "../../src/results/imageIcicle.ts";
import { sampleFiles, sampleReport } from "../../webview/dev/sampleImage.ts";

const report = sampleReport(sampleFiles(2000), "image");
const nodes = imageIcicle(report);

test("layers hold all bytes of the image, and each layer's parts all of the layer's", () => {
  const sum = (all: readonly IcicleNode[]): number => all.reduce((total, { bytes }) => total + bytes, 0);
  expect(sum(nodes)).toBe(report.layers.reduce((total, { bytes }) => total + bytes, 0));
  for (const { children, bytes, kind } of nodes) if (kind === "layer") expect(sum(children)).toBeGreaterThanOrEqual(bytes);
  for (const { touchedBytes, bytes } of nodes.flatMap((node) => [node, ...node.children])) expect(touchedBytes).toBeLessThanOrEqual(bytes);
  const keys = nodes.flatMap((node) => [node.key, ...node.children.map(({ key }) => key)]);
  expect(new Set(keys).size).toBe(keys.length);
});

test("an image of very many packages has few stretches", () => {
  const first = report.packages.find(({ layerIndex }) => layerIndex === 3);
  if (!first) throw new Error("the sample has no package");
  const many = imageIcicle({
    ...report,
    packages: Array.from({ length: 5000 }, (_, index) => ({ ...first, name: `p${index}`, bytes: 1000 + index })),
  });
  expect(many.reduce((count, { children }) => count + 1 + children.length, 0)).toBeLessThan(40);
  expect(JSON.stringify(many)).toContain("smaller packages");
});

test("an empty image has none", () => {
  expect(imageIcicle({ layers: [], packages: [], totals: { files: 0, bytes: 0 } })).toEqual([]);
});
