import type { BootUnit, PassedOver, UnitStart } from "./bootChain.ts";
import type { JournalEvent } from "./formats/journalBoots.ts";

/** A start in the journal and the same start among the unit's own times differ by what the journal took to receive the message. */
const sameStartUs = 50_000;
/** A unit that stayed up for so long had started, whatever became of it later. */
const stableUs = 60_000_000;

interface JournalStarts {
  readonly starts: readonly UnitStart[];
  readonly passedOver?: PassedOver;
  /** When systemd gave up what it would have restarted: it had failed too often. */
  readonly givenUpUs?: number;
}

/** The starts of one unit as the journal tells them; `zeroUs` is the start of userspace on the journal's clock. */
export function startsOf(events: readonly JournalEvent[], zeroUs: number): JournalStarts {
  const starts: { -readonly [K in keyof UnitStart]: UnitStart[K] }[] = [];
  let passedOver: PassedOver | undefined;
  let givenUpUs: number | undefined;
  let isRestart = false;
  let result: string | undefined;
  for (const event of events) {
    const atUs = event.atUs - zeroUs;
    const last = starts.at(-1);
    const open = last?.outcome === "starting" ? last : undefined;
    switch (event.kind) {
      case "starting":
        starts.push({ fromUs: atUs, outcome: "starting", isRestart });
        isRestart = false;
        break;
      case "started":
        if (open) Object.assign(open, { toUs: Math.max(atUs, open.fromUs), outcome: "started" });
        else if (last?.toUs === undefined || last.failedUs !== undefined || isRestart)
          starts.push({ fromUs: atUs, toUs: atUs, outcome: "started", isRestart });
        isRestart = false;
        break;
      case "failed":
        result = event.result;
        if (last && !open) last.failedUs ??= atUs;
        if (last && result !== undefined && !isRestart) last.result = result;
        if (isRestart && !open) givenUpUs = atUs;
        break;
      case "start-failed":
        if (open) {
          const outcome = event.result === "timeout" || result === "timeout" ? "timeout" : "failed";
          Object.assign(open, { toUs: atUs, failedUs: atUs, outcome });
        } else if (event.result === "dependency") passedOver ??= { atUs, why: "dependency" };
        else if (event.result === "timeout" && starts.length === 0) passedOver ??= { atUs, why: "timeout" };
        result = undefined;
        break;
      case "restart":
        if (open) Object.assign(open, { toUs: atUs, failedUs: atUs, outcome: result === "timeout" ? "timeout" : "failed" });
        isRestart = true;
        break;
      case "skipped":
        passedOver ??= { atUs, why: "condition" };
        break;
      case "stopping":
      case "stopped":
        break;
    }
  }
  return { starts, ...(passedOver && starts.length === 0 && { passedOver }), ...(givenUpUs !== undefined && { givenUpUs }) };
}

/** The unit with all its starts: those of the journal, and the latest one as its own times tell it, which are exact. */
export function withStarts(unit: BootUnit, journal: JournalStarts | undefined): BootUnit {
  const own = ownStart(unit);
  const told = journal?.starts ?? [];
  const same = own && told.findLast((start) => isSame(start, own));
  const merged =
    own === undefined || isGivenUp(own, journal)
      ? told
      : same
        ? told.map((start) => (start === same ? sameStart(start, own, told) : start))
        : [...told, own].sort((a, b) => a.fromUs - b.fromUs);
  const skipped: PassedOver | undefined =
    unit.isConditionMet === false && unit.conditionUs !== undefined ? { atUs: unit.conditionUs, why: "condition" } : undefined;
  const passedOver = merged.length === 0 ? (journal?.passedOver ?? skipped) : undefined;
  return { ...unit, starts: merged, ...(passedOver && { passedOver }) };
}

/** By either end: early in a boot the journal is not there yet, and knows only that a unit has started. */
function isSame(told: UnitStart, own: UnitStart): boolean {
  if (Math.abs(told.fromUs - own.fromUs) <= sameStartUs) return true;
  return told.toUs !== undefined && own.toUs !== undefined && Math.abs(told.toUs - own.toUs) <= sameStartUs;
}

