/**
 * Quoting and variables as BuildKit's shell lexer reads them (moby/buildkit, frontend/dockerfile/shell/lex.go;
 * docs: Dockerfile reference, "Environment replacement").
 */

/** The value of a variable, or undefined when it has none. */
export type Lookup = (name: string) => string | undefined;

export interface ExpandedWord {
  readonly text: string;
  /** Variables without a value that the text depends on; they were replaced by nothing, as BuildKit does. */
  readonly unset: readonly string[];
}

/** Nested `${a:-${b:-…}}` deeper than this is left as it is written. */
const maxDepth = 20;

/** Removes quotes and escapes and replaces variables. Never throws: what BuildKit would reject stays as written. */
export function expandWord(word: string, lookup: Lookup, escapeCharacter = "\\"): ExpandedWord {
  const unset: string[] = [];
  const state = { text: word, at: 0 };
  const text = expandUntil(state, undefined, { lookup, escapeCharacter, unset, depth: 0 });
  return { text, unset };
}

interface Cursor {
  readonly text: string;
  at: number;
}

interface Settings {
  readonly lookup: Lookup;
  readonly escapeCharacter: string;
  readonly unset: string[];
  readonly depth: number;
}

/** Reads up to `stop` (consumed) or the end. */
function expandUntil(cursor: Cursor, stop: string | undefined, settings: Settings): string {
  const { text } = cursor;
  let result = "";
  while (cursor.at < text.length) {
    const char = text.charAt(cursor.at);
    if (char === stop) {
      cursor.at++;
      return result;
    }
    if (char === "'") {
      const end = text.indexOf("'", cursor.at + 1);
      result += text.slice(cursor.at + 1, end < 0 ? text.length : end);
      cursor.at = end < 0 ? text.length : end + 1;
    } else if (char === '"') {
      cursor.at++;
      result += expandQuoted(cursor, settings);
    } else if (char === "$") {
      result += expandVariable(cursor, settings);
    } else if (char === settings.escapeCharacter) {
      // An escape at the very end stays, as in BuildKit.
      result += cursor.at + 1 < text.length ? text.charAt(cursor.at + 1) : char;
      cursor.at += 2;
    } else {
      result += char;
      cursor.at++;
    }
  }
  return result;
}

function expandQuoted(cursor: Cursor, settings: Settings): string {
  const { text } = cursor;
  let result = "";
  while (cursor.at < text.length) {
    const char = text.charAt(cursor.at);
    if (char === '"') {
      cursor.at++;
      return result;
    }
    if (char === "$") {
      result += expandVariable(cursor, settings);
    } else if (char === settings.escapeCharacter) {
      const next = text.charAt(cursor.at + 1);
      // Inside double quotes only these three can be escaped.
      result += next === '"' || next === "$" || next === settings.escapeCharacter ? next : char + next;
      cursor.at += 2;
    } else {
      result += char;
      cursor.at++;
    }
  }
  return result;
}

const nameStart = /[A-Za-z_]/;
const simpleName = /[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]/y;

function expandVariable(cursor: Cursor, settings: Settings): string {
  const { text } = cursor;
  const start = cursor.at;
  if (text.charAt(start + 1) !== "{") {
    simpleName.lastIndex = start + 1;
    const name = simpleName.exec(text)?.[0];
    if (name === undefined) {
      cursor.at++;
      return "$";
    }
    cursor.at = start + 1 + name.length;
    return nameStart.test(name) ? valueOf(name, settings) : "";
  }
  const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(start + 2, start + 2 + 1024))?.[0];
  if (name === undefined || settings.depth >= maxDepth) {
    cursor.at = text.length;
    return text.slice(start);
  }
  cursor.at = start + 2 + name.length;
  const inner = { ...settings, depth: settings.depth + 1 };
  const operator = /^(?:\}|:?[-+?]|##?|%%?|\/\/?)/.exec(text.slice(cursor.at, cursor.at + 2))?.[0];
  if (operator === undefined) {
    cursor.at = text.length;
    return text.slice(start);
  }
  cursor.at += operator.length;
  if (operator === "}") return valueOf(name, settings);
  const value = settings.lookup(name);
  const isSet = value !== undefined && (operator.startsWith(":") ? value !== "" : true);
  if (operator.endsWith("-") || operator.endsWith("+")) {
    const ignored = { ...inner, unset: [] };
    const wordUsed = operator.endsWith("-") ? !isSet : isSet;
    const word = expandUntil(cursor, "}", wordUsed ? inner : ignored);
    if (wordUsed) return word;
    return operator.endsWith("-") ? (value ?? "") : "";
  }
  if (operator.endsWith("?")) {
    expandUntil(cursor, "}", { ...inner, unset: [] });
    return valueOf(name, settings);
  }
  const pattern = expandUntil(cursor, operator.startsWith("/") ? "/" : "}", inner);
  const replacement = operator.startsWith("/") ? expandUntil(cursor, "}", inner) : "";
  return edit(valueOf(name, settings), operator, pattern, replacement);
}

