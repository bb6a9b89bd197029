import { formatCount } from "../../base/format.ts";
import type { BenchComparison } from "./benchComparison.ts";
import { differenceText, intervalText } from "../differenceText.ts";
import type { BenchTable } from "../benchTables.ts";
import { settingsSentence, settingsTable, timeTable } from "./comparedTable.ts";

/** What the comparison comes to, the answer first. Never empty. */
export function benchComparisonSentences(comparison: BenchComparison): readonly string[] {
  const { reports, arms, refusals, settings, lonelyArms } = comparison;
  const [first, ...others] = reports;
  if (!first || others.length === 0) return ["There is nothing to compare: it takes two reports."];
  if (arms.length === 0) return ["The reports have no arm in common, so there is nothing to compare.", ...refusals];
  const slower = arms.flatMap(({ arm, rows }) =>
    rows.flatMap(({ label, kind, cells }) =>
      cells.flatMap(({ change, differenceMs, interval }, index) =>
        kind === "time" && change === "slower" && interval
          ? [
              `${arm}: ${label} ${differenceText(differenceMs ?? 0)} in ${reports[index]?.name ?? ""} (${Math.round(interval.level * 100)} % CI ${intervalText(interval)}).`,
            ]
          : [],
      ),
    ),
  );
  const answer = answerText(comparison, first.name);
  return [
    answer,
    ...slower,
    ...refusals,
    settingsSentence(settings),
    ...lonelyArms.map(({ name, arms: lonely }) => `Only ${name} has ${lonely.join(", ")}.`),
  ];
}

function answerText({ regressions, improvements, intervals }: BenchComparison, firstName: string): string {
  if (intervals === 0) return "Nothing can be told: no time has five trials on both sides that may be compared.";
  const faster = improvements === 0 ? "" : ` and ${formatCount(improvements)} faster`;
  return regressions === 0
    ? `Nothing became slower beyond chance${faster === "" ? "" : `,${faster}`}, of ${formatCount(intervals)} times compared with ${firstName}.`
    : `${formatCount(regressions)} of ${formatCount(intervals)} times became slower${faster} than in ${firstName}.`;
}

/** Settings first, since they explain the rest; then one table an arm. */
export function benchComparisonTables({ reports, settings, arms, intervals }: BenchComparison): readonly BenchTable[] {
  const note =
    intervals > 0
      ? `Differences of medians with 95 % intervals, against the first report. Of ${formatCount(intervals)} intervals about ${formatCount(Math.max(1, Math.round(intervals / 20)))} leaves 0 out by chance.`
      : "Medians; intervals of differences need five trials on both sides.";
  return [
    settingsTable(settings, reports),
    ...arms.map(({ arm, rows }, index) => ({ ...timeTable(arm, rows, reports), ...(index === arms.length - 1 && { note }) })),
  ].filter(({ rows }) => rows.length > 0);
}
