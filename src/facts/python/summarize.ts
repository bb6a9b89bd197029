import type { Block, CallTable, Node } from "./blocks.ts";
import { isCallOfInterest } from "./callsOfInterest.ts";
import { nameText } from "./nameText.ts";
import type { PythonIf, PythonStatement } from "./pythonFact.ts";
import { skipString } from "./sourceBytes.ts";

/** What the scanner found; see `PythonScanner`. */
interface Scanned {
  readonly root: Block;
  readonly calls: CallTable;
  readonly knownNames: ReadonlySet<number>;
  readonly inertNames: ReadonlySet<number>;
}

/** Tests that can be decided without running the program, or that say how likely a branch is. */
const decidable =
  /TYPE_CHECKING|version_info|hexversion|platform|os\.name|__name__|\bPY[23_]|PYPY|WIN|MYPY|MAC|DARWIN|LINUX|^\s*\(?\s*(not\s+)?(True|False|None|[01])\s*\)?\s*$|find_spec|environ|getenv|_available|[Aa]vailable\(|EAGER_IMPORT|SLOW_IMPORT|__debug__|__file__|^\s*\(?\s*(not\s+)?(name|attr|item|key)\s+(==|!=|in\b|not\b)/;

const longestTest = 300;
const longestText = 2048;
const longestValue = 8192;

/** Of application code assignments and texts are kept, of a library's own tests only what runs at import. */
export type Closeness = "application" | "library" | "tests";

/** Turns the scanner's blocks into plain statements, without those that lead nowhere. */
export function summarize(source: Buffer, scanned: Scanned, closeness: Closeness): PythonStatement[] {
  const lineOf = lineCounter(source);
  const argumentsLimit = closeness === "application" ? 600 : 160;

  function block(from: Block): PythonStatement[] {
    const statements: PythonStatement[] = [];
    for (const node of from.nodes) {
      const statement = convert(node);
      if (statement !== undefined) statements.push(statement);
    }
    const { special } = from;
    for (let at = 0; special !== undefined && at < special.length; at += 2) {
      const start = special[at] as number;
      const end = special[at + 1] as number;
      const name = nameText(source, start, end);
      if (isCallOfInterest(name))
        statements.push({ do: "call", line: lineOf(start), name, arguments: argumentsText(source, end, argumentsLimit) });
    }
    const names = calledNames(source, from, scanned);
    if (names.length > 0) statements.push({ do: "calls", names });
    return statements;
  }

  function convert(node: Node): PythonStatement | undefined {
    switch (node.do) {
      case "import":
        return { do: "import", line: lineOf(node.at), names: node.names };
      case "from":
        return { do: "from", line: lineOf(node.at), module: node.module, level: node.level, names: node.names };
      case "if":
        return conditional(node);
      case "try": {
        const [body, handlers, rest] = [block(node.body), block(node.handlers), block(node.rest)];
        return body.length + handlers.length + rest.length === 0 ? undefined : { do: "try", body, handlers, rest };
      }
      case "def": {
        if (closeness === "tests") return undefined;
        const line = lineOf(node.at);
        const body = block(node.block);
        return body.length === 0 ? undefined : { do: "def", line, name: node.name, body };
      }
      case "class": {
        const line = lineOf(node.at);
        const bases = basesOf(node.header);
        const body = block(node.block);
        return body.length === 0 && bases.length === 0 ? undefined : { do: "class", line, name: node.name, bases, body };
      }
      case "maybe": {
        const body = block(node.block);
        return body.length === 0 ? undefined : { do: "maybe", body };
      }
      case "raise":
        return { do: "raise" };
      case "text":
        return textStatement(source.toString("utf8", node.start, node.end), lineOf(node.at));
    }
  }

  function conditional(node: Node & { do: "if" }): PythonIf | undefined {
    const bodies = node.branches.map((branch) => block(branch.block));
    if (bodies.every((body) => body.length === 0)) return undefined;
    const branches = node.branches.map((branch, index) => ({
      test: branch.testEnd === 0 ? "" : testText(source, branch.testStart, branch.testEnd),
      body: bodies[index] ?? [],
    }));
    return { do: "if", branches };
  }

  return block(scanned.root);
}

function testText(source: Buffer, start: number, end: number): string {
  const text = source.toString("utf8", start, Math.min(end, start + longestTest)).trim();
  return end - start <= longestTest && decidable.test(text) ? text.replace(/\s+/g, " ") : "?";
}

function calledNames(source: Buffer, from: Block, { calls, knownNames, inertNames }: Scanned): string[] {
  const names: string[] = [];
  for (let call = from.firstCall; call >= 0; call = calls.next(call)) {
    const root = calls.rootHash(call);
    if (!knownNames.has(root) || inertNames.has(root)) continue;
    const name = nameText(source, calls.start(call), calls.end(call));
    const methodStart = calls.methodStart(call);
    names.push(methodStart === 0 ? name : `${name}().${nameText(source, methodStart, calls.methodEnd(call))}`);
  }
  return names.length < 2 ? names : [...new Set(names)];
}

/** The text behind the opening parenthesis at `start`, up to its partner or the limit. */
function argumentsText(source: Buffer, start: number, limit: number): string {
  const end = Math.min(source.length, start + 1 + limit);
  let depth = 0;
  let at = start;
  while (at < end) {
    const byte = source[at] as number;
    if (byte === 0x22 || byte === 0x27) {
      at = skipString(source, at, false);
      continue;
    }
    if (byte === 0x28 || byte === 0x5b || byte === 0x7b) depth++;
    else if ((byte === 0x29 || byte === 0x5d || byte === 0x7d) && --depth === 0) break;
    at++;
  }
  return source
    .toString("utf8", start + 1, Math.min(at, end))
    .replace(/\s+/g, " ")
    .trim();
}

/** Dotted names in `(Base, mixin.Other, metaclass=Meta)`; subscripts and calls are cut off. */
function basesOf(header: string): string[] {
  const open = header.indexOf("(");
  if (open < 0) return [];
  const inner = header.slice(open + 1).replace(/#[^\n]*/g, "");
  return inner
    .split(",")
    .map((part) => /^\s*(?:metaclass\s*=\s*)?([A-Za-z_][\w.]*)/.exec(part)?.[1])
    .filter((name): name is string => name !== undefined && name !== "object");
}

const assignment = /^([A-Za-z_][\w.]*)\s*(?::[^=]{1,200})?=(?!=)\s*/;

function textStatement(text: string, line: number): PythonStatement | undefined {
  const target = assignment.exec(text);
  if (target !== null && target[1] !== undefined) {
    const value = text.slice(target[0].length).trim();
    return value === "" || value.length > longestValue ? undefined : { do: "set", line, name: target[1], value };
  }
  return text.length <= longestText && /["']/.test(text) ? { do: "expression", line, text: text.trim() } : undefined;
}

/** One-based lines of positions: counted on while they ascend, looked up in a table from the first step back on. */
function lineCounter(source: Buffer): (position: number) => number {
  let counted = 0;
  let line = 1;
  let newlines: number[] | undefined;
  return (position) => {
    if (position < counted) newlines ??= newlinePositions(source);
    if (newlines !== undefined) return countBelow(newlines, position) + 1;
    for (let at = counted; at < position; at++) if (source[at] === 0x0a) line++;
    counted = position;
    return line;
  };
}

function newlinePositions(source: Buffer): number[] {
  const positions: number[] = [];
  for (let at = source.indexOf(0x0a); at >= 0; at = source.indexOf(0x0a, at + 1)) positions.push(at);
  return positions;
}

/** How many of the ascending numbers are smaller. */
function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
