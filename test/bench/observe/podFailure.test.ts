import { describe, expect, test } from "vitest";
import { readPodEvent } from "../../../src/bench/observe/podEvent.ts";
import { failureOfEvent, failureOfPod } from "../../../src/bench/observe/podFailure.ts";
import { readPod } from "../../../src/bench/observe/podSnapshot.ts";

function ofPod(status: object, more: { exitCode?: number; deletionTimestamp?: string } = {}) {
  const pod = readPod({ metadata: { uid: "u", deletionTimestamp: more.deletionTimestamp }, status });
  const found = pod && failureOfPod(pod, "app", more.exitCode);
  return found && `${found.reason} ${found.patienceMs / 1000} s: ${found.message}`;
}

const waiting = (reason: string, message = "") => ({ containerStatuses: [{ name: "app", state: { waiting: { reason, message } } }] });
const ended = (exitCode: number, reason = "Error", name = "app") => ({
  containerStatuses: [{ name, state: { terminated: { exitCode, reason } } }],
});

describe("status", () => {
  test.each([
    [waiting("ContainerCreating"), undefined],
    [{ containerStatuses: [{ name: "app", state: { running: {} } }] }, undefined],
    [waiting("ErrImagePull", "not\nfound"), "image-pull 0 s: ErrImagePull: not found"],
    [waiting("ImagePullBackOff"), "image-pull 0 s: ImagePullBackOff"],
    [
      waiting("CreateContainerConfigError", 'secret "x" not found'),
      'container-create 5 s: CreateContainerConfigError: secret "x" not found',
    ],
    [waiting("CreateContainerError", "no command"), "container-create 0 s: CreateContainerError: no command"],
    [ended(3), "container-crashed 0 s: The container app ended with code 3."],
    [ended(137, "OOMKilled"), "container-crashed 0 s: The container app ended with code 137 (OOMKilled)."],
    [ended(0, "Completed"), "container-crashed 0 s: The container app ended with code 0."],
    [ended(128, "StartError"), "container-create 0 s: The container app ended with code 128 (StartError)."],
    [ended(0, "Completed", "sidecar"), undefined],
    [ended(1, "Error", "sidecar"), "container-crashed 0 s: The container sidecar ended with code 1."],
    [
      {
        containerStatuses: [
          { name: "app", state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: { terminated: { exitCode: 2, reason: "Error" } } },
        ],
      },
      "container-crashed 0 s: The container app ended with code 2 and is started again and again.",
    ],
    [{ initContainerStatuses: [{ name: "setup", state: { terminated: { exitCode: 0 } } }] }, undefined],
    [
      { initContainerStatuses: [{ name: "setup", state: { terminated: { exitCode: 4 } } }] },
      "container-crashed 0 s: The container setup ended with code 4.",
    ],
    [
      {
        conditions: [
          { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes: Insufficient nvidia.com/gpu." },
        ],
      },
      "unschedulable 15 s: Unschedulable: 0/1 nodes: Insufficient nvidia.com/gpu.",
    ],
    [{ phase: "Failed", reason: "Evicted", message: "low on memory" }, "evicted 0 s: Evicted: low on memory"],
    [{ phase: "Failed", reason: "DeadlineExceeded" }, "other 0 s: DeadlineExceeded"],
    [{ phase: "Failed", reason: "UnexpectedAdmissionError", message: "no GPU" }, "other 0 s: UnexpectedAdmissionError: no GPU"],
    [
      { conditions: [{ type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler", message: "m" }] },
      "evicted 0 s: PreemptionByScheduler: m",
    ],
    [
      { conditions: [{ type: "DisruptionTarget", status: "True", reason: "DeletionByTaintManager" }] },
      "node-lost 0 s: DeletionByTaintManager",
    ],
    [{ phase: "Unknown" }, "node-lost 0 s: NodeLost"],
    ["not an object", undefined],
  ])("%j", (status, expected) => {
    expect(ofPod(status as object)).toBe(expected);
  });

  test("a plan that waits for the end takes only its own code", () => {
    expect(ofPod(ended(3), { exitCode: 3 })).toBeUndefined();
    expect(ofPod(ended(1), { exitCode: 0 })).toBe("container-crashed 0 s: The container app ended with code 1; 0 was to come.");
  });

  test("a removed pod", () => {
    expect(ofPod({ phase: "Running" }, { deletionTimestamp: "2026-01-01T00:00:00Z" })).toBe("pod-deleted 0 s: Someone removed the pod.");
  });
});

test.each([
  ["Scheduled", "m", undefined],
  ["FailedScheduling", "0/1 nodes are available: 1 node(s) were unschedulable.", "unschedulable"],
  ["FailedCreatePodSandBox", "cni", "sandbox"],
  ["Evicted", "m", "evicted"],
  ["TaintManagerEviction", "Marking for deletion Pod a/b", "evicted"],
  ["TaintManagerEviction", "Cancelling deletion of Pod a/b", undefined],
  ["NodeNotReady", "Node is not ready", "node-lost"],
  ["FailedMount", "m", undefined],
])("event %s %s", (reason, message, expected) => {
  const event = readPodEvent({ involvedObject: { kind: "Pod", uid: "u" }, reason, message, type: "Warning" });
  expect(event && failureOfEvent(event)?.reason).toBe(expected);
});
