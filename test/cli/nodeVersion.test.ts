import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeProblem } from "../../src/cli/nodeVersion.ts";

test.each(["22.19.0", "22.20.1", "24.0.0", "26.1.0"])("Node %s will do", (version) => {
  expect(nodeProblem(version)).toBeUndefined();
});

test.each(["18.20.0", "20.20.2", "22.18.9"])("Node %s is told what is needed", (version) => {
  expect(nodeProblem(version)).toContain("needs Node 22.19 or newer");
});

test("package.json asks for the same", () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { engines: { node: string } };
  expect(manifest.engines.node).toBe(">=22.19");
});
