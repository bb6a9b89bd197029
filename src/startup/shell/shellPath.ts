import type { CompoundCommand, CompoundList, Redirected } from "unbash";
import { unknownWord } from "../walk.ts";

/** How likely a command succeeds: 1 and 0 are certain, in between only running it would tell. */
export type Truth = number;

export const unknownTruth: Truth = 0.5;

export interface Variable {
  /** One value, unless it is an array. */
  readonly values: readonly string[];
  readonly isArray: boolean;
  readonly exported: boolean;
}

export interface ShellFunction {
  readonly body: CompoundCommand | Redirected | CompoundList;
  readonly source: Source;
}

/** Where a piece of script comes from, so that evidence can name its line. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/**
 * - `next`: goes on.
 * - `exec`, `exit`: this shell has ended; `failed` is an `exit` with another status than 0.
 */
export type Flow = "next" | "break" | "continue" | "return" | "exit" | "failed" | "exec";

/**
 * One way through a script, with all that it knows. Where a condition cannot be decided a path is cloned, so that
 * variables stay certain on each. Values that are not known contain `unknownWord`.
 */
export interface ShellPath {
  /** 0..1: share of all ways through the script. */
  weight: number;
  flow: Flow;
  status: Truth;
  variables: Map<string, Variable>;
  functions: Map<string, ShellFunction>;
  /** `$1` and so on. */
  args: readonly string[];
  /** `$0`. */
  name: string;
  cwd: string;
  /** What was written to standard output, where somebody wants to know. */
  output: string | undefined;
  /** What can be read from standard input. */
  stdin: string;
  /** Files and folders that commands before made. */
  made: Set<string>;
  /** Values that `local` hides, one map per running function. */
  frames: Map<string, Variable | undefined>[];
}

const maxPaths = 12;
const maxOutputLength = 65_536;
/** A script that doubles a variable in a loop must not fill the memory. */
const maxValueLength = 65_536;
const maxValues = 1000;

export function clonePath(path: ShellPath): ShellPath {
  return {
    ...path,
    variables: new Map(path.variables),
    functions: new Map(path.functions),
    made: new Set(path.made),
    frames: path.frames.map((frame) => new Map(frame)),
  };
}

/** Splits the way by its status: those on which the command succeeded, those on which it failed. */
export function splitPath(path: ShellPath): { readonly succeeded: ShellPath[]; readonly failed: ShellPath[] } {
  if (path.status >= 0.995) return { succeeded: [path], failed: [] };
  if (path.status <= 0.005) return { succeeded: [], failed: [path] };
  const other = clonePath(path);
  other.weight = path.weight * (1 - path.status);
  path.weight *= path.status;
  return { succeeded: [path], failed: [other] };
}

/**
 * Joins ways that know the same. A way that gave up (`exit 1`) is dropped and its weight goes to the others, since the
 * question is about containers that become ready. Keeps the likeliest dozen.
 */
export function joinPaths(paths: readonly ShellPath[]): ShellPath[] {
  const [only] = paths;
  if (paths.length <= 1) return only ? [only] : [];
  const total = weightOf(paths);
  const merged = new Map<string, ShellPath>();
  for (const path of paths) {
    if (path.flow === "failed") continue;
    const key = keyOf(path);
    const same = merged.get(key);
    if (same) {
      same.status = (same.status * same.weight + path.status * path.weight) / Math.max(1e-9, same.weight + path.weight);
      same.weight += path.weight;
    } else merged.set(key, path);
  }
  if (merged.size === 0) return only ? [only] : [];
  const kept = [...merged.values()].sort((a, b) => b.weight - a.weight).slice(0, maxPaths);
  const rest = weightOf(kept);
  if (rest > 0) for (const path of kept) path.weight *= total / rest;
  return kept;
}

export function weightOf(paths: readonly ShellPath[]): number {
  return paths.reduce((sum, path) => sum + path.weight, 0);
}

function keyOf(path: ShellPath): string {
  const variables = [...path.variables]
    .map(([name, { values, exported }]) => `${name}=${values.join("\u0001")}${exported ? "x" : ""}`)
    .sort();
  const functions = [...path.functions.keys()].sort();
  return [path.flow, path.cwd, path.name, path.stdin, path.output ?? "", path.frames.length, ...path.args, "\u0002", ...functions, "\u0002", ...variables].join("\u0003"); // prettier-ignore
}

/** The value of a variable as `$name` gives it; undefined when it is not set. */
export function valueOf(path: ShellPath, name: string): string | undefined {
  return path.variables.get(name)?.values[0];
}

export function assign(
  path: ShellPath,
  name: string,
  values: readonly string[],
  options: { isArray?: boolean; exported?: boolean } = {},
): void {
  const before = path.variables.get(name);
  const kept = values.length > maxValues ? values.slice(0, maxValues) : values;
  path.variables.set(name, {
    values: kept.map((value) => (value.length > maxValueLength ? unknownWord : value)),
    isArray: options.isArray ?? (before?.isArray === true && values.length !== 1),
    exported: options.exported ?? before?.exported ?? false,
  });
}

export function write(path: ShellPath, text: string): void {
  if (path.output === undefined || path.output.length > maxOutputLength) return;
  path.output = path.output.includes(unknownWord) ? path.output : path.output + text;
}

export function isUnknown(text: string): boolean {
  return text.includes(unknownWord);
}

/** What a started program gets to see. */
export function environmentOf(path: ShellPath, extra: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const env = new Map<string, string>();
  for (const [name, { values, exported }] of path.variables) if (exported) env.set(name, values[0] ?? "");
  for (const [name, value] of extra) env.set(name, value);
  env.set("PWD", path.cwd);
  return env;
}
