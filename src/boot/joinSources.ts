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
import type { BootSource } from "./bootSource.ts";
import type { JournalBoot, JournalEvent } from "./formats/journalBoots.ts";
import { isManagerBlock, readJob, readManager, readUnit, type ShowBlock } from "./formats/systemctlShow.ts";
import { nodeLatencyChain } from "./nodeLatencyChain.ts";
import { blamePart, chainPart, dumpPart, joinedUnits, journalPart, plotPart, type UnitPart } from "./unitParts.ts";
import { startsOf, withFailedDependencies, withStarts } from "./unitStarts.ts";

type Source<F extends BootSource["form"]> = Extract<BootSource, { form: F }>;

/** A wall clock that jumped by so much while the machine booted is worth a word. */
const clockStepUs = 100_000;

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
  const blocks = only(sources, "systemctl show").flatMap((source) => source.blocks);
  const times = only(sources, "systemd-analyze time").map((source) => source.time);
  const plots = only(sources, "systemd-analyze plot").map((source) => source.plot);
  const dumps = only(sources, "systemd-analyze dump").map((source) => source.dump);
  const managerBlock = blocks.find(isManagerBlock);
  const unitBlocks = blocks.filter((block) => block.has("Id"));
  const manager = managerBlock && readManager(managerBlock);
  if (unitBlocks.length > 0 && !manager?.userspaceStartMonotonicUs) {
    warn(
      "The manager's own properties (systemctl show without a unit) are missing: phases are unknown, and times count from the first unit.",
    );
  }
  const zeroUs = manager?.userspaceStartMonotonicUs ?? firstStartUs(unitBlocks) ?? (journal && journalZeroUs(journal)) ?? 0;
  const journalUs =
    manager?.userspaceStartMonotonicUs !== undefined || unitBlocks.length > 0 ? zeroUs : journal ? journalZeroUs(journal) : 0;
  const [time, plot, dump] = [times[0], plots[0], dumps[0]];
  const parts: UnitPart[] = [];
  if (unitBlocks.length > 0) {
    const units = uniqueUnits(unitBlocks, zeroUs, warn);
    parts.push({ units, accuracyUs: 1, order: unitBlocks.some((block) => block.has("After")) ? "whole" : "unknown" });
  }
  const isText = unitBlocks.length === 0;
  if (isText && plot) parts.push(plotPart(plot));
  const trees = isText ? only(sources, "systemd-analyze critical-chain").map((source) => source.rows) : [];
  if (trees.length > 0) parts.push(chainPart(trees));
  const dumpZeroMs = dump?.userspaceStartEpochMs ?? dump?.initrdEpochMs ?? dump?.kernelEpochMs;
  if (isText && dump && dumpZeroMs !== undefined) parts.push(dumpPart(dump, dumpZeroMs));
  const events = eventsByUnit(journal);
  if (isText && journal) parts.push(journalPart(events, journalUs));
  if (isText) for (const { rows } of only(sources, "systemd-analyze blame")) parts.push(blamePart(rows));

  const finishedUs =
    manager?.finishedUs ??
    time?.phases.userspaceUs ??
    (plot?.finishedUs === undefined ? undefined : plot.finishedUs - plot.userspaceStartUs) ??
    (dump?.finishedEpochMs !== undefined && dumpZeroMs !== undefined
      ? Math.round((dump.finishedEpochMs - dumpZeroMs) * 1000)
      : undefined) ??
    (journal?.finished ? journal.finished.atMonotonicUs - journalUs : undefined);
  const offsets = clockOffsets(unitBlocks);
  if (offsets && Math.abs(offsets.last - offsets.first) > clockStepUs) {
    const seconds = ((offsets.last - offsets.first) / 1_000_000).toFixed(1);
    warn(`The machine's wall clock was set by ${seconds} s while it booted: its times of day before that are off, lengths are not.`);
  }
  const offsetUs = offsets?.last ?? journal?.epochOffsetUs;
  const epochMs =
    offsetUs === undefined
      ? (manager?.userspaceStartEpochMs ?? dump?.userspaceStartEpochMs)
      : (zeroUs + (journalUs - zeroUs) + offsetUs) / 1000;
  const target = time?.target ?? plot?.target;
  const units = joinedUnits(parts).map((unit) => {
    const own = events.get(unit.id);
    const named =
      target?.id === unit.id && !unit.aliases.includes("default.target") ? { ...unit, aliases: [...unit.aliases, "default.target"] } : unit;
    return withStarts(named, own && startsOf(own, journalUs));
  });
  const order = parts.some((part) => part.order === "whole")
    ? "whole"
    : parts.some((part) => part.order === "printed")
      ? "printed"
      : "unknown";
  if (units.some((unit) => unit.tookUs !== undefined) && units.every((unit) => unit.starts.length === 0))
    warn("The files tell how long units took, but not when: there is no chain.");
  else tellOfOrder(order, units, trees.length > 0, warn);
  const capturedUs = latestUs(units, [
    ...only(sources, "clock").flatMap(({ monotonicUs }) => (monotonicUs === undefined ? [] : [monotonicUs - zeroUs])),
    ...(journal ? [journal.lastMonotonicUs - journalUs] : []),
  ]);
  const isFinished = finishedUs !== undefined || isPrintedOfFinished(sources) ? true : managerBlock || dump ? false : undefined;
  if (isFinished === false) warn("The boot was not finished when this was read: what waits may wait longer.");
  return {
    value: {
      name,
      machine: machineOf(sources, manager?.machine, journal, plot?.systemdVersion ?? dump?.systemdVersion, plot?.osName),
      phases: manager?.phases ?? phasesOf(time?.phases ?? plot?.phases, journal, finishedUs),
      ...(finishedUs !== undefined && { finishedUs }),
      ...(isFinished !== undefined && { isFinished }),
      ...(capturedUs > 0 && { capturedUs }),
      ...(epochMs !== undefined && { userspaceStartEpochMs: epochMs }),
      units: withFailedDependencies(units),
      jobs: jobsOf(sources, unitBlocks),
      stages: stagesOf(sources, epochMs, warn),
      accuracyUs: parts[0]?.accuracyUs ?? 1000,
      order,
      sources: usedForms(sources, journal !== undefined, !isText),
    },
    problems,
  };
}

