import type { WithProblems } from "../base/text.ts";
import type { BootChain, BootUnit } from "./bootChain.ts";
import type { NodeLatency } from "./formats/jsonDocuments.ts";

/** The two units of which node-latency-for-k8s knows both ends. */
const unitEvents = [
  { id: "containerd.service", began: "Containerd Start", done: "Containerd Initialized" },
  { id: "kubelet.service", began: "Kubelet Start", done: "Kubelet Initialized" },
] as const;

/** A boot as node-latency-for-k8s tells it: events of whole seconds from several clocks, counted from the kernel's first message. */
export function nodeLatencyChain(name: string, latency: NodeLatency): WithProblems<BootChain> {
  const at = (event: string): number | undefined => latency.events.find((other) => other.name === event)?.atEpochMs;
  const zeroMs = at("VM Initialized") ?? latency.events[0]?.atEpochMs ?? 0;
  const us = (epochMs: number): number => Math.round((epochMs - zeroMs) * 1000);
  const units = unitEvents.flatMap(({ id, began, done }): BootUnit[] => {
    const [beganMs, doneMs] = [at(began), at(done)];
    if (beganMs === undefined) return [];
    const fromUs = us(beganMs);
    const toUs = doneMs === undefined ? undefined : Math.max(fromUs, us(doneMs));
    return [
      {
        id,
        aliases: [],
        activatingUs: fromUs,
        ...(toUs !== undefined && { activatedUs: toUs }),
        after: [],
        requires: [],
        triggeredBy: [],
        starts: [{ fromUs, ...(toUs === undefined ? { outcome: "starting" } : { toUs, outcome: "started" }), isRestart: false }],
      },
    ];
  });
  return {
    value: {
      name: latency.instanceId ?? name,
      machine: {
        ...(latency.instanceType !== undefined && { instanceType: latency.instanceType }),
        ...(latency.machineImage !== undefined && { machineImage: latency.machineImage }),
      },
      phases: {},
      userspaceStartEpochMs: zeroMs,
      units,
      jobs: [],
      stages: latency.events.map((event) => ({ name: event.name, fromUs: us(event.atEpochMs), source: "node-latency-for-k8s" as const })),
      accuracyUs: 1_000_000,
      order: "unknown",
      sources: ["node-latency-for-k8s"],
    },
    problems: [
      {
        severity: "info",
        message:
          "node-latency-for-k8s tells whole seconds of different clocks, and 21 fixed events: times count from the kernel's first message, units other than containerd and kubelet are unknown, and its Pod Ready means that a container started.",
      },
    ],
  };
}
