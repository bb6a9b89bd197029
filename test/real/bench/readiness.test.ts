import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { HttpQuestion, Readiness } from "../../../src/bench/plan.ts";
import { untilObserved } from "../../../src/bench/observe/untilObserved.ts";
import { askFirst } from "../../../src/bench/readiness/askFirst.ts";
import { failureOfCreate } from "../../../src/bench/observe/createFailure.ts";
import { connectCluster } from "../../../src/cluster/connect.ts";
import { makeNamespace, otherKubeconfig, type OwnNamespace } from "../cluster/ownNamespace.ts";
import { cuttableWay } from "../parts/cuttableWay.ts";
import { startPod, type StartedPod } from "./startedPod.ts";

/** Pods on the test cluster (`test/cluster/up`), observed and asked as in a trial. */

let own: OwnNamespace;
let pod: StartedPod | undefined;
beforeAll(async () => void (own = await makeNamespace()));
afterEach(async () => pod?.end());
afterAll(() => own.remove());

const question: HttpQuestion = { scheme: "http", port: 8080, path: "/health", method: "GET", headers: {} };
const slowServer = "usleep 400000; echo serving; exec httpd -f -p 8080 -h /www";

async function start(readiness: Readiness, options: Parameters<typeof startPod>[2]): Promise<StartedPod> {
  pod = await startPod(own, readiness, options);
  return pod;
}

/** When the application said that it would serve, by the runtime's stamp; the node is this machine. */
async function servingAt(started: StartedPod): Promise<number> {
  for await (const sighting of started.target.sightings) {
    if (sighting.kind === "observed" && sighting.observation.mark === "first-output" && sighting.observation.clock === "node")
      return sighting.observation.atEpochMs;
  }
  throw new Error("There was no output.");
}

describe("readiness is found within one poll of the truth", () => {
  test.each<[string, Readiness]>([
    ["HTTP", { kind: "http", question }],
    ["HTTP with a body", { kind: "http", question: { ...question, bodyPattern: "^ok" } }],
    ["TCP", { kind: "tcp", port: 8080 }],
  ])("%s", async (_name, readiness) => {
    const started = await start(readiness, { script: slowServer });
    const { observations, poll } = await started.ready();
    const truth = await servingAt(started);
    const [ready] = observations;
    expect(ready?.earliestEpochMs).toBeLessThan(truth + 20);
    expect(ready?.latestEpochMs).toBeGreaterThan(truth);
    expect(ready?.detail).toContain("connection refused");
    expect(poll?.attempts).toBeGreaterThan(3);
    expect(poll?.errorMs).toBeGreaterThan(0);
  });

  test("a line of output, by the runtime's stamp and by its arrival", async () => {
    const started = await start(
      { kind: "log", pattern: "ready in \\d+ ms" },
      { script: "echo one; usleep 300000; echo ready in 300 ms; sleep 60" },
    );
    const { observations, poll } = await started.ready();
    expect(observations.map(({ source, clock }) => `${source} ${clock}`)).toEqual(["log-stamp node", "log-watch client"]);
    const [stamp, arrival] = observations;
    expect(arrival?.earliestEpochMs).toBeLessThanOrEqual(stamp?.latestEpochMs ?? 0);
    expect(arrival?.latestEpochMs).toBeGreaterThan(stamp?.earliestEpochMs ?? 0);
    expect(poll).toBeUndefined();
  });

  test("the container's end, by what is attached to it", async () => {
    const started = await start({ kind: "exit", code: 7 }, { script: "echo working; usleep 700000; exit 7" });
    const { observations } = await started.ready();
    const [end, second] = observations;
    const working = await servingAt(started);
    expect(Math.abs((end?.atEpochMs ?? 0) - working - 700)).toBeLessThan(60);
    expect((end?.latestEpochMs ?? 0) - (end?.earliestEpochMs ?? 0)).toBeLessThan(100);
    expect(second).toMatchObject({ source: "pod-status", clock: "node" });
    expect(started.seen.some(({ kind }) => kind === "failed")).toBe(false);
  });

  test("the pod's own Ready", async () => {
    const { observations } = await (await start({ kind: "pod" }, { script: "sleep 60" })).ready();
    expect(observations.map(({ mark, source }) => `${mark} ${source}`)).toEqual(["ready pod-watch", "ready pod-status"]);
  });

  test("gRPC asked of a web server is never ready", async () => {
    const started = await start({ kind: "grpc", port: 8080, service: "" }, { script: "exec httpd -f -p 8080 -h /www" });
    const outcome = await Promise.race([started.ready(), new Promise((resolve) => setTimeout(resolve, 2500, "not ready"))]);
    expect(outcome).toBe("not ready");
  });

  test("the first real request, and one whose answer is another at first", async () => {
    const started = await start({ kind: "tcp", port: 8080 }, { script: "(sleep 2; echo yes >/www/late) & exec httpd -f -p 8080 -h /www" });
    await started.ready();
    const target = { ...started.target, patienceMs: 60_000 };
    const first = await askFirst(question, target, own.admin, {});
    expect(first).toMatchObject({ attempts: 1, observation: { mark: "first-answer" } });
    const late = await askFirst({ ...question, path: "/late" }, target, own.admin, {});
    if (!("observation" in late)) throw new Error(late.what);
    expect(late.attempts).toBeGreaterThan(1);
    expect(late.observation.detail).toContain("HTTP 200");
  });
});

