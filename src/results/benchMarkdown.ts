import { verdictOf } from "../bench/verdict.ts";
import { benchSetting } from "./benchSetting.ts";
import { benchTables, type BenchTable } from "./benchTables.ts";
import type { ReportBench } from "./document.ts";
import { markdownParts, markdownTable, markdownText } from "./markdownText.ts";

/** The benchmark for a pull request: the verdict, tables, and the setting folded away. */
export function benchMarkdown(bench: ReportBench): string {
  const { run, summary } = bench;
  const [answer = "", ...rest] = verdictOf(summary);
  return markdownParts([
    `### Cold start of ${markdownText(run.plan.name)}`,
    `**${markdownText(answer)}**`,
    ...(rest.length > 0 ? [rest.map((sentence) => `- ${markdownText(sentence)}`).join("\n")] : []),
    ...benchTables(bench).map(tableText),
    `<details><summary>Setting</summary>\n\n${benchSetting(run)
      .map(([name, value]) => `- ${markdownText(name)}: ${markdownText(value)}`)
      .join("\n")}\n\n</details>`,
    ...(summary.problems.length > 0 ? [summary.problems.map(({ message }) => `- ${markdownText(message)}`).join("\n")] : []),
  ]);
}

function tableText({ title, columns, rows, note }: BenchTable): string {
  const table = markdownTable(columns, rows);
  return [`#### ${markdownText(title)}`, "", table, ...(note === undefined ? [] : ["", markdownText(note)])].join("\n");
}
