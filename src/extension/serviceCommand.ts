import type { ResolvedCommand } from "../startup/startupSet.ts";

/** The command that is the service itself: the last one that is likely to be reached. */
export function serviceCommand(commands: readonly ResolvedCommand[]): ResolvedCommand | undefined {
  return commands.findLast((command) => command.probability >= 0.5) ?? commands.at(-1);
}

/** Words as a person would type them; those that only running would tell are shown as `…`. */
export function commandWords(argv: readonly string[]): string {
  return argv.map((word) => (word.includes("\u0000") ? "…" : /^$|\s/.test(word) ? `"${word}"` : word)).join(" ");
}
