/** The scanner's working tree: positions instead of strings, so that what is dropped later costs nothing. */
import type { ImportedName } from "./pythonFact.ts";

export interface Block {
  readonly nodes: Node[];
  /** Calls made in the block: number of the first and last in `CallTable`; -1 when there is none. */
  firstCall: number;
  lastCall: number;
  /** Calls of interest: start and end of the dotted name; the opening parenthesis follows. Absent when there is none. */
  special: number[] | undefined;
}

export type Node =
  | { readonly do: "import"; readonly at: number; readonly names: readonly ImportedName[] }
  | { readonly do: "from"; readonly at: number; readonly module: string; readonly level: number; readonly names: readonly ImportedName[] }
  | { readonly do: "if"; readonly branches: Branch[] }
  | { readonly do: "try"; readonly body: Block; readonly handlers: Block; readonly rest: Block }
  | { readonly do: "def"; readonly at: number; readonly name: string; readonly header: string; readonly block: Block }
  | { readonly do: "class"; readonly at: number; readonly name: string; readonly header: string; readonly block: Block }
  | { readonly do: "maybe"; readonly block: Block }
  | { readonly do: "raise" }
  | { readonly do: "names"; readonly at: number; readonly end: number; readonly valueStart: number; readonly valueEnd: number }
  | {
      readonly do: "constant";
      readonly at: number;
      readonly end: number;
      readonly hash: number;
      readonly valueStart: number;
      readonly valueEnd: number;
    }
  | { readonly do: "instance"; readonly at: number; readonly end: number; readonly calleeStart: number; readonly calleeEnd: number }
  | { readonly do: "text"; readonly at: number; readonly start: number; readonly end: number; readonly isDecorator: boolean };

export interface Branch {
  readonly testStart: number;
  readonly testEnd: number;
  /** Of the one name that the test asks for (`if name`, `if not name`, `if name is None`); 0 for every other test. */
  readonly nameHash: number;
  readonly block: Block;
}

export function newBlock(): Block {
  return { nodes: [], firstCall: -1, lastCall: -1, special: undefined };
}

const fields = 6;
/** Grows to what the largest file needs, and serves one file after the other. */
let shared = new Int32Array(fields * 4096);

/** The calls of all blocks of one file, chained block by block. A new table takes over the memory of the one before. */
export class CallTable {
  private count = 0;

  /** `rootHash`: of the first part of the dotted name. `methodStart` and `methodEnd`: a method called on its result, or two zeros. */
  add(block: Block, rootHash: number, start: number, end: number, methodStart: number, methodEnd: number): void {
    const at = this.count * fields;
    if (at === shared.length) {
      const larger = new Int32Array(at * 2);
      larger.set(shared);
      shared = larger;
    }
    shared[at] = rootHash;
    shared[at + 1] = start;
    shared[at + 2] = end;
    shared[at + 3] = methodStart;
    shared[at + 4] = methodEnd;
    shared[at + 5] = -1;
    if (block.firstCall < 0) block.firstCall = this.count;
    else shared[block.lastCall * fields + 5] = this.count;
    block.lastCall = this.count++;
  }

  rootHash(call: number): number {
    return shared[call * fields] as number;
  }

  start(call: number): number {
    return shared[call * fields + 1] as number;
  }

  end(call: number): number {
    return shared[call * fields + 2] as number;
  }

  methodStart(call: number): number {
    return shared[call * fields + 3] as number;
  }

  methodEnd(call: number): number {
    return shared[call * fields + 4] as number;
  }

  /** The next call of the same block, -1 behind the last. */
  next(call: number): number {
    return shared[call * fields + 5] as number;
  }
}
