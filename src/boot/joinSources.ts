import type { Problem, WithProblems } from "../base/text.ts";
import {
  bootForms,
  type BootChain,
  type BootForm,
  type BootJob,
  type BootMachine,
  type BootPhases,
  type BootStage,
  type BootUnit,
} from "./bootChain.ts";
import { clockOf, type BootClock, type Told } from "./bootClock.ts";
import type { BootSource } from "./bootSource.ts";
import type { JournalBoot, JournalEvent } from "./formats/journalBoots.ts";
import { isManagerBlock, readJob, readManager, readUnit, type ShowBlock, type ShowManager } from "./formats/systemctlShow.ts";
import { nodeLatencyChain } from "./nodeLatencyChain.ts";
import { blamePart, chainPart, dumpPart, joinedUnits, journalPart, plotPart, type UnitPart } from "./unitParts.ts";
import { startsOf, withFailedDependencies, withStarts } from "./unitStarts.ts";

type Source<F extends BootSource["form"]> = Extract<BootSource, { form: F }>;

/**
 * The boots that the sources of one place tell of: one, or one per boot of a journal that stands alone. Nothing is refused: what the sources
 * lack is absent, and said in a problem where it weakens the answer.
 */
export function joinSources(name: string, sources: readonly BootSource[]): readonly WithProblems<BootChain>[] {
  const journals = only(sources, "journal").flatMap((source) => source.boots);
  const hasUnits = sources.some(({ form }) => form === "systemctl show" || /^systemd-analyze/.test(form));
  if (hasUnits) return [joined(name, sources, matching(journals, sources))];
  if (journals.length > 0) {
    const several = journals.length > 1;
    return journals.map((boot) => joined(several ? `${name} (${boot.bootId.slice(0, 8)})` : name, several ? [] : sources, boot));
  }
  const latencies = only(sources, "node-latency-for-k8s");
  if (latencies.length > 0) return latencies.map(({ latency }) => nodeLatencyChain(name, latency));
  return only(sources, "cloud-init analyze dump").length > 0 ? [joined(name, sources, undefined)] : [];
}

function joined(name: string, sources: readonly BootSource[], journal: JournalBoot | undefined): WithProblems<BootChain> {
  const problems: Problem[] = [];
  const warn = (message: string): void => void problems.push({ severity: "warning", message });
  const told = toldOf(sources, journal);
  const { manager, time, plot, unitBlocks } = told;
  if (unitBlocks.length > 0 && manager?.userspaceStartMonotonicUs === undefined) {
    warn("The manager's own properties (systemctl show without a unit) are missing: phases and the start of userspace are not told.");
  }
  const clock = clockOf(told, warn);
  const parts = partsOf(sources, told, clock, warn);
  const units = unitsOf(parts, told, clock);
  const order = orderOf(parts);
  if (units.some((unit) => unit.tookUs !== undefined) && units.every((unit) => unit.starts.length === 0)) {
    warn("The files tell how long units took, but not when: there is no chain.");
  } else if (units.length > 0) tellOfOrder(order, warn);
  const finishedUs = finishedOf(told, clock);
  const isFinished = isFinishedOf(sources, told, finishedUs);
  if (isFinished === false) warn("The boot was not finished when this was read: what waits may wait longer.");
  const capturedUs = latestUs(units, [
    ...only(sources, "clock").flatMap(({ monotonicUs }) => (monotonicUs === undefined ? [] : [monotonicUs - clock.zeroUs])),
    ...(journal ? [journal.lastMonotonicUs - clock.zeroUs] : []),
  ]);
  return {
    value: {
      name,
      machine: machineOf(sources, told, journal),
      phases: manager?.phases ?? phasesOf(time?.phases ?? plot?.phases, journal, finishedUs),
      ...(manager?.softReboots !== undefined && { softReboots: manager.softReboots }),
      ...(finishedUs !== undefined && { finishedUs }),
      ...(isFinished !== undefined && { isFinished }),
      ...(capturedUs > 0 && { capturedUs }),
      ...(clock.epochMs !== undefined && { userspaceStartEpochMs: clock.epochMs }),
      units,
      jobs: jobsOf(sources, unitBlocks),
      stages: stagesOf(sources, clock.epochMs, warn),
      accuracyUs: parts[0]?.accuracyUs ?? 1000,
      order,
      sources: usedForms(sources, journal !== undefined, unitBlocks.length > 0),
    },
    problems,
  };
}

function toldOf(sources: readonly BootSource[], journal: JournalBoot | undefined): Told {
  const blocks = only(sources, "systemctl show").flatMap((source) => source.blocks);
  const managerBlock = blocks.find(isManagerBlock);
  const manager = managerBlock && readManager(managerBlock);
  return {
    manager,
    unitBlocks: blocks.filter((block) => block.has("Id")),
    time: only(sources, "systemd-analyze time")[0]?.time,
    plot: only(sources, "systemd-analyze plot")[0]?.plot,
    dump: only(sources, "systemd-analyze dump")[0]?.dump,
    journal: journal && sinceSoftReboot(journal, manager),
  };
}

