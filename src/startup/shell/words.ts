import type { BraceExpansionPart, ParsedScript, Word, WordPart } from "unbash";
import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { globPaths, hasGlob } from "../glob.ts";
import { joinPath, withoutTrailing } from "../paths.ts";
import { unknownWord } from "../walk.ts";
import { arithmetic } from "./arithmetic.ts";
import { expandParameter } from "./parameters.ts";
import { isUnknown, valueOf, type ShellPath } from "./shellPath.ts";

/** What expansion needs beside the path itself. */
export interface Expander {
  readonly catalog: FileCatalog;
  readonly uid: number;
  /** Evaluates `$(…)` and gives its output. */
  substitute(script: ParsedScript | undefined, path: ShellPath): string;
}

const maxFields = 500;
const maxWordLength = 131_072;

interface Field {
  text: string;
  /** The text with quoted pattern characters escaped. */
  pattern: string;
  /** Whether it is a word even when it is empty. */
  quoted: boolean;
}

/** The fields of a word: expanded, split and matched against the image's files, as for a command's arguments. */
export function expandWord(word: Word, path: ShellPath, expander: Expander): string[] {
  return withoutBraces(word.parts).flatMap((parts) =>
    fieldsOf(word, parts, path, expander).flatMap((field) => {
      if (field.text === "" && !field.quoted) return [];
      if (isUnknown(field.text) || !hasGlob(withoutEscapes(field.pattern))) return [field.text];
      const absolute = field.pattern.startsWith("/");
      const found = globPaths(expander.catalog, absolute ? field.pattern : joinPath(path.cwd, field.pattern));
      if (found.length === 0) return [field.text];
      return absolute ? [...found] : found.map((one) => one.slice(path.cwd === "/" ? 1 : path.cwd.length + 1));
    }),
  );
}

export function expandWords(words: readonly Word[], path: ShellPath, expander: Expander): string[] {
  const fields: string[] = [];
  for (const word of words) {
    if (fields.length > maxFields) break;
    fields.push(...expandWord(word, path, expander));
  }
  return fields.slice(0, maxFields);
}

/** A word where nothing is split or matched: assignments, `case`, redirections. */
export function expandText(word: Word | undefined, path: ShellPath, expander: Expander): string {
  return word
    ? fieldsOf(word, word.parts, path, expander, false)
        .map(({ text }) => text)
        .join(" ")
    : "";
}

/** A word as a pattern: what was quoted stands for itself. Undefined when it cannot be known. */
export function expandPattern(word: Word, path: ShellPath, expander: Expander): readonly string[] | undefined {
  const alternatives = word.parts?.length === 1 && word.parts[0]?.type === "ExtendedGlob" ? word.parts[0] : undefined;
  if (alternatives && "@?".includes(alternatives.operator) && !alternatives.pattern.includes("(")) {
    return [...alternatives.pattern.split("|"), ...(alternatives.operator === "?" ? [""] : [])];
  }
  const pattern = fieldsOf(word, word.parts, path, expander, false)
    .map((field) => field.pattern)
    .join(" ");
  return isUnknown(pattern) ? undefined : [pattern];
}

