import type { BootUnit } from "./bootChain.ts";
import type { JournalEvent } from "./formats/journalBoots.ts";
import type { DumpUnit, ManagerDump } from "./formats/managerDump.ts";
import type { PlotText } from "./formats/plotSvg.ts";
import type { BlameRow, ChainRow } from "./formats/systemdAnalyzeText.ts";
import { startsOf } from "./unitStarts.ts";

/** Units as one source tells of them. */
export interface UnitPart {
  readonly units: readonly BootUnit[];
  readonly accuracyUs: number;
  readonly order: "whole" | "printed" | "unknown";
}

const bare = { aliases: [], after: [], requires: [], triggeredBy: [], starts: [] } as const;

export function plotPart(plot: PlotText): UnitPart {
  const units = plot.units.map((unit) => ({
    ...bare,
    id: unit.id,
    activatingUs: unit.activatingUs - plot.userspaceStartUs,
    ...(unit.activatedUs !== undefined && { activatedUs: unit.activatedUs - plot.userspaceStartUs }),
    ...(unit.deactivatedUs !== undefined && { deactivatedUs: unit.deactivatedUs - plot.userspaceStartUs }),
  }));
  return { units, accuracyUs: 10, order: "unknown" };
}

/** The printed trees: each unit is ordered after the rows one level below it. A unit that was asked about has no beginning there. */
export function chainPart(trees: readonly (readonly ChainRow[])[]): UnitPart {
  const units = new Map<string, { id: string; activatingUs?: number; activatedUs?: number; tookUs?: number; after: Set<string> }>();
  for (const rows of trees) {
    const path: string[] = [];
    for (const row of rows) {
      const unit = units.get(row.id) ?? { id: row.id, after: new Set<string>() };
      units.set(row.id, unit);
      const parent = row.level > 0 ? path[row.level - 1] : undefined;
      if (parent !== undefined && parent !== row.id) units.get(parent)?.after.add(row.id);
      path.length = Math.min(path.length, row.level);
      path[row.level] = row.id;
      if (row.atUs !== undefined) {
        unit.activatingUs = row.atUs;
        unit.activatedUs = row.atUs + (row.tookUs ?? 0);
      }
      if (row.tookUs !== undefined) unit.tookUs = row.tookUs;
    }
  }
  // What was asked about began at some time after the last of what it waited for: taken as at once.
  for (const unit of units.values()) {
    if (unit.activatingUs !== undefined || unit.tookUs === undefined) continue;
    const before = [...unit.after].map((name) => units.get(name)?.activatedUs).filter((us) => us !== undefined);
    if (before.length === 0) continue;
    unit.activatingUs = Math.max(...before);
    unit.activatedUs = unit.activatingUs + unit.tookUs;
  }
  return { units: [...units.values()].map((unit) => ({ ...bare, ...unit, after: [...unit.after] })), accuracyUs: 1000, order: "printed" };
}

export function blamePart(rows: readonly BlameRow[]): UnitPart {
  return { units: rows.map((row) => ({ ...bare, id: row.id, tookUs: row.tookUs })), accuracyUs: 1000, order: "unknown" };
}

export function dumpPart(dump: ManagerDump, zeroEpochMs: number): UnitPart {
  return { units: dump.units.map((unit) => dumpUnit(unit, zeroEpochMs)), accuracyUs: 1_000_000, order: "whole" };
}

function dumpUnit(unit: DumpUnit, zeroEpochMs: number): BootUnit {
  const at = <K extends string>(key: K, epochMs: number | undefined): { [P in K]?: number } =>
    epochMs === undefined ? {} : ({ [key]: Math.round((epochMs - zeroEpochMs) * 1000) } as { [P in K]: number });
  return {
    ...bare,
    id: unit.id,
    aliases: unit.aliases,
    ...at("activatingUs", unit.activatingEpochMs),
    ...at("activatedUs", unit.activatedEpochMs),
    ...at("deactivatingUs", unit.deactivatingEpochMs),
    ...at("deactivatedUs", unit.deactivatedEpochMs),
    after: unit.after,
    requires: unit.requires,
    isWanted: unit.isWanted,
    isLoaded: unit.isLoaded,
    ...(unit.result !== undefined && { result: unit.result }),
    ...(unit.type !== undefined && { type: unit.type }),
    triggeredBy: unit.triggeredBy,
  };
}

/** Units of which only a journal tells, in order of their first message. */
export function journalPart(events: ReadonlyMap<string, readonly JournalEvent[]>, zeroUs: number): UnitPart {
  const units = [...events].flatMap(([id, own]): BootUnit[] => {
    const last = startsOf(own, zeroUs).starts.at(-1);
    const restarts = own.filter((event) => event.kind === "restart").length;
    const result = own.findLast((event) => event.kind === "failed")?.result;
    const isDown = last?.outcome === "failed" || last?.outcome === "timeout";
    return [
      {
        ...bare,
        id,
        ...(last && { activatingUs: last.fromUs }),
        ...(last?.toUs !== undefined && (isDown ? { deactivatedUs: last.toUs } : { activatedUs: last.toUs })),
        isWanted: true,
        ...(isDown && result !== undefined && { result }),
        ...(restarts > 0 && { restarts }),
      },
    ];
  });
  return { units, accuracyUs: 2000, order: "unknown" };
}

/** One list of units out of several sources, the best first: each unit's times, and each unit's order, from the first source that has them. */
export function joinedUnits(parts: readonly UnitPart[]): readonly BootUnit[] {
  const [first, ...others] = parts;
  if (!first) return [];
  if (others.length === 0) return first.units;
  const joined = new Map(first.units.map((unit) => [unit.id, unit]));
  for (const part of others) {
    for (const unit of part.units) {
      const known = joined.get(unit.id);
      joined.set(unit.id, known ? { ...unit, ...known, ...timesOf(known, unit), ...linksOf(known, unit) } : unit);
    }
  }
  return [...joined.values()];
}

function timesOf(known: BootUnit, other: BootUnit): Partial<BootUnit> {
  const { activatingUs, activatedUs, deactivatingUs, deactivatedUs } = known.activatingUs === undefined ? other : known;
  return {
    ...(activatingUs !== undefined && { activatingUs }),
    ...(activatedUs !== undefined && { activatedUs }),
    ...(deactivatingUs !== undefined && { deactivatingUs }),
    ...(deactivatedUs !== undefined && { deactivatedUs }),
  };
}

function linksOf(known: BootUnit, other: BootUnit): Partial<BootUnit> {
  const from = known.after.length > 0 ? known : other;
  return {
    after: from.after,
    requires: known.requires.length > 0 ? known.requires : other.requires,
    triggeredBy: known.triggeredBy.length > 0 ? known.triggeredBy : other.triggeredBy,
    aliases: [...new Set([...known.aliases, ...other.aliases])],
  };
}
