import { expect, test } from "vitest";
import { dueFailures, eventSaid, statusSaid } from "../../../src/bench/observe/failurePatience.ts";
import type { PodFailure } from "../../../src/bench/observe/podFailure.ts";

const stuck: PodFailure = { reason: "unschedulable", message: "no room", patienceMs: 100 };
const sandbox: PodFailure = { reason: "sandbox", message: "cni", patienceMs: 50 };
const crashed: PodFailure = { reason: "container-crashed", message: "3", patienceMs: 0 };

test("a failure is due when it has gone on for its patience, in its newest words", () => {
  const watch = statusSaid(statusSaid({}, stuck, 0), { ...stuck, message: "still no room" }, 60);
  expect(dueFailures(watch, 99)).toEqual([]);
  expect(dueFailures(watch, 100)).toEqual([{ ...stuck, message: "still no room" }]);
  expect(dueFailures(statusSaid({}, crashed, 7), 7)).toEqual([crashed]);
});

test("a status takes back what it said, progress takes back what events said", () => {
  expect(dueFailures(statusSaid(statusSaid({}, stuck, 0), undefined, 50), 1000)).toEqual([]);
  const both = statusSaid(eventSaid({}, sandbox, 0), undefined, 10);
  expect(dueFailures(both, 50)).toEqual([sandbox]);
  expect(dueFailures(eventSaid(both, undefined, 40), 1000)).toEqual([]);
});

test("what has gone on for longest comes first; another trouble begins anew", () => {
  const watch = eventSaid(statusSaid({}, stuck, 10), sandbox, 0);
  expect(dueFailures(watch, 1000)).toEqual([sandbox, stuck]);
  expect(dueFailures(statusSaid(statusSaid({}, stuck, 0), { ...sandbox }, 90), 120)).toEqual([]);
});
