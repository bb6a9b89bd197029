import type { BenchRun } from "../../src/bench/benchRun.ts";
import type { HistoryEntry } from "../../src/protocol/reportMessages.ts";
import type { NamedBench } from "../../src/results/compare/benchComparison.ts";
import { benchPartOf } from "../../src/results/document.ts";
import { sampleArms } from "./sampleArms.ts";
import { sampleBench } from "./sampleBench.ts";

const dayMs = 86_400_000;
const shownAtEpochMs = Date.UTC(2026, 10, 22, 11, 52, 0);

/** Reports beside the shown one: `a` of an older kernel and containerd, `b` less cold, `c` ready by another question. */
export function sampleHistory(hostile: boolean): readonly HistoryEntry[] {
  const entry = (id: string, fileName: string, daysAgo: number): HistoryEntry => ({
    id,
    fileName,
    planName: hostile ? "<img src=x onerror=alert(7)>" : "fastapi-sklearn on L4",
    context: "gpu-eu-west-1",
    startedAtEpochMs: shownAtEpochMs - daysAgo * dayMs,
    armCount: 4,
    trialCount: 40,
    isComplete: id !== "c",
    isShown: id === "shown",
  });
  return [
    entry("shown", "gpu-pool-a.coldstart.json", 0),
    entry("a", hostile ? "<svg onload=alert(8)>.coldstart.json" : ".coldstart/gpu-pool-a-before-upgrade.coldstart.json", 6),
    entry("b", ".coldstart/gpu-pool-a-page-cache-kept.coldstart.json", 9),
    entry("c", ".coldstart/gpu-pool-a-tcp.coldstart.json", 13),
  ];
}

/** The picked ones beside the shown run, in the order in which they began. */
export function comparedSamples(run: BenchRun, ids: readonly string[]): readonly NamedBench[] {
  const history = sampleHistory(run.plan.name.includes("<"));
  const others = history
    .filter(({ id }) => ids.includes(id))
    .map(({ id, fileName, startedAtEpochMs }) => ({ name: fileName, bench: benchPartOf(otherRun(id, startedAtEpochMs)) }));
  const all = [...others, { name: history[0]?.fileName ?? "", bench: benchPartOf(run) }];
  return all.sort((a, b) => a.bench.run.startedAtEpochMs - b.bench.run.startedAtEpochMs);
}

function otherRun(id: string, startedAtEpochMs: number): BenchRun {
  const arms = id === "a" ? sampleArms.map((arm) => ({ ...arm, createMs: arm.createMs * 0.7, pullMs: arm.pullMs * 1.2 })) : sampleArms;
  const run = { ...sampleBench({ arms }), startedAtEpochMs };
  const { environment, plan } = run;
  switch (id) {
    case "a":
      return {
        ...run,
        environment: {
          ...environment,
          nodes: environment.nodes.map((node) => ({ ...node, kernelVersion: "6.1.148", containerRuntimeVersion: "containerd://2.1.4" })),
          images: environment.images.map((image) => ({ ...image, digest: (image.digest ?? "").replace("9f86d0", "77ab01") })),
        },
      };
    case "b":
      return { ...run, trials: run.trials.map((trial) => ({ ...trial, coldness: { ...trial.coldness, reached: "L2" } })) };
    default:
      return { ...run, plan: { ...plan, readiness: { kind: "tcp", port: 8000 } } };
  }
}
