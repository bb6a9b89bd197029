import type { BootChain, BootUnit } from "./bootChain.ts";
import { Releases, type Release } from "./releases.ts";
import { attemptsUpTo, lastingStart } from "./unitStarts.ts";

/** A unit's part in the boot: from its first start to where it lasted, restarts included. */
interface Step {
  readonly unit: BootUnit;
  readonly fromUs: number;
  readonly toUs: number;
  readonly waitsFor: readonly Release[];
  /** From the last of what it waited for to its beginning. */
  readonly delayUs: number;
}

/** What would be if some units did nothing or took another time. Everything else keeps its own length. */
export type Change = (unit: BootUnit) => number;

/**
 * When a unit would have been ready had others taken longer or shorter, by going through the boot again: each unit begins when the last of what it
 * waited for is done, plus the delay that it had then, and takes as long as it did. Assumes that the others are not sped up by what is
 * freed, and that nothing begins for other reasons than the order that systemd knows.
 */
export class Readiness {
  readonly root: BootUnit;
  /** When the root was ready; undefined when it never was, and then nothing can be said. */
  readonly readyUs: number | undefined;
  /** In order of beginning; each waits only for earlier ones. */
  private readonly steps: readonly Step[];
  private readonly rootStep: Step | undefined;

  constructor(boot: BootChain, root: BootUnit) {
    this.root = root;
    const all = stepsOf(boot, new Releases(boot));
    this.rootStep = all.find((step) => step.unit.id === root.id && step.unit.starts[lastingStart(step.unit.starts)]?.outcome === "started");
    this.readyUs = this.rootStep?.toUs;
    this.steps = this.rootStep ? neededBy(this.rootStep, all) : [];
  }

  /** When the root would have been ready if each unit took `change(unit)` times as long: 0 for not at all, 1 for as it was. */
  readyIf(change: Change): number | undefined {
    const shifts = new Map<string, { fromUs: number; shiftUs: number; factor: number }>();
    for (const step of this.steps) {
      const factor = change(step.unit);
      let doneUs: number | undefined;
      for (const release of step.waitsFor) {
        const before = shifts.get(release.unit.id);
        const at = before ? before.fromUs + before.shiftUs + (release.doneUs - before.fromUs) * before.factor : release.doneUs;
        if (doneUs === undefined || at > doneUs) doneUs = at;
      }
      // What is left out does not wait either before it begins.
      const fromUs = doneUs === undefined ? step.fromUs : doneUs + (factor === 0 ? 0 : step.delayUs);
      shifts.set(step.unit.id, { fromUs: step.fromUs, shiftUs: fromUs - step.fromUs, factor });
      if (step === this.rootStep) return fromUs + (step.toUs - step.fromUs) * factor;
    }
    return undefined;
  }

  /** How much later each unit could have been done without the root being ready later; without an entry: the root does not wait for it. */
  slackUs(): ReadonlyMap<string, number> {
    const latest = new Map<string, number>();
    if (!this.rootStep) return latest;
    const byUnit = new Map(this.steps.map((step) => [step.unit.id, step]));
    latest.set(this.root.id, this.rootStep.toUs);
    for (const step of [...this.steps].reverse()) {
      const doneUs = latest.get(step.unit.id);
      if (doneUs === undefined) continue;
      const mayBeginUs = doneUs - (step.toUs - step.fromUs) - step.delayUs;
      for (const release of step.waitsFor) {
        // What lets go before it is done for good (a failed first start) has only that to be late with.
        const lastsUs = (byUnit.get(release.unit.id)?.toUs ?? release.doneUs) - release.doneUs;
        const mayBeDoneUs = mayBeginUs + lastsUs;
        const known = latest.get(release.unit.id);
        if (known === undefined || mayBeDoneUs < known) latest.set(release.unit.id, mayBeDoneUs);
      }
    }
    const slack = new Map<string, number>();
    for (const step of this.steps) {
      const doneUs = latest.get(step.unit.id);
      if (doneUs !== undefined) slack.set(step.unit.id, Math.max(0, doneUs - step.toUs));
    }
    return slack;
  }
}

function stepsOf(boot: BootChain, releases: Releases): readonly Step[] {
  const parts = boot.units.flatMap((unit) => {
    const index = lastingStart(unit.starts);
    const toUs = unit.starts[index]?.toUs ?? unit.passedOver?.atUs;
    if (toUs === undefined) return [];
    const fromUs = index < 0 ? toUs : (attemptsUpTo(unit.starts, index)[0]?.fromUs ?? toUs);
    return [{ unit, fromUs, toUs }];
  });
  parts.sort((a, b) => a.fromUs - b.fromUs || a.toUs - b.toUs);
  const position = new Map(parts.map((part, index) => [part.unit.id, index]));
  return parts.map((part, index) => {
    // Stamps of one moment may point at each other; only what came earlier in the list can be waited for.
    const waitsFor = releases.of(part.unit, part.fromUs).filter((release) => (position.get(release.unit.id) ?? index) < index);
    const lastUs = waitsFor.reduce((last, release) => Math.max(last, release.doneUs), -Infinity);
    return { ...part, waitsFor, delayUs: waitsFor.length === 0 ? 0 : Math.max(0, part.fromUs - lastUs) };
  });
}

/** The steps that the root waits for, directly or not, and itself, in their order. */
function neededBy(root: Step, all: readonly Step[]): readonly Step[] {
  const byUnit = new Map(all.map((step) => [step.unit.id, step]));
  const needed = new Set([root]);
  // A set that grows while it is walked.
  for (const step of needed) {
    for (const release of step.waitsFor) {
      const other = byUnit.get(release.unit.id);
      if (other) needed.add(other);
    }
  }
  return all.filter((step) => needed.has(step));
}