describe("a start that fails is told for what it was", () => {
  test.each<[string, string, Parameters<typeof startPod>[2]]>([
    ["image missing", "image-pull: ErrImagePull", { container: { image: "10.201.0.2:5000/nothing:1" } }],
    ["registry away", "image-pull: ErrImagePull", { container: { image: "127.0.0.1:9/tiny:1" } }],
    ["crash", "container-crashed: The container app ended with code 3.", { script: "exit 3" }],
    [
      "crash and restart",
      "container-crashed: The container app ended with code 3",
      { script: "exit 3", spec: { restartPolicy: "Always" } },
    ],
    ["no such program", "container-create: The container app ended with code 128 (StartError).", { container: { command: ["/nothing"] } }],
    ["secret missing", "container-create: CreateContainerConfigError", { container: { envFrom: [{ secretRef: { name: "nothing" } }] } }],
    ["no GPU free", "nodes are available", { container: { resources: { limits: { "example.com/gpu": "1" } } } }],
    ["deadline", "other: DeadlineExceeded", { script: "sleep 60", spec: { activeDeadlineSeconds: 1 } }],
  ])("%s", async (_name, expected, options) => {
    const { failure } = await (await start({ kind: "http", question }, options)).sighting("failed");
    expect(`${failure.reason}: ${failure.message}`).toContain(expected);
  });

  test("removed by someone", async () => {
    const started = await start({ kind: "http", question }, { script: "sleep 60" });
    await started.sighting("pulled");
    const path = own.path(`pods/${started.target.pod.name}`);
    await own.admin.request({ method: "DELETE", path, query: { gracePeriodSeconds: 0 } }, {});
    expect((await started.sighting("failed")).failure.reason).toBe("pod-deleted");
  });
});

test("a namespace whose quota is used up refuses the pod", async () => {
  const spec = { hard: { pods: "0" } };
  await own.admin.request({ method: "POST", path: own.path("resourcequotas"), body: { metadata: { name: "none" }, spec } }, {});
  const refusal = await startPod(own, { kind: "pod" }, {}).catch((error: unknown) => error);
  await own.admin.request({ method: "DELETE", path: own.path("resourcequotas/none") }, {});
  expect(failureOfCreate(refusal)).toMatchObject({ reason: "quota", message: expect.stringContaining("exceeded quota") as string });
});

test("a lost API server: marks of the meantime are as wide as the outage, and readiness is found after it", async () => {
  const way = await cuttableWay();
  const kubeconfigPath = otherKubeconfig({ cluster: { server: `https://127.0.0.1:${way.port}` } });
  const cluster = await connectCluster({ kubeconfigPath, allowCommands: false }, {});
  const started = await start({ kind: "http", question }, { script: "echo hi; sleep 1; exec httpd -f -p 8080 -h /www", cluster });
  const ready = started.ready();
  for await (const sighting of started.target.sightings)
    if (sighting.kind === "observed" && sighting.observation.mark === "scheduled") break;
  await way.cut(1500);
  const { observations } = await ready;
  const { lostAtEpochMs, foundAtEpochMs } = await started.sighting("reconnected");
  expect(await untilObserved(started.target.sightings, ["started", "first-output"], 15_000, {})).toBe(true);
  const arrival = started.observations().find(({ mark, clock }) => mark === "started" && clock === "client");
  // A pull of the meantime takes its time, which the kubelet tells.
  expect(arrival?.earliestEpochMs).toBeLessThan(lostAtEpochMs + 500);
  expect(arrival?.latestEpochMs).toBeGreaterThan(lostAtEpochMs);
  expect(observations[0]?.latestEpochMs).toBeGreaterThan(foundAtEpochMs - 1000);
  await way.close();
});
