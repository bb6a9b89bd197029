import type { BootReport, ReportSpan } from "../../src/boot/bootReport.ts";
import type { WorkClassName } from "../../src/boot/workClasses.ts";

type Step = readonly [unit: string, work: WorkClassName, waitMs: number, tookMs: number, ending?: "timeout" | "restart"];

/** The chain of a GPU node whose wait for a file system ran into its limit. */
const steps: readonly Step[] = [
  ["cloud-init-local.service", "cloud-init", 640, 2_100],
  ["cloud-init.service", "cloud-init", 190, 2_700],
  ["snapd.seeded.service", "snap", 12, 1_010],
  ["cloud-config.service", "cloud-init", 30, 2_580],
  ["nvidia-driver-install.service", "gpu-driver", 8, 5_420],
  ["gpu-validate.service", "gpu-validation", 22, 780],
  ["efs-wait.mount", "storage", 6, 9_400, "timeout"],
  ["containerd.service", "container-runtime", 40, 310],
  ["kubelet.service", "kubelet", 120, 1_730],
];

export function sampleBoots(hostile: boolean): BootReport {
  const spans: ReportSpan[] = [];
  let atMs = 0;
  for (const [index, [name, work, waitMs, tookMs, ending]] of steps.entries()) {
    const unit = hostile && index === 4 ? "<img src=x onerror=alert(4)>.service" : name;
    spans.push({ kind: index === 0 ? "lead-in" : "gap", unit, class: work, fromMs: atMs, durationMs: waitMs, notes: [] });
    atMs += waitMs;
    spans.push({
      kind: ending === "timeout" ? "failed-start" : "start",
      unit,
      class: work,
      fromMs: atMs,
      durationMs: tookMs,
      notes: ending === "timeout" ? ["ran into its time limit"] : [],
    });
    atMs += tookMs;
  }
  const starts = spans.filter(({ kind }) => kind === "start" || kind === "failed-start");
  return {
    unit: "kubelet.service",
    boots: ["ip-10-0-3-17", "ip-10-0-3-22", "ip-10-0-3-40"].map((name, boot) => ({
      name,
      machine: { systemdVersion: "255", virtualization: "amazon", osName: "Ubuntu 24.04", instanceType: "g6.2xlarge" },
      phases: [
        { phase: "kernel", durationMs: 1_120 + 40 * boot },
        { phase: "initrd", durationMs: 2_480 },
        { phase: "userspace", durationMs: 31_300 + 900 * boot },
      ],
      finishedAtMs: 31_300,
      chain: {
        state: "ready",
        endAtMs: atMs,
        spans,
        blocker: { unit: "efs-wait.mount", durationMs: 9_400, why: "timeout" },
        alsoFailed: [{ unit: "apt-daily.service", durationMs: 640, slackMs: 12_000, outcome: "failed" }],
      },
      systemdChain: systemdLines(hostile),
      units: [
        ...starts.map(({ unit, class: work, fromMs, durationMs, kind }) => ({
          unit,
          class: work,
          fromMs,
          durationMs,
          outcome: kind === "start" ? ("started" as const) : ("timeout" as const),
          restarts: 0,
          isOnChain: true,
          slackMs: 0,
        })),
        ...Array.from({ length: 40 }, (_, index) => ({
          unit: `background-${index + 1}.service`,
          class: (["other", "snap", "storage", "network-wait", "image-preload"] as const)[index % 5] ?? "other",
          fromMs: 300 + 610 * index,
          durationMs: 40 + ((index * 977) % 1_900),
          outcome: index === 7 ? ("failed" as const) : ("started" as const),
          restarts: index === 7 ? 2 : 0,
          isOnChain: false,
          slackMs: 20_000 - 400 * index,
        })),
      ],
      stages: [],
      accuracyMs: 0.001,
      sources: ["systemctl show", "journal"],
      problems: [],
    })),
    advice: [
      {
        class: "storage",
        title: "storage",
        units: ["efs-wait.mount"],
        onChainMs: 9_400,
        savedMs: 9_380,
        answers: [
          { question: "in-image", verdict: "no", because: "A mount of a remote file system cannot be baked." },
          {
            question: "faster",
            verdict: "yes",
            because: "It ran into its limit of 9.4 s in every boot; a shorter one would save the rest.",
          },
          { question: "parallel", verdict: "maybe", because: "kubelet.service waits for it only through remote-fs.target." },
          { question: "needed", verdict: "maybe", because: "Pods that use it can wait for it themselves." },
        ],
      },
      {
        class: "gpu-driver",
        title: "GPU driver",
        units: ["nvidia-driver-install.service"],
        onChainMs: 5_420,
        savedMs: 5_390,
        answers: [
          { question: "in-image", verdict: "yes", because: "The same driver was built in every boot, 5.4 s within 3 %." },
          { question: "faster", verdict: "maybe", because: "Prebuilt modules save the build." },
          { question: "parallel", verdict: "no", because: "gpu-validate.service needs it." },
          { question: "needed", verdict: "yes", because: "Without it no GPU is allocatable." },
        ],
      },
    ],
    assumptions: ["Each unit takes as long as it did: nothing is faster for what was freed, and nothing slower."],
    summary: {
      boots: 3,
      ready: { boots: 3, medianMs: atMs, lowMs: atMs - 1_900, highMs: atMs + 2_700, middleHalfMs: 1_400 },
      phases: [],
      units: starts.map(({ unit, class: work, durationMs }, index) => ({
        unit,
        class: work,
        took: {
          boots: 3,
          medianMs: durationMs,
          lowMs: durationMs * 0.9,
          highMs: durationMs * (1.1 + index / 40),
          middleHalfMs: durationMs * 0.1,
        },
        onChainBoots: 3,
        onChainMedianMs: durationMs,
      })),
      noisiest: "nvidia-driver-install.service",
    },
    comparison: {
      boots: [5, 6],
      ready: { beforeMs: 31_900, afterMs: 27_098, differenceMs: -4_802, interval: { low: -6_100, high: -3_300, level: 0.95 } },
      phases: [{ phase: "kernel", beforeMs: 1_130, afterMs: 1_120, differenceMs: -10, interval: { low: -60, high: 40, level: 0.95 } }],
      units: [
        {
          unit: "nvidia-driver-install.service",
          class: "gpu-driver",
          beforeMs: 11_900,
          afterMs: 5_420,
          differenceMs: -6_480,
          interval: { low: -7_200, high: -5_800, level: 0.95 },
        },
        {
          unit: hostile ? "<b onclick=alert(5)>.mount" : "efs-wait.mount",
          class: "storage",
          beforeMs: 8_100,
          afterMs: 9_400,
          differenceMs: 1_300,
          interval: { low: 900, high: 1_800, level: 0.95 },
        },
        { unit: "snapd.seeded.service", class: "snap", afterMs: 1_010 },
      ],
    },
  };
}

function systemdLines(hostile: boolean): readonly string[] {
  return [
    "kubelet.service +1.730s",
    "└─containerd.service @25.248s +310ms",
    "  └─gpu-validate.service @15.002s +780ms",
    `    └─${hostile ? "<img src=x onerror=alert(6)>.service" : "nvidia-driver-install.service"} @9.560s +5.420s`,
    "      └─cloud-config.service @6.972s +2.580s",
    "        └─snapd.seeded.service @5.932s +1.010s",
    "          └─cloud-init.service @3.220s +2.700s",
    "            └─cloud-init-local.service @640ms +2.100s",
  ];
}
