import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cleanup, listOwned } from "../../../src/cluster/cleanup.ts";
import { expiresAnnotation, ownerMarks, processAnnotation } from "../../../src/cluster/ownership.ts";
import { makeNamespace, type OwnNamespace } from "./ownNamespace.ts";

let own: OwnNamespace;
beforeAll(async () => void (own = await makeNamespace()));
afterAll(() => own.remove());

const inAnHour = (): number => Date.now() + 3_600_000;

function marked(runId: string, changes: { annotations?: object; finalizers?: string[] } = {}): object {
  const marks = ownerMarks(runId, inAnHour());
  return { labels: marks.labels, annotations: { ...marks.annotations, ...changes.annotations }, finalizers: changes.finalizers };
}

const outcomes = async (scope: Omit<Parameters<typeof cleanup>[1], "namespace">): Promise<Record<string, string>> => {
  const receipt = await cleanup(own.admin, { ...scope, namespace: own.name }, {});
  const entries = receipt.entries.map((entry) => [entry.name, entry.outcome === "left" ? entry.why : "removed"]);
  return Object.fromEntries([...entries, ...receipt.inUse.map(({ name }) => [name, "in use"])]) as Record<string, string>;
};

test("only what no run uses any more is removed by itself; a run that is named is removed whole; nothing else is touched", async () => {
  const { pid } = spawnSync("true");
  await own.startPod("alive", "sleep 600", marked("run-1"));
  await own.startPod("orphan", "sleep 600", marked("run-2", { annotations: { [processAnnotation]: String(pid) } }));
  await own.startPod("expired", "sleep 600", marked("run-3", { annotations: { [expiresAnnotation]: "2026-01-01T00:00:00Z" } }));
  await own.startPod("foreign", "sleep 600");
  expect(await outcomes({ which: "leftovers" })).toEqual({ orphan: "removed", expired: "removed", alive: "in use" });
  expect(await outcomes({ which: "leftovers" })).toEqual({ alive: "in use" });
  expect(await outcomes({ which: "all", olderThanMs: 3_600_000 })).toEqual({});
  expect(await outcomes({ which: "all", runId: "run-9" })).toEqual({});
  expect(await outcomes({ which: "all", runId: "run-1" })).toEqual({ alive: "removed" });
  expect(await listOwned(own.admin, { namespace: own.name }, {})).toEqual([]);
  const foreign = await own.admin.request<{ metadata: { deletionTimestamp?: string } }>(
    { method: "GET", path: own.path("pods/foreign") },
    {},
  );
  expect(foreign.metadata.deletionTimestamp).toBeUndefined();
});

test("what cannot go is in the receipt with its reason", async () => {
  await own.startPod("held", "sleep 600", marked("run-4", { finalizers: ["coldstart.test/hold"] }));
  expect(await outcomes({ which: "all", runId: "run-4", patienceMs: 1500 })).toEqual({ held: "Finalizers hold it: coldstart.test/hold." });
  const patch = {
    method: "PATCH",
    path: own.path("pods/held"),
    contentType: "application/merge-patch+json",
    body: { metadata: { finalizers: null } },
  } as const;
  await own.admin.request(patch, {});
  expect(await outcomes({ which: "all", runId: "run-4" })).toEqual(expect.not.objectContaining({ held: "in use" }) as object);
  expect(await listOwned(own.admin, { namespace: own.name }, {})).toEqual([]);
});
