import fc from "fast-check";
import { expect, test } from "vitest";
import { marks, type Observation } from "../../src/bench/observation.ts";
import { stagesOf, stagesOfTrial, timeTo, type Stage } from "../../src/bench/stages.ts";
import { sampleStartEpochMs, sampleTrial, seen, seenStart } from "./sampleTrial.ts";

const wholeStart = {
  created: 6,
  scheduled: 20,
  sandbox: 320,
  "pull-start": 330,
  pulled: 5330,
  "container-created": 5400,
  started: 5450,
  "first-output": 6000,
  ready: 9000,
  "first-answer": 9250,
};

const brief = (stages: readonly Stage[]): string[] =>
  stages.map(
    ({ names, durationMs, resolutionMs, within }) => `${names.join("+")} ${durationMs} ±${resolutionMs}${within ? ` in ${within}` : ""}`,
  );

function check(observations: readonly Observation[], expected: readonly string[], isImagePresent = false): void {
  expect(brief(stagesOf(observations, { isImagePresent }).stages)).toEqual(expected);
}

test("a whole start: each stage follows the one before, and first output is a part of the application's", () => {
  check(seenStart(0, wholeStart), [
    "request 6 ±4",
    "scheduling 14 ±4",
    "sandbox 300 ±4",
    "unaccounted 10 ±4",
    "pull 5000 ±4",
    "create 70 ±4",
    "start 50 ±4",
    "application 3550 ±4",
    "first-output 550 ±4 in application",
    "first-answer 250 ±4",
  ]);
});

test("marks that were not seen merge their stages, named by both", () => {
  const rest = { ...wholeStart, sandbox: undefined, pulled: undefined, "first-output": undefined };
  check(seenStart(0, rest), [
    "request 6 ±4",
    "scheduling 14 ±4",
    "sandbox 310 ±4",
    "pull+create 5070 ±4",
    "start 50 ±4",
    "application 3550 ±4",
    "first-answer 250 ±4",
  ]);
  check([seen("created", 0), seen("ready", 500)], ["scheduling+sandbox+pull+create+start+application 500 ±0"]);
});

test("an image that was there has no pull", () => {
  check(
    seenStart(0, { ...wholeStart, pulled: 331 }).slice(0, 9),
    ["request 6 ±4", "scheduling 14 ±4", "sandbox 300 ±4", "create 5080 ±4", "start 50 ±4"],
    true,
  );
});

test("the narrowest observation wins; other clocks are converted and their error is added", () => {
  const observations = [
    seen("created", 0),
    seen("started", 1900, { early: 900, source: "pod-watch" }),
    seen("started", 1500 + 40, { early: 500, late: 500, clock: "node", source: "pod-status" }),
    seen("started", 1200 + 40, { clock: "node", source: "log-stamp" }),
    seen("ready", 3000, { early: 100, source: "readiness-poll" }),
  ];
  const trial = sampleTrial({ id: "a", arm: "overlayfs", observations });
  const found = stagesOfTrial(trial, [{ node: "gpu-1", offsetMs: 40, errorMs: 3 }]);
  expect(brief(found.stages)).toEqual(["scheduling+sandbox+pull+create+start 1200 ±3", "application 1800 ±103"]);
  expect(found.stages[0]?.to).toMatchObject({ source: "log-stamp", clock: "node", atEpochMs: sampleStartEpochMs + 1200 });
  expect(found.problems).toEqual([]);
});

test("a clock that was never compared is taken only where there is no other, and said", () => {
  const observations = [
    seen("created", 0),
    seen("started", 1200, { clock: "node", source: "log-stamp" }),
    seen("ready", 3000),
    seen("ready", 2000, { clock: "node", source: "pod-status" }),
  ];
  const { stages, problems } = stagesOf(observations);
  expect(brief(stages)).toEqual(["scheduling+sandbox+pull+create+start 1200 ±0", "application 1800 ±0"]);
  expect(problems.map(({ message }) => message)).toEqual([
    'The only stamp of "started" is on the clock of the node, which was never compared with this machine\'s: the stages beside it are off by the difference.',
  ]);
});

test("stamps in the wrong order stay negative and are told", () => {
  const within = stagesOf([seen("created", 0), seen("started", 1900, { early: 1000 }), seen("ready", 1700, { early: 100 })]);
  expect(brief(within.stages)[1]).toBe("application -200 ±1000");
  expect(within.problems.map(({ severity }) => severity)).toEqual(["info"]);
  const beyond = stagesOf([seen("created", 0), seen("started", 1900, { early: 100 }), seen("ready", 1700)]);
  expect(beyond.problems[0]?.message).toBe(
    '"ready" (event-watch) was stamped before "started" (event-watch), by more than both may be off: the stage application is negative and one of them is wrong.',
  );
});

test("the kubelet's own span of the pull is taken to the millisecond", () => {
  const observations = [
    ...seenStart(0, wholeStart).filter(({ mark }) => mark !== "pull-start" && mark !== "pulled"),
    seen("pull-start", 330, { early: 20 }),
    seen("pulled", 5341, { early: 20 }),
    seen("pulled", 5330, { early: 20, late: 1, source: "event-text" }),
  ];
  expect(brief(stagesOf(observations).stages)[4]).toBe("pull 5000 ±1");
});

test("nothing seen, and stamps that are no numbers", () => {
  expect(stagesOf([])).toEqual({ beganAtEpochMs: undefined, stages: [], totalMs: 0, unaccountedMs: 0, problems: [] });
  expect(stagesOf([seen("ready", Number.NaN)]).stages).toEqual([]);
});

test("time to a mark counts from the request", () => {
  const stages = stagesOf(seenStart(100, wholeStart));
  expect(timeTo("ready", stages)).toBe(9000);
  expect(timeTo("started", stages)).toBe(5450);
  expect(timeTo("ready", stagesOf(seenStart(0, { created: 6, scheduled: 20 })))).toBeUndefined();
});

test("whatever was observed, the stages add up to the total, and every duration lies between its bounds", () => {
  const observation = fc.record({
    mark: fc.constantFrom(...marks),
    at: fc.integer({ min: -2000, max: 600_000 }),
    early: fc.integer({ min: 0, max: 3000 }),
    late: fc.integer({ min: 0, max: 3000 }),
    source: fc.constantFrom("request" as const, "pod-watch" as const, "event-watch" as const, "pod-status" as const, "event-text" as const),
    clock: fc.constantFrom("client" as const, "node" as const, "cluster" as const),
  });
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 40 }), fc.boolean(), fc.boolean(), (list, isImagePresent, isCompared) => {
      const observations = list.map(({ mark, at, ...rest }) => seen(mark, at, rest));
      const clocks = isCompared ? { node: { offsetMs: 17, errorMs: 5 } } : {};
      const { stages, totalMs, unaccountedMs } = stagesOf(observations, { clocks, isImagePresent });
      const sum = stages.filter(({ within }) => !within).reduce((total, { durationMs }) => total + durationMs, 0);
      expect(sum).toBeCloseTo(totalMs, 6);
      expect(Math.abs(unaccountedMs)).toBeLessThanOrEqual(stages.reduce((total, { durationMs }) => total + Math.abs(durationMs), 0));
      for (const { durationMs, lowMs, highMs, names } of stages) {
        expect(lowMs).toBeLessThanOrEqual(durationMs);
        expect(highMs).toBeGreaterThanOrEqual(durationMs);
        expect(names.length).toBeGreaterThan(0);
      }
      const all = stages.flatMap(({ names }) => names);
      expect(new Set(all).size).toBe(all.length);
    }),
  );
});
