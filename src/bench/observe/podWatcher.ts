import { nowEpochMs } from "../../base/clock.ts";
import type { ObjectEvent } from "../../cluster/watchObjects.ts";
import { dueFailures, eventSaid, statusSaid, type FailureWatch } from "./failurePatience.ts";
import { readPodEvent } from "./podEvent.ts";
import { failureOfEvent, failureOfPod, progressReasons } from "./podFailure.ts";
import { beginObservations, seeEvent, seePod, type Arrival, type ObservationState, type ObservationStep } from "./podObservations.ts";
import { cutEchoMs, lagBoundMs, type PodSighting, type PodTarget } from "./podSighting.ts";
import type { Stalls } from "./stalls.ts";
import { mainContainer, readPod, type PodSnapshot } from "./podSnapshot.ts";

/** What comes to one pod's observation. A tick lets patience with a failure run out. */
export type Seen =
  | { readonly kind: "pod" | "event"; readonly event: ObjectEvent<unknown> }
  | { readonly kind: "sighting"; readonly sighting: PodSighting }
  | { readonly kind: "tick" };

/** So long after the API server was away: kubelets try an event or a status that was not taken again after 10 s. This is two of their tries. */
const outageEchoMs = 25_000;
/** So long after a stall, what comes may still have lain. */
const stallEchoMs = 100;

/** State of one pod's observation; `see` turns what comes into sightings. */
export class PodWatcher {
  readonly #target: PodTarget;
  readonly #stalls: Stalls;
  #recentStalls: readonly { readonly ms: number; readonly atEpochMs: number }[] = [];
  #observations: ObservationState;
  #failures: FailureWatch = {};
  readonly #told = new Set<string>();
  #pod: PodSnapshot | undefined;
  #listed = new Set<string>();
  /** Per watch: until when it was heard without a gap, while what follows a gap may still come. */
  #gaps = new Map<string, { readonly lostAtEpochMs: number; readonly untilEpochMs: number }>();
  readonly isListed: Promise<void>;
  readonly containerExists: Promise<void>;
  #announceListed = (): void => {};
  #announceContainer = (): void => {};

