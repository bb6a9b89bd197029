import type { Parameter } from "./pythonFact.ts";

const most = 60;

/** The parameters in `(self, name: str = "x", *, key=None) -> Type:`; `*args` and `**options` take any argument and are left out. */
export function parametersOf(header: string): readonly Parameter[] {
  const open = header.indexOf("(");
  return open < 0 ? [] : partsOf(header, open + 1).flatMap((part) => parameterOf(part));
}

function parameterOf(part: string): readonly Parameter[] {
  const name = /^(?:\s|#[^\n]*\n)*([\p{L}_][\p{L}\p{N}_]*)/u.exec(part)?.[1];
  if (name === undefined) return [];
  const equals = outerIndex(part, "=");
  const fallback = equals < 0 ? "" : part.slice(equals + 1).trim();
  return [fallback === "" ? [name] : [name, fallback]];
}

/** Splits at commas outside of brackets and strings, up to the closing bracket. */
function partsOf(text: string, start: number): readonly string[] {
  const parts: string[] = [];
  let from = start;
  const end = start + outerEnd(text.slice(start));
  while (from < end && parts.length < most) {
    const comma = outerIndex(text.slice(from, end), ",");
    parts.push(text.slice(from, comma < 0 ? end : from + comma));
    if (comma < 0) break;
    from += comma + 1;
  }
  return parts;
}

function outerEnd(text: string): number {
  const end = outerIndex(text, ")");
  return end < 0 ? text.length : end;
}

/** Where the character first stands outside of brackets, strings and comments; -1 when nowhere. */
function outerIndex(text: string, wanted: string): number {
  let depth = 0;
  for (const match of text.matchAll(/#[^\n]*|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|[^]/g)) {
    const token = match[0];
    if (depth === 0 && token === wanted) return match.index;
    if (token === "(" || token === "[" || token === "{") depth++;
    else if (token === ")" || token === "]" || token === "}") depth--;
  }
  return -1;
}
