import type { ParameterExpansionPart, ParameterOperation, SimpleExpansionPart, Word } from "unbash";
import { matchesGlob } from "../glob.ts";
import { unknownWord } from "../walk.ts";
import { assign, isUnknown, type ShellPath } from "./shellPath.ts";

/** Beyond this length of a value nothing is replaced in it: a script could grow it without end. */
const maxLength = 1_000_000;

/**
 * `$x` and `${x…}`: a list of values, several only for `$@`, `$*` and arrays (POSIX.1-2024 shell 2.6.2 and bash's additions).
 * `text` expands the operand.
 */
export function expandParameter(
  part: SimpleExpansionPart | ParameterExpansionPart,
  path: ShellPath,
  quoted: boolean,
  text: (word: Word) => string,
  uid: number,
): readonly string[] {
  if (part.type === "SimpleExpansion") return present(plainValues(part.text.slice(1), path, quoted, uid), quoted, part.text.slice(1));
  const { parameter, prefix, index, operation } = part;
  const where = index && text(index);
  let values = where === undefined ? plainValues(parameter, path, quoted, uid) : elements(parameter, where, path);
  if (prefix === "#")
    return [values?.some(isUnknown) ? unknownWord : String(isList(parameter, where) ? (values ?? []).length : (values?.[0] ?? "").length)];
  if (prefix === "!") {
    if (operation?.type === "Names") return [unknownWord];
    const name = values?.[0] ?? "";
    values = isUnknown(name) ? [unknownWord] : /^\w+$/.test(name) ? plainValues(name, path, quoted, uid) : undefined;
  }
  const result = operation ? operate(operation, values, parameter, path, text, isList(parameter, where)) : values;
  return present(result, quoted, where === undefined ? parameter : `[${where}]`);
}

function isList(parameter: string, where: string | undefined): boolean {
  return parameter === "@" || parameter === "*" || where === "@" || where === "*";
}

/** `"$*"` is one word; an unset scalar is one empty word when quoted and none otherwise. */
function present(values: readonly string[] | undefined, quoted: boolean, name: string): readonly string[] {
  if (quoted && (name === "*" || name === "[*]")) return [(values ?? []).join(" ")];
  if (!values || values.length === 0) return quoted && !(name === "@" || name === "[@]") ? [""] : [];
  return values;
}

/** Undefined when it is not set. */
function plainValues(name: string, path: ShellPath, quoted: boolean, uid: number): readonly string[] | undefined {
  if (name === "@" || name === "*") return path.args.length === 0 ? undefined : path.args;
  if (/^\d+$/.test(name)) {
    if (name === "0") return [path.name];
    const value = path.args[Number(name) - 1];
    return value === undefined ? undefined : [value];
  }
  switch (name) {
    case "#":
      return [String(path.args.length)];
    case "?":
      return [path.status >= 0.9 ? "0" : unknownWord];
    case "-":
      return [""];
    case "$":
    case "!":
    case "RANDOM":
    case "SECONDS":
    case "HOSTNAME":
    case "PPID":
    case "BASHPID":
    case "EPOCHSECONDS":
      return path.variables.get(name)?.values ?? [unknownWord];
    case "UID":
    case "EUID":
      return [String(uid)];
    case "PWD":
      return [path.cwd];
    case "BASH_SOURCE":
      return [path.name];
    case "BASH_VERSION":
      return ["5.2.15(1)-release"];
    case "OSTYPE":
      return ["linux-gnu"];
  }
  const variable = path.variables.get(name);
  return (
    variable &&
    (quoted && variable.isArray ? variable.values.slice(0, 1) : variable.isArray ? variable.values.slice(0, 1) : variable.values)
  );
}

function elements(name: string, where: string, path: ShellPath): readonly string[] | undefined {
  if (name === "BASH_SOURCE") return where === "0" ? [path.name] : [unknownWord];
  const values = path.variables.get(name)?.values;
  if (where === "@" || where === "*") return values;
  if (!/^-?\d+$/.test(where)) return values ? [unknownWord] : undefined;
  const value = values?.at(Number(where));
  return value === undefined ? undefined : [value];
}

