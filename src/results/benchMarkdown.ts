import { foreignLine } from "../base/foreignText.ts";
import { verdictOf } from "../bench/verdict.ts";
import { benchSetting } from "./benchSetting.ts";
import { benchTables, type BenchTable } from "./benchTables.ts";
import type { ReportBench } from "./document.ts";

/** The benchmark for a pull request: the verdict, tables, and the setting folded away. */
export function benchMarkdown(bench: ReportBench): string {
  const { run, summary } = bench;
  const [answer = "", ...rest] = verdictOf(summary);
  return [
    `### Cold start of ${markdownText(run.plan.name)}`,
    `**${markdownText(answer)}**`,
    ...(rest.length > 0 ? [rest.map((sentence) => `- ${markdownText(sentence)}`).join("\n")] : []),
    ...benchTables(bench).map(tableText),
    `<details><summary>Setting</summary>\n\n${benchSetting(run)
      .map(([name, value]) => `- ${markdownText(name)}: ${markdownText(value)}`)
      .join("\n")}\n\n</details>`,
    ...(summary.problems.length > 0 ? [summary.problems.map(({ message }) => `- ${markdownText(message)}`).join("\n")] : []),
  ]
    .map((part) => `${part}\n`)
    .join("\n");
}

function tableText({ title, columns, rows, note }: BenchTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => markdownText(cell.trim())).join(" | ")} |`;
  return [
    `#### ${markdownText(title)}`,
    "",
    line(columns.map((column) => column.replace(/^>/, ""))),
    `|${columns.map((column) => (column.startsWith(">") ? "---:" : "---")).join("|")}|`,
    ...rows.map(line),
    ...(note === undefined ? [] : ["", markdownText(note)]),
  ].join("\n");
}

/**
 * Text of strangers as words and nothing else: no markup, HTML, links, mentions or references to issues. Entities, since a backslash
 * before a letter would show.
 */
export function markdownText(text: string): string {
  return foreignLine(text, 1000)
    .replace(/[&<>\\`*_~[\]|#@!$]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replace(/\b(https?|ftp|mailto):/gi, "$1&#58;")
    .replace(/\bwww\./gi, "www&#46;");
}
