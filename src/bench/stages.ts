import type { Problem } from "../base/text.ts";
import { marks, type Mark, type Observation } from "./observation.ts";
import { stageEndsOf, type StageClocks, type StageEnd } from "./stageEnds.ts";
import type { Trial } from "./trial.ts";

/**
 * What a start is made of, in the order in which it usually passes. `unaccounted` is what no mark explains. `create` is from the pulled
 * image to the created container, where prefetching of lazy snapshotters hides. `first-output` is a part of `application`.
 */
export const stageNames = [
  "request",
  "scheduling",
  "sandbox",
  "unaccounted",
  "pull",
  "create",
  "start",
  "first-output",
  "application",
  "first-answer",
] as const;
export type StageName = (typeof stageNames)[number];

/** One row of a waterfall. */
export interface Stage {
  /** More than one where the marks between them were not seen. */
  readonly names: readonly StageName[];
  /** Set on a row that is a part of another one's time and is in no sum. */
  readonly within?: StageName;
  readonly from: StageEnd;
  readonly to: StageEnd;
  /** From the one best value to the other; negative when the stamps say so. */
  readonly durationMs: number;
  /** The true duration lies between these two. */
  readonly lowMs: number;
  readonly highMs: number;
  /** `durationMs` is wrong by at most this; a shorter stage is only known to be shorter. */
  readonly resolutionMs: number;
}

/** The whole waterfall of one trial. */
export interface TrialStages {
  /** When the request to create the pod was sent; without that, the first mark. Undefined: nothing was seen. */
  readonly beganAtEpochMs: number | undefined;
  /** In order; the durations of those that are `within` no other add up to `totalMs`. */
  readonly stages: readonly Stage[];
  /** To the last mark: readiness, or the first answer, or how far the start came. */
  readonly totalMs: number;
  /** What part of the total is `unaccounted`. */
  readonly unaccountedMs: number;
  readonly problems: readonly Problem[];
}

/** The stage that ends with the mark. */
const stageUntil: Readonly<Record<Mark, StageName>> = {
  created: "request",
  scheduled: "scheduling",
  sandbox: "sandbox",
  "pull-start": "unaccounted",
  pulled: "pull",
  "container-created": "create",
  started: "start",
  "first-output": "first-output",
  ready: "application",
  "first-answer": "first-answer",
};

/**
 * Stages of one start from its raw observations. `isImagePresent`: the kubelet said that the image was there already, so there was no
 * pull. Nothing is clamped: stamps in the wrong order give a negative stage and a problem.
 */
export function stagesOf(
  observations: readonly Observation[],
  { clocks = {}, isImagePresent = false }: { readonly clocks?: StageClocks; readonly isImagePresent?: boolean } = {},
): TrialStages {
  const { ends, problems } = stageEndsOf(observations, clocks);
  const chain = marks.flatMap((mark) => {
    const isLeftOut = mark === "first-output" || (isImagePresent && (mark === "pull-start" || mark === "pulled"));
    const end = ends.get(mark);
    return end && !isLeftOut ? [end] : [];
  });
  const sent = sentAt(observations);
  const began = sent ?? chain[0];
  if (!began) return { beganAtEpochMs: undefined, stages: [], totalMs: 0, unaccountedMs: 0, problems };
  const points = sent ? [sent, ...chain] : chain;
  const stages: Stage[] = [];
  for (const [index, to] of points.entries()) {
    const from = points[index - 1];
    if (!from) continue;
    stages.push(stageBetween(from, to, namesBetween(from === sent ? undefined : from.mark, to.mark, isImagePresent)));
    const firstOutput = ends.get("first-output");
    if (from.mark === "started" && firstOutput && to.mark === "ready")
      stages.push({ ...stageBetween(from, firstOutput, ["first-output"]), within: "application" });
  }
  const whole = stages.filter(({ within }) => within === undefined);
  return {
    beganAtEpochMs: began.atEpochMs,
    stages,
    totalMs: (points.at(-1) ?? began).atEpochMs - began.atEpochMs,
    unaccountedMs: whole.filter(isUnaccounted).reduce((sum, { durationMs }) => sum + durationMs, 0),
    problems: [...problems, ...stages.flatMap(problemOfOrder)],
  };
}

