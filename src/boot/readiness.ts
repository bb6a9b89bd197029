import type { BootChain, BootUnit } from "./bootChain.ts";
import { Releases } from "./releases.ts";
import { attemptsUpTo, lastingStart } from "./unitStarts.ts";

/** A unit's part in the boot: from its first start to where it lasted, restarts included. */
interface Step {
  readonly unit: BootUnit;
  readonly fromUs: number;
  readonly toUs: number;
  readonly waitsFor: readonly Wait[];
  /** From the last of what it waited for to its beginning. */
  readonly delayUs: number;
}

/** `step` is the place in the list of the unit that was waited for; `doneUs` when it let go, which may be before it lasted. */
interface Wait {
  readonly step: number;
  readonly doneUs: number;
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
  /** When the root was ready; undefined when it never was, or before userspace, and then nothing can be said. */
  readonly readyUs: number | undefined;
  /** What the root waits for, directly or not, in order of beginning; the root is the last. Empty where nothing can be said. */
  private readonly steps: readonly Step[];
  private readonly ids: ReadonlySet<string>;

  constructor(boot: BootChain, root: BootUnit, releases = new Releases(boot)) {
    this.root = root;
    const lasting = root.starts[lastingStart(root.starts)];
    this.steps = lasting?.outcome === "started" && (lasting.toUs ?? 0) > 0 ? neededSteps(boot, root, releases) : [];
    this.readyUs = this.steps.at(-1)?.toUs;
    this.ids = new Set(this.steps.map((step) => step.unit.id));
  }

  /** Whether the root waits for the unit, directly or not. */
  waitsFor(unit: string): boolean {
    return this.ids.has(unit);
  }

  /** When the root would have been ready if each unit took `change(unit)` times as long: 0 for not at all, 1 for as it was. */
  readyIf(change: Change): number | undefined {
    const begins = new Float64Array(this.steps.length);
    const factors = new Float64Array(this.steps.length);
    for (const [index, step] of this.steps.entries()) {
      const factor = change(step.unit);
      let doneUs = -Infinity;
      for (const wait of step.waitsFor) {
        const lasted = wait.doneUs - (this.steps[wait.step]?.fromUs ?? 0);
        doneUs = Math.max(doneUs, (begins[wait.step] ?? 0) + lasted * (factors[wait.step] ?? 1));
      }
      // What is left out does not wait before it begins either.
      begins[index] = step.waitsFor.length === 0 ? step.fromUs : doneUs + (factor === 0 ? 0 : step.delayUs);
      factors[index] = factor;
    }
    const root = this.steps.at(-1);
    return root && (begins.at(-1) ?? 0) + (root.toUs - root.fromUs) * (factors.at(-1) ?? 1);
  }

  /** How much later each unit could have been done without the root being ready later; without an entry: the root does not wait for it. */
  slackUs(): ReadonlyMap<string, number> {
    const latest = new Float64Array(this.steps.length).fill(Infinity);
    if (this.steps.length > 0) latest[latest.length - 1] = this.readyUs ?? Infinity;
    const slack = new Map<string, number>();
    for (const [index, step] of [...this.steps.entries()].reverse()) {
      const doneUs = latest[index] ?? Infinity;
      slack.set(step.unit.id, Math.max(0, doneUs - step.toUs));
      const mayBeginUs = doneUs - (step.toUs - step.fromUs) - step.delayUs;
      for (const wait of step.waitsFor) {
        // What lets go before it has lasted (a failed first start) has only that to be late with.
        const lastsUs = (this.steps[wait.step]?.toUs ?? wait.doneUs) - wait.doneUs;
        latest[wait.step] = Math.min(latest[wait.step] ?? Infinity, mayBeginUs + lastsUs);
      }
    }
    return slack;
  }
}

function neededSteps(boot: BootChain, root: BootUnit, releases: Releases): readonly Step[] {
  const times = boot.units.flatMap((unit) => {
    const index = lastingStart(unit.starts);
    const toUs = unit.starts[index]?.toUs ?? unit.passedOver?.atUs;
    if (toUs === undefined) return [];
    const fromUs = index < 0 ? toUs : (attemptsUpTo(unit.starts, index)[0]?.fromUs ?? toUs);
    return [{ unit, fromUs, toUs }];
  });
  times.sort((a, b) => a.fromUs - b.fromUs || a.toUs - b.toUs);
  const position = new Map(times.map((time, index) => [time.unit.id, index]));
  const rootIndex = position.get(root.id);
  if (rootIndex === undefined) return [];
  // From the root on, which is the last that matters; only what the root waits for is asked what it waits for.
  const needed = new Map<number, readonly { readonly index: number; readonly doneUs: number }[]>();
  const open = [rootIndex];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const time = times[index];
    if (!time || needed.has(index)) continue;
    const own = index;
    // Stamps of one moment may point at each other; only what came earlier in the list can be waited for.
    const waits = releases
      .of(time.unit, time.fromUs)
      .map((release) => ({ index: position.get(release.unit.id) ?? own, doneUs: release.doneUs }))
      .filter((wait) => wait.index < own);
    needed.set(index, waits);
    for (const wait of waits) open.push(wait.index);
  }
  const order = [...needed.keys()].sort((a, b) => a - b);
  const steps = new Map(order.map((index, step) => [index, step]));
  return order.flatMap((index): Step[] => {
    const time = times[index];
    if (!time) return [];
    const waitsFor = (needed.get(index) ?? []).map((wait) => ({ step: steps.get(wait.index) ?? 0, doneUs: wait.doneUs }));
    const lastUs = waitsFor.reduce((last, wait) => Math.max(last, wait.doneUs), -Infinity);
    return [{ ...time, waitsFor, delayUs: waitsFor.length === 0 ? 0 : Math.max(0, time.fromUs - lastUs) }];
  });
}
