import { coldnessWords, stagesInWords } from "../../bench/benchWords.ts";
import { measuredTrials, type MeasuredTrial } from "../../bench/measuredTrials.ts";
import { readinessWords } from "../../bench/plan/readinessWords.ts";
import { byPlace, type StageName } from "../../bench/stages.ts";
import type { BenchSummary } from "../../bench/summary.ts";
import { comparedCell, tallyOf, type ComparedRow, type ComparedTally } from "./comparedCell.ts";
import { comparedSettings, type ComparedSetting } from "./comparedSettings.ts";
import type { ReportBench } from "../document.ts";

/** A benchmark with a name for people: its file's. */
export interface NamedBench {
  readonly name: string;
  readonly bench: ReportBench;
}

/** Two reports or more, the first one being what the others are compared with. Plain data that survives JSON. */
export interface BenchComparison extends ComparedTally {
  readonly reports: readonly { readonly name: string; readonly plan: string; readonly startedAtEpochMs: number }[];
  /** Why some times are not subtracted; each a sentence. */
  readonly refusals: readonly string[];
  /** Those that differ between the reports. */
  readonly settings: readonly ComparedSetting[];
  /** Of every arm that two reports have, in the first one's order. */
  readonly arms: readonly { readonly arm: string; readonly rows: readonly ComparedRow[] }[];
  /** Arms that only one report has, by report: nothing to compare them with. */
  readonly lonelyArms: readonly { readonly name: string; readonly arms: readonly string[] }[];
}

export function compareBenches(given: readonly NamedBench[]): BenchComparison {
  const samples = given.map(({ bench }) => samplesOf(bench));
  const [first] = given;
  const isReadyRefused = given.map(({ bench }) => first !== undefined && readinessOf(bench) !== readinessOf(first.bench));
  const isAllRefused = given.map(({ bench }) => first !== undefined && coldnessOf(bench.summary) !== coldnessOf(first.bench.summary));
  const names = [...new Set(given.flatMap(({ bench }) => bench.summary.arms.map(({ arm }) => arm)))];
  const shared = names.filter((arm) => samples.filter((arms) => arms.has(arm)).length > 1);
  const arms = shared.map((arm) => ({
    arm,
    rows: rowsOf(
      samples.map((one) => one.get(arm)),
      (index, key) =>
        isAllRefused[index] === true || (isReadyRefused[index] === true && key.split("+").some((part) => endsAtReady.has(part))),
    ),
  }));
  return {
    reports: given.map(({ name, bench }) => ({ name, plan: bench.run.plan.name, startedAtEpochMs: bench.run.startedAtEpochMs })),
    refusals: refusalsOf(given, isReadyRefused, isAllRefused),
    settings: comparedSettings(given.map(({ bench }) => bench.run)),
    arms,
    lonelyArms: given.flatMap(({ name, bench }) => {
      const lonely = bench.summary.arms.flatMap(({ arm }) => (shared.includes(arm) ? [] : [arm]));
      return lonely.length > 0 ? [{ name, arms: lonely }] : [];
    }),
    ...tallyOf(arms.flatMap(({ rows }) => rows)),
  };
}

/** What another readiness makes into something else. */
const endsAtReady: ReadonlySet<string> = new Set(["ready", "first-answer-time", "first-answer", "application"]);

function refusalsOf(given: readonly NamedBench[], isReadyRefused: readonly boolean[], isAllRefused: readonly boolean[]): readonly string[] {
  const [first] = given;
  if (!first) return [];
  return given.flatMap(({ name, bench }, index) => {
    const own = first.bench;
    return [
      ...(isAllRefused[index]
        ? [
            `${name} began ${coldnessOf(bench.summary)} and ${first.name} ${coldnessOf(own.summary)}: times of starts that were not equally cold are not subtracted.`,
          ]
        : []),
      ...(isReadyRefused[index]
        ? [
            `Ready means "${readinessOf(bench)}" in ${name} and "${readinessOf(own)}" in ${first.name}: times to ready are not subtracted; times to start are.`,
          ]
        : []),
    ];
  });
}

function readinessOf({ run }: ReportBench): string {
  return readinessWords(run.plan.readiness);
}

/** The levels that its trials reached, in words. */
function coldnessOf({ arms }: BenchSummary): string {
  const levels = [...new Set(arms.flatMap(({ coldness }) => coldness.map(({ level }) => level)))].sort();
  return levels.length === 0 ? "without a trial that counts" : levels.map((level) => `${level} (${coldnessWords[level]})`).join(" and ");
}

interface Sample {
  readonly label: string;
  readonly kind: ComparedRow["kind"];
  readonly names: readonly StageName[];
  readonly valuesMs: number[];
  /** How wrong the least exact of them may be. */
  errorMs: number;
}

type ArmSamples = ReadonlyMap<string, Sample>;

function samplesOf({ run }: ReportBench): ReadonlyMap<string, ArmSamples> {
  const arms = new Map<string, Map<string, Sample>>(run.plan.arms.map(({ name }) => [name, new Map<string, Sample>()]));
  for (const measured of measuredTrials(run)) {
    const samples = arms.get(measured.trial.arm);
    if (samples) addTrial(samples, measured);
  }
  return arms;
}

function addTrial(samples: Map<string, Sample>, { stages, isClean, isCounted, startedMs, readyMs, firstAnswerMs }: MeasuredTrial): void {
  const add = (key: string, sample: Omit<Sample, "valuesMs" | "errorMs">, valueMs: number | undefined, errorMs: number): void => {
    if (valueMs === undefined) return;
    const known = samples.get(key) ?? { ...sample, valuesMs: [], errorMs: 0 };
    known.valuesMs.push(valueMs);
    known.errorMs = Math.max(known.errorMs, errorMs);
    samples.set(key, known);
  };
  const errorAt = (mark: string): number => {
    const end = stages.stages.find(({ to, within }) => to.mark === mark && within === undefined)?.to;
    return end ? Math.max(end.latestEpochMs - end.atEpochMs, end.atEpochMs - end.earliestEpochMs) : 0;
  };
  const time = (label: string): Omit<Sample, "valuesMs" | "errorMs"> => ({ label, kind: "time", names: [] });
  if (isClean) add("started", time("time to start"), startedMs, errorAt("started"));
  if (!isCounted) return;
  add("ready", time("time to ready"), readyMs, errorAt("ready"));
  add("first-answer-time", time("time to first answer"), firstAnswerMs, errorAt("first-answer"));
  for (const { names, durationMs, resolutionMs } of stages.stages)
    add(names.join("+"), { label: stagesInWords(names), kind: "stage", names }, durationMs, resolutionMs);
}

function rowsOf(samples: readonly (ArmSamples | undefined)[], isRefused: (index: number, key: string) => boolean): readonly ComparedRow[] {
  const known = new Map<string, Sample>();
  for (const arm of samples) for (const [key, sample] of arm ?? []) if (!known.has(key)) known.set(key, sample);
  const times = [...known].filter(([, { kind }]) => kind === "time");
  const stages = [...known].filter(([, { kind }]) => kind === "stage").sort(([, a], [, b]) => byPlace(a, b));
  return [...times, ...stages].map(([key, { label, kind }]) => ({
    key,
    label,
    kind,
    cells: samples.map((arm, index) => comparedCell(arm?.get(key), index === 0 ? undefined : samples[0]?.get(key), isRefused(index, key))),
  }));
}
