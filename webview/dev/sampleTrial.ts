import type { PlannedTrial } from "../../src/bench/benchRun.ts";
import type { Mark, Observation, ObservationSource } from "../../src/bench/observation.ts";
import type { ColdnessProof, LazinessProof, Outcome, Taint, Trial } from "../../src/bench/trial.ts";
import type { Mishap, SampleArm } from "./sampleArms.ts";

export interface SampleTrialInput {
  readonly arm: SampleArm;
  readonly planned: PlannedTrial;
  readonly beganAtEpochMs: number;
  readonly random: () => number;
  readonly hostile: boolean;
}

const node = "ip-10-0-3-17";

/** One trial with raw observations as the watches, the kubelet's event text, the log and the poll give them. */
export function sampleTrial({ arm, planned, beganAtEpochMs, random, hostile }: SampleTrialInput): {
  readonly trial: Trial;
  readonly tookMs: number;
} {
  // The mishaps of the first ten come again with every ten times ten.
  const mishap = arm.mishaps?.[planned.block % 100];
  const isWarm = mishap === "warm";
  const times = timesOf(arm, mishap, random);
  const observations = observationsOf(beganAtEpochMs, times, isWarm, random, hostile);
  const outcome = outcomeOf(mishap, hostile);
  const lastMs = Math.max(...Object.values(times));
  const trial: Trial = {
    id: planned.trialId,
    arm: arm.name,
    block: planned.block,
    order: planned.order,
    node,
    podName: `coldstart-k3x9f2-${planned.trialId}`,
    outcome,
    observations,
    ...(times.pulled !== undefined && {
      pull: {
        durationMs: times.pulled - (times["pull-start"] ?? times.pulled),
        includingWaitingMs: times.pulled - (times["pull-start"] ?? times.pulled),
        imageSizeBytes: 390_270_000,
        alreadyPresent: isWarm,
      },
    }),
    coldness: coldnessOf(arm, isWarm),
    ...(outcome.kind === "ready" && { laziness: lazinessOf(arm, mishap, random) }),
    ...(outcome.kind === "ready" && {
      poll: { attempts: Math.ceil((times.ready ?? 0) / 50), intervalMs: 50, roundTripMs: 3.1, errorMs: 53 },
    }),
    taints: taintsOf(mishap),
    problems: mishap === "fell-back" ? [{ severity: "warning", message: "The image has no usable eStargz footer at this mirror." }] : [],
  };
  return { trial, tookMs: Math.round((mishap === "timeout" ? 600_000 : lastMs) + 9_000 + random() * 2_000) };
}

type Times = Partial<Record<Mark, number>>;

function timesOf(arm: SampleArm, mishap: Mishap | undefined, random: () => number): Times {
  /** Log-normal, some 4 %. */
  const about = (ms: number, spread = 0.04): number => {
    const gauss = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.round(ms * Math.exp(spread * gauss) * 10) / 10;
  };
  const pullMs = mishap === "warm" ? 0.4 : mishap === "fell-back" ? 29_300 : arm.pullMs;
  const applicationMs = mishap === "slow" ? arm.applicationMs * 1.55 : mishap === "fell-back" ? 2_600 : arm.applicationMs;
  const times: Times = { created: about(7) };
  let at = times.created ?? 0;
  const pass = (mark: Mark, ms: number, spread?: number): void => {
    at += about(ms, spread);
    times[mark] = Math.round(at * 10) / 10;
  };
  pass("scheduled", 11, 0.2);
  pass("sandbox", arm.sandboxMs, 0.1);
  if (mishap === "pull-failed") return times;
  pass("pull-start", 28, 0.3);
  pass("pulled", pullMs, 0.05);
  pass("container-created", mishap === "fell-back" ? 110 : arm.createMs, 0.12);
  pass("started", arm.startMs, 0.1);
  if (mishap === "crash") return times;
  times["first-output"] = Math.round((at + applicationMs * 0.35) * 10) / 10;
  if (mishap === "timeout") return times;
  pass("ready", applicationMs, 0.06);
  pass("first-answer", arm.firstAnswerMs, 0.15);
  return times;
}