function fieldsOf(word: Word, parts: readonly WordPart[] | undefined, path: ShellPath, expander: Expander, split = true): Field[] {
  const fields: Field[] = [];
  let current: Field | undefined;
  const field = (): Field => (current ??= { text: "", pattern: "", quoted: false });
  const end = (): void => {
    if (current) fields.push(current);
    current = undefined;
  };
  const add = (text: string, quoted: boolean): void => {
    const into = field();
    if (into.text.length > maxWordLength) return;
    into.text += text;
    into.pattern += quoted ? escapeGlob(text) : text;
    into.quoted ||= quoted;
  };
  /** The values of an expansion: each but the last ends a field. */
  const addEach = (values: readonly string[], quoted: boolean): void => {
    values.forEach((value, index) => {
      if (index > 0 && fields.length < maxFields) end();
      add(value, quoted);
    });
  };

  function part(one: WordPart, quoted: boolean): void {
    switch (one.type) {
      case "Literal":
        add(fields.length === 0 && !current && !quoted ? tilde(one.value, path) : one.value, quoted || one.text.includes("\\"));
        break;
      case "SingleQuoted":
      case "AnsiCQuoted":
        add(one.value, true);
        break;
      case "DoubleQuoted":
      case "LocaleString": {
        // `"$@"` without arguments is no word at all.
        if (one.parts.length !== 1 || !isAllArguments(one.parts[0]?.text)) add("", true);
        for (const inner of one.parts) part(inner, true);
        break;
      }
      case "SimpleExpansion":
      case "ParameterExpansion": {
        const values = expandParameter(one, path, quoted, (inner) => expandText(inner, path, expander), expander.uid);
        addEach(quoted || !split ? values : values.flatMap(splitField), quoted);
        break;
      }
      case "CommandExpansion": {
        const output = withoutTrailing(expander.substitute(one.script, path), "\n");
        addEach(quoted || !split ? [output] : splitField(output), quoted);
        break;
      }
      case "ArithmeticExpansion": {
        const value = arithmetic(one.expression, path);
        add(value === undefined ? unknownWord : String(value), quoted);
        break;
      }
      case "ProcessSubstitution":
        expander.substitute(one.script, path);
        add("/dev/fd/63", true);
        break;
      case "Glob":
        add(one.value, quoted);
        break;
      case "ExtendedGlob":
        add(split ? one.text : unknownWord, true);
        break;
      case "BraceExpansion":
        add(one.text, true);
        break;
    }
  }

  if (!parts) add(tilde(word.value, path), word.text !== word.value);
  else for (const one of parts) part(one, false);
  end();
  return fields;
}

function isAllArguments(text: string | undefined): boolean {
  return text === "$@" || text === "${@}" || /^\$\{@:\d+\}$/.test(text ?? "") || /^\$\{\w+\[@\](:\d+)?\}$/.test(text ?? "");
}

/** IFS is taken as it is by default; scripts that change it do so around single reads. */
function splitField(value: string): string[] {
  if (isUnknown(value)) return [value];
  return value.split(/[ \t\n]+/).filter((piece) => piece !== "");
}

function tilde(text: string, path: ShellPath): string {
  return text === "~" || text.startsWith("~/") ? (valueOf(path, "HOME") ?? "~") + text.slice(1) : text;
}

function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\]/g, "\\$&");
}

function withoutEscapes(pattern: string): string {
  return pattern.replace(/\\./g, "");
}

/** `a{b,c}d` is two words before anything else happens; nested and stepped lists are left as they are. */
function withoutBraces(parts: readonly WordPart[] | undefined): (readonly WordPart[] | undefined)[] {
  const at = parts?.findIndex((part) => part.type === "BraceExpansion") ?? -1;
  if (!parts || at < 0) return [parts];
  const alternatives = bracesOf(parts[at] as BraceExpansionPart);
  return alternatives.flatMap((value) => {
    const literal: WordPart = { type: "SingleQuoted", pos: 0, end: 0, value, text: value };
    const rest = withoutBraces(parts.slice(at + 1)).slice(0, 50);
    return rest.map((tail) => [...parts.slice(0, at), literal, ...(tail ?? [])]);
  });
}

function bracesOf({ text }: BraceExpansionPart): string[] {
  const [, from, to] = /^\{(-?\d{1,6})\.\.(-?\d{1,6})\}$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) {
    const step = Number(from) <= Number(to) ? 1 : -1;
    return Array.from({ length: Math.min(100, Math.abs(Number(to) - Number(from)) + 1) }, (_, i) => String(Number(from) + i * step));
  }
  const inner = text.slice(1, -1);
  return /[{}$"'`\\]/.test(inner) || !inner.includes(",") ? [text] : inner.split(",").slice(0, 50);
}
