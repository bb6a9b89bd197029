import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchRun } from "../../../src/bench/benchRun.ts";
import type { Mark } from "../../../src/bench/observation.ts";
import { stageEndsOf } from "../../../src/bench/stageEnds.ts";
import { stagesOfTrial } from "../../../src/bench/stages.ts";
import type { Trial } from "../../../src/bench/trial.ts";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { ctr } from "../parts/nodeImages.ts";
import { poll, temporaryFolder } from "../parts/process.ts";
import { benched, benchPlan, type PlanParts } from "./benchRuns.ts";
import { containerdEvents, type RuntimeEvent } from "./containerdEvents.ts";

/** When something truly happened: between two readings of the machine's clock. */
interface TrueInstant {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
}

/** The true instants of one start, by marks; only those that an independent clock tells. */
type TrueStart = ReadonlyMap<Mark, TrueInstant>;

/** How one figure of one trial stands to the truth. */
export interface TruthRow {
  /** A mark, `ready`, or a stage between two of them, `sandbox → pulled`. */
  readonly what: string;
  readonly trialId: string;
  readonly source: string;
  /** Measured less true; to the nearer end where the truth is an interval. */
  readonly errorMs: number;
  /** What the benchmark itself says its figure may be off by. */
  readonly resolutionMs: number;
  /** Whether the truth lies in what the benchmark states, give or take `slackMs`. */
  readonly isInside: boolean;
  /** Of a polled readiness: the longest that one poll takes. */
  readonly onePollMs?: number;
}

/** So far a stage's mark may be off beyond what is stated for it: the issue's own bound. */
export const slackMs = 20;

export type ReadyKind = "listen" | "answer";

export interface TruthRun {
  readonly run: BenchRun;
  readonly rows: readonly TruthRow[];
}

/** Runs trials of an application that stamps itself, listening to containerd all the while, and holds the one against the other. */
export async function truthRun(cluster: Cluster, node: string, kind: ReadyKind, parts: PlanParts): Promise<TruthRun> {
  const folder = temporaryFolder("truth");
  const port = 8000;
  const source = readFileSync(join(import.meta.dirname, "stampedService.py"), "utf8");
  const waitMs = 700;
  const plan = benchPlan({
    target: { kind: "node", name: node },
    readiness:
      kind === "listen"
        ? { kind: "tcp", port }
        : { kind: "http", question: { scheme: "http", port, path: "/", method: "GET", headers: {}, statuses: [200] } },
    container: {
      command: ["python3", "-c", source, folder, kind, String(waitMs), String(port)],
      volumeMounts: [{ name: "truth", mountPath: folder }],
    },
    pod: { volumes: [{ name: "truth", hostPath: { path: folder } }] },
    ...parts,
  });
  const events = await containerdEvents(node);
  const containers = new Map<string, Promise<PodContainers>>();
  try {
    let runId = "";
    const { run } = await benched(plan, cluster, {
      onEvent(event) {
        if (event.kind === "planned") runId = event.runId;
        if (event.kind === "phase" && event.phase === "proving")
          containers.set(event.trialId, containersOf(node, plan.namespace, `coldstart-${runId}-${event.trialId}`));
      },
    });
    const rows: TruthRow[] = [];
    for (const trial of run.trials) {
      const ids = await containers.get(trial.id);
      if (trial.outcome.kind !== "ready" || !ids) continue;
      const arm = plan.arms.find(({ name }) => name === trial.arm);
      const truth = trueStart(events.events, ids, arm?.image ?? "", await stampsOf(join(folder, trial.podName)));
      rows.push(...rowsOf(trial, truth, run));
    }
    return { run, rows };
  } finally {
    await events.stop();
  }
}

/** A pod's containers by the ids that containerd's events carry. */
interface PodContainers {
  readonly sandbox: string;
  readonly main: string;
}

/** Must be asked while the pod is there. */
async function containersOf(node: string, namespace: string, pod: string): Promise<PodContainers> {
  const filter = `labels."io.kubernetes.pod.namespace"==${namespace},labels."io.kubernetes.pod.name"==${pod}`;
  const [sandbox, main] = await Promise.all(
    ["sandbox", "container"].map((kind) => ctr(node, "containers", "ls", "-q", `${filter},labels."io.cri-containerd.kind"==${kind}`)),
  );
  return { sandbox: sandbox ?? "", main: main ?? "" };
}