function observationsOf(
  beganAtEpochMs: number,
  times: Times,
  isWarm: boolean,
  random: () => number,
  hostile: boolean,
): readonly Observation[] {
  const seen = (mark: Mark, source: ObservationSource, earlyMs: number, lateMs: number, detail?: string): Observation => {
    const at = beganAtEpochMs + (times[mark] ?? 0);
    return {
      mark,
      atEpochMs: at,
      earliestEpochMs: at - earlyMs,
      latestEpochMs: at + lateMs,
      clock: "client",
      source,
      ...(detail !== undefined && { detail }),
    };
  };
  const found: Observation[] = [];
  for (const mark of Object.keys(times) as Mark[]) {
    if (mark === "created") {
      found.push(seen(mark, "request", times.created ?? 0, 0));
      continue;
    }
    if (mark === "ready" || mark === "first-answer") {
      found.push(seen(mark, "readiness-poll", mark === "ready" ? 53 : 3, 0, mark === "ready" ? "200" : hostile ? "<b>200</b>" : "200"));
      continue;
    }
    if (mark === "first-output") {
      found.push(seen(mark, "log-watch", 6, 0, hostile ? "<img src=x onerror=alert(2)>" : "INFO: Started server process [1]"));
      continue;
    }
    const lateMs = 1 + random() * 4;
    const detail = mark === "pulled" ? pulledText(times, isWarm) : undefined;
    found.push(seen(mark, mark === "pulled" && !isWarm ? "event-text" : "event-watch", lateMs, 0, detail));
    if (mark === "started" || mark === "scheduled") found.push(wholeSecond(mark, beganAtEpochMs + (times[mark] ?? 0)));
  }
  return found;
}

/** The pod's status tells whole seconds only. */
function wholeSecond(mark: Mark, atEpochMs: number): Observation {
  const second = Math.floor(atEpochMs / 1000) * 1000;
  return {
    mark,
    atEpochMs: second + 500,
    earliestEpochMs: second,
    latestEpochMs: second + 999,
    clock: "cluster",
    source: "pod-status",
  };
}

function pulledText(times: Times, isWarm: boolean): string {
  if (isWarm) return "Container image already present on machine";
  const seconds = ((times.pulled ?? 0) - (times["pull-start"] ?? 0)) / 1000;
  return `Successfully pulled image in ${seconds.toFixed(3)}s (${seconds.toFixed(3)}s including waiting). Image size: 390270000 bytes.`;
}

function outcomeOf(mishap: Mishap | undefined, hostile: boolean): Outcome {
  if (mishap === "crash")
    return {
      kind: "failed",
      reason: "container-crashed",
      message: hostile
        ? "<img src=x onerror=alert(3)> exited with 1"
        : "The container exited with 137 (OOMKilled), 14.2 s after its start.",
    };
  if (mishap === "pull-failed") return { kind: "failed", reason: "image-pull", message: "The registry answered 503 four times." };
  if (mishap === "timeout") return { kind: "timed-out", message: "GET http:8000/health did not answer 200 to 399 within 10 min 00 s." };
  return { kind: "ready" };
}

function taintsOf(mishap: Mishap | undefined): readonly Taint[] {
  if (mishap === "warm") return ["warm", "less-cold"];
  return mishap === "fell-back" ? ["fell-back"] : [];
}

function coldnessOf(arm: SampleArm, isWarm: boolean): ColdnessProof {
  return {
    wanted: "L3",
    reached: isWarm ? "L0" : "L3",
    checks: [
      { what: "no container of the image", passed: true, found: "none" },
      {
        what: "image absent by every name",
        passed: !isWarm,
        found: isWarm ? "registry.example/search/embedder@sha256:9f86d0…" : "none left, 3 removed",
      },
      { what: "garbage collected synchronously", passed: true, found: "in 2.9 s" },
      { what: "no layer in the content store", passed: !isWarm, found: isWarm ? "9 of 9" : "0 of 9" },
      { what: `no snapshot of its layers in ${arm.snapshotter}`, passed: !isWarm, found: isWarm ? "9 of 9" : "0 of 9" },
      ...(arm.isLazy ? [{ what: `${arm.snapshotter}'s own cache empty`, passed: true, found: "12 kB" }] : []),
      { what: "page cache dropped", passed: true, found: "1.4 GB before, 96 MB after" },
    ],
    durationMs: 4_800,
  };
}

function lazinessOf(arm: SampleArm, mishap: Mishap | undefined, random: () => number): LazinessProof {
  const isLazy = arm.isLazy && mishap !== "fell-back";
  const usual = mishap === "warm" ? 0 : mishap === "fell-back" ? 390_270_000 : arm.fetchedBytes;
  return {
    snapshotter: isLazy ? arm.snapshotter : "overlayfs",
    mounts: isLazy
      ? [
          { type: "fuse.rawBridge", count: 9 },
          { type: "overlay", count: 1 },
        ]
      : [{ type: "overlay", count: 1 }],
    isLazy,
    fetched: { bytes: Math.round(usual * (1 + (random() - 0.5) * 0.002)), source: "the link's counter" },
    evidence: isLazy
      ? ["9 of 9 lower layers are mounted by FUSE", "content store holds 0.4 MB of the image"]
      : ["9 of 9 layers are unpacked"],
  };
}
