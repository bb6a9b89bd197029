import { foreignLine } from "../../base/foreignText.ts";
import { marks, type Mark, type Observation, type PullReport } from "../observation.ts";
import type { PodEvent } from "./podEvent.ts";
import { mainContainer, trueCondition, type PodSnapshot } from "./podSnapshot.ts";
import { parsePulledMessage } from "./pulledMessage.ts";

/**
 * Turns versions of a pod and events about it into observations, each mark once per source. The values with ms are arrival times: an
 * event is sent when the thing happens and is here some ms later, so `latest` is the arrival and `earliest` lies `lagBoundMs` before it.
 * Status of containers is late by more: the kubelet looks at its containers once a second, and not while it pulls.
 */
export interface ObservationState {
  /** The main container's name. Other containers and init containers make none of its marks. */
  readonly container: string;
  /** How late an arrival may be, from the measured round trip and from what showed since. */
  readonly lagBoundMs: number;
  /** Absent until the pod was seen. */
  readonly podUid: string | undefined;
  /** Events that came before the pod was seen, at most `maxHeld`. */
  readonly held: readonly { readonly event: PodEvent; readonly arrival: Arrival }[];
  readonly observed: readonly Observation[];
  /** How often a pull of the main image has begun. */
  readonly pulls: number;
}

/** When something from a watch was here. */
export interface Arrival {
  readonly receivedAtEpochMs: number;
  /** Set on what came after a gap in the watch: the last moment at which it had been heard. What is told may have happened at any time since. */
  readonly heardUntilEpochMs?: number | undefined;
  /** How long this process may have left it lying. */
  readonly stalledMs?: number | undefined;
}

/** What one sighting added: the state to go on with, the marks that are new, and what the kubelet said of the pull if this was it. */
export interface ObservationStep {
  readonly state: ObservationState;
  readonly observations: readonly Observation[];
  readonly pull?: PullReport;
}

/** More events are not about one start. */
const maxHeld = 100;

/** Before anything of the pod was seen. `lagBoundMs`: how late an arrival from the watch may be in this cluster. */
export function beginObservations(container: string, lagBoundMs: number): ObservationState {
  return { container, lagBoundMs, podUid: undefined, held: [], observed: [], pulls: 0 };
}

/** The first pod that is seen counts; another one of the same name, from before or after, adds nothing. */
export function seePod(state: ObservationState, pod: PodSnapshot, arrival: Arrival): ObservationStep {
  if (state.podUid !== undefined)
    return state.podUid === pod.uid ? added(state, podMarks(state, pod, arrival)) : { state, observations: [] };
  let step = added({ ...state, podUid: pod.uid, held: [] }, podMarks(state, pod, arrival));
  for (const { event, arrival: earlier } of state.held) step = joined(step, seeEvent(step.state, event, earlier));
  return step;
}

/** Events that come before their pod are held until it is seen, since only its uid tells whose they are. */
export function seeEvent(state: ObservationState, event: PodEvent, arrival: Arrival): ObservationStep {
  if (state.podUid === undefined) {
    const held = state.held.length < maxHeld ? [...state.held, { event, arrival }] : state.held;
    return { state: { ...state, held }, observations: [] };
  }
  if (event.podUid !== state.podUid) return { state, observations: [] };
  const isMain = event.container?.isInit === false && event.container.name === state.container;
  const counted = isMain && event.reason === "Pulling" ? { ...state, pulls: Math.max(state.pulls + 1, event.count) } : state;
  // Only the first start counts: a container that is restarted finds its image present.
  const isFirst = !counted.observed.some(({ mark, source }) => mark === "pulled" && source === "event-watch");
  const pull = isMain && isFirst && event.reason === "Pulled" ? parsePulledMessage(event.message) : undefined;
  if (!pull) return added(counted, eventMarks(counted, event, arrival, isMain));
  const text = pulledByText(counted, pull, event);
  const told = text ? { ...counted, lagBoundMs: counted.lagBoundMs + Math.abs(arrival.receivedAtEpochMs - text.atEpochMs) } : counted;
  const step = added(told, eventMarks(told, event, arrival, isMain));
  return { ...(text ? joined(step, added(step.state, [text])) : step), pull };
}

function podMarks(state: ObservationState, pod: PodSnapshot, arrival: Arrival): readonly Observation[] {
  const found: Observation[] = [arrived("created", "pod-watch", state, arrival)];
  if (pod.createdAtEpochMs !== undefined) found.push(stamped("created", "pod-status", "cluster", pod.createdAtEpochMs, 1000));
  const scheduled = trueCondition(pod, "PodScheduled");
  if (pod.node !== undefined || scheduled) found.push(arrived("scheduled", "pod-watch", state, arrival));
  if (scheduled?.sinceEpochMs !== undefined) found.push(stamped("scheduled", "pod-status", "cluster", scheduled.sinceEpochMs, 1000));
  if (trueCondition(pod, "PodReadyToStartContainers")) found.push(sandboxCondition(state, arrival));
  const container = mainContainer(pod, state.container)?.state;
  // One that could not be started has ended without a beginning.
  if (container?.kind === "running" || (container?.kind === "terminated" && container.startedAtEpochMs !== undefined)) {
    found.push(late("started", state, arrival));
    if (container.startedAtEpochMs !== undefined) found.push(stamped("started", "pod-status", "node", container.startedAtEpochMs, 1000));
  }
  return found;
}

