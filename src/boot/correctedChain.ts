import type { Problem, WithProblems } from "../base/text.ts";
import type { BootChain, BootUnit, UnitStart } from "./bootChain.ts";
import { Releases, type Release } from "./releases.ts";
import { attemptsUpTo, lastingStart } from "./unitStarts.ts";
import { waitingFor } from "./waiting.ts";

/**
 * Why a unit became ready no sooner, without systemd-analyze's blind spots: failed, timed-out and passed-over units stand in it, every start
 * of a unit that restarted, and the gaps between one unit's end and the next one's beginning. The spans follow each other without holes
 * from the start of userspace to `endUs`, so their lengths add up to it exactly.
 */
export interface CorrectedChain {
  /** ID of the unit at the end. */
  readonly root: string;
  /** When the root was ready, gave up, or, while it has not begun or not finished, when the state was read. 0 for what was so before userspace. */
  readonly endUs: number;
  readonly state: ChainState;
  /** In order of time. Empty when the root never had anything to do with this boot. */
  readonly spans: readonly ChainSpan[];
  /** The one thing to look at first. Absent for an empty chain. */
  readonly blocker?: ChainBlocker;
}

/** `unreached`: not started, and nothing is queued that would. */
export type ChainState = "ready" | "failed" | "passed-over" | "starting" | "waiting" | "unreached";

/** One piece of the chain, from one moment to the next; pieces neither overlap nor leave holes. */
export interface ChainSpan {
  readonly kind: SpanKind;
  readonly fromUs: number;
  readonly toUs: number;
  /** The unit whose start it is; of a gap or a lead-in, the unit that had yet to begin. */
  readonly unit: string;
  /** What a reader should know, in plain words. */
  readonly notes: readonly string[];
}

/** What the root was waiting for meanwhile. */
export type SpanKind =
  /** From the start of userspace to the first unit. */
  | "lead-in"
  /** Everything that the next unit waits for is done, and it has not begun. */
  | "gap"
  | "start"
  /** A start that failed, or ran into its time limit. */
  | "failed-start"
  /** From a failed start to the next one of the same unit. */
  | "restart-wait"
  /** Never started: a required unit had failed, or it never appeared. */
  | "passed-over"
  /** Still starting when the state was read. */
  | "still-starting"
  /** Queued behind others when the state was read. */
  | "waiting";

export interface ChainBlocker {
  readonly unit: string;
  readonly lengthUs: number;
  /** `running`: it still is; `gap`: nothing that is known happened before the unit began; `longest`: it simply took longest. */
  readonly why: "running" | "restarts" | "timeout" | "failed" | "gap" | "longest";
}

const hiddenStarts = "earlier starts of";
const timedOut = "ran into its time limit";
const passedOverNotes = {
  dependency: "a unit that it requires failed",
  condition: "its conditions did not hold",
  timeout: "it did not appear in time",
} as const;

/** A gap as long as this, and as this share of the whole, is worth an explanation. */
const notableGapUs = 50_000;
const notableGapShare = 0.02;

/** Undefined when the boot has no such unit. */
export function correctedChain(boot: BootChain, unitName: string, releases = new Releases(boot)): WithProblems<CorrectedChain> | undefined {
  const root = releases.index.get(unitName);
  return root && new ChainWalk(boot, releases, root).result();
}

class ChainWalk {
  private readonly boot: BootChain;
  private readonly releases: Releases;
  private readonly root: BootUnit;
  /** The latest first. */
  private readonly spans: ChainSpan[] = [];
  private readonly seen = new Set<string>();
  private readonly problems: Problem[] = [];

  constructor(boot: BootChain, releases: Releases, root: BootUnit) {
    this.boot = boot;
    this.releases = releases;
    this.root = root;
  }

  result(): WithProblems<CorrectedChain> {
    const { state, ...end } = this.walk();
    const endUs = Math.max(0, end.endUs);
    const spans = withoutSkipped(this.spans.reverse()).map((span) => this.explained(span, endUs));
    const blocker = blockerOf(spans, state);
    return { value: { root: this.root.id, endUs, state, spans, ...(blocker && { blocker }) }, problems: this.problems };
  }

  private walk(): { state: ChainState; endUs: number } {
    const { root, boot } = this;
    const start = lastingStart(root.starts);
    const attempt = root.starts[start];
    if (attempt?.toUs !== undefined) {
      this.follow({ unit: root, start, doneUs: attempt.toUs });
      return { state: attempt.outcome === "started" ? "ready" : "failed", endUs: attempt.toUs };
    }
    if (root.passedOver && attempt === undefined) {
      this.follow({ unit: root, start: -1, doneUs: root.passedOver.atUs });
      return { state: "passed-over", endUs: root.passedOver.atUs };
    }
    const capturedUs = boot.capturedUs ?? 0;
    if (attempt) {
      this.stillStarting(root, start, attempt, capturedUs, []);
      return { state: "starting", endUs: capturedUs };
    }
    const path = waitingFor(boot, this.releases.index, root);
    if (!path) return { state: "unreached", endUs: 0 };
    for (const unit of path.waiting) {
      this.seen.add(unit.id);
      this.span("waiting", capturedUs, capturedUs, unit);
    }
    const running = path.running;
    const last = running?.starts.at(-1);
    if (running && last) this.stillStarting(running, running.starts.length - 1, last, capturedUs, path.alsoRunning);
    else this.span("lead-in", 0, capturedUs, root);
    return { state: "waiting", endUs: capturedUs };
  }