/** A soft reboot keeps the boot's ID, so the journal goes on. */
function sinceSoftReboot(journal: JournalBoot, manager: ShowManager | undefined): JournalBoot {
  const { softRebootUs } = manager?.phases ?? {};
  if (softRebootUs === undefined) return journal;
  const sinceUs = (manager?.userspaceStartMonotonicUs ?? 0) - softRebootUs;
  return { ...journal, events: journal.events.filter((event) => event.atUs >= sinceUs) };
}

/** What each source tells of units, the best first. Where systemctl show does, the others have nothing to add but the journal's starts. */
function partsOf(sources: readonly BootSource[], told: Told, clock: BootClock, warn: (message: string) => void): readonly UnitPart[] {
  const { unitBlocks, plot, dump, journal } = told;
  if (unitBlocks.length > 0) {
    const order = unitBlocks.some((block) => block.has("After")) ? "whole" : "unknown";
    return [{ units: uniqueUnits(unitBlocks, clock.zeroUs, warn), accuracyUs: 1, order }];
  }
  const trees = only(sources, "systemd-analyze critical-chain").map((source) => source.rows);
  return [
    ...(plot ? [plotPart(plot)] : []),
    ...(trees.length > 0 ? [chainPart(trees)] : []),
    ...(dump && clock.dumpZeroMs !== undefined ? [dumpPart(dump, clock.dumpZeroMs)] : []),
    ...(journal ? [journalPart(eventsByUnit(journal), clock.zeroUs)] : []),
    ...only(sources, "systemd-analyze blame").map((source) => blamePart(source.rows)),
  ];
}

function unitsOf(parts: readonly UnitPart[], { time, plot, journal }: Told, { zeroUs }: BootClock): readonly BootUnit[] {
  const events = eventsByUnit(journal);
  const target = (time?.target ?? plot?.target)?.id;
  const units = joinedUnits(parts).map((unit) => {
    const own = events.get(unit.id);
    const isNew = unit.id === target && !unit.aliases.includes("default.target");
    const named = isNew ? { ...unit, aliases: [...unit.aliases, "default.target"] } : unit;
    return withStarts(named, own && startsOf(own, zeroUs));
  });
  return withFailedDependencies(units);
}

function orderOf(parts: readonly UnitPart[]): BootChain["order"] {
  return (["whole", "printed"] as const).find((order) => parts.some((part) => part.order === order)) ?? "unknown";
}

function finishedOf({ manager, time, plot, dump, journal }: Told, { zeroUs, dumpZeroMs }: BootClock): number | undefined {
  if (manager?.finishedUs !== undefined) return manager.finishedUs;
  if (time?.phases.userspaceUs !== undefined) return time.phases.userspaceUs;
  if (plot?.finishedUs !== undefined) return plot.finishedUs - plot.userspaceStartUs;
  if (dump?.finishedEpochMs !== undefined && dumpZeroMs !== undefined) return Math.round((dump.finishedEpochMs - dumpZeroMs) * 1000);
  return journal?.finished && journal.finished.atMonotonicUs - zeroUs;
}

function isFinishedOf(sources: readonly BootSource[], { manager, dump }: Told, finishedUs: number | undefined): boolean | undefined {
  if (finishedUs !== undefined) return true;
  if (manager || dump) return false;
  // systemd-analyze prints the other forms of finished boots only.
  return sources.some(({ form }) => form.startsWith("systemd-analyze")) ? true : undefined;
}

function only<F extends BootSource["form"]>(sources: readonly BootSource[], form: F): Source<F>[] {
  return sources.filter((source): source is Source<F> => source.form === form);
}

/** Richest first. Where systemctl show tells of units, what systemd-analyze printed of the same adds nothing. */
function usedForms(sources: readonly BootSource[], hasJournal: boolean, hasShow: boolean): readonly BootForm[] {
  const found = new Set(sources.map(({ form }) => form));
  if (hasJournal) found.add("journal");
  return bootForms.filter((form) => found.has(form) && !(hasShow && form.startsWith("systemd-analyze")));
}

/** The journal's boot that the other sources are of: named by the boot's ID, or else the last. */
function matching(boots: readonly JournalBoot[], sources: readonly BootSource[]): JournalBoot | undefined {
  const bootId = only(sources, "clock").find((clock) => clock.bootId !== undefined)?.bootId;
  if (bootId === undefined) return boots.at(-1);
  return boots.find((boot) => boot.bootId.replaceAll("-", "") === bootId);
}

