import { foreignLine } from "../../base/foreignText.ts";
import { bootSamples, type BootSamples } from "../../boot/bootSamples.ts";
import type { BootMachine } from "../../boot/bootChain.ts";
import type { BootReport } from "../../boot/bootReport.ts";
import { fewestForDifference } from "../../stats/bootstrap.ts";
import { median } from "../../stats/quantiles.ts";
import { differingSettings, type ComparedSetting } from "./comparedSettings.ts";
import { comparedCell, tallyOf, type ComparedRow, type ComparedTally, type TimeSample } from "./comparedCell.ts";

/** Boots with a name for people: their file's. */
export interface NamedBoots {
  readonly name: string;
  readonly boots: BootReport;
}

/** Boots of two reports or more, the first one being what the others are compared with. Plain data that survives JSON. */
export interface BootsComparison extends ComparedTally {
  readonly reports: readonly ComparedBoots[];
  /** Why some times are not subtracted; each a sentence. */
  readonly refusals: readonly string[];
  /** Those that differ between the reports, as far as the boots tell. */
  readonly settings: readonly ComparedSetting[];
  /** Until the unit was ready, from the start of userspace. */
  readonly ready: ComparedRow;
  /** Those that a report tells of, in their order. */
  readonly phases: readonly ComparedRow[];
  /** What units took that stood on the chain of some report, the largest difference first. */
  readonly units: readonly ComparedRow[];
  /** Units that stand on the chain in most boots of one report and in none of another's: by report, what they took of it. */
  readonly chainChanges: readonly { readonly unit: string; readonly onChainMs: readonly (number | null)[] }[];
}

export interface ComparedBoots {
  readonly name: string;
  /** The unit that is waited for. */
  readonly unit: string;
  readonly boots: number;
  readonly readyBoots: number;
  /** How many more boots that get ready it takes for an interval on the difference; 0: there are enough. */
  readonly missingBoots: number;
}

/** Each costs a bootstrap for each report. */
const mostUnits = 30;
/** Units of less than this in every report are left out. */
const notableMs = 10;

export function compareBootReports(given: readonly NamedBoots[]): BootsComparison {
  const samples = given.map(({ boots }) => bootSamples(boots.boots));
  const errorsMs = given.map(({ boots }) => Math.max(0, ...boots.boots.map(({ accuracyMs }) => accuracyMs)));
  const [first] = given;
  const isReadyRefused = given.map(({ boots }) => boots.unit !== first?.boots.unit);
  const row = (key: string, valuesOf: (one: BootSamples) => readonly number[] | undefined): ComparedRow => {
    const own = samples.map((one, index): TimeSample => ({ valuesMs: valuesOf(one) ?? [], errorMs: errorsMs[index] ?? 0 }));
    const cells = own.map((sample, index) =>
      comparedCell(sample, index === 0 ? undefined : own[0], key === "ready" && isReadyRefused[index] === true),
    );
    return { key, label: key === "ready" ? `${first?.boots.unit ?? ""} ready` : key, kind: "time", cells };
  };
  const ready = row("ready", ({ readyMs }) => readyMs);
  const phases = [...new Set(samples.flatMap((one) => [...one.phases.keys()]))].map((phase) => row(phase, (one) => one.phases.get(phase)));
  const units = unitsOnChain(samples).map((unit) => row(unit, (one) => one.units.get(unit)?.tookMs));
  return {
    reports: given.map(({ name, boots }, index) => {
      const readyBoots = samples[index]?.readyMs.length ?? 0;
      const missingBoots = Math.max(0, fewestForDifference - readyBoots);
      return { name, unit: boots.unit, boots: boots.boots.length, readyBoots, missingBoots };
    }),
    refusals: given.flatMap(({ name, boots }, index) =>
      isReadyRefused[index] && first
        ? [
            `Ready means ${boots.unit} in ${name} and ${first.boots.unit} in ${first.name}: times to ready are not subtracted; phases and what units took are.`,
          ]
        : [],
    ),
    settings: differingSettings(given.map(({ boots }) => settingsOf(boots))),
    ready,
    phases,
    units,
    chainChanges: chainChanges(given, samples),
    ...tallyOf([ready, ...phases, ...units]),
  };
}

/** By how much what they took differs from the first report; a unit that one of both lacks counts whole. */
function unitsOnChain(samples: readonly BootSamples[]): readonly string[] {
  const names = new Set(
    samples.flatMap(({ units }) => [...units].flatMap(([unit, { onChainMs }]) => (onChainMs.length > 0 ? [unit] : []))),
  );
  const tookMs = (one: BootSamples | undefined, unit: string): number => median(one?.units.get(unit)?.tookMs ?? []) ?? 0;
  return [...names]
    .map((unit) => {
      const [baseMs = 0, ...othersMs] = samples.map((one) => tookMs(one, unit));
      const sizeMs = Math.max(...othersMs.map((ms) => Math.abs(ms - baseMs)));
      return { unit, sizeMs, isNotable: Math.max(baseMs, ...othersMs) >= notableMs };
    })
    .filter(({ isNotable }) => isNotable)
    .sort((a, b) => b.sizeMs - a.sizeMs)
    .slice(0, mostUnits)
    .map(({ unit }) => unit);
}

function chainChanges(given: readonly NamedBoots[], samples: readonly BootSamples[]): BootsComparison["chainChanges"] {
  const names = new Set(samples.flatMap(({ units }) => [...units.keys()]));
  return [...names].flatMap((unit) => {
    const counts = samples.map(({ units }) => units.get(unit)?.onChainMs ?? []);
    const isUsual = counts.some((onChainMs, index) => onChainMs.length * 2 > (given[index]?.boots.boots.length ?? Infinity));
    const isGone = counts.some(({ length }) => length === 0);
    const onChainMs = counts.map((values) => median(values) ?? null);
    return isUsual && isGone && Math.max(...onChainMs.map((ms) => ms ?? 0)) >= notableMs ? [{ unit, onChainMs }] : [];
  });
}

function settingsOf({ unit, boots }: BootReport): ReadonlyMap<string, string | undefined> {
  const ofMachines = (name: string, value: (machine: BootMachine) => string | undefined): readonly [string, string] => [
    name,
    [...new Set(boots.flatMap(({ machine }) => value(machine) ?? []))].sort().join("; "),
  ];
  const settings: readonly (readonly [string, string])[] = [
    ["waits for", unit],
    ofMachines("node type", ({ instanceType }) => instanceType),
    ofMachines("machine image", ({ machineImage }) => machineImage),
    ofMachines("operating system", ({ osName }) => osName),
    ofMachines("kernel", ({ kernelVersion }) => kernelVersion),
    ofMachines("systemd", ({ systemdVersion }) => systemdVersion),
    ofMachines("virtualization", ({ virtualization }) => virtualization),
    ["read from", [...new Set(boots.flatMap(({ sources }) => sources))].sort().join(", ")],
  ];
  return new Map(settings.map(([name, value]) => [name, value === "" ? undefined : foreignLine(value, 300)]));
}
