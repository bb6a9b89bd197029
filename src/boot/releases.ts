import { unitIndex, type BootChain, type BootUnit } from "./bootChain.ts";
import { attemptsUpTo } from "./unitStarts.ts";

/** What a unit's start had waited for: the end of another unit's start, or the end of its job without one. */
export interface Release {
  readonly unit: BootUnit;
  /** Which of its starts; -1 where it was passed over. */
  readonly start: number;
  /** When it let go. */
  readonly doneUs: number;
}

/** systemd stamps a unit's state a moment before or after the jobs behind it. */
const toleranceUs = 2000;
/** That a unit was passed over is known from the journal, which is a little late. */
const journalToleranceUs = 20_000;

/** Answers what let a unit begin at a given time. */
export class Releases {
  readonly index: ReadonlyMap<string, BootUnit>;
  private readonly boot: BootChain;
  private readonly toleranceUs: number;

  constructor(boot: BootChain) {
    this.boot = boot;
    this.index = unitIndex(boot.units);
    this.toleranceUs = Math.max(toleranceUs, 2 * boot.accuracyUs);
  }

  /** Everything that the unit is ordered after and that had let go when it began at `fromUs`. */
  of(unit: BootUnit, fromUs: number): readonly Release[] {
    if (this.boot.order === "unknown") return this.before(unit, fromUs);
    const found: Release[] = [];
    const seen = new Set([unit.id]);
    const open = [unit];
    for (let current = open.pop(); current; current = open.pop()) {
      for (const name of this.orderOf(current)) {
        const other = this.index.get(name);
        if (!other || seen.has(other.id)) continue;
        seen.add(other.id);
        const release = this.releaseOf(other, fromUs, unit.passedOver !== undefined);
        if (release) found.push(release);
        // It never started and nothing tells why. What it was ordered after still held its job, and so the units behind it.
        else if (other.starts.length === 0 && !other.passedOver && other.isWanted === true && other.isLoaded !== false) open.push(other);
      }
    }
    return found;
  }

  /** The one that let go last: the reason why the unit began no sooner. */
  latest(unit: BootUnit, fromUs: number, except: ReadonlySet<string>): Release | undefined {
    let latest: Release | undefined;
    for (const release of this.of(unit, fromUs)) {
      if (!except.has(release.unit.id) && (latest === undefined || isLater(release, latest))) latest = release;
    }
    return latest;
  }

  private releaseOf(other: BootUnit, fromUs: number, isPassedOver: boolean): Release | undefined {
    const journalUntilUs = fromUs + Math.max(journalToleranceUs, this.toleranceUs);
    const start = startBefore(other, fromUs, isPassedOver ? journalUntilUs : fromUs + this.toleranceUs);
    const doneUs = other.starts[start]?.toUs;
    if (doneUs !== undefined) return { unit: other, start, doneUs };
    if (other.starts.length > 0 || !other.passedOver || other.passedOver.atUs > journalUntilUs) return undefined;
    return { unit: other, start: -1, doneUs: other.passedOver.atUs };
  }

  /** A unit whose job failed with a required unit did not wait for anything else. */
  private orderOf(unit: BootUnit): readonly string[] {
    if (unit.passedOver?.why !== "dependency") return unit.after;
    const failed = unit.requires.filter((name) => {
      const other = this.index.get(name);
      const last = other?.starts.at(-1)?.outcome;
      return last === "failed" || last === "timeout" || (other?.passedOver !== undefined && other.passedOver.why !== "condition");
    });
    return failed.length > 0 ? failed : unit.after;
  }

  /** Where the order is unknown, any unit that ended before may have been the reason. */
  private before(unit: BootUnit, fromUs: number): Release[] {
    return this.boot.units.flatMap((other) => {
      if (other.id === unit.id) return [];
      const start = startBefore(other, fromUs, fromUs + this.toleranceUs);
      const attempt = other.starts[start];
      // Those that took no time explain nothing.
      if (attempt?.toUs === undefined || attempt.toUs - attempt.fromUs < toleranceUs) return [];
      return [{ unit: other, start, doneUs: attempt.toUs }];
    });
  }
}

/** The last start that was over until `untilUs`. */
function startBefore(unit: BootUnit, fromUs: number, untilUs: number): number {
  return unit.starts.findLastIndex((start) => start.toUs !== undefined && start.toUs <= untilUs && start.fromUs <= fromUs);
}

function isLater(a: Release, b: Release): boolean {
  if (a.doneUs !== b.doneUs) return a.doneUs > b.doneUs;
  return beganUs(a) > beganUs(b);
}

/** When the unit began that let go, restarts included. */
function beganUs(release: Release): number {
  if (release.start < 0) return release.doneUs;
  return attemptsUpTo(release.unit.starts, release.start)[0]?.fromUs ?? release.doneUs;
}
