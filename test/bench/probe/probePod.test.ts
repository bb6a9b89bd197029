import { expect, test } from "vitest";
import { ProbePod } from "../../../src/bench/probe/probePod.ts";
import { RunNode } from "../../../src/bench/run/runNodes.ts";
import type { ApiRequest, Cluster } from "../../../src/cluster/cluster.ts";
import { apiFailure, clusterUnreachable } from "../../../src/cluster/errors.ts";
import { expectUserError } from "../../fakes/userErrors.ts";

const settings = { namespace: "ns", node: "gpu-1", image: "probe:1", runId: "run1", lifetimeMs: 60_000, labels: {}, annotations: {} };
const running = { status: { phase: "Running", containerStatuses: [{ name: "probe", state: { running: {} } }] } };

/** A cluster that answers requests by their method, and keeps them. */
function fakeCluster(answers: Partial<Record<ApiRequest["method"], (request: ApiRequest, signal: AbortSignal | undefined) => unknown>>): {
  cluster: Cluster;
  asked: string[];
} {
  const asked: string[] = [];
  const unused = (): never => {
    throw new Error("Nothing here asks for this.");
  };
  const cluster = {
    context: "fake",
    namespace: "ns",
    server: "https://fake",
    request: async (request: ApiRequest, { signal }: { signal?: AbortSignal }) => {
      asked.push(`${request.method} ${request.path.replace(/coldstart-probe-run1-[0-9a-f]+/, "POD")}`);
      return (answers[request.method] ?? (() => ({})))(request, signal);
    },
    exchange: unused,
    download: unused,
    watch: unused,
    followLog: unused,
    outputEnd: unused,
    exec: unused,
    openPort: unused,
  } as unknown as Cluster;
  return { cluster, asked };
}

const posted = "POST /api/v1/namespaces/ns/pods";
const deleted = "DELETE /api/v1/namespaces/ns/pods/POD";

test("a cancellation while the pod is being made waits for the answer and removes it", async () => {
  const cancel = new AbortController();
  const { cluster, asked } = fakeCluster({
    async POST(_request, signal) {
      cancel.abort(new Error("cancelled"));
      await new Promise(setImmediate);
      // What listens to the signal would have given up by now.
      if (signal?.aborted) throw signal.reason as Error;
      return {};
    },
    GET(_request, signal) {
      signal?.throwIfAborted();
      return running;
    },
  });
  await expect(ProbePod.start(cluster, settings, { signal: cancel.signal })).rejects.toThrow("cancelled");
  expect(asked.at(0)).toBe(posted);
  expect(asked.at(-1)).toBe(deleted);
});

test("without an answer the pod may be there all the same, and is removed", async () => {
  const { cluster, asked } = fakeCluster({
    POST() {
      throw clusterUnreachable("https://fake", "the connection broke");
    },
  });
  await expectUserError(ProbePod.start(cluster, settings, {}), "cluster-unreachable", /the connection broke/);
  expect(asked).toEqual([posted, deleted]);
});

test.each([
  [
    "PodSecurity",
    403,
    'pods "p" is forbidden: violates PodSecurity "baseline:latest": privileged',
    "probe-failed",
    /privileged.*another namespace.*L0/s,
  ],
  [
    "a missing permission",
    403,
    'pods is forbidden: User "u" cannot create resource "pods" in API group "" in the namespace "ns"',
    "cluster-forbidden",
    /Ask for a Role/,
  ],
] as const)("what refuses the pod is told: %s", async (_name, status, message, code, text) => {
  const { cluster, asked } = fakeCluster({
    POST() {
      throw apiFailure("fake", "POST", { status, reason: "Forbidden", message });
    },
  });
  await expectUserError(ProbePod.start(cluster, settings, {}), code, text);
  expect(asked).toEqual([posted]);
});

test("a probe whose pod is gone is started anew, once; one that fails while it runs is not", async () => {
  let isThere = true;
  const { cluster, asked } = fakeCluster({
    GET() {
      if (!isThere) throw apiFailure("fake", "GET", { status: 404, reason: "NotFound", message: "not found" });
      return running;
    },
    POST() {
      isThere = true;
      return {};
    },
  });
  const gone = apiFailure("fake", "exec", { status: 404, reason: "NotFound", message: "not found" });
  const withExec = { ...cluster, exec: () => Promise.reject(gone) };
  const node = new RunNode({ name: "gpu-1" } as never, (call) => ProbePod.start(withExec, settings, call));
  // Its facts cannot be read through an exec that fails; the probe is there by then.
  await expect(node.begin({})).rejects.toThrow();
  const probes = new Set<ProbePod>();
  const work = (probe: ProbePod): Promise<string> => {
    probes.add(probe);
    return probe.run("true", [], {});
  };
  await expectUserError(node.withProbe(work, {}), "probe-failed", /somebody removed its pod/);
  expect([probes.size, asked.filter((each) => each === posted).length]).toEqual([1, 1]);
  isThere = false;
  await expectUserError(node.withProbe(work, {}), "probe-failed", /somebody removed its pod/);
  expect([probes.size, asked.filter((each) => each === posted).length]).toEqual([2, 2]);
});
