import { expect, test } from "vitest";
import { podStateOf, volumeFault } from "../../src/cluster/podState.ts";

const withState = (state: object): object => ({ status: { phase: "Pending", containerStatuses: [{ state }] } });

test.each([
  ["nothing yet", {}, { kind: "waiting" }],
  ["no object", undefined, { kind: "waiting" }],
  ["its container is made", withState({ waiting: { reason: "ContainerCreating" } }), { kind: "waiting" }],
  ["it runs", withState({ running: { startedAt: "2026-11-28T00:00:00Z" } }), { kind: "running" }],
  ["it runs since nobody knows when", withState({ running: {} }), { kind: "running" }],
  [
    "no image",
    withState({ waiting: { reason: "ErrImagePull", message: "pull from https://u:p@registry/x?sig=1\u001b[31m failed" } }),
    { kind: "failed", why: "its image cannot be started (ErrImagePull: pull from https://registry/x?… failed)" },
  ],
  ["evicted", { status: { phase: "Failed", reason: "Evicted" } }, { kind: "failed", why: "it ended at once (Evicted)" }],
  ["ended", { status: { phase: "Failed" } }, { kind: "failed", why: "it ended at once (no reason told)" }],
])("%s", (_, pod, state) => {
  expect(podStateOf(pod)).toEqual(state);
});

test("a path that the node lacks is told from the pod's events", () => {
  const message =
    'MountVolume.SetUp failed for volume "bus" : hostPath type check failed: /run/dbus/system_bus_socket is not a socket file';
  expect(volumeFault({ items: [{ message: "Pulled" }, { message }] })).toBe("the node has no /run/dbus/system_bus_socket");
  expect(volumeFault({ items: [{ message: "MountVolume.SetUp failed: timed out waiting for the condition" }, {}] })).toBeUndefined();
  expect(volumeFault(undefined)).toBeUndefined();
});