/**
 * Kubelets since 1.36 (kubernetes#134460) tell of the sandbox at once, older ones with the first status after the container's start. Which
 * of both it was shows in whether the pull had been heard of long before.
 */
function sandboxCondition(state: ObservationState, arrival: Arrival): Observation {
  const pulling = state.observed.find(({ mark, source }) => mark === "pull-start" && source === "event-watch");
  const isLate = state.observed.some(
    ({ mark, source, atEpochMs }) =>
      source === "event-watch" && (mark === "pull-start" || mark === "pulled") && atEpochMs < arrival.receivedAtEpochMs - state.lagBoundMs,
  );
  if (isLate) return late("sandbox", state, arrival);
  const observation = arrived("sandbox", "pod-watch", state, arrival);
  return pulling ? { ...observation, earliestEpochMs: Math.min(observation.earliestEpochMs, pulling.earliestEpochMs) } : observation;
}

function eventMarks(state: ObservationState, event: PodEvent, arrival: Arrival, isMain: boolean): readonly Observation[] {
  const found: Observation[] = [];
  // Whatever is first pulled for, another container or a volume that is an image (whose events name the pod alone), the sandbox stood before.
  if (event.reason === "Pulling" || event.reason === "Pulled") {
    found.push({ ...arrived("sandbox", "event-watch", state, arrival), earliestEpochMs: floorOf(state, "sandbox", arrival) });
  }
  const mark = event.reason === "Scheduled" ? "scheduled" : isMain ? containerMarks[event.reason] : undefined;
  if (mark === undefined) return found;
  const detail = foreignLine(event.message);
  found.push({ ...arrived(mark, "event-watch", state, arrival), detail });
  if (event.stamp && event.count === 1) {
    const clock = mark === "scheduled" ? "cluster" : "node";
    found.push(stamped(mark, "event-stamp", clock, event.stamp.atEpochMs, event.stamp.resolutionMs));
  }
  return found;
}

const containerMarks: Readonly<Record<string, Mark | undefined>> = {
  Pulling: "pull-start",
  Pulled: "pulled",
  Created: "container-created",
  Started: "started",
};

/**
 * The kubelet counts from its event `Pulling` on, so the span is free of what both events were late by. By how much the arrivals contradict it,
 * one of both was later than the other, and what comes next may be. After a retry the span is the last try's only.
 */
function pulledByText(state: ObservationState, pull: PullReport, event: PodEvent): Observation | undefined {
  const start = state.observed.find(({ mark, source }) => mark === "pull-start" && source === "event-watch");
  if (!start || pull.alreadyPresent || state.pulls !== 1) return undefined;
  const spanMs = pull.includingWaitingMs ?? pull.durationMs;
  return {
    mark: "pulled",
    atEpochMs: start.atEpochMs + spanMs,
    earliestEpochMs: start.earliestEpochMs + spanMs,
    // The kubelet cuts to whole ms.
    latestEpochMs: start.latestEpochMs + spanMs + 1,
    clock: "client",
    source: "event-text",
    detail: foreignLine(event.message),
  };
}

function arrived(mark: Mark, source: "pod-watch" | "event-watch", state: ObservationState, arrival: Arrival): Observation {
  const at = arrival.receivedAtEpochMs;
  const since = Math.min(at, arrival.heardUntilEpochMs ?? at) - state.lagBoundMs - (arrival.stalledMs ?? 0);
  const floor = floorOf(state, mark, undefined);
  return {
    mark,
    atEpochMs: at,
    // A floor above the arrival shows that what came before was later than it seemed: it is no floor.
    earliestEpochMs: floor > at ? since : Math.max(since, floor),
    latestEpochMs: at,
    clock: "client",
    source,
  };
}

/** What a status told, which may have happened any time since the mark before. */
function late(mark: Mark, state: ObservationState, arrival: Arrival): Observation {
  return { ...arrived(mark, "pod-watch", state, arrival), earliestEpochMs: floorOf(state, mark, arrival) };
}

/** The instants pass in order: none is before the earliest of those before it. */
function floorOf(state: ObservationState, mark: Mark, arrival: Arrival | undefined): number {
  const before = state.observed.filter(({ mark: other, clock }) => clock === "client" && marks.indexOf(other) < marks.indexOf(mark));
  const floor = Math.max(...before.map(({ earliestEpochMs }) => earliestEpochMs));
  return arrival ? Math.min(floor, arrival.receivedAtEpochMs) : floor;
}

function stamped(
  mark: Mark,
  source: "pod-status" | "event-stamp",
  clock: "cluster" | "node",
  atEpochMs: number,
  resolutionMs: number,
): Observation {
  return {
    mark,
    atEpochMs: atEpochMs + resolutionMs / 2,
    earliestEpochMs: atEpochMs,
    latestEpochMs: atEpochMs + resolutionMs,
    clock,
    source,
  };
}

function added(state: ObservationState, found: readonly Observation[]): ObservationStep {
  const fresh = found.filter(({ mark, source }) => !state.observed.some((known) => known.mark === mark && known.source === source));
  return fresh.length === 0
    ? { state, observations: [] }
    : { state: { ...state, observed: [...state.observed, ...fresh] }, observations: fresh };
}

function joined(first: ObservationStep, second: ObservationStep): ObservationStep {
  const pull = second.pull ?? first.pull;
  return { state: second.state, observations: [...first.observations, ...second.observations], ...(pull && { pull }) };
}
