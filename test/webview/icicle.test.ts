import { expect, test } from "vitest";
import { imageIcicle, placedNodes } from "../../src/results/imageIcicle.ts";
import { neighbour } from "../../webview/charts/icicle.ts";
import { sampleFiles, sampleReport } from "../../webview/dev/sampleImage.ts";

const nodes = imageIcicle(sampleReport(sampleFiles(2000), "image"));

test("stretches lie side by side within their layer, and the arrows reach all of them", () => {
  const placed = placedNodes(nodes);
  for (const { from, width, parent } of placed) {
    const around = parent ? placed.find(({ node }) => node === parent) : { from: 0, width: 1 };
    expect(from).toBeGreaterThanOrEqual((around?.from ?? 1) - 1e-9);
    expect(from + width).toBeLessThanOrEqual((around?.from ?? 0) + (around?.width ?? 0) + 1e-9);
  }
  const [first] = nodes;
  const child = first?.children[0]?.key ?? "";
  expect(neighbour(placed, first?.key ?? "", "ArrowDown")).toBe(child);
  expect(neighbour(placed, child, "ArrowUp")).toBe(first?.key);
  expect(neighbour(placed, first?.key ?? "", "ArrowLeft")).toBeUndefined();
  let at = neighbour(placed, child, "Home");
  const seen = new Set<string>();
  for (; at !== undefined; at = neighbour(placed, at, "ArrowRight")) seen.add(at);
  expect(seen.size).toBe(nodes.reduce((count, { children }) => count + children.length, 0));
});
