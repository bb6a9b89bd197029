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
  const patterns: { readonly negated: boolean; readonly expression: RegExp }[] = [];
  for (const line of text.replace(/^\ufeff/, "").split(/\r?\n/)) {
    if (line.startsWith("#") || patterns.length >= maxPatterns) continue;
    const trimmed = line.trim();
    const negated = trimmed.startsWith("!");
    const pattern = cleanPath(negated ? trimmed.slice(1).trim() : trimmed);
    if (trimmed === "" || pattern === "" || pattern === ".") continue;
    const expression = toExpression(pattern);
    if (expression) patterns.push({ negated, expression });
  }
  return {
    ignores(path) {
      const prefixes = prefixesOf(cleanPath(path));
      let ignored = false;
      for (const { negated, expression } of patterns) {
        if (ignored === negated && prefixes.some((prefix) => expression.test(prefix))) ignored = !negated;
      }
      return ignored;
    },
  };
}

/** The path and the folders that it lies in. */
function prefixesOf(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
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

function toExpression(pattern: string): RegExp | undefined {
  let source = "^";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === "*" && pattern.charAt(at + 1) === "*") {
      while (pattern.charAt(at + 1) === "*") at++;
      if (pattern.charAt(at + 1) === "/") at++;
      source += at + 1 >= pattern.length ? ".*" : "(?:.*/)?";
    } else if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "\\" && at + 1 < pattern.length) source += escaped(pattern.charAt(++at));
    else if (char === "[") {
      const end = pattern.indexOf("]", at + 2);
      if (end < 0) return undefined;
      source += `[${pattern.slice(at + 1, end).replace(/[\\[]/g, "\\$&")}]`;
      at = end;
    } else source += escaped(char);
  }
  try {
    return new RegExp(`${source}$`);
  } catch {
    // A malformed class, for example; Docker refuses the file, here the line says nothing.
    return undefined;
  }
}

function escaped(char: string): string {
  return /[.*+?^${}()|[\]\\/]/.test(char) ? `\\${char}` : char;
}
