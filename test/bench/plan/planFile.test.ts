import fc from "fast-check";
import { expect, test } from "vitest";
import { readPlan } from "../../../src/bench/plan/planFile.ts";
import type { PlanDraft } from "../../../src/bench/plan/planDraft.ts";
import { mutated, fuzz } from "../../fuzz.ts";

const whole = `
name: fastapi on four snapshotters
context: test
namespace: team-a
image: registry.example/app:1.0
arms:
  - overlayfs
  - stargz=registry.example/app:1.0-esgz
  - name: soci parallel
    snapshotter: soci-parallel
    runtimeClass: soci
    lazy: false
    pullPolicy: Always
    podPatch: {spec: {hostNetwork: true}}
workload:
  command: [python, app.py]
  env:
    WORKERS: 2
    TOKEN: {secret: app-tokens, key: token}
ready: http:8000/health
firstRequest: 'POST http:8000/v1/x {"a": 1}'
trials: 7
gpus: 1
pool: gpu-a100
timeout: 10m
coldness: L2
seed: 42
limits: {time: 30m, cost: 5}
pricePerNodeHour: 3.2
currency: EUR
`;

const wholeDraft: PlanDraft = {
  name: "fastapi on four snapshotters",
  context: "test",
  namespace: "team-a",
  image: "registry.example/app:1.0",
  arms: [
    { name: "overlayfs" },
    { name: "stargz", image: "registry.example/app:1.0-esgz" },
    {
      name: "soci parallel",
      snapshotter: "soci-parallel",
      runtimeClassName: "soci",
      isLazy: false,
      pullPolicy: "Always",
      podPatch: { spec: { hostNetwork: true } },
    },
  ],
  workload: {
    kind: "options",
    command: ["python", "app.py"],
    env: [
      { name: "WORKERS", value: "2" },
      { name: "TOKEN", secret: { name: "app-tokens", key: "token" } },
    ],
  },
  readiness: { kind: "http", question: { scheme: "http", port: 8000, path: "/health", method: "GET", headers: {} } },
  firstRequest: {
    scheme: "http",
    port: 8000,
    path: "/v1/x",
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"a": 1}',
  },
  trialsPerArm: 7,
  gpuCount: 1,
  target: { kind: "pool", name: "gpu-a100" },
  trialTimeoutMs: 600_000,
  coldness: "L2",
  seed: 42,
  limits: { maxDurationMs: 1_800_000, maxCost: 5 },
  pricePerNodeHour: 3.2,
  currency: "EUR",
};

test("all settings, in their short and long forms", () => {
  expect(readPlan(whole)).toEqual({ value: wholeDraft, problems: [] });
});

test("a plan may be JSON", () => {
  expect(readPlan('{"image": "app:1", "arms": ["overlayfs"], "node": "n1"}').value).toMatchObject({
    image: "app:1",
    arms: [{ name: "overlayfs" }],
    target: { kind: "node", name: "n1" },
  });
});

test.each([
  [
    "ready: {https: {port: 8443, status: 204, bodyPattern: ok, headers: {accept: text/plain}}}",
    "readiness",
    {
      kind: "http",
      question: {
        scheme: "https",
        port: 8443,
        path: "/",
        method: "GET",
        headers: { accept: "text/plain" },
        statuses: [204],
        bodyPattern: "ok",
      },
    },
  ],
  ["ready: {grpc: 50051}", "readiness", { kind: "grpc", port: 50_051, service: "" }],
  ["ready: {grpc: {port: 50051, service: a.B}}", "readiness", { kind: "grpc", port: 50_051, service: "a.B" }],
  ["ready: {log: 'started: yes'}", "readiness", { kind: "log", pattern: "started: yes" }],
  ["ready: {tcp: 5432}", "readiness", { kind: "tcp", port: 5432 }],
  ["ready: {exit: 0}", "readiness", { kind: "exit", code: 0 }],
  [
    "firstRequest: {http: {port: 8000, body: {prompt: hi}}}",
    "firstRequest",
    {
      scheme: "http",
      port: 8000,
      path: "/",
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"prompt":"hi"}',
    },
  ],
  ["workload: deployment/app", "workload", { kind: "object", reference: { kind: "Deployment", name: "app" } }],
  [
    "workload: {from: sts/db, namespace: team-b, container: main}",
    "workload",
    {
      kind: "object",
      reference: { kind: "StatefulSet", name: "db", namespace: "team-b" },
      container: "main",
    },
  ],
  ["workload: {file: ./app.yaml, container: main}", "workload", { kind: "file", path: "./app.yaml", container: "main" }],
] as const)("%s", (text, setting, expected) => {
  const { value, problems } = readPlan(text);
  expect({ value: value[setting], problems }).toEqual({ value: expected, problems: [] });
});

