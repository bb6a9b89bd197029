import type { TracedSet } from "./tracedSet.ts";

/** Takes a trace line by line, without the line ends, and says at the end what it was. Never throws on what a line holds. */
export interface LineReader {
  line(text: string): void;
  end(): TracedSet;
}

/** One form of a trace that is read line by line. */
export interface LineFormat {
  /** How many of these lines, the first of a trace, are of this form. Empty lines are not among them. */
  recognized(sample: readonly string[]): number;
  reader(): LineReader;
}

/** How many of the lines match; what most forms need to know. */
export function matching(sample: readonly string[], pattern: RegExp): number {
  return sample.reduce((count, line) => count + (pattern.test(line) ? 1 : 0), 0);
}
