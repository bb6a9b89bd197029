import { formatFraction } from "../../src/base/format.ts";
import type { PanelReport } from "../../src/protocol/messages.ts";
import { el } from "../dom.ts";

const severitySigns = { error: "✕", warning: "▲", info: "•" } as const;
const mostProblems = 50;

/** What the container runs, in order. */
export function commands(report: PanelReport): Node[] {
  const { commands } = report.estimate;
  if (commands.length === 0)
    return [el("h2", {}, "What runs"), el("p", {}, "The image names no command, so nothing is known of its startup.")];
  const rows = commands.map((command) =>
    el(
      "li",
      {},
      el("code", {}, command.argv.map(shownWord).join(" ")),
      " ",
      el(
        "span",
        { class: "dim" },
        [
          command.executable ?? "▲ not in the image",
          command.probability < 0.995 ? `runs in ${formatFraction(command.probability)} of cases` : "",
        ]
          .filter(Boolean)
          .join(" · "),
      ),
    ),
  );
  return [
    el("h2", {}, "What runs ", el("span", { class: "dim" }, "as far as it can be told without running it")),
    el("ol", { class: "commands" }, ...rows),
  ];
}

/** Flags and problems: why the truth may differ. */
export function uncertainties(report: PanelReport): Node[] {
  const { flags } = report.estimate;
  const { problems } = report;
  if (flags.length + problems.length === 0) return [];
  const lines = [
    ...flags.map((flag) => el("li", {}, el("span", { class: "sign-warning", "aria-hidden": "true" }, "▲ "), flag.message)),
    ...problems
      .slice(0, mostProblems)
      .map((problem) =>
        el(
          "li",
          {},
          el("span", { class: `sign-${problem.severity}`, "aria-hidden": "true" }, `${severitySigns[problem.severity]} `),
          problem.message,
        ),
      ),
  ];
  if (problems.length > mostProblems) lines.push(el("li", { class: "dim" }, `and ${problems.length - mostProblems} more`));
  return [el("h2", {}, "Why the truth may differ"), el("ul", { class: "notes" }, ...lines)];
}

/** An unknown word is sent as NUL and `?`; other control characters would be invisible. */
function shownWord(word: string): string {
  if (word.startsWith("\u0000")) return "‹unknown›";
  const visible = word.replace(/\p{Cc}/gu, "␣");
  return visible === "" || /\s/.test(visible) ? `"${visible}"` : visible;
}