/** Units that never started although something asked for them, after a unit that they require had failed. Without a journal that is the only sign. */
export function withFailedDependencies(units: readonly BootUnit[]): readonly BootUnit[] {
  const failedAtUs = new Map<string, number>();
  const note = (unit: BootUnit): void => {
    const last = unit.starts.at(-1);
    const atUs =
      unit.passedOver && unit.passedOver.why !== "condition"
        ? unit.passedOver.atUs
        : last?.outcome === "failed" || last?.outcome === "timeout"
          ? last.toUs
          : undefined;
    if (atUs !== undefined) for (const name of [unit.id, ...unit.aliases]) failedAtUs.set(name, atUs);
  };
  for (const unit of units) note(unit);
  if (failedAtUs.size === 0) return units;
  const result = [...units];
  let isChanged = true;
  while (isChanged) {
    isChanged = false;
    for (const [position, unit] of result.entries()) {
      if (unit.starts.length > 0 || unit.passedOver || unit.isWanted !== true || unit.isLoaded === false) continue;
      const times = unit.requires.map((name) => failedAtUs.get(name)).filter((time) => time !== undefined);
      if (times.length === 0) continue;
      const inferred: BootUnit = { ...unit, passedOver: { atUs: Math.min(...times), why: "dependency" } };
      result[position] = inferred;
      note(inferred);
      isChanged = true;
    }
  }
  return result;
}

/**
 * The starts that lead to the one at `index`, that one last: each followed because the one before had failed. Most units have one.
 */
export function attemptsUpTo(starts: readonly UnitStart[], index: number): readonly UnitStart[] {
  let first = index;
  while (first > 0 && hasFailed(starts[first - 1] as UnitStart)) first--;
  return starts.slice(first, index + 1);
}

/** Which start ended the unit's part in the boot: the first that lasted, or else the last. -1 for a unit that never started. */
export function lastingStart(starts: readonly UnitStart[]): number {
  const lasting = starts.findIndex((start) => !hasFailed(start));
  return lasting >= 0 ? lasting : starts.length - 1;
}

function hasFailed(start: UnitStart): boolean {
  if (start.outcome === "failed" || start.outcome === "timeout") return true;
  return start.failedUs !== undefined && start.toUs !== undefined && start.failedUs - start.toUs < stableUs;
}

/** The latest start by systemd's own record. */
function ownStart(unit: BootUnit): UnitStart | undefined {
  const { activatingUs: fromUs, activatedUs, deactivatedUs, result } = unit;
  if (fromUs === undefined) return undefined;
  const isRestart = unit.restarts !== undefined;
  const isFailure = result !== undefined && result !== "success";
  if (activatedUs !== undefined && activatedUs >= fromUs) {
    const failedUs = isFailure && deactivatedUs !== undefined && deactivatedUs >= activatedUs ? deactivatedUs : undefined;
    return { fromUs, toUs: activatedUs, outcome: "started", isRestart, ...(failedUs !== undefined && { failedUs, result }) };
  }
  if (deactivatedUs === undefined || deactivatedUs < fromUs) return { fromUs, outcome: "starting", isRestart };
  if (!isFailure) return { fromUs, toUs: deactivatedUs, outcome: "started", isRestart };
  return { fromUs, toUs: deactivatedUs, outcome: result === "timeout" ? "timeout" : "failed", failedUs: deactivatedUs, result, isRestart };
}

/** Its times are then of the wait for a start that never came. */
function isGivenUp(own: UnitStart, journal: JournalStarts | undefined): boolean {
  return own.failedUs !== undefined && journal?.givenUpUs !== undefined && Math.abs(journal.givenUpUs - own.failedUs) <= sameStartUs;
}

/** One start as both tell it: the unit's own times are the exact ones, but a journal read after them may know of a failure that they do not. */
function sameStart(told: UnitStart, own: UnitStart, all: readonly UnitStart[]): UnitStart {
  const before = all[all.indexOf(told) - 1];
  // Since systemd 254 a unit that waits to be restarted has already left the inactive state.
  const isWaitIncluded = told.isRestart && before?.failedUs !== undefined && Math.abs(before.failedUs - own.fromUs) <= sameStartUs;
  const failedUs = own.failedUs ?? told.failedUs;
  return {
    ...own,
    fromUs: isWaitIncluded ? Math.max(own.fromUs, Math.min(told.fromUs, own.toUs ?? told.fromUs)) : own.fromUs,
    isRestart: told.isRestart,
    ...(failedUs !== undefined && { failedUs }),
    ...(told.result !== undefined && { result: told.result }),
  };
}
