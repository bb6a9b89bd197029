import type { JavaScriptContext } from "./javaScriptFact.ts";
import { hashOf } from "./keywords.ts";

/** What surrounds a place in the code: a bracket, a block, a function's body, or what a statement without braces covers. */
export interface Frame {
  readonly parent: Frame | undefined;
  readonly kind: FrameKind;
  /** What it means for code inside; changes when a function turns out to be called. */
  context: JavaScriptContext | undefined;
  /** The nearest function around, itself included. */
  readonly around: Frame | undefined;
  /** Of a function: the hash of its name; 0 without one. */
  readonly name: number;
  /** Of a function or method: the hash of the name by which other files may call it; 0 without one. */
  readonly label: number;
  /** The other names of the code in a function; see `FunctionNames`. */
  uses: number[] | undefined;
  /** Of a function: reading a property by its name runs it, as calling does. */
  isGetter: boolean;
  /** Of a block: it ends with a return, or may. */
  returns: boolean;
  /** Where it begins. */
  readonly at: number;
  /** Of a paren: the hash of the last name-like string among its arguments, or 0. */
  text: number;
  /** A handler of the application's own code. */
  readonly isCallback: boolean;
  /** Of a function: hashes of the names that its code calls directly. */
  calls: number[] | undefined;
  /** Of a paren: the hash of the name that it calls, or 0; of parameters: of the function's name. */
  readonly callee: number;
  /** Of a control paren: `if`, `for`, … */
  readonly word: string;
  /** Whether a value ends with it (object, function expression) rather than a statement. */
  readonly isExpression: boolean;
}

/**
 * `statement`, `arrow`, `branch` have no bracket of their own: they end with the statement or expression. `case` ends with the next
 * `case` or its `switch`.
 */
export type FrameKind =
  | "paren"
  | "control"
  | "parameters"
  | "bracket"
  | "block"
  | "object"
  | "class"
  | "function"
  | "template"
  | "statement"
  | "arrow"
  | "branch"
  | "case";

export function isOpenEnded(frame: Frame): boolean {
  return frame.kind === "statement" || frame.kind === "arrow" || frame.kind === "branch";
}

/** Stands for what is called in `(function (factory) { … })(…)`. */
export const unnamedCallee = 1;

/** Calls that run their callback before they return. */
export const callsAtOnce: ReadonlySet<number> = new Set([
  unnamedCallee,
  ..."forEach map filter reduce reduceRight some every find findIndex flatMap from Promise then finally nextTick".split(" ").map(hashOf),
]);

/** Calls whose text names an event or a path, not what the callback gives. */
export const listens: ReadonlySet<number> = new Set(
  "on once addListener addEventListener prependListener addHook emit subscribe use get post put delete all describe it test require"
    .split(" ")
    .map(hashOf),
);

/**
 * A function counts as called when code that runs calls it by its name: starting from the module's own level, as often as new
 * ones are found.
 */
export function markCalled(functions: readonly Frame[], calledAtTop: ReadonlySet<number>): void {
  const byName = new Map<number, Frame[]>();
  for (const frame of functions) {
    if (frame.name === 0 || frame.context !== "function") continue;
    const same = byName.get(frame.name);
    if (same) same.push(frame);
    else byName.set(frame.name, [frame]);
  }
  const open: Iterable<number>[] = [calledAtTop];
  for (const frame of functions) if (frame.context === "called" && frame.calls && runs(frame.parent)) open.push(frame.calls);
  for (let names = open.pop(); names; names = open.pop()) {
    for (const name of names) {
      for (const frame of byName.get(name) ?? []) {
        if (frame.context !== "function") continue;
        frame.context = "called";
        if (frame.calls) open.push(frame.calls);
      }
    }
  }
}

/** Whether no function around it waits to be called. */
function runs(frame: Frame | undefined): boolean {
  for (let outer = frame?.around; outer; outer = outer.parent?.around) if (outer.context !== "called") return false;
  return true;
}
