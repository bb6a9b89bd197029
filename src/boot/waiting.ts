import type { BootChain, BootUnit } from "./bootChain.ts";

/** Why a queued unit does not start: the units between it and one that is still starting. */
export interface WaitingPath {
  /** From the unit asked about towards the running one; all of them are queued. */
  readonly waiting: readonly BootUnit[];
  /** The one that has been starting for longest. Absent when the queue is stuck without one. */
  readonly running?: BootUnit;
  /** Others behind which the unit is queued as well. */
  readonly alsoRunning: readonly BootUnit[];
}

/** Undefined when the unit is not queued. */
export function waitingFor(boot: BootChain, index: ReadonlyMap<string, BootUnit>, unit: BootUnit): WaitingPath | undefined {
  const queued = new Set(boot.jobs.map((job) => index.get(job.unit)?.id ?? job.unit));
  if (!queued.has(unit.id)) return undefined;
  const cameFrom = new Map<string, BootUnit | undefined>([[unit.id, undefined]]);
  const running: BootUnit[] = [];
  const open = [unit];
  for (let current = open.shift(); current; current = open.shift()) {
    for (const name of current.after) {
      const other = index.get(name);
      if (!other || cameFrom.has(other.id)) continue;
      const isRunning = other.starts.at(-1)?.outcome === "starting";
      if (!isRunning && !queued.has(other.id)) continue;
      cameFrom.set(other.id, current);
      if (isRunning) running.push(other);
      else open.push(other);
    }
  }
  const [longest, ...others] = running.sort((a, b) => (a.starts.at(-1)?.fromUs ?? 0) - (b.starts.at(-1)?.fromUs ?? 0));
  if (!longest) return { waiting: [unit], alsoRunning: [] };
  const waiting: BootUnit[] = [];
  for (let step = cameFrom.get(longest.id); step; step = cameFrom.get(step.id)) waiting.unshift(step);
  return { waiting, running: longest, alsoRunning: others };
}