  private stillStarting(unit: BootUnit, start: number, attempt: UnitStart, capturedUs: number, others: readonly BootUnit[]): void {
    const notes = others.length > 0 ? [`also still starting: ${others.map((other) => other.id).join(", ")}`] : [];
    this.span("still-starting", attempt.fromUs, Math.max(capturedUs, attempt.fromUs), unit, notes);
    this.seen.add(unit.id);
    const before = this.attempts(unit, attemptsUpTo(unit.starts, start), attempt.fromUs, true);
    if (before) this.follow(before);
  }

  /** The release and everything before it. */
  private follow(from: Release): void {
    for (let release: Release | undefined = from; release;) {
      const { unit, start, doneUs }: Release = release;
      this.seen.add(unit.id);
      release = start < 0 ? this.passedOver(unit, doneUs) : this.attempts(unit, attemptsUpTo(unit.starts, start), doneUs, false);
    }
  }

  private passedOver(unit: BootUnit, doneUs: number): Release | undefined {
    const before = this.releases.latest(unit, doneUs, this.seen);
    const why = unit.passedOver?.why ?? "condition";
    // A device's job runs from when it is asked for until it appears or its time is over.
    const fromUs = why === "timeout" ? Math.min(doneUs, before?.doneUs ?? doneUs) : doneUs;
    this.span("passed-over", fromUs, doneUs, unit, [passedOverNotes[why]]);
    return this.before(unit, fromUs, before);
  }

  /** One unit's starts up to `untilUs`, without the latest of them where that is told already. Gives what the first waited for. */
  private attempts(unit: BootUnit, attempts: readonly UnitStart[], untilUs: number, isLatestTold: boolean): Release | undefined {
    let endUs = untilUs;
    for (const [position, attempt] of [...attempts.entries()].reverse()) {
      const isLatest = position === attempts.length - 1;
      if (!isLatest) {
        const downUs = Math.min(endUs, attempt.failedUs ?? attempt.toUs ?? endUs);
        this.span("restart-wait", downUs, endUs, unit);
        endUs = downUs;
      }
      const fromUs = Math.min(endUs, attempt.fromUs);
      if (!isLatest || !isLatestTold) {
        const isFailed = !isLatest || attempt.outcome !== "started";
        this.span(isFailed ? "failed-start" : "start", fromUs, endUs, unit, startNotes(unit, attempt, isFailed));
      }
      endUs = fromUs;
    }
    return this.before(unit, endUs, this.releases.latest(unit, endUs, this.seen));
  }

  private before(unit: BootUnit, fromUs: number, release: Release | undefined): Release | undefined {
    if (fromUs <= 0) return undefined;
    if (!release) {
      this.span("lead-in", 0, fromUs, unit);
      return undefined;
    }
    const doneUs = Math.min(release.doneUs, fromUs);
    if (doneUs > 0) {
      if (doneUs < fromUs) this.span("gap", doneUs, fromUs, unit);
      return { ...release, doneUs };
    }
    // That was over before userspace began, in the initrd or before a soft reboot, and systemd itself began anew.
    const firstUs = Math.min(fromUs, firstStartUs(this.boot));
    if (firstUs < fromUs) this.span("gap", firstUs, fromUs, unit);
    this.span("lead-in", 0, firstUs, unit);
    return undefined;
  }

  /** What lies before userspace is the initrd's, and left out. */
  private span(kind: SpanKind, fromUs: number, toUs: number, unit: BootUnit, notes: readonly string[] = []): void {
    if (toUs >= 0) this.spans.push({ kind, fromUs: Math.max(0, fromUs), toUs, unit: unit.id, notes });
  }

  /** What ran all through a gap may have held the unit up in a way that systemd does not know of, such as a script that starts it. */
  private explained(span: ChainSpan, endUs: number): ChainSpan {
    const lengthUs = span.toUs - span.fromUs;
    const unit = this.releases.index.get(span.unit);
    if (span.kind !== "gap" || !unit || lengthUs < Math.max(notableGapUs, notableGapShare * endUs)) return span;
    const notes: string[] = [];
    if (unit.restarts !== undefined && unit.starts[0]?.isRestart === true) {
      notes.push(`${hiddenStarts} ${unit.id} are hidden in it (restarted ${unit.restarts} times)`);
    }
    if (unit.triggeredBy.length > 0) notes.push(`started on demand by ${unit.triggeredBy.join(", ")}`);
    const during = this.boot.units.filter((other) => other.id !== unit.id && coversMost(other.starts, span.fromUs, span.toUs));
    if (during.length > 0)
      notes.push(
        `meanwhile starting: ${during
          .map((other) => other.id)
          .slice(0, 3)
          .join(", ")}`,
      );
    if (this.boot.finishedUs !== undefined && span.toUs > this.boot.finishedUs) notes.push(`${unit.id} began after the boot had finished`);
    return { ...span, notes };
  }
}

