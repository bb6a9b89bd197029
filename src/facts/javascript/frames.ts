import type { JavaScriptContext } from "./javaScriptFact.ts";

/** What surrounds a place in the code: a bracket, a block, a function's body, or what a statement without braces covers. */
export interface Frame {
  readonly parent: Frame | undefined;
  readonly kind: FrameKind;
  /** What it means for code inside; changes when a function turns out to be called. */
  context: JavaScriptContext | undefined;
  /** The nearest function around, itself included. */
  readonly around: Frame | undefined;
  /** Of a function: its name, where it has one. */
  readonly name: string;
  /** Of a function: names that its code calls directly. */
  calls: Set<string> | undefined;
  /** Of a paren: the method or function that it calls, or the keyword that it belongs to. */
  readonly callee: string;
  /** Whether a value ends with it (object, function expression) rather than a statement. */
  readonly isExpression: boolean;
}

/** `statement`, `arrow`, `branch` have no bracket of their own: they end with the statement or expression. */
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
  | "branch";

export function isOpenEnded(frame: Frame): boolean {
  return frame.kind === "statement" || frame.kind === "arrow" || frame.kind === "branch";
}

/** Calls that run their callback before they return. */
export const callsAtOnce: ReadonlySet<string> = new Set(
  "forEach map filter reduce reduceRight some every find findIndex flatMap from Promise".split(" "),
);

/**
 * A function counts as called when code that runs calls it by its name: starting from the module's own level, as often as new
 * ones are found.
 */
export function markCalled(functions: readonly Frame[], calledAtTop: ReadonlySet<string>): void {
  const byName = new Map<string, Frame[]>();
  for (const frame of functions) {
    if (frame.name === "" || frame.context !== "function") continue;
    const same = byName.get(frame.name);
    if (same) same.push(frame);
    else byName.set(frame.name, [frame]);
  }
  const open: Iterable<string>[] = [calledAtTop];
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
