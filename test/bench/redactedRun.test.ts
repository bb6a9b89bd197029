import { expect, test } from "vitest";
import { redactedRun } from "../../src/bench/redactedRun.ts";
import { withoutSecretArguments } from "../../src/bench/secretArguments.ts";
import { sampleRun } from "./sampleRun.ts";
import { seen } from "./sampleTrial.ts";

const planted = [
  "env-PLANTED-1",
  "patch-PLANTED-2",
  "arg-PLANTED-3",
  "arg-PLANTED-4",
  "shell-PLANTED-5",
  "header-PLANTED-6",
  "body-PLANTED-7",
  "query-PLANTED-8",
  "probe-PLANTED-9",
  "note-PLANTED-10",
];

function plantedRun(): ReturnType<typeof sampleRun> {
  const run = sampleRun([{ name: "stargz", started: [2000], ready: [12_000] }]);
  const [trial] = run.trials;
  if (!trial) throw new Error("no trial");
  const question = {
    scheme: "https" as const,
    port: 1,
    path: "/health?key=query-PLANTED-8&x=1",
    method: "POST" as const,
    headers: { authorization: "header-PLANTED-6" },
    body: "body-PLANTED-7",
  };
  return {
    ...run,
    plan: {
      ...run.plan,
      readiness: { kind: "http", question },
      firstRequest: question,
      arms: run.plan.arms.map((arm) => ({
        ...arm,
        podPatch: {
          spec: { containers: [{ name: "app", env: [{ name: "A", value: "patch-PLANTED-2" }], args: ["patch-PLANTED-2"] }], priority: 7 },
        },
      })),
      workload: {
        ...run.plan.workload,
        annotations: { note: "note-PLANTED-10" },
        pod: {
          serviceAccountName: "runner",
          containers: [
            {
              name: "app",
              env: [
                { name: "HF_TOKEN", value: "env-PLANTED-1" },
                { name: "B", valueFrom: { secretKeyRef: { name: "tokens", key: "b" } } },
              ],
              command: ["sh", "-c", "export API_KEY=shell-PLANTED-5; exec serve --max-tokens 4096"],
              args: ["--port", "8000", "--api-key", "arg-PLANTED-3", "--hf-token=arg-PLANTED-4", "--tokenizer", "auto"],
              readinessProbe: { httpGet: { httpHeaders: [{ name: "x", value: "probe-PLANTED-9" }] } },
            },
          ],
        },
      },
    },
    trials: [
      {
        ...trial,
        outcome: { kind: "failed", reason: "container-crashed", message: "bad HF_TOKEN env-PLANTED-1" },
        observations: [{ ...seen("created", 0), detail: "header-PLANTED-6 refused" }],
        problems: [{ severity: "warning", message: "the application said body-PLANTED-7" }],
        laziness: { mounts: [], isLazy: false, evidence: ["patch-PLANTED-2 in a mount"] },
        coldness: { ...trial.coldness, checks: [{ what: "x", passed: false, found: "Authorization: Bearer abcdefgh12345678" }] },
      },
    ],
    problems: [{ severity: "error", message: "server said env-PLANTED-1" }],
    ending: { kind: "failed", message: "with env-PLANTED-1" },
  };
}

test("nothing that was planted is left, and what a reader needs is", () => {
  const text = JSON.stringify(redactedRun(plantedRun()));
  for (const secret of planted) expect(text).not.toContain(secret);
  expect(text).not.toContain("abcdefgh12345678");
  for (const kept of [
    "HF_TOKEN",
    "runner",
    "secretKeyRef",
    "--max-tokens 4096",
    '"--tokenizer","auto"',
    '"8000"',
    '"priority":7',
    "/health?key=",
  ])
    expect(text).toContain(kept);
});

test("a run that went through before is given back as it is", () => {
  const once = redactedRun(plantedRun());
  expect(redactedRun(once)).toEqual(once);
});

test("an environment's value that is an ordinary word leaves the arms' names alone", () => {
  const run = sampleRun([{ name: "stargz", started: [2000], ready: [12_000] }]);
  const pod = { containers: [{ name: "app", env: [{ name: "MODE", value: "stargz" }] }] };
  expect(redactedRun({ ...run, plan: { ...run.plan, workload: { ...run.plan.workload, pod } } }).trials[0]?.arm).toBe("stargz");
});

test("arguments that look like secrets", () => {
  const check = (argv: readonly string[], expected: readonly string[]): void => expect(withoutSecretArguments(argv)).toEqual(expected);
  check(["--password", "x1", "--port", "1"], ["--password", "[hidden]", "--port", "1"]);
  check(["--db-password=x1"], ["--db-password=[hidden]"]);
  check(["--token", "--verbose"], ["--token", "--verbose"]);
  check(["--author", "me", "--max-num-batched-tokens", "8192"], ["--author", "me", "--max-num-batched-tokens", "8192"]);
  check(["hf_abcdefghijklmnopqrst"], ["[hidden]"]);
  check(["curl -H 'x-api-key: abc' https://x"], ["curl -H 'x-api-key: [hidden]' https://x"]);
  check(["run --secret 'a b' --n 2"], ["run --secret [hidden] --n 2"]);
  check(['{"token": "abc"}'], ['{"token": [hidden]}']);
});
