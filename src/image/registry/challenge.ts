/** One way of authorization that a server offers (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** Lower case: `basic`, `bearer`. */
  readonly scheme: string;
  /** By lower-case name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads the values of WWW-Authenticate headers, each of which may hold several challenges. What breaks the format is skipped. */
export function parseChallenges(headerValues: readonly string[]): readonly Challenge[] {
  return headerValues.flatMap((value) => parseOne(value.slice(0, 16_384)));
}

const tokenPattern = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const parameterPattern = /\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/y;

function parseOne(value: string): Challenge[] {
  const challenges: Challenge[] = [];
  let at = 0;
  while (at < value.length) {
    at = skip(value, at, /[\s,]*/y);
    tokenPattern.lastIndex = at;
    const scheme = tokenPattern.exec(value)?.[0];
    if (scheme === undefined) break;
    at += scheme.length;
    const parameters = new Map<string, string>();
    for (;;) {
      parameterPattern.lastIndex = at;
      const match = parameterPattern.exec(value);
      if (!match) break;
      parameters.set((match[1] as string).toLowerCase(), match[2]?.replace(/\\(.)/g, "$1") ?? match[3] ?? "");
      at = skip(value, at + match[0].length, /[\s,]*/y);
    }
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
    // What is neither a parameter nor, after a comma, the next scheme.
    if (!value.slice(0, at).trimEnd().endsWith(",")) at = skip(value, at, /[^,]*/y);
  }
  return challenges;
}

function skip(value: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(value)?.[0].length ?? 0);
}
