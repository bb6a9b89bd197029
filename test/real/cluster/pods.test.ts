import { afterAll, beforeAll, expect, test } from "vitest";
import { nowEpochMs } from "../../../src/base/clock.ts";
import type { PodName } from "../../../src/cluster/cluster.ts";
import { listGpuPools } from "../../../src/cluster/gpuPools.ts";
import { readNode } from "../../../src/cluster/nodes.ts";
import { listRuntimeClasses, snapshotterOf } from "../../../src/cluster/runtimeClasses.ts";
import { expectUserError } from "../../fakes/userErrors.ts";
import { tinyImage } from "../parts/cluster.ts";
import { poll } from "../parts/process.ts";
import { makeNamespace, type OwnNamespace } from "./ownNamespace.ts";

let own: OwnNamespace;
let pod: PodName;
beforeAll(async () => {
  own = await makeNamespace();
  const web = "mkdir /w; echo planted-page >/w/index.html; httpd -p 8080 -h /w";
  pod = await own.startPod("talker", `${web}; i=0; while true; do echo line $i; i=$((i+1)); sleep 0.05; done`);
});
afterAll(() => own.remove());

test.each<[argv: string[], stdin: string | undefined, result: { exitCode: number; stdout: string; stderr: string }]>([
  [["true"], undefined, { exitCode: 0, stdout: "", stderr: "" }],
  [["sh", "-c", "echo out; echo err >&2; exit 3"], undefined, { exitCode: 3, stdout: "out\n", stderr: "err\n" }],
  [["sh", "-c", "kill -9 $$"], undefined, { exitCode: 137, stdout: "", stderr: "" }],
  [["cat"], "", { exitCode: 0, stdout: "", stderr: "" }],
  [["cat"], "täxt".repeat(50_000), { exitCode: 0, stdout: "täxt".repeat(50_000), stderr: "" }],
  [["echo", "a b", "$HOME", "ü&="], undefined, { exitCode: 0, stdout: "a b $HOME ü&=\n", stderr: "" }],
])("a program gives its exit code and both outputs: %j", async (argv, stdin, result) => {
  expect(await own.admin.exec(pod, "main", argv, stdin === undefined ? {} : { stdin })).toEqual(result);
});

test("a program, a container or a pod that is not there is named", async () => {
  const run = (name: string, container: string, program: string): Promise<unknown> =>
    own.admin.exec({ ...pod, name }, container, [program], {});
  await expectUserError(run("talker", "main", "no-such-program"), "cluster-refused", /no-such-program could not be run/);
  await expectUserError(run("talker", "other", "true"), "cluster-refused", /container other is not valid/);
  await expectUserError(run("nobody", "main", "true"), "cluster-not-found", /"nobody" not found/);
});

test("with endsWithConnection a program is killed when its call is aborted, with its children", async () => {
  const sleepers = async (): Promise<string> =>
    (await own.admin.exec(pod, "main", ["sh", "-c", "ps | grep -c '[s]leep 4321' || true"], {})).stdout.trim();
  const controller = new AbortController();
  const call = { signal: controller.signal, endsWithConnection: true };
  const running = own.admin.exec(pod, "main", ["sh", "-c", "sleep 4321 & sleep 4321"], call);
  await poll("the program to run", async () => (await sleepers()) !== "0");
  controller.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  await poll("the program to be gone", async () => (await sleepers()) === "0");
});

test("with keepBytes a program that says too much is ended, and what it said before is given", async () => {
  const call = { keepBytes: 200_000, endsWithConnection: true };
  const result = await own.admin.exec(pod, "main", ["yes", "0123456789"], call);
  expect(result).toMatchObject({ exitCode: 0, isCut: true, stderr: "" });
  expect(result.stdout.length).toBeGreaterThan(100_000);
  expect(result.stdout.length).toBeLessThanOrEqual(200_000);
  await poll("the program to be gone", async () => {
    const { stdout } = await own.admin.exec(pod, "main", ["sh", "-c", "ps | grep -c '[y]es 0123456789' || true"], {});
    return stdout.trim() === "0";
  });
});

test("a download gives an answer's bytes piece by piece, and its failure in words", async () => {
  const { items } = await own.admin.request<{ items: unknown[] }>({ method: "GET", path: "/api/v1/nodes" }, {});
  const pieces: Uint8Array[] = [];
  for await (const bytes of own.admin.download({ method: "GET", path: "/api/v1/nodes" }, {})) pieces.push(bytes);
  expect((JSON.parse(Buffer.concat(pieces).toString("utf8")) as { items: unknown[] }).items).toHaveLength(items.length);
  const missing = own.admin.download({ method: "GET", path: own.path("pods/nobody") }, {});
  await expectUserError(missing[Symbol.asyncIterator]().next(), "cluster-not-found", /"nobody" not found/);
});