function operate(
  operation: ParameterOperation,
  values: readonly string[] | undefined,
  name: string,
  path: ShellPath,
  text: (word: Word) => string,
  list: boolean,
): readonly string[] | undefined {
  if (operation.type === "Default") return defaulted(operation.operator, values, () => text(operation.operand), name, path);
  if (operation.type === "Slice" && list) {
    const offset = Number(text(operation.offset));
    const length = operation.length && Number(text(operation.length));
    if (!Number.isInteger(offset)) return [unknownWord];
    // `${@:1}` begins with $1, `${array[@]:0}` with the first element.
    const all = name === "@" || name === "*" ? [path.name, ...path.args] : (values ?? []);
    return all.slice(offset, length === undefined ? undefined : offset + length);
  }
  return values?.map((value) => {
    if (isUnknown(value)) return unknownWord;
    switch (operation.type) {
      case "Remove":
        return removed(value, operation.operator, text(operation.operand));
      case "Replace":
        return replaced(value, operation.operator, text(operation.pattern), text(operation.replacement));
      case "Slice": {
        const offset = Number(text(operation.offset).trim() || "0");
        const length = operation.length && Number(text(operation.length).trim() || "0");
        if (!Number.isInteger(offset)) return unknownWord;
        const start = offset < 0 ? Math.max(0, value.length + offset) : offset;
        return value.slice(start, length === undefined ? undefined : length < 0 ? length : start + length);
      }
      case "CaseModification": {
        const change = (part: string): string => (operation.operator.startsWith("^") ? part.toUpperCase() : part.toLowerCase());
        return operation.operator.length === 2 ? change(value) : change(value.slice(0, 1)) + value.slice(1);
      }
      case "Transform":
      case "Names":
      case "Unknown":
        return unknownWord;
    }
  });
}

function defaulted(
  operator: string,
  values: readonly string[] | undefined,
  operand: () => string,
  name: string,
  path: ShellPath,
): readonly string[] | undefined {
  const nullCounts = operator.startsWith(":");
  const isSet = values !== undefined && !(nullCounts && values.length <= 1 && (values[0] ?? "") === "");
  switch (operator.slice(-1)) {
    case "+":
      return isSet ? [operand()] : undefined;
    case "?":
      return values;
    case "=": {
      if (isSet) return values;
      const value = operand();
      assign(path, name, [value]);
      return [value];
    }
    default:
      return isSet ? values : [operand()];
  }
}

function removed(value: string, operator: string, pattern: string): string {
  if (isUnknown(pattern)) return unknownWord;
  if (value.length > 5000) return unknownWord;
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
  if (operator.length === 2) lengths.reverse();
  for (const length of lengths) {
    if (operator.startsWith("#") && matchesGlob(pattern, value.slice(0, length))) return value.slice(length);
    if (operator.startsWith("%") && matchesGlob(pattern, value.slice(value.length - length))) return value.slice(0, value.length - length);
  }
  return value;
}

/** Only literal patterns are replaced; with a real pattern the result is unknown unless nothing could match. */
function replaced(value: string, operator: string, pattern: string, replacement: string): string {
  if (isUnknown(pattern) || isUnknown(replacement) || /[*?[(]/.test(pattern)) return unknownWord;
  const literal = pattern.replace(/\\(.)/g, "$1");
  if (literal === "" && !/[#%]/.test(operator)) return value;
  if (value.length * (replacement.length + 1) > maxLength) return unknownWord;
  switch (operator) {
    case "//":
      return value.replaceAll(literal, () => replacement);
    case "/#":
      return value.startsWith(literal) ? replacement + value.slice(literal.length) : value;
    case "/%":
      return value.endsWith(literal) ? value.slice(0, value.length - literal.length) + replacement : value;
    default:
      return value.replace(literal, () => replacement);
  }
}
