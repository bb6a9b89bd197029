import type { BootReport } from "../../src/boot/bootReport.ts";

const took = { boots: 2, medianMs: 5900, lowMs: 5800, highMs: 6000, middleHalfMs: 100 };

/** Two boots of a GPU node, shortened. */
export const sampleBoots: BootReport = {
  unit: "kubelet.service",
  boots: [0, 1].map((index) => ({
    name: `boot ${index}`,
    machine: { systemdVersion: "255", osName: "Amazon Linux 2023", instanceType: "g5.xlarge" },
    phases: [
      { phase: "kernel", durationMs: 900 },
      { phase: "userspace", durationMs: 15_400 },
    ],
    userspaceStartEpochMs: 1_795_000_000_000,
    chain: {
      state: "ready",
      endAtMs: 15_400,
      spans: [
        { kind: "gap", unit: "nvidia-driver-install.service", class: "other", fromMs: 0, durationMs: 9500, notes: [] },
        {
          kind: "start",
          unit: "nvidia-driver-install.service",
          class: "other",
          fromMs: 9500,
          durationMs: 5900,
          notes: ["built its module"],
        },
      ],
      blocker: { unit: "nvidia-driver-install.service", durationMs: 5900, why: "longest" },
      alsoFailed: [{ unit: "x.service", durationMs: 10, slackMs: 100, outcome: "failed" }],
    },
    units: [
      {
        unit: "nvidia-driver-install.service",
        class: "other",
        fromMs: 9500,
        durationMs: 5900,
        outcome: "started",
        restarts: 0,
        isOnChain: true,
        slackMs: 0,
      },
    ],
    stages: [{ name: "init-network", class: "other", fromMs: 100, durationMs: 50, result: "SUCCESS" }],
    accuracyMs: 0.001,
    sources: [],
    problems: [{ severity: "info", message: "told by a dump only" }],
  })),
  advice: [
    {
      class: "other",
      title: "Drivers",
      units: ["nvidia-driver-install.service"],
      onChainMs: 5900,
      savedMs: 5900,
      answers: [{ question: "in-image", verdict: "yes", because: "it is the same each time" }],
    },
  ],
  assumptions: ["Units take as long as they did."],
  summary: {
    boots: 2,
    ready: took,
    phases: [{ phase: "kernel", spread: took }],
    units: [{ unit: "nvidia-driver-install.service", class: "other", took, onChainBoots: 2, onChainMedianMs: 5900 }],
  },
  comparison: {
    boots: [2, 2],
    ready: { beforeMs: 1, afterMs: 2, differenceMs: 1 },
    phases: [{ phase: "kernel", beforeMs: 1 }],
    units: [{ unit: "a.service", class: "other", afterMs: 3 }],
  },
};
