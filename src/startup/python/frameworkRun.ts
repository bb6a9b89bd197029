import type { ImportWalk } from "./importWalk.ts";

/** A program of a framework that is started, and what its loaders have in common. */
export interface FrameworkRun {
  readonly imports: ImportWalk;
  /** The console script's or module's name. */
  readonly program: string;
  /** The words behind it, `--name=value` split in two. */
  readonly words: readonly string[];
  readonly reason: string;
}

/** How likely what a framework always loads is opened: a version may do without it. */
export const share = 0.95;

/** What a word that may name an application looks like: `module` or `module:attribute`. */
export const applicationWord = /^[A-Za-z_][\w.]*(:[\w.()]+)?$/;

/** Imports a module for the framework's reason; false when there is none of that name. */
export function loadFor(run: FrameworkRun, module: string, probability: number): boolean {
  return run.imports.importModule(module, probability, "py-framework", `${run.program}: ${run.reason}`);
}

/** The value behind any of these options. */
export function option(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    if (names.includes(word)) return words[at + 1];
    const short = names.find((name) => name.length === 2 && word.startsWith(name) && word.length > 2 && !word.startsWith("--"));
    if (short !== undefined) return word.slice(2);
  }
  return undefined;
}