function valueOf(name: string, settings: Settings): string {
  const value = settings.lookup(name);
  if (value === undefined) settings.unset.push(name);
  return value ?? "";
}

/** `${x#pattern}` and its kin; `*` and `?` are the only wildcards. */
function edit(value: string, operator: string, pattern: string, replacement: string): string {
  if (value.length > 4096 || pattern.length > 256) return value;
  const matches = (text: string): boolean => wildcardMatches(pattern, text);
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
  switch (operator) {
    case "#":
    case "##": {
      const order = operator === "#" ? lengths : lengths.reverse();
      const length = order.find((candidate) => matches(value.slice(0, candidate)));
      return length === undefined ? value : value.slice(length);
    }
    case "%":
    case "%%": {
      const order = operator === "%" ? lengths : lengths.reverse();
      const length = order.find((candidate) => matches(value.slice(value.length - candidate)));
      return length === undefined ? value : value.slice(0, value.length - length);
    }
    default:
      return replace(value, pattern, replacement, operator === "//", matches);
  }
}

function replace(value: string, pattern: string, replacement: string, all: boolean, matches: (text: string) => boolean): string {
  if (value.length > 512 || pattern === "") return value;
  let result = "";
  let at = 0;
  while (at < value.length) {
    let end = value.length;
    while (end > at && !matches(value.slice(at, end))) end--;
    if (end === at) {
      result += value.charAt(at++);
      continue;
    }
    result += replacement;
    at = end;
    if (!all) break;
  }
  return result + value.slice(at);
}

/** Whether `*` and `?` in the pattern make it fit the whole text. Linear in their product, whatever the pattern. */
export function wildcardMatches(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let afterStar = 0;
  while (at < text.length) {
    const char = pattern.charAt(inPattern);
    if (char === "*") {
      star = inPattern++;
      afterStar = at;
    } else if (inPattern < pattern.length && (char === "?" || char === text.charAt(at))) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++afterStar;
    } else {
      return false;
    }
  }
  while (pattern.charAt(inPattern) === "*") inPattern++;
  return inPattern === pattern.length;
}

/** Splits at blanks outside of quotes; quotes, escapes and variables stay as written. */
export function splitWords(text: string, escapeCharacter = "\\"): string[] {
  const words: string[] = [];
  let word = "";
  let inWord = false;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (!quote && (char === " " || char === "\t" || char === "\n" || char === "\r")) {
      if (inWord) words.push(word);
      word = "";
      inWord = false;
      continue;
    }
    inWord = true;
    word += char;
    if (char === escapeCharacter && quote !== "'" && at + 1 < text.length) word += text.charAt(++at);
    else if (quote ? char === quote : char === '"' || char === "'") quote = quote ? "" : char;
  }
  if (inWord) words.push(word);
  return words;
}

/** The exec form: a JSON array of strings; undefined for the shell form. */
export function execForm(argumentText: string): readonly string[] | undefined {
  const text = argumentText.trim();
  if (!text.startsWith("[")) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed) && parsed.every((item) => typeof item === "string")) return parsed;
  } catch {
    // Not JSON: BuildKit takes the text as shell form as well.
  }
  return undefined;
}

/** The `NAME=value` pairs of ENV, ARG and LABEL, values not replaced; also ENV's old form with a blank. */
export function nameValues(argumentText: string, escapeCharacter = "\\"): { readonly name: string; readonly value: string | undefined }[] {
  const words = splitWords(argumentText, escapeCharacter);
  const first = words[0];
  if (first === undefined) return [];
  if (!first.includes("=") && words.length > 1) {
    return [{ name: first, value: argumentText.trimStart().slice(first.length).trim() }];
  }
  return words.map((word) => {
    const equals = word.indexOf("=");
    return equals < 0 ? { name: word, value: undefined } : { name: word.slice(0, equals), value: word.slice(equals + 1) };
  });
}
