import type { Frame } from "./frames.ts";

/** What one function of a file calls, reads from objects or hands to calls; see `JavaScriptFact.names`. */
export interface FunctionNames {
  /** The 16-bit hash of its name; 0 for the module's own level, `stringsLabel` for strings. */
  readonly label: number;
  /** Of a class or an object: code that was handed the object may call it. */
  readonly isMethod: boolean;
  /** Reading a property runs it; its name is the `readMark` one. */
  readonly isGetter: boolean;
  /** 16-bit hashes. */
  readonly names: readonly number[];
}

const methodBit = 0x8000;
const getterBit = 0x4000;
const maxCount = getterBit - 1;

/** The function that a module gives as a whole has this name: each importer has its own for it. */
export const defaultName = "exports";

/** Turns the hash of a called name into that of one which is only read: getters answer to both, functions to calls alone. */
export const readMark = 0x5555;

/** Turns the hash of a word into that of an option which the application sets: `{ name: … }`. */
export const optionMark = 0x3333;

/** Stands for what handles requests, by its parameters. */
export const handlerLabel = 2;

/** Stands for the short strings of an application's file instead of a function. */
export const stringsLabel = 1;

/**
 * Packs the names by function: code in a function that has no name, or that its file calls, belongs to what is around it.
 * `aliases`: names that stand for other names.
 */
export function packNames(
  atTop: readonly number[],
  strings: readonly number[],
  functions: readonly Frame[],
  aliases: readonly (readonly [label: number, name: number])[],
): string | undefined {
  const top = new Set(atTop);
  const byLabel = new Map<number, { readonly names: Set<number>; isMethod: boolean; isGetter: boolean }>();
  const at = (label: number): { readonly names: Set<number>; isMethod: boolean; isGetter: boolean } => {
    let found = byLabel.get(label);
    if (!found) byLabel.set(label, (found = { names: new Set(), isMethod: false, isGetter: false }));
    return found;
  };
  for (const frame of functions) {
    if (frame.context === "function" && frame.label !== 0) {
      const holder = frame.parent?.kind;
      const one = at(frame.label & 0xffff);
      if (holder === "class" || holder === "object") one.isMethod = true;
      if (frame.isGetter) one.isGetter = true;
    }
    if (!frame.uses) continue;
    let owner: Frame | undefined = frame;
    while (owner && (owner.context !== "function" || owner.label === 0)) owner = owner.parent?.around;
    const names = owner ? at(owner.label & 0xffff).names : top;
    for (const use of frame.uses) names.add(use);
  }
  for (const [label, name] of aliases) at(label & 0xffff).names.add(name & 0xffff);
  const words: number[] = [];
  if (top.size > 0) words.push(0, Math.min(top.size, maxCount), ...[...top].slice(0, maxCount));
  if (strings.length > 0) {
    const words16 = [...new Set(strings)];
    words.push(stringsLabel, words16.length, ...words16);
  }
  for (const [label, { names, isMethod, isGetter }] of byLabel) {
    const bits = (isMethod ? methodBit : 0) | (isGetter ? getterBit : 0);
    words.push(label, Math.min(names.size, maxCount) | bits, ...[...names].slice(0, maxCount));
  }
  if (words.length === 0) return undefined;
  const bytes = Buffer.alloc(words.length * 2);
  for (const [index, word] of words.entries()) bytes.writeUInt16LE(word, index * 2);
  return bytes.toString("base64");
}

/** Reads what `packNames` wrote; hostile text gives fewer functions. */
export function functionNames(packed: string | undefined): FunctionNames[] {
  const bytes = Buffer.from(packed ?? "", "base64");
  const found: FunctionNames[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const label = bytes.readUInt16LE(at);
    const bits = bytes.readUInt16LE(at + 2);
    const end = Math.min(at + 4 + (bits & maxCount) * 2, bytes.length);
    const names: number[] = [];
    for (let place = at + 4; place + 2 <= end; place += 2) names.push(bytes.readUInt16LE(place));
    found.push({ label, isMethod: (bits & methodBit) !== 0, isGetter: (bits & getterBit) !== 0, names });
    at += 4 + (bits & maxCount) * 2;
  }
  return found;
}