/** When userspace began its first unit. */
function firstStartUs(boot: BootChain): number {
  let firstUs = Infinity;
  for (const unit of boot.units) for (const { fromUs } of unit.starts) if (fromUs > 0 && fromUs < firstUs) firstUs = fromUs;
  return firstUs;
}

function coversMost(starts: readonly UnitStart[], fromUs: number, toUs: number): boolean {
  const marginUs = (toUs - fromUs) * 0.1;
  // What the initrd began and nobody ended is only a memory of it.
  const endOf = (start: UnitStart): number => start.toUs ?? (start.fromUs < 0 ? start.fromUs : Infinity);
  return starts.some((start) => start.fromUs <= fromUs + marginUs && endOf(start) >= toUs - marginUs);
}

function startNotes(unit: BootUnit, attempt: UnitStart, isFailed: boolean): string[] {
  const notes: string[] = [];
  if (attempt.outcome === "timeout") notes.push(timedOut);
  else if (isFailed)
    notes.push(
      attempt.outcome === "started" ? "came up and failed again" : `failed${attempt.result === undefined ? "" : ` (${attempt.result})`}`,
    );
  else if (unit.type === "simple" || unit.type === "exec")
    notes.push(`Type=${unit.type}: counts as active once its process runs, ready or not`);
  const restartsKnown = unit.starts.filter((start) => start.isRestart).length;
  if (!isFailed && unit.restarts !== undefined && restartsKnown < unit.restarts + (unit.starts[0]?.isRestart === true ? 1 : 0)) {
    notes.push(`restarted ${unit.restarts} times; without the journal its earlier starts are unknown`);
  }
  return notes;
}

/** Units that were passed over for their conditions cost nothing: the gaps around them become one. */
function withoutSkipped(spans: readonly ChainSpan[]): readonly ChainSpan[] {
  const kept: ChainSpan[] = [];
  let isBehindSkipped = false;
  for (const span of spans) {
    if (span.kind === "passed-over" && span.fromUs === span.toUs && span.notes.includes(passedOverNotes.condition)) {
      isBehindSkipped = true;
      continue;
    }
    const last = kept.at(-1);
    if (isBehindSkipped && last && span.kind === "gap" && (last.kind === "gap" || last.kind === "lead-in")) {
      kept[kept.length - 1] = { ...span, kind: last.kind, fromUs: last.fromUs };
    } else kept.push(span);
    isBehindSkipped = false;
  }
  return kept;
}

/** A failure is what to look at first where it cost at least so much, or where it kept the root from starting at all. */
const notableFailureUs = 500_000;

function blockerOf(spans: readonly ChainSpan[], state: ChainState): ChainBlocker | undefined {
  const running = spans.find((span) => span.kind === "still-starting");
  if (running) return { unit: running.unit, lengthUs: running.toUs - running.fromUs, why: "running" };
  const ranked = [...blockers(spans)].sort((a, b) => b.lengthUs - a.lengthUs);
  const isDown = state === "failed" || state === "passed-over";
  const failure = ranked.find(
    ({ why, lengthUs }) => (isDown || lengthUs >= notableFailureUs) && (why === "failed" || why === "timeout" || why === "restarts"),
  );
  return failure ?? ranked[0];
}

/** What each unit and each gap cost. */
function blockers(spans: readonly ChainSpan[]): Iterable<ChainBlocker> {
  const found = new Map<string, ChainBlocker>();
  for (const span of spans) {
    if (span.kind === "lead-in" || span.kind === "waiting") continue;
    const key = span.kind === "gap" ? `gap before ${span.unit}` : span.unit;
    const known = found.get(key);
    const lengthUs = (known?.lengthUs ?? 0) + span.toUs - span.fromUs;
    const why = whyOf(span);
    found.set(key, { unit: span.unit, lengthUs, why: known && (why === "longest" || known.why === "restarts") ? known.why : why });
  }
  return found.values();
}

function whyOf(span: ChainSpan): ChainBlocker["why"] {
  if (span.kind === "gap") return span.notes.some((note) => note.startsWith(hiddenStarts)) ? "restarts" : "gap";
  if (span.kind === "restart-wait") return "restarts";
  if (span.notes.includes(timedOut) || span.notes.includes(passedOverNotes.timeout)) return "timeout";
  return span.kind === "failed-start" ? "failed" : "longest";
}
