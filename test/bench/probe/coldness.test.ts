import { expect, test } from "vitest";
import { coldnessOf, unknownColdness } from "../../../src/bench/probe/coldness.ts";
import { chainIdsOf } from "../../../src/bench/probe/imageLayers.ts";
import { parseNodeReport } from "../../../src/bench/probe/nodeReport.ts";
import type { ColdnessLevel } from "../../../src/bench/plan.ts";
import { recorded, sociLayers } from "./recorded.ts";

const layers = sociLayers();
const [firstLayer = ""] = layers.digests;
const topSnapshot = chainIdsOf(layers.diffIds).at(-1) ?? "";

/** The recorded node before the SOCI trial, with changes: lines that begin so are left out, others are added. */
function coldness(without: readonly string[], added: readonly string[], wanted: ColdnessLevel = "L3", known = true): string {
  const kept = recorded("cool-soci")
    .split("\n")
    .filter((line) => !without.some((start) => line.startsWith(start)));
  const proof = coldnessOf(
    parseNodeReport([...kept, ...added].join("\n")),
    { snapshotter: "soci", layers: known ? layers : undefined },
    wanted,
    1,
  );
  return [proof.reached, ...proof.checks.filter(({ passed }) => !passed).map(({ what, found }) => `${what}: ${found}`)].join("; ");
}

const container = "container 97a2cb58b3529ca02cd597ebcc33c131 127.0.0.1:15555/py-httpserver:soci";

test.each<[string, string, readonly string[], readonly string[]]>([
  ["as recorded", "L3", [], []],
  ["a container is left", "L0; no container of the image: 97a2cb58b352 of 127.0.0.1:15555/py-httpserver:soci", [], [container]],
  ["a name is left", "L0; image absent by every name: other:1", [], ["image other:1"]],
  ["nothing was collected", "L1; garbage collected synchronously: not done", ["collected"], []],
  ["a layer is left", "L1; no layer in the content store: 1 of 3", [], [`content ${firstLayer}`]],
  ["a snapshot is left", "L1; no snapshot of its layers in soci: 1 of 3", [], [`snapshot ${topSnapshot} Committed`]],
  ["the loader's cache is full", "L1; soci's own soci/spancache empty: 20 files, 81.0 MB", [], ["cache soci/spancache 20 81035264"]],
  ["a lazy mount is left", "L1; no lazy mount of soci left: 3", ["fuse-mounts"], ["fuse-mounts 3"]],
  ["SOCI is in use", "L1; SOCI's memory of indexes emptied: in-use 2", ["soci-reset"], ["soci-reset in-use 2"]],
  ["the page cache stays", "L2; page cache dropped: not done", ["dropped"], []],
  ["images could not be listed", "L0; image absent by every name: containerd's images could not be listed", [], ["unlisted images"]],
  [
    "containers could not be listed",
    "L0; no container of the image: containerd's containers could not be listed",
    [],
    ["unlisted containers"],
  ],
  ["content could not be listed", "L1; no layer in the content store: containerd's content could not be listed", [], ["unlisted content"]],
  [
    "a snapshotter that is not there",
    "L1; no snapshot of its layers in soci: containerd's snapshots could not be listed",
    [],
    ["unlisted snapshots"],
  ],
  ["another image's layers are no concern", "L3", [], ["content sha256:0", "snapshot sha256:1 Committed"]],
  // A broken level stays broken, whatever stands above it.
  ["a container and the page cache", "L0; no container of the image: 97a2cb58b352 of 127.0.0.1:15555/py-httpserver:soci", [], [container]],
])("%s: %s", (_name, expected, without, added) => {
  expect(coldness(without, added)).toBe(expected);
});

test("only the levels that are wanted are looked at, and what nobody knows has not passed", () => {
  expect(coldness(["collected", "dropped"], [], "L1")).toBe("L1");
  expect(coldness(["dropped"], [], "L2")).toBe("L2");
  expect(coldness([], [], "L3", false)).toBe("L1; layers and snapshots gone: the image's layers are not known yet");
  expect(coldness([], [], "L0")).toBe("L0");
});

test("without a probe nothing is known", () => {
  expect(unknownColdness("L3", "nobody looked")).toEqual({
    wanted: "L3",
    reached: "L0",
    checks: [{ what: "node looked at", passed: false, found: "nobody looked" }],
    durationMs: 0,
  });
  expect(unknownColdness("L0", "nobody looked").checks[0]?.passed).toBe(true);
});
