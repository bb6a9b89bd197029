import { expect, test } from "vitest";
import { runtimeClassOf, snapshotterOf, type RuntimeClass } from "../../../src/cluster/runtimeClasses.ts";
import { imageProblem, pullableName } from "../../../src/extension/bench/benchImages.ts";
import { merged } from "../../../src/extension/bench/benchMemory.ts";
import { readinessOffer, readinessOffers } from "../../../src/extension/bench/readinessOffers.ts";
import { imageFormOf, runtimeOffers, runtimeWords, usualRuntimes } from "../../../src/extension/bench/runtimeOffers.ts";
import { gpuOffers, targetOffers, usualTarget } from "../../../src/extension/bench/targetOffers.ts";
import { sampleNode, sampleNodes } from "../clusters/clusterSample.ts";

function classes(...names: readonly string[]): readonly RuntimeClass[] {
  return names.flatMap((name) => runtimeClassOf({ metadata: { name }, handler: name }) ?? []);
}

const nodes = [sampleNode({ name: "a" })];
const offersOf = (...names: readonly string[]) => runtimeOffers(classes(...names), (each) => snapshotterOf(each, nodes));

test("pods without a RuntimeClass are an arm only where no class is for overlayfs", () => {
  expect(offersOf("stargz", "overlayfs").map(({ name }) => name)).toEqual(["stargz", "overlayfs"]);
  expect(offersOf("stargz").map(({ name }) => name)).toEqual(["overlayfs", "stargz"]);
  expect(offersOf().map(runtimeWords)).toEqual(["without a RuntimeClass · possibly overlayfs"]);
  expect(offersOf("nydus").map(runtimeWords)[1]).toBe("RuntimeClass nydus · likely nydus");
});

test("chosen at first: the ordinary way and the first lazy one, or those of last time that are still there", () => {
  const offers = offersOf("nvidia", "overlayfs", "soci", "stargz");
  expect(usualRuntimes(offers, undefined)).toEqual(["overlayfs", "soci"]);
  expect(usualRuntimes(offers, ["stargz", "gone"])).toEqual(["stargz"]);
  expect(usualRuntimes(offers, ["gone"])).toEqual(["overlayfs", "soci"]);
});

test("lazy loaders need the image in a form of their own", () => {
  const forms = Object.fromEntries(offersOf("overlayfs", "soci", "stargz", "nydus").map((offer) => [offer.name, imageFormOf(offer)]));
  expect(forms).toEqual({ overlayfs: undefined, soci: "SOCI: with an index beside it", stargz: "eStargz", nydus: "Nydus" });
});

const cluster = sampleNodes([
  { name: "b", pool: "gpu", gpus: 4, used: 1, isCordoned: true },
  { name: "c", pool: "gpu", gpus: 8 },
  { name: "a", gpus: 1 },
  { name: "z" },
]);

test("places: any node, pools that a label names, GPU nodes, others; what takes no pods comes last", () => {
  expect(targetOffers(cluster).map(({ group, label }) => `${group}|${label}`)).toEqual([
    "|Any node",
    "GPU node pools|gpu",
    "GPU nodes|c",
    "GPU nodes|a",
    "GPU nodes|b",
    "Nodes without GPUs|z",
  ]);
});

test("the usual place: that of last time while it is there, else the first with GPUs, else any", () => {
  expect(usualTarget(cluster, { kind: "node", name: "z" })).toEqual({ kind: "node", name: "z" });
  expect(usualTarget(cluster, { kind: "node", name: "gone" })).toEqual({ kind: "pool", name: "gpu" });
  expect(usualTarget({ pools: [], others: [sampleNode({ name: "z" })] }, undefined)).toEqual({ kind: "any" });
});

test("GPUs are offered up to what one node there has", () => {
  const counts = (target: Parameters<typeof gpuOffers>[1]) => gpuOffers(cluster, target).map(({ count }) => count);
  expect(counts({ kind: "any" })).toEqual([1, 2, 4, 8, 0]);
  expect(counts({ kind: "node", name: "a" })).toEqual([1, 0]);
  expect(counts({ kind: "node", name: "z" })).toEqual([]);
});

test("images that a node can pull", () => {
  expect(pullableName("docker://registry.example/app:1.0")).toBe("registry.example/app:1.0");
  expect(pullableName(" python:3.12 ")).toBe("python:3.12");
  expect(pullableName("oci:folder:tag")).toBeUndefined();
  expect(imageProblem("docker-daemon:app:1")).toMatch(/registry/);
  expect(imageProblem("UPPER/case name")).not.toBeUndefined();
});

test("readiness: what was typed is read at once, and what is wrong with it said", () => {
  expect(readinessOffer("http:8080/health").description).toBe("ready when GET http:8080/health answers 200 to 399");
  const wrong = readinessOffer("http://localhost:8080/health");
  expect(wrong.readiness).toBeUndefined();
  expect(wrong.description).toContain("http:8080/health");
  expect(readinessOffers("tcp:1", false).map(({ text }) => text)).toEqual([
    "tcp:1",
    "http:8000/health",
    "http:8080/health",
    "http:8080/",
    "tcp:8080",
    "grpc:50051",
    "exit:0",
    "pod",
  ]);
  expect(readinessOffers(undefined, true)[0]?.text).toBe("pod");
  expect(readinessOffers(undefined, false).at(-1)?.description).toContain("without a readiness probe");
});

test("what is remembered is bounded, the newest is kept longest", () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`k${at}`, at]));
  const kept = merged(many, { k20: 99, fresh: 1 });
  expect(Object.keys(kept)).toHaveLength(50);
  expect(Object.entries(kept).slice(-2)).toEqual([
    ["k20", 99],
    ["fresh", 1],
  ]);
});
