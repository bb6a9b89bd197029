import { expect, test } from "vitest";
import { BootCollections } from "../../../src/extension/boot/bootCollections.ts";
import { nodeOffers } from "../../../src/extension/boot/nodeOffers.ts";
import { sampleNodes } from "../clusters/clusterSample.ts";
import { isBelow } from "../../../src/extension/boot/isBelow.ts";

test.each([
  ["/work/a/boot/x.txt", "/work/a", true],
  ["/work/a", "/work/a", true],
  ["/work/a/..x/y", "/work/a", true],
  ["/work/ab", "/work/a", false],
  ["/work", "/work/a", false],
  ["/etc/passwd", "/work/a", false],
])("%s below %s: %s", (path, folder, expected) => {
  expect(isBelow(path, folder)).toBe(expected);
});

test("nodes are offered pool by pool, those without GPUs last, and of each the newest first", () => {
  const { pools, others } = sampleNodes([
    { name: "old", pool: "gpu", gpus: 1 },
    { name: "new", pool: "gpu", gpus: 1 },
    { name: "plain" },
    { name: "plain-2" },
  ]);
  const aged = <N extends { readonly name: string }>(nodes: readonly N[]): N[] =>
    nodes.map((node) => ({ ...node, createdAtEpochMs: /new|2/.test(node.name) ? 2 : 1 }));
  const offers = nodeOffers({ pools: pools.map((pool) => ({ ...pool, nodes: aged(pool.nodes) })), others: aged(others) });
  expect(offers.map(({ group, name }) => `${group}|${name}`)).toEqual([
    "gpu|new",
    "gpu|old",
    "Nodes without GPUs|plain-2",
    "Nodes without GPUs|plain",
  ]);
});

test("a window that closes ends collections and waits until they are over", async () => {
  const collections = new BootCollections();
  const done: string[] = [];
  const work = collections.run(async ({ signal }) => {
    await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    done.push("pod removed");
    throw signal?.reason;
  }, {});
  const failed = expect(work).rejects.toMatchObject({ name: "AbortError" });
  await collections.stopAll();
  expect(done).toEqual(["pod removed"]);
  await failed;
  await collections.stopAll();
});