/** `[startLine, startColumn, endLine, endColumn] message`, zero-based. */
function told(text: string): string[] {
  return readPlan(text).problems.map(({ severity, message, range }) => {
    const place = range ? `[${range.startLine},${range.startColumn},${range.endLine},${range.endColumn}] ` : "";
    return `${severity === "error" ? "" : `${severity} `}${place}${message}`;
  });
}

test.each([
  ["image: app:1\nreadines: http:8000/\n", ['[1,0,1,8] "readines" is no setting of a plan: write ready.']],
  ["repeats: 5", ['[0,0,0,7] "repeats" is no setting of a plan: write trials.']],
  ["maxCost: 5", ['[0,0,0,7] "maxCost" is no setting of a plan: write limits: {cost: 5}.']],
  ["limits: {tim: 30m}", ['[0,9,0,12] "tim" is no setting of limits: write time.']],
  ["arms:\n  - {name: a, runtimeclass: b}", ['[1,14,1,26] "runtimeclass" is no setting of arms[1]: write runtimeClass.']],
  ["trials: five", ["[0,8,0,12] trials: write how many trials each arm gets, such as 5."]],
  ["trials: 0", ["[0,8,0,9] trials: write how many trials each arm gets, such as 5."]],
  ["timeout: 600", ["[0,9,0,12] timeout: write a time with its unit, such as 10m, 90s or 1h30m."]],
  ["timeout: 0s", ["[0,9,0,11] timeout: write a time above zero, such as 10m."]],
  [
    "ready: http://localhost:8000/health",
    ['[0,7,0,35] ready: "http://localhost:8000/health" names a host, but the pod is asked by its own address; write http:8000/health.'],
  ],
  ["ready: {http: {path: /health}}", ["[0,14,0,29] ready.http.port: write a port, a number from 1 to 65535."]],
  [
    "ready: {tcp: 1, exit: 0}",
    [
      "[0,7,0,24] ready: write exactly one of http:8000/health, https:8443/health, tcp:5432, grpc:50051, grpc:50051/package.Service, log:REGEX, exit:0 or pod.",
    ],
  ],
  ["arms: overlayfs", ["[0,6,0,15] arms: write a list, such as [overlayfs, stargz]."]],
  ["arms: []", ["[0,6,0,8] arms: write at least one arm, such as overlayfs."]],
  [
    "arms: [{image: x}]",
    ["[0,7,0,17] arms[1].name: write a name such as stargz; names have up to 40 letters, digits, spaces and the marks . _ + -."],
  ],
  ["node: a\npool: b", ["[1,6,1,7] pool: write either node or pool, not both."]],
  ["workload: app", ["[0,10,0,13] workload: write an object such as deployment/app."]],
  ["workload: deploymnt/app", ['[0,10,0,23] workload: "deploymnt/app" is no workload: write deployment/app.']],
  [
    "workload: {from: pod/a, args: [x]}",
    ["[0,30,0,33] workload.args: an object or a manifest brings its own; leave this out, or change it by an arm's podPatch."],
  ],
  [
    "workload: {env: {A: [1]}}",
    ["[0,20,0,23] workload.env.A: write a text, or {secret: NAME, key: KEY} so that no secret stands in the plan."],
  ],
  ["coldness: cold", ["[0,10,0,14] coldness: write one of L0, L1, L2, L3, L4."]],
  [
    "image: [",
    ["[0,8,0,9] The file is no valid YAML here: Flow sequence in block collection must be sufficiently indented and end with a ]."],
  ],
  ["a: 1\na: 2", ["[1,0,1,1] The file is no valid YAML here: Map keys must be unique."]],
  ["- x", ["[0,0,0,3] the plan: write settings, such as image: registry.example/app:1.0."]],
  ["", ["The plan is empty; write at least an image and arms, such as\nimage: registry.example/app:1.0\narms: [overlayfs, stargz]"]],
])("%j is told with its place and what to write", (text, expected) => {
  expect(told(text)).toEqual(expected);
});

test("what is right stays when something else is wrong", () => {
  expect(readPlan("image: app:1\ntrials: many\nnode: n1").value).toMatchObject({ image: "app:1", target: { kind: "node", name: "n1" } });
});

test("a value of the environment is in no problem", () => {
  const { problems } = readPlan("workload: {env: {TOKEN: [planted-secret]}, comand: x}\nfoo: planted");
  expect(problems).toHaveLength(3);
  expect(JSON.stringify(problems)).not.toContain("planted-secret");
});

test("a bomb of aliases ends as a problem", () => {
  const lines = Array.from({ length: 12 }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(", ")}]`);
  expect(told(["a0: &a0 [x, x]", ...lines].join("\n"))[0]).toContain("repeats parts of itself");
});

test("any text is read without failing", () => {
  fuzz(
    "plan",
    (random) => mutated(random, Buffer.from(whole)).toString(),
    (text) => void readPlan(text),
  );
  fc.assert(fc.property(fc.jsonValue(), (value) => Array.isArray(readPlan(JSON.stringify(value)).problems)));
});