function only<F extends BootSource["form"]>(sources: readonly BootSource[], form: F): Source<F>[] {
  return sources.filter((source): source is Source<F> => source.form === form);
}

/** systemd-analyze prints these of finished boots only. */
function isPrintedOfFinished(sources: readonly BootSource[]): boolean {
  return sources.some(({ form }) => form.startsWith("systemd-analyze") && form !== "systemd-analyze dump");
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

function firstStartUs(blocks: readonly ShowBlock[]): number | undefined {
  const starts = blocks
    .map((block) => Number(block.get("InactiveExitTimestampMonotonic") ?? "0"))
    .filter((us) => us > 0 && Number.isSafeInteger(us));
  return starts.length > 0 ? starts.reduce((first, us) => Math.min(first, us)) : undefined;
}

/** Start of userspace on a journal's clock: told by the message that the boot had finished, or else the first entry. */
function journalZeroUs(journal: JournalBoot): number {
  const { finished } = journal;
  return finished?.userspaceUs === undefined ? journal.firstMonotonicUs : finished.atMonotonicUs - finished.userspaceUs;
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

/** Wall clock minus monotonic clock at the first and the last unit that started; undefined where stamps are of whole seconds. */
function clockOffsets(blocks: readonly ShowBlock[]): { first: number; last: number } | undefined {
  let first: { atUs: number; offsetUs: number } | undefined;
  let last: { atUs: number; offsetUs: number } | undefined;
  for (const block of blocks) {
    const match = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\.(\d{6}) UTC$/.exec(block.get("InactiveExitTimestamp") ?? "");
    const raw = /^\d{15,16}$/.exec(block.get("InactiveExitTimestamp") ?? "");
    const atUs = Number(block.get("InactiveExitTimestampMonotonic") ?? "0");
    const epochUs = match ? Date.parse(`${match[1]}T${match[2]}Z`) * 1000 + Number(match[3]) : raw ? Number(raw[0]) : Number.NaN;
    if (!(atUs > 0) || !Number.isFinite(epochUs)) continue;
    const stamp = { atUs, offsetUs: epochUs - atUs };
    if (!first || atUs < first.atUs) first = stamp;
    if (!last || atUs > last.atUs) last = stamp;
  }
  return first && last && { first: first.offsetUs, last: last.offsetUs };
}

function tellOfOrder(order: BootChain["order"], units: readonly BootUnit[], hasTrees: boolean, warn: (message: string) => void): void {
  if (units.length === 0) return;
  if (order === "unknown") {
    warn(
      "The sources do not tell which unit waits for which: the chain follows the unit that ended last before the next began, which may be chance.",
    );
  } else if (order === "printed" && hasTrees) {
    warn(
      "The chain is as systemd-analyze printed it: failed units and earlier starts are not in it, and the last unit counts as started at once.",
    );
  }
}

function machineOf(
  sources: readonly BootSource[],
  told: BootMachine | undefined,
  journal: JournalBoot | undefined,
  printedVersion: string | undefined,
  printedOs: string | undefined,
): BootMachine {
  const bootId = only(sources, "clock").find((clock) => clock.bootId !== undefined)?.bootId ?? journal?.bootId;
  const osName = only(sources, "os-release")[0]?.osName ?? printedOs;
  const version = told?.systemdVersion ?? only(sources, "systemctl --version")[0]?.version ?? printedVersion;
  return {
    ...(bootId !== undefined && { bootId }),
    ...(version !== undefined && { systemdVersion: version }),
    ...(told?.virtualization !== undefined && { virtualization: told.virtualization }),
    ...(osName !== undefined && { osName }),
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
  const stages = only(sources, "cloud-init analyze dump").flatMap((source) => source.stages);
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