function uniqueUnits(blocks: readonly ShowBlock[], zeroUs: number, warn: (message: string) => void): BootUnit[] {
  const units = new Map<string, BootUnit>();
  let backwards = 0;
  for (const block of blocks) {
    const unit = readUnit(block, zeroUs);
    if (!unit || units.has(unit.id)) continue;
    units.set(unit.id, unit);
    const { activatingUs, activatedUs, deactivatedUs } = unit;
    if (
      activatingUs !== undefined &&
      activatedUs !== undefined &&
      activatedUs < activatingUs &&
      (deactivatedUs ?? 0) > activatingUs &&
      unit.result === "success" &&
      unit.type !== "oneshot"
    )
      backwards++;
  }
  if (backwards > 0) warn(`${backwards} units have times that run backwards; their latest start counts.`);
  return [...units.values()];
}

function eventsByUnit(journal: JournalBoot | undefined): ReadonlyMap<string, readonly JournalEvent[]> {
  const events = new Map<string, JournalEvent[]>();
  for (const event of journal?.events ?? []) {
    const own = events.get(event.unit);
    if (own) own.push(event);
    else events.set(event.unit, [event]);
  }
  return events;
}

function tellOfOrder(order: BootChain["order"], warn: (message: string) => void): void {
  if (order === "unknown") {
    warn(
      "The sources do not tell which unit waits for which: the chain follows the unit that ended last before the next began, which may be chance.",
    );
  } else if (order === "printed") {
    warn(
      "The chain is as systemd-analyze printed it: failed units and earlier starts are not in it, and the last unit counts as started at once.",
    );
  }
}

function machineOf(sources: readonly BootSource[], { manager, plot, dump }: Told, journal: JournalBoot | undefined): BootMachine {
  const own = manager?.machine;
  const bootId = only(sources, "clock").find((clock) => clock.bootId !== undefined)?.bootId ?? journal?.bootId;
  const osName = only(sources, "os-release")[0]?.osName ?? plot?.osName;
  const version = own?.systemdVersion ?? only(sources, "systemctl --version")[0]?.version ?? plot?.systemdVersion ?? dump?.systemdVersion;
  return {
    ...(bootId !== undefined && { bootId }),
    ...(version !== undefined && { systemdVersion: version }),
    ...(own?.virtualization !== undefined && { virtualization: own.virtualization }),
    ...(osName !== undefined && { osName }),
    ...(plot?.kernelVersion !== undefined && { kernelVersion: plot.kernelVersion }),
  };
}

function phasesOf(printed: BootPhases | undefined, journal: JournalBoot | undefined, finishedUs: number | undefined): BootPhases {
  if (printed) return printed;
  const { kernelUs, initrdUs } = journal?.finished ?? {};
  return {
    ...(kernelUs !== undefined && { kernelUs }),
    ...(initrdUs !== undefined && { initrdUs }),
    ...(finishedUs !== undefined && { userspaceUs: finishedUs }),
  };
}

/** The files of one boot are made one after the other, so the latest time in any of them is the least wrong. */
function latestUs(units: readonly BootUnit[], told: readonly number[]): number {
  let latest = told.reduce((last, us) => Math.max(last, us), 0);
  for (const unit of units) {
    for (const us of [
      unit.activatingUs,
      unit.activatedUs,
      unit.deactivatingUs,
      unit.deactivatedUs,
      unit.conditionUs,
      unit.starts.at(-1)?.failedUs,
    ]) {
      if (us !== undefined && us > latest) latest = us;
    }
  }
  return latest;
}

function jobsOf(sources: readonly BootSource[], blocks: readonly ShowBlock[]): readonly BootJob[] {
  const listed = only(sources, "systemctl list-jobs");
  if (listed.length > 0) return listed.flatMap(({ jobs }) => jobs);
  const dumped = only(sources, "systemd-analyze dump").flatMap((source) => source.dump.jobs);
  return dumped.length > 0 ? dumped : blocks.flatMap((block) => readJob(block) ?? []);
}

function stagesOf(sources: readonly BootSource[], zeroEpochMs: number | undefined, warn: (message: string) => void): readonly BootStage[] {
  // The dump and the log that it is made of say the same.
  const stages = only(sources, "cloud-init analyze dump")[0]?.stages ?? [];
  if (stages.length === 0) return [];
  if (zeroEpochMs === undefined && sources.length > 1) {
    warn("Stages of cloud-init cannot be placed: their wall clock and the units' clock have nothing in common here.");
    return [];
  }
  // Without anything else they count from their own beginning.
  const zeroMs = zeroEpochMs ?? stages[0]?.fromEpochMs ?? 0;
  return stages.map(({ name, fromEpochMs, toEpochMs, result }) => ({
    name,
    fromUs: Math.round((fromEpochMs - zeroMs) * 1000),
    ...(toEpochMs !== undefined && { toUs: Math.round((toEpochMs - zeroMs) * 1000) }),
    ...(result !== undefined && { result }),
    source: "cloud-init" as const,
  }));
}
