import type { Problem } from "../../base/text.ts";
import { visibleText } from "../visibleText.ts";

/** A plan's text and what is worth a look, for a dialog: without columns, which only fixed widths keep straight. */
export function confirmText(planText: string, problems: readonly Problem[]): string {
  const rows = planText.split("\n").slice(1);
  const lines = rows.flatMap((row) => {
    const match = /^ {2}(\S.*?)? {2,}(\S.*)$/.exec(row);
    if (!match) return [];
    const [, name, text = ""] = match;
    const words = visibleText(text.replace(/ {2,}/g, ": "), 400);
    return [name === undefined ? `      ${words}` : `${capital(name)}: ${words}`];
  });
  const warnings = problems.filter(({ severity }) => severity === "warning").map(({ message }) => `▲ ${visibleText(message, 400)}`);
  const notes = problems.filter(({ severity }) => severity === "info").map(({ message }) => visibleText(message, 400));
  return [lines, warnings, notes]
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n");
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