type Stamps = Readonly<Record<"outputFrom" | "outputTo" | "readyFrom" | "readyTo", number>>;

function stampsOf(path: string): Promise<Stamps> {
  return poll("the application's stamps", async () => {
    try {
      return JSON.parse(readFileSync(path, "utf8")) as Stamps;
    } catch {
      return undefined;
    }
  });
}

function trueStart(events: readonly RuntimeEvent[], { sandbox, main }: PodContainers, image: string, stamps: Stamps): TrueStart {
  const at = (topic: string, id: string): number => {
    const found = events.find((event) => event.topic === topic && (event.body["container_id"] === id || event.body["id"] === id));
    if (!found) throw new Error(`containerd told of no ${topic} of ${id}.`);
    return found.atEpochMs;
  };
  const created = at("/containers/create", main);
  const pulled = events.findLast(
    ({ topic, body, atEpochMs }) => /^\/images\/(create|update)$/.test(topic) && isOf(image, body) && atEpochMs < created,
  );
  const instant = (fromEpochMs: number, toEpochMs = fromEpochMs): TrueInstant => ({ fromEpochMs, toEpochMs });
  return new Map<Mark, TrueInstant>([
    ["sandbox", instant(at("/tasks/start", sandbox))],
    ...(pulled ? [["pulled", instant(pulled.atEpochMs)] as const] : []),
    ["container-created", instant(created)],
    ["started", instant(at("/tasks/start", main))],
    ["first-output", instant(stamps.outputFrom / 1e6, stamps.outputTo / 1e6)],
    ["ready", instant(stamps.readyFrom / 1e6, stamps.readyTo / 1e6)],
  ]);
}

/** containerd keeps an image under its name, its digest and its configuration's digest; the kubelet waits for all of them. */
function isOf(image: string, body: RuntimeEvent["body"]): boolean {
  const name = String(body["name"]);
  return name === image || name.startsWith(`${image.replace(/:[^:/]*$/, "")}@`);
}

function rowsOf(trial: Trial, truth: TrueStart, run: BenchRun): readonly TruthRow[] {
  const offsets = run.environment.clockOffsets;
  const { ends } = stageEndsOf(trial.observations, { node: offsets.find(({ node }) => node === trial.node) });
  const rows: TruthRow[] = [];
  for (const [mark, instant] of truth) {
    const end = ends.get(mark);
    if (!end) continue;
    const isPolled = mark === "ready" && trial.poll !== undefined;
    rows.push({
      what: mark,
      trialId: trial.id,
      source: end.source,
      errorMs: distance(end.atEpochMs, instant.fromEpochMs, instant.toEpochMs),
      resolutionMs: Math.max(end.latestEpochMs - end.atEpochMs, end.atEpochMs - end.earliestEpochMs),
      isInside: instant.toEpochMs >= end.earliestEpochMs - slackMs && instant.fromEpochMs <= end.latestEpochMs + slackMs,
      ...(isPolled && { onePollMs: onePollMs(trial) }),
    });
  }
  for (const stage of stagesOfTrial(trial, offsets).stages) {
    const [from, to] = [truth.get(stage.from.mark), truth.get(stage.to.mark)];
    if (!from || !to) continue;
    const [lowMs, highMs] = [to.fromEpochMs - from.toEpochMs, to.toEpochMs - from.fromEpochMs];
    const errorMs = distance(stage.durationMs, lowMs, highMs);
    rows.push({
      what: `${stage.from.mark} → ${stage.to.mark}`,
      trialId: trial.id,
      source: `${stage.from.source}, ${stage.to.source}`,
      errorMs,
      resolutionMs: stage.resolutionMs,
      isInside: Math.abs(errorMs) <= stage.resolutionMs + slackMs,
    });
  }
  return rows;
}

/** From one question to the next one's answer: an application that gets ready right after a question is heard of that late. */
function onePollMs({ poll }: Trial): number {
  return poll ? poll.intervalMs + poll.roundTripMs : 0;
}

function distance(value: number, from: number, to: number): number {
  return value < from ? value - from : value > to ? value - to : 0;
}
