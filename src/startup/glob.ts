import type { FileCatalog } from "../facts/fileCatalog.ts";

const maxMatches = 2000;

/**
 * Whether a name fits a shell pattern of `*`, `?` and `[…]` (fnmatch(3) without FNM_PATHNAME); a backslash takes the next
 * character as it is. Own code, since patterns come from images and a regular expression could backtrack without end:
 * this takes at most pattern × name steps.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let starAt = -1;
  let starName = 0;
  while (n < name.length) {
    if (pattern[p] === "*") {
      starAt = p++;
      starName = n;
      continue;
    }
    const next = matchOne(pattern, p, name[n] as string);
    if (next >= 0) {
      p = next;
      n++;
    } else if (starAt >= 0) {
      p = starAt + 1;
      n = ++starName;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p >= pattern.length;
}

/** The pattern position after the element at `p` if it takes this character, else -1. */
function matchOne(pattern: string, p: number, char: string): number {
  if (p >= pattern.length) return -1;
  const element = pattern[p] as string;
  if (element === "?") return p + 1;
  if (element === "\\" && p + 1 < pattern.length) return pattern[p + 1] === char ? p + 2 : -1;
  if (element !== "[") return element === char ? p + 1 : -1;
  const negated = pattern[p + 1] === "!" || pattern[p + 1] === "^";
  const close = closingBracket(pattern, p + (negated ? 2 : 1));
  if (close < 0) return char === "[" ? p + 1 : -1;
  return inClass(pattern.slice(p + (negated ? 2 : 1), close), char) !== negated ? close + 1 : -1;
}

const classes: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /\s/,
  xdigit: /[0-9A-Fa-f]/,
  punct: /[!-/:-@[-`{-~]/,
};

/** A `]` that comes first, and those of `[:digit:]`, belong to the set. */
function closingBracket(pattern: string, start: number): number {
  for (let at = start; at < pattern.length; at++) {
    const named = pattern.startsWith("[:", at) ? pattern.indexOf(":]", at + 2) : -1;
    if (named > 0) at = named + 1;
    else if (pattern[at] === "]" && at > start) return at;
  }
  return -1;
}

function inClass(set: string, char: string): boolean {
  for (let i = 0; i < set.length; i++) {
    const named = set.startsWith("[:", i) ? set.indexOf(":]", i + 2) : -1;
    if (named > 0) {
      if (classes[set.slice(i + 2, named)]?.test(char)) return true;
      i = named + 1;
    } else if (set[i + 1] === "-" && i + 2 < set.length) {
      if (char >= (set[i] as string) && char <= (set[i + 2] as string)) return true;
      i += 2;
    } else if (set[i] === char) return true;
  }
  return false;
}

export function hasGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

/** The paths that a pattern names, in the shell's order; names that start with a dot only when the pattern's do. Absolute patterns only. */
export function globPaths(catalog: FileCatalog, pattern: string): readonly string[] {
  let folders = [""];
  for (const part of pattern.split("/")) {
    if (part === "" || part === ".") continue;
    const next: string[] = [];
    for (const folder of folders) {
      if (!hasGlob(part)) {
        if (catalog.resolve(`${folder}/${part}`)) next.push(`${folder}/${part}`);
        continue;
      }
      const names = catalog
        .list(folder || "/")
        .filter((name) => (!name.startsWith(".") || part.startsWith(".")) && matchesGlob(part, name));
      for (const name of [...names].sort()) {
        if (next.length < maxMatches) next.push(`${folder}/${name}`);
      }
    }
    folders = next;
  }
  return folders.filter((path) => path !== "");
}
