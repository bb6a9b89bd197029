import { formatCount, formatDuration } from "../../base/format.ts";
import type { BenchTable } from "../benchTables.ts";
import { intervalText } from "../differenceText.ts";
import type { BootsComparison, ComparedBoots } from "./bootsComparison.ts";
import type { ComparedCell } from "./comparedCell.ts";
import { settingsSentence, settingsTable, timeTable } from "./comparedTable.ts";

/** What the comparison of boots comes to, the answer first. Never empty. */
export function bootsComparisonSentences(comparison: BootsComparison): readonly string[] {
  const { reports, ready, refusals, settings, chainChanges } = comparison;
  const [first, ...others] = reports;
  if (!first || others.length === 0) return ["There is nothing to compare: it takes two reports with boots."];
  const answers = others.flatMap((other, index) => answerText(first, ready.cells[0], other, ready.cells[index + 1]) ?? []);
  return [
    ...answers,
    ...refusals,
    ...missingText(reports),
    ...slowerText(comparison),
    ...chainChanges.map(({ unit, onChainMs }) => chainText(unit, onChainMs, reports)),
    settingsSentence(settings),
  ];
}

/** Undefined where another sentence refuses it. */
function answerText(
  first: ComparedBoots,
  base: ComparedCell | undefined,
  other: ComparedBoots,
  own: ComparedCell | undefined,
): string | undefined {
  if (own?.change === "refused") return undefined;
  const never = [first, other].filter(({ readyBoots }) => readyBoots === 0);
  if (never.length > 0) return `${never.map(neverText).join(", and ")}.`;
  if (base?.medianMs === undefined || own?.medianMs === undefined || own.differenceMs === undefined) return undefined;
  const both = `${formatDuration(own.medianMs)} (${basisText(own)}) against ${formatDuration(base.medianMs)} (${basisText(base)})`;
  const said = `${other.unit} was ready ${wayText(own.differenceMs, other.name, first.name)}`;
  if (!own.interval) return `${said}, which may be chance: ${both}.`;
  const interval = `${Math.round(own.interval.level * 100)} % CI of the difference ${intervalText(own.interval)}`;
  return own.change === "open"
    ? `No clear difference between ${other.name} and ${first.name}: ${other.unit} was ready after ${both}; ${interval}.`
    : `${said}: ${both}; ${interval}.`;
}

function wayText(differenceMs: number, other: string, first: string): string {
  // What would be printed as 0 ms.
  if (Math.abs(differenceMs) < 0.5) return `as fast in ${other} as in ${first}`;
  return `${formatDuration(Math.abs(differenceMs))} ${differenceMs > 0 ? "later" : "sooner"} in ${other} than in ${first}`;
}

function basisText({ count }: ComparedCell): string {
  return count === 1 ? "one boot" : `median of ${formatCount(count)} boots`;
}

function neverText({ name, unit, boots }: ComparedBoots): string {
  return `${unit} was ready in ${boots === 1 ? "not even the one boot" : `none of the ${formatCount(boots)} boots`} of ${name}`;
}

/** Why there is no interval, and what it takes to get one. */
function missingText(reports: readonly ComparedBoots[]): readonly string[] {
  const missing = reports.filter(({ missingBoots }) => missingBoots > 0);
  if (missing.length === 0) return [];
  const needs = missing.map(({ name, missingBoots }) => `${formatCount(missingBoots)} more of ${name}`);
  const isOneEach = reports.every(({ readyBoots }) => readyBoots === 1);
  return [
    `${isOneEach ? "One boot each gives a difference without an interval" : "Differences without an interval may be chance"}: it needs five boots that get ready on both sides, so ${needs.join(" and ")}.`,
  ];
}

const mostSlower = 5;

/** Parts that became slower beyond chance, the largest difference first. */
function slowerText({ phases, units, reports }: BootsComparison): readonly string[] {
  const slower = [...phases, ...units]
    .flatMap(({ label, cells }) =>
      cells.flatMap(({ change, differenceMs, interval }, index) =>
        change === "slower" && interval && differenceMs !== undefined
          ? [
              {
                differenceMs,
                text: `${label} +${formatDuration(differenceMs)} in ${reports[index]?.name ?? ""} (${intervalText(interval)})`,
              },
            ]
          : [],
      ),
    )
    .sort((a, b) => b.differenceMs - a.differenceMs);
  if (slower.length === 0) return [];
  const more = slower.length > mostSlower ? `; ${formatCount(slower.length - mostSlower)} more are in the table` : "";
  return [
    `Slower beyond chance: ${slower
      .slice(0, mostSlower)
      .map(({ text }) => text)
      .join("; ")}${more}.`,
  ];
}

function chainText(unit: string, onChainMs: readonly (number | null)[], reports: readonly ComparedBoots[]): string {
  const where = (isThere: boolean): string =>
    reports.flatMap(({ name }, index) => (((onChainMs[index] ?? null) !== null) === isThere ? [name] : [])).join(" and ");
  const lengths = onChainMs.flatMap((ms) => (ms === null ? [] : [formatDuration(ms)])).join(" and ");
  return `Everybody waits for ${unit} in ${where(true)} (${lengths} of the chain), nobody in ${where(false)}.`;
}

/** Settings first, since they explain the rest. */
export function bootsComparisonTables({ reports, settings, ready, phases, units, intervals }: BootsComparison): readonly BenchTable[] {
  const note =
    intervals > 0
      ? `Medians with the number of boots, and differences with 95 % intervals, against the first report. Of ${formatCount(intervals)} intervals about ${formatCount(Math.max(1, Math.round(intervals / 20)))} leaves 0 out by chance.`
      : "Medians with the number of boots; intervals of differences need five boots on both sides.";
  return [
    settingsTable(settings, reports),
    timeTable("Until ready, from the start of userspace, and phases", [ready, ...phases], reports),
    timeTable("Units on the chain, from start to ready", units, reports),
  ]
    .filter(({ rows }) => rows.length > 0)
    .map((table, index, all) => (index === all.length - 1 ? { ...table, note } : table));
}
