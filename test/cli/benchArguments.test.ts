import { expect, test } from "vitest";
import type { PlanDraft } from "../../src/bench/plan/planDraft.ts";
import { draftOfArguments, type BenchArguments } from "../../src/cli/benchArguments.ts";

function draftOf(given: Omit<BenchArguments, "subject">, file: PlanDraft = {}, image?: string): PlanDraft {
  const draft = draftOfArguments({ subject: "x", ...given }, file, image);
  return JSON.parse(JSON.stringify(draft)) as PlanDraft;
}

test("an image and options", () => {
  const given = {
    context: "test",
    arm: ["overlayfs", "stargz=app:esgz"],
    trials: 3,
    ready: "http:8000/health",
    request: "GET http:8000/v1/models",
    node: "n1",
    maxCost: 5,
    price: 3,
  };
  expect(draftOf(given, {}, "app:1")).toEqual({
    context: "test",
    image: "app:1",
    arms: [{ name: "overlayfs" }, { name: "stargz", image: "app:esgz" }],
    trialsPerArm: 3,
    readiness: { kind: "http", question: { scheme: "http", port: 8000, path: "/health", method: "GET", headers: {} } },
    firstRequest: { scheme: "http", port: 8000, path: "/v1/models", method: "GET", headers: {} },
    target: { kind: "node", name: "n1" },
    limits: { maxCost: 5 },
    pricePerNodeHour: 3,
  });
});

test("options go before the plan's file, setting by setting", () => {
  const file: PlanDraft = {
    image: "app:1",
    trialsPerArm: 5,
    target: { kind: "pool", name: "gpu" },
    limits: { maxDurationMs: 60_000, maxCost: 1 },
    workload: { kind: "object", reference: { kind: "Deployment", name: "app" } },
  };
  expect(draftOf({ trials: 9, node: "n1", maxTime: 5000, container: "api" }, file)).toEqual({
    image: "app:1",
    trialsPerArm: 9,
    target: { kind: "node", name: "n1" },
    limits: { maxDurationMs: 5000, maxCost: 1 },
    workload: { kind: "object", reference: { kind: "Deployment", name: "app" }, container: "api" },
  });
});

test("a manifest, and which of its objects", () => {
  expect(draftOf({ fromFile: "app.yaml", workload: "job/load", container: "main" }).workload).toEqual({
    kind: "file",
    path: "app.yaml",
    reference: { kind: "Job", name: "load" },
    container: "main",
  });
});

test.each([
  [{ node: "a", pool: "b" }, "--node and --pool exclude each other."],
  [{ arm: ["=x"] }, '--arm: "=x" is no arm'],
  [{ ready: "soon" }, '--ready: "soon" says not when'],
  [{ request: "DELETE http:80/" }, "--request: The method DELETE"],
  [{ workload: "app" }, '--workload: "app" is no workload'],
  [{ container: "api" }, "--container chooses one of a workload's containers"],
])("%j is refused", (given, words) => {
  expect(() => draftOf(given)).toThrow(
    expect.objectContaining({ code: "bad-usage", message: expect.stringContaining(words) as string }) as Error,
  );
});
