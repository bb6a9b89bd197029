import type { Command } from "../walk.ts";

/** A Python command line, taken apart as `python --help` describes it. */
export interface PythonArguments {
  /** Exactly one of the next three, or none: then Python reads standard input. */
  readonly module?: string;
  readonly code?: string;
  readonly script?: string;
  /** What stands behind it. */
  readonly rest: readonly string[];
  /** `-E` or `-I`. */
  readonly ignoresEnvironment: boolean;
  /** `-S`: no site, hence no site-packages. */
  readonly skipsSite: boolean;
  /** `-s` or `-I`. */
  readonly skipsUserSite: boolean;
  /** `-P`, `-I` or PYTHONSAFEPATH: neither the script's folder nor the working directory is searched. */
  readonly isSafePath: boolean;
  /** `-i`, `--version` and the like never start a program. */
  readonly onlyPrints: boolean;
}

export function pythonArguments(command: Command): PythonArguments {
  const words = command.argv.slice(1);
  const flags = new Set<string>();
  let at = 0;
  let started: Pick<PythonArguments, "module" | "code" | "script"> = {};
  for (; at < words.length; at++) {
    const word = words[at] as string;
    if (word === "-" || !word.startsWith("-")) {
      started = word === "-" ? {} : { script: word };
      at++;
      break;
    }
    if (word.startsWith("--")) {
      if (word === "--version" || word === "--help") flags.add("V");
      if (word === "--check-hash-based-pycs") at++;
      continue;
    }
    const parsed = shortOptions(word, words[at + 1]);
    for (const flag of parsed.flags) flags.add(flag);
    if (parsed.takesNext) at++;
    if (parsed.started !== undefined) {
      started = parsed.started;
      at++;
      break;
    }
  }
  const isolated = flags.has("I");
  return {
    ...started,
    rest: words.slice(at),
    ignoresEnvironment: isolated || flags.has("E"),
    skipsSite: flags.has("S"),
    skipsUserSite: isolated || flags.has("s"),
    isSafePath: isolated || flags.has("P") || (command.env.get("PYTHONSAFEPATH") ?? "") !== "",
    onlyPrints: flags.has("V") || flags.has("h"),
  };
}

interface ShortOptions {
  readonly flags: readonly string[];
  readonly takesNext: boolean;
  readonly started?: Pick<PythonArguments, "module" | "code">;
}

/** `-uBm` is `-u -B -m`; the value of m, c, W and X may stand in the same word. */
function shortOptions(word: string, next: string | undefined): ShortOptions {
  const flags: string[] = [];
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] as string;
    if (letter === "m" || letter === "c" || letter === "W" || letter === "X") {
      const isInWord = at + 1 < word.length;
      const value = isInWord ? word.slice(at + 1) : next;
      const started = value === undefined ? undefined : letter === "m" ? { module: value } : letter === "c" ? { code: value } : undefined;
      return { flags, takesNext: !isInWord, ...(started !== undefined && { started }) };
    }
    flags.push(letter);
  }
  return { flags, takesNext: false };
}