/** The same of a stored trial, with the clocks that its run compared. */
export function stagesOfTrial(trial: Trial, clockOffsets: readonly (StageClocks["node"] & { readonly node: string })[]): TrialStages {
  const node = clockOffsets.find((offset) => offset.node === trial.node);
  return stagesOf(trial.observations, { clocks: { node }, isImagePresent: trial.pull?.alreadyPresent === true });
}

/** From the request to a mark: `ready` is the time to ready. Undefined when one of both was not seen. */
export function timeTo(mark: Mark, { beganAtEpochMs, stages }: TrialStages): number | undefined {
  const end = stages.find(({ to, within }) => to.mark === mark && within === undefined)?.to;
  return end && beganAtEpochMs !== undefined ? end.atEpochMs - beganAtEpochMs : undefined;
}

/** Orders stages as they usually pass; merged ones stand where their first part does, after it. */
export function byPlace(a: { readonly names: readonly StageName[] }, b: { readonly names: readonly StageName[] }): number {
  const place = ({ names }: { readonly names: readonly StageName[] }): number => Math.min(...names.map((name) => stageNames.indexOf(name)));
  return place(a) - place(b) || a.names.length - b.names.length;
}

function isUnaccounted({ names }: Stage): boolean {
  return names.length === 1 && names[0] === "unaccounted";
}

/** Our own request left at the earliest instant of its observation; that is known exactly. */
function sentAt(observations: readonly Observation[]): StageEnd | undefined {
  const request = observations.find(({ mark, source, clock }) => mark === "created" && source === "request" && clock === "client");
  const at = request?.earliestEpochMs;
  if (at === undefined || !Number.isFinite(at)) return undefined;
  return { mark: "created", atEpochMs: at, earliestEpochMs: at, latestEpochMs: at, source: "request", clock: "client" };
}

function namesBetween(after: Mark | undefined, until: Mark, isImagePresent: boolean): readonly StageName[] {
  const first = after === undefined ? 0 : marks.indexOf(after) + 1;
  const names = marks
    .slice(first, marks.indexOf(until) + 1)
    .filter((mark) => mark !== "first-output")
    .map((mark) => stageUntil[mark])
    .filter((name) => !(isImagePresent && (name === "pull" || name === "unaccounted")));
  const told = names.filter((name) => name !== "unaccounted");
  return told.length > 0 ? told : names;
}

function stageBetween(from: StageEnd, to: StageEnd, names: readonly StageName[]): Stage {
  const durationMs = to.atEpochMs - from.atEpochMs;
  // The kubelet measured this span itself, and both ends were derived from one event.
  const isOneSpan = to.source === "event-text" && from.mark === "pull-start" && from.source === "event-watch";
  const lowMs = isOneSpan ? durationMs : to.earliestEpochMs - from.latestEpochMs;
  const highMs = isOneSpan ? durationMs + 1 : to.latestEpochMs - from.earliestEpochMs;
  return { names, from, to, durationMs, lowMs, highMs, resolutionMs: Math.max(highMs - durationMs, durationMs - lowMs) };
}

function problemOfOrder({ names, durationMs, highMs, from, to }: Stage): readonly Problem[] {
  if (durationMs >= 0) return [];
  const what = `"${to.mark}" (${to.source}) was stamped before "${from.mark}" (${from.source})`;
  return [
    highMs < 0
      ? {
          severity: "warning",
          message: `${what}, by more than both may be off: the stage ${names.join(" + ")} is negative and one of them is wrong.`,
        }
      : { severity: "info", message: `${what}, within what both may be off: the stage ${names.join(" + ")} is shorter than can be told.` },
  ];
}