  constructor(target: PodTarget, stalls: Stalls) {
    this.#target = target;
    this.#stalls = stalls;
    this.#observations = beginObservations(target.container, target.lagBoundMs);
    this.isListed = new Promise((resolve) => (this.#announceListed = resolve));
    this.containerExists = new Promise((resolve) => (this.#announceContainer = resolve));
  }

  lagBoundMs(): number {
    return this.#observations.lagBoundMs;
  }

  /** A small request took so long: what arrives may be later than was thought. */
  answered(roundTripMs: number): void {
    const bound = Math.max(this.#observations.lagBoundMs, lagBoundMs(roundTripMs));
    this.#observations = { ...this.#observations, lagBoundMs: bound };
  }

  startedEarliestEpochMs(): number {
    const before = this.#observations.observed.filter(({ clock }) => clock === "client").map(({ earliestEpochMs }) => earliestEpochMs);
    return Math.max(...before, 0);
  }

  hasEnded(): boolean {
    return this.#pod !== undefined && mainContainer(this.#pod, this.#target.container)?.state.kind === "terminated";
  }

  *see(seen: Seen): Generator<PodSighting> {
    if (seen.kind === "sighting") yield seen.sighting;
    else if (seen.kind !== "tick") yield* this.#seeWatch(seen.kind, seen.event);
    yield* this.#dueFailures();
  }

  *#seeWatch(from: "pod" | "event", event: ObjectEvent<unknown>): Generator<PodSighting> {
    if (event.kind === "reconnected") {
      const { lostAtEpochMs, foundAtEpochMs, isOutage } = event;
      this.#gaps.set(from, { lostAtEpochMs, untilEpochMs: foundAtEpochMs + (isOutage ? outageEchoMs : cutEchoMs) });
      yield { kind: "reconnected", lostAtEpochMs, foundAtEpochMs, isOutage };
      return;
    }
    if (event.kind === "listed") {
      this.#listed.add(from);
      if (this.#listed.size === 2) this.#announceListed();
    }
    const objects = event.kind === "listed" ? event.objects : [event.object];
    const arrival = this.#arrivalOf(from, event);
    for (const object of objects) yield* from === "pod" ? this.#seePod(object, arrival) : this.#seeEvent(object, arrival);
    const isGone = event.kind === "changed" ? event.type === "DELETED" : objects.length === 0;
    if (from === "pod" && isGone && this.#pod) {
      const failure = failureOfPod({ ...this.#pod, isDeleted: true }, this.#target.container, this.#target.exitCode);
      this.#failures = statusSaid(this.#failures, failure, event.receivedAtEpochMs);
    }
  }

  *#seePod(object: unknown, arrival: Arrival): Generator<PodSighting> {
    const pod = readPod(object);
    if (!pod || (this.#pod && this.#pod.uid !== pod.uid)) return;
    this.#pod = pod;
    yield* this.#step(seePod(this.#observations, pod, arrival));
    yield { kind: "pod", pod, ...arrival };
    if ((mainContainer(pod, this.#target.container)?.state.kind ?? "waiting") !== "waiting") this.#announceContainer();
    for (const { name, restarts, isInit } of pod.containers) {
      if (restarts === 0 || isInit || !this.#isNews(`restarted/${name}`)) continue;
      yield { kind: "restarted", container: name };
    }
    const failure = failureOfPod(pod, this.#target.container, this.#target.exitCode);
    this.#failures = statusSaid(this.#failures, failure, arrival.receivedAtEpochMs);
  }

  *#seeEvent(object: unknown, arrival: Arrival): Generator<PodSighting> {
    const event = readPodEvent(object);
    if (!event) return;
    yield* this.#step(seeEvent(this.#observations, event, arrival));
    if (event.podUid !== this.#observations.podUid) return;
    const failure = failureOfEvent(event);
    if (failure || progressReasons.has(event.reason)) this.#failures = eventSaid(this.#failures, failure, arrival.receivedAtEpochMs);
  }

  *#step(step: ObservationStep): Generator<PodSighting> {
    this.#observations = step.state;
    for (const observation of step.observations) {
      yield { kind: "observed", observation };
      if (observation.mark === "container-created" || observation.mark === "started") this.#announceContainer();
    }
    if (step.pull) yield { kind: "pulled", pull: step.pull };
  }

  *#dueFailures(): Generator<PodSighting> {
    const now = nowEpochMs();
    for (const failure of dueFailures(this.#failures, now)) {
      if (this.#isNews(`failed/${failure.reason}`)) yield { kind: "failed", failure, atEpochMs: now };
    }
  }

  #arrivalOf(
    from: string,
    { receivedAtEpochMs, heardUntilEpochMs: heard }: Pick<Arrival, "receivedAtEpochMs" | "heardUntilEpochMs">,
  ): Arrival {
    const gap = this.#gaps.get(from);
    const stalledMs = this.#stalledMs();
    const lost = gap && receivedAtEpochMs <= gap.untilEpochMs ? gap.lostAtEpochMs : undefined;
    const heardUntilEpochMs = lost !== undefined && heard !== undefined ? Math.min(lost, heard) : (lost ?? heard);
    return { receivedAtEpochMs, heardUntilEpochMs, stalledMs };
  }

  /** One stall holds for all that arrives right after it, so the one before counts too. */
  #stalledMs(): number {
    const now = nowEpochMs();
    const newest = { ms: this.#stalls.takeMs(), atEpochMs: now };
    this.#recentStalls = [...this.#recentStalls, newest].filter(({ ms, atEpochMs }) => ms > 0 && now - atEpochMs < stallEchoMs);
    return Math.max(0, ...this.#recentStalls.map(({ ms }) => ms));
  }

  #isNews(what: string): boolean {
    if (this.#told.has(what)) return false;
    this.#told.add(what);
    return true;
  }
}
