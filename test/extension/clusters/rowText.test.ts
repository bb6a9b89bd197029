import { expect, test } from "vitest";
import type { ClusterRow } from "../../../src/extension/clusters/clusterRow.ts";
import { rowText } from "../../../src/extension/clusters/rowText.ts";
import { sampleNode, sampleNodes } from "./clusterSample.ts";

const nowEpochMs = Date.UTC(2026, 10, 28);

function check(row: ClusterRow, expected: { label: string; description: string; icon: string; contextValue?: string }): void {
  const { label, description, icon, contextValue } = rowText(row, nowEpochMs);
  expect({ label, description, icon, ...(contextValue !== undefined && { contextValue }) }).toEqual(expected);
}

test("a context tells its server and whether it is the current one", () => {
  const context = { name: "prod", server: "https://10.0.0.1:6443", user: "me", namespace: "team-a", isCurrent: true, usesCommands: true };
  check(
    { kind: "context", context },
    { label: "prod", description: "current · 10.0.0.1:6443", icon: "server-environment", contextValue: "coldstart.context" },
  );
  const { tooltip, canOpen } = rowText({ kind: "context", context }, nowEpochMs);
  expect(tooltip.split("\n")).toEqual([
    "https://10.0.0.1:6443",
    "Namespace team-a",
    "Signing in runs a program that the kubeconfig names.",
  ]);
  expect(canOpen).toBe(true);
  expect(rowText({ kind: "context", context: { ...context, server: undefined } }, nowEpochMs).canOpen).toBe(false);
});

test("a pool tells its free GPUs on nodes that take pods", () => {
  const { pools } = sampleNodes([
    { name: "a", pool: "gpu", gpus: 4, used: 1 },
    { name: "b", pool: "gpu", gpus: 4, used: 4 },
    { name: "c", pool: "gpu", gpus: 4, isReady: false },
  ]);
  const [pool] = pools;
  if (!pool) throw new Error("no pool");
  check(
    { kind: "pool", contextName: "prod", pool },
    {
      label: "gpu",
      description: "3 of 12 GPUs free · NVIDIA-L4 · 2 of 3 nodes ready · Karpenter",
      icon: "layers",
      contextValue: "coldstart.pool",
    },
  );
});

test("a node tells what keeps pods from it", () => {
  const nodeRow = (sample: Parameters<typeof sampleNode>[0]): ClusterRow => {
    const node = sampleNodes([sample]).pools[0]?.nodes[0] ?? sampleNode(sample);
    return { kind: "node", contextName: "prod", node };
  };
  const contextValue = "coldstart.node";
  check(nodeRow({ name: "a", gpus: 1 }), { label: "a", description: "1 of 1 GPU free · NVIDIA-L4", icon: "vm", contextValue });
  check(nodeRow({ name: "a", gpus: 2, used: 2, isCordoned: true }), {
    label: "a",
    description: "0 of 2 GPUs free · NVIDIA-L4 · cordoned",
    icon: "circle-slash",
    contextValue,
  });
  check(nodeRow({ name: "a", isReady: false }), { label: "a", description: "not ready", icon: "warning", contextValue });
});

test("reports tell their size and age, those that broke off look so", () => {
  const run = { context: "prod", nodes: ["a"], armCount: 2, trialCount: 10, isComplete: true };
  const entry = {
    uri: "file:///w/x.coldstart.json",
    fileName: "x.coldstart.json",
    name: "app:1.0",
    measuredAtEpochMs: nowEpochMs - 7_200_000,
    run,
  };
  check(
    { kind: "report", entry },
    { label: "app:1.0", description: "2 × 5 trials · 2 h ago", icon: "graph", contextValue: "coldstart.report" },
  );
  check(
    { kind: "report", entry: { ...entry, run: { ...run, isComplete: false } } },
    { label: "app:1.0", description: "2 × 5 trials · 2 h ago", icon: "circle-large-outline", contextValue: "coldstart.report" },
  );
  check(
    { kind: "report", entry: { uri: entry.uri, fileName: "x", name: "x" } },
    { label: "x", description: "", icon: "graph", contextValue: "coldstart.report" },
  );
});

test("names from a cluster are one line of text and never icons", () => {
  const { label } = rowText({ kind: "message", message: { text: "a\u202e$(trash)\nb", hint: "", severity: "error" } }, nowEpochMs);
  expect(label).toBe("a $ (trash) b");
});
