/**
 * `.dockerignore` by moby's patternmatcher, whose rules are not gitignore's: every pattern starts at the root of the context,
 * `*` and `?` never match a slash, the last matching line wins, and what lies in an ignored folder is ignored with it.
 */
export interface Dockerignore {
  /** `path` is relative to the context, with slashes. */
  ignores(path: string): boolean;
}

/** Longer files are cut off here; each pattern is tried for each path. */
const maxPatterns = 2_000;

export function parseDockerignore(text: string): Dockerignore {
  const patterns: { readonly negated: boolean; readonly steps: readonly Step[] }[] = [];
  for (const line of text.replace(/^\ufeff/, "").split(/\r?\n/)) {
    if (line.startsWith("#") || patterns.length >= maxPatterns) continue;
    const trimmed = line.trim();
    const negated = trimmed.startsWith("!");
    const pattern = cleanPath(negated ? trimmed.slice(1).trim() : trimmed);
    if (trimmed === "" || pattern === "" || pattern === ".") continue;
    const steps = toSteps(pattern);
    if (steps) patterns.push({ negated, steps });
  }
  return {
    ignores(path) {
      const cleaned = cleanPath(path);
      let ignored = false;
      for (const { negated, steps } of patterns) {
        if (ignored === negated && matches(steps, cleaned)) ignored = !negated;
      }
      return ignored;
    },
  };
}

/** As Go's filepath.Clean, and relative. */
function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** One step of a pattern: a test for one character, or a wildcard for several. */
type Step = ((char: string) => boolean) | "star" | "folders" | "rest";

/** Undefined for a malformed class: Docker refuses the whole file, here the line says nothing. */
function toSteps(pattern: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === "*" && pattern.charAt(at + 1) === "*") {
      while (pattern.charAt(at + 1) === "*") at++;
      if (pattern.charAt(at + 1) === "/") at++;
      steps.push(at + 1 >= pattern.length ? "rest" : "folders");
    } else if (char === "*") steps.push("star");
    else if (char === "?") steps.push((one) => one !== "/");
    else if (char === "[") {
      const end = pattern.indexOf("]", at + 2);
      const step = end < 0 ? undefined : classStep(pattern.slice(at + 1, end));
      if (!step) return undefined;
      steps.push(step);
      at = end;
    } else {
      const literal = char === "\\" && at + 1 < pattern.length ? pattern.charAt(++at) : char;
      steps.push((one) => one === literal);
    }
  }
  return steps;
}

function classStep(content: string): Step | undefined {
  try {
    const expression = new RegExp(`^[${content.replace(/[\\[]/g, "\\$&")}]$`);
    return (one) => expression.test(one);
  } catch {
    return undefined;
  }
}

/** Whether the pattern fits the path or a folder that it lies in. Follows all ways through the pattern at once, so that no pattern takes longer than its length times the path's. */
function matches(steps: readonly Step[], path: string): boolean {
  // State 2i: before step i. State 2i + 1: inside the folders that step i stands for.
  let states = new Set<number>();
  const enter = (into: Set<number>, index: number): void => {
    for (let next = index; ; next++) {
      into.add(2 * next);
      const step = steps[next];
      if (step === undefined || typeof step === "function") return;
    }
  };
  enter(states, 0);
  const end = 2 * steps.length;
  for (const char of path) {
    if (char === "/" && states.has(end)) return true;
    const next = new Set<number>();
    for (const state of states) {
      const index = state >> 1;
      const step = steps[index];
      if (step === "folders") {
        next.add(2 * index + 1);
        if (char === "/") enter(next, index + 1);
      } else if (step === "rest" || (step === "star" && char !== "/")) enter(next, index);
      else if (typeof step === "function" && step(char)) enter(next, index + 1);
    }
    states = next;
  }
  return states.has(end);
}
