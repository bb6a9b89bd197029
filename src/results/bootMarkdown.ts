import { formatDuration } from "../base/format.ts";
import type { BootReport, ReportBoot } from "../boot/bootReport.ts";
import type { MillisecondDifference } from "../boot/manyBoots.ts";
import { differenceSign, differenceText, intervalText } from "./differenceText.ts";
import { markdownParts, markdownTable, markdownText } from "./markdownText.ts";

const mostUnits = 12;

/** Boots for a pull request: when the unit was ready, the longest parts of its chain, what would help, and before beside after. */
export function bootMarkdown(report: BootReport): string {
  const { unit, boots, summary, comparison, advice } = report;
  return markdownParts([
    `### Boot of ${boots.length === 1 ? markdownText(boots[0]?.name ?? "a node") : `${boots.length} nodes`}`,
    summary?.ready
      ? `**${markdownText(unit)} was ready ${formatDuration(summary.ready.medianMs)} after userspace began (median of ${summary.ready.boots} boots, ${formatDuration(summary.ready.lowMs)}–${formatDuration(summary.ready.highMs)}).**`
      : undefined,
    ...boots.slice(0, 3).flatMap((boot) => bootParts(boot, unit)),
    boots.length > 3 ? `${boots.length - 3} more boots are in the report.` : undefined,
    ...(advice.length > 0
      ? [
          "#### What would help",
          advice
            .map(
              ({ title, units, onChainMs, savedMs }) =>
                `- ${markdownText(title)}: ${formatDuration(onChainMs)} of the chain${savedMs === undefined ? "" : `, ready ${formatDuration(savedMs)} sooner without it`} (${markdownText(units.slice(0, 4).join(", "))})`,
            )
            .join("\n"),
        ]
      : []),
    ...(comparison
      ? [
          "#### Before and after",
          markdownTable(
            ["", ">before", ">after", ">difference", "interval"],
            [
              ...(comparison.ready ? [differenceRow(`${unit} ready`, comparison.ready)] : []),
              ...comparison.phases.map(({ phase, ...difference }) => differenceRow(phase, difference)),
              ...comparison.units.map(({ unit: name, ...difference }) => differenceRow(name, difference)),
            ],
          ),
        ]
      : []),
  ]);
}

function bootParts({ name, chain }: ReportBoot, unit: string): readonly string[] {
  const longest = [...chain.spans].sort((a, b) => b.durationMs - a.durationMs).slice(0, mostUnits);
  if (longest.length === 0) return [`${markdownText(name)} has no chain of ${markdownText(unit)}.`];
  const when = chain.state === "ready" ? "was ready" : `(${chain.state})`;
  return [
    `#### ${markdownText(name)}: ${markdownText(unit)} ${when} after ${formatDuration(chain.endAtMs)}`,
    markdownTable(
      ["longest on the chain", "what", "class", ">from", ">took"],
      longest.map((span) => [span.unit, span.kind, span.class, formatDuration(span.fromMs), formatDuration(span.durationMs)]),
    ),
  ];
}

function differenceRow(name: string, { beforeMs, afterMs, differenceMs, interval }: MillisecondDifference): readonly string[] {
  const sign = differenceSign(interval);
  return [
    name,
    beforeMs === undefined ? "–" : formatDuration(beforeMs),
    afterMs === undefined ? "–" : formatDuration(afterMs),
    differenceMs === undefined ? "–" : `${differenceText(differenceMs)}${sign ? ` ${sign.sign} ${sign.word}` : ""}`,
    interval ? intervalText(interval) : "",
  ];
}