test("a log is followed line by line with the runtime's stamps, and ends with its container", async () => {
  const seen: { text: string; lateMs: number }[] = [];
  for await (const line of own.admin.followLog(pod, "main", {})) {
    seen.push({ text: line.text, lateMs: line.receivedAtEpochMs - (line.writtenAtEpochMs ?? 0) });
    if (seen.length === 40) break;
  }
  expect(seen.slice(0, 3).map(({ text }) => text)).toEqual(["line 0", "line 1", "line 2"]);
  // The node's clock is this machine's, so what was written while we followed came within the time of a few polls of the kubelet.
  const live = seen.slice(-5).map(({ lateMs }) => lateMs);
  expect(Math.min(...live)).toBeGreaterThanOrEqual(0);
  await own.startPod("short", "echo one; sleep 0.2; echo two");
  const texts: string[] = [];
  for await (const { text } of own.admin.followLog({ ...pod, name: "short" }, "main", {})) texts.push(text);
  expect(texts).toEqual(["one", "two"]);
});

test("a port is spoken to through the API server, and one where nobody listens says so", async () => {
  const port = await own.admin.openPort(pod, 8080, {});
  port.write("GET /index.html HTTP/1.0\r\n\r\n");
  let answer = "";
  for await (const part of port) answer += String(part);
  expect(answer).toMatch(/^HTTP\/1\.[01] 200[^]*planted-page\n$/);
  const silent = await own.admin.openPort(pod, 8081, {});
  silent.write("x");
  await expectUserError(silent[Symbol.asyncIterator]().next(), "cluster-refused", /Port 8081 of the pod: .*connect/);
});

test("an HTTP question through the API server keeps its connection", async () => {
  const ask = (port: number): Promise<{ status: number; body: string; sentAtEpochMs: number; answeredAtEpochMs: number }> =>
    own.admin.exchange({ method: "GET", path: own.path(`pods/${pod.name}:${port}/proxy/index.html`) }, {});
  const before = nowEpochMs();
  const first = await ask(8080);
  expect(first).toMatchObject({ status: 200, body: "planted-page\n" });
  expect(first.sentAtEpochMs).toBeGreaterThanOrEqual(before);
  expect(first.answeredAtEpochMs).toBeGreaterThan(first.sentAtEpochMs);
  expect(await ask(8081)).toMatchObject({ status: 503 });
});

test("the node's pool, GPUs, images and handlers are listed", async () => {
  const { value: pools, problems } = await listGpuPools(own.admin, {}, {});
  expect(problems).toEqual([]);
  const pool = pools.find(({ name }) => name === "gpu-test");
  expect(pool).toMatchObject({ provider: "Karpenter", readyCount: pool?.nodes.length, resources: [{ name: "nvidia.com/gpu" }] });
  // The kubelet looks through its images every half minute.
  const node = await poll(
    "node-a to tell of the image that runs there",
    async () => {
      const read = await readNode(own.admin, "node-a", {});
      return read.images?.some(({ names }) => names.includes(tinyImage)) === true && read;
    },
    100_000,
  );
  expect(node).toMatchObject({ isReady: true, isCordoned: false, operatingSystem: "linux" });
  const classes = await listRuntimeClasses(own.admin, {});
  const guesses = classes.map((each) => [each.name, snapshotterOf(each, [node]).snapshotter, node.runtimeHandlers?.includes(each.handler)]);
  expect(guesses).toEqual(["nydus", "overlayfs", "soci", "stargz"].map((name) => [name, name, true]));
  await expectUserError(readNode(own.admin, "no-such-node", {}), "cluster-not-found", /no-such-node/);
});

test("a pod takes its GPUs from the free ones until it has ended", async () => {
  // No machine stands behind it, so nothing but this test changes it.
  const name = `${own.name}-node`;
  const status = { "nvidia.com/gpu": "8" };
  const setStatus = (path: string, value: object): Promise<unknown> =>
    own.admin.request(
      { method: "PATCH", path: `${path}/status`, contentType: "application/merge-patch+json", body: { status: value } },
      {},
    );
  await own.admin.request(
    { method: "POST", path: "/api/v1/nodes", body: { metadata: { name, labels: { "karpenter.sh/nodepool": own.name } } } },
    {},
  );
  try {
    await setStatus(`/api/v1/nodes/${name}`, { capacity: status, allocatable: status, conditions: [{ type: "Ready", status: "True" }] });
    for (const [pod, gpus] of [
      ["two", "2"],
      ["three", "3"],
    ] as const) {
      const containers = [{ name: "c", image: tinyImage, resources: { limits: { "nvidia.com/gpu": gpus } } }];
      const body = { metadata: { name: pod }, spec: { nodeName: name, tolerations: [{ operator: "Exists" }], containers } };
      await own.admin.request({ method: "POST", path: own.path("pods"), body }, {});
    }
    const free = async (): Promise<unknown> =>
      (await listGpuPools(own.admin, { labelSelector: `karpenter.sh/nodepool=${own.name}` }, {})).value[0]?.nodes[0]?.freeGpus;
    expect(await free()).toEqual({ "nvidia.com/gpu": 3 });
    await setStatus(own.path("pods/three"), { phase: "Succeeded" });
    expect(await free()).toEqual({ "nvidia.com/gpu": 6 });
  } finally {
    for (const pod of ["two", "three"]) {
      await own.admin.request({ method: "DELETE", path: own.path(`pods/${pod}`), query: { gracePeriodSeconds: 0 } }, {}).catch(() => {});
    }
    await own.admin.request({ method: "DELETE", path: `/api/v1/nodes/${name}` }, {});
  }
});
