/** The scanner's working tree: positions instead of strings, so that what is dropped later costs nothing. */
import type { ImportedName } from "./pythonFact.ts";

export interface Block {
  readonly nodes: Node[];
  /** Calls made in the block, five numbers each, see `callNumbers`. */
  readonly calls: number[];
  /** Calls of interest: start and end of the dotted name; the opening parenthesis follows. */
  readonly special: number[];
}

/** Hash of the first part; start and end of the dotted name; start and end of a method called on its result, or two zeros. */
export const callNumbers = 5;

export type Node =
  | { readonly do: "import"; readonly at: number; readonly names: readonly ImportedName[] }
  | { readonly do: "from"; readonly at: number; readonly module: string; readonly level: number; readonly names: readonly ImportedName[] }
  | { readonly do: "if"; readonly branches: { readonly testStart: number; readonly testEnd: number; readonly block: Block }[] }
  | { readonly do: "try"; readonly body: Block; readonly handlers: Block; readonly rest: Block }
  | { readonly do: "def"; readonly at: number; readonly name: string; readonly block: Block }
  | { readonly do: "class"; readonly at: number; readonly name: string; readonly header: string; readonly block: Block }
  | { readonly do: "maybe"; readonly block: Block }
  | { readonly do: "raise" }
  | { readonly do: "text"; readonly at: number; readonly start: number; readonly end: number };

export function newBlock(): Block {
  return { nodes: [], calls: [], special: [] };
}
