import type { Block, CallTable, Node } from "./blocks.ts";
import { isCallOfInterest, needsName, needsTarget } from "./callsOfInterest.ts";
import { nameText } from "./nameText.ts";
import { parametersOf } from "./parameters.ts";
import type { PythonIf, PythonStatement } from "./pythonFact.ts";
import { hashAt, isNameByte, skipString } from "./sourceBytes.ts";

/** What the scanner found; see `PythonScanner`. */
interface Scanned {
  readonly root: Block;
  readonly calls: CallTable;
  readonly knownNames: Set<number>;
  readonly inertNames: ReadonlySet<number>;
  /** See `PythonScanner.instances`. */
  readonly instances: readonly number[];
  readonly importsUnknown: boolean;
  /** See `PythonScanner.testedNames`. */
  readonly testedNames: ReadonlySet<number>;
  /** See `PythonScanner.variables`. */
  readonly variables: ReadonlySet<number>;
}

/** Tests that can be decided without running the program, or that say how likely a branch is. */
const decidable =
  /TYPE_CHECKING|version_info|hexversion|platform|os\.name|__name__|\bPY[23_]|PYPY|WIN|MYPY|MAC|DARWIN|LINUX|^\s*\(?\s*(not\s+)?(True|False|None|[01])\s*\)?\s*$|find_spec|environ|getenv|_available|[Aa]vailable\(|getattr\(\w+, ["']HAS_|invoked_subcommand|EAGER_IMPORT|SLOW_IMPORT|__debug__|__file__|^\s*\(?\s*(not\s+)?(name|attr|item|key)\s+(==|!=|in\b|not\b)/;

const longestTest = 300;
const longestText = 2048;
const longestValue = 8192;

/** Of application code assignments and texts are kept, of a library's own tests only what runs at import. */
export type Closeness = "application" | "library" | "tests";

/** Turns the scanner's blocks into plain statements, without those that lead nowhere. */
export function summarize(source: Buffer, scanned: Scanned, closeness: Closeness): PythonStatement[] {
  return new Summary(source, scanned, closeness).block(scanned.root);
}

/** A class, since functions made anew for each file would also be compiled again and again. */
class Summary {
  private readonly source: Buffer;
  private readonly scanned: Scanned;
  private readonly closeness: Closeness;
  private readonly lines: Lines;

  constructor(source: Buffer, scanned: Scanned, closeness: Closeness) {
    this.source = source;
    this.scanned = scanned;
    this.closeness = closeness;
    this.lines = new Lines(source);
    const { instances, knownNames, inertNames } = scanned;
    for (let at = 0; at < instances.length; at += 2) {
      const root = instances[at + 1] as number;
      if (knownNames.has(root) && !inertNames.has(root)) knownNames.add(instances[at] as number);
    }
  }

  block(from: Block): PythonStatement[] {
    const { source } = this;
    const statements: PythonStatement[] = [];
    for (const node of from.nodes) {
      const statement = this.statement(node);
      if (statement !== undefined) statements.push(statement);
    }
    const { special } = from;
    for (let at = 0; special !== undefined && at < special.length; at += 2) {
      const start = special[at] as number;
      const end = special[at + 1] as number;
      const name = nameText(source, start, end);
      if (!isCallOfInterest(name)) continue;
      const text = argumentsText(source, end, this.closeness === "application" ? 600 : 160);
      if (needsTarget(name) && !/\btarget\s*=/.test(text)) continue;
      if (!needsName(name) || /["'][\w.:-]+["']/.test(text))
        statements.push({ do: "call", line: this.lines.at(start), name, arguments: text });
    }
    const names = from.firstCall < 0 ? [] : calledNames(source, from, this.scanned, this.closeness);
    if (names.length > 0) statements.push({ do: "calls", names });
    return statements;
  }

  private statement(node: Node): PythonStatement | undefined {
    switch (node.do) {
      case "import":
        return { do: "import", line: this.lines.at(node.at), names: node.names };
      case "from":
        return { do: "from", line: this.lines.at(node.at), module: node.module, level: node.level, names: node.names };
      case "if":
        return this.conditional(node);
      case "try": {
        const body = this.block(node.body);
        const handlers = this.block(node.handlers);
        const rest = this.block(node.rest);
        return body.length + handlers.length + rest.length === 0 ? undefined : { do: "try", body, handlers, rest };
      }
      case "def": {
        if (this.closeness === "tests") return undefined;
        const line = this.lines.at(node.at);
        const body = this.block(node.block);
        if (body.length === 0) return undefined;
        const parameters = node.header === "" ? [] : parametersOf(node.header);
        return { do: "def", line, name: node.name, ...(parameters.length > 0 && { parameters }), body };
      }
      case "class": {
        const line = this.lines.at(node.at);
        const bases = basesOf(node.header);
        const body = this.block(node.block);
        return body.length === 0 && bases.length === 0 ? undefined : { do: "class", line, name: node.name, bases, body };
      }
      case "maybe": {
        const body = this.block(node.block);
        return body.length === 0 ? undefined : { do: "maybe", body };
      }
      case "raise":
        return { do: "raise" };
      case "constant":
        return this.constant(node);
      case "instance":
        return this.instance(node);
      case "names":
        return this.scanned.importsUnknown
          ? {
              do: "set",
              line: this.lines.at(node.at),
              name: nameText(this.source, node.at, node.end),
              value: this.source.toString("utf8", node.valueStart, node.valueEnd).trim(),
            }
          : undefined;
      case "text":
        return textStatement(this.source.toString("utf8", node.start, node.end), this.lines.at(node.at), node.isDecorator);
    }
  }

  /** Switches that a module sets and asks for, and constants that others may import. */
  private constant({ at, end, hash, valueStart, valueEnd }: Node & { do: "constant" }): PythonStatement | undefined {
    const { source } = this;
    if (this.scanned.variables.has(hash)) return undefined;
    if (!this.scanned.testedNames.has(hash) && !isUpperCase(source, at, end)) return undefined;
    return { do: "set", line: this.lines.at(at), name: nameText(source, at, end), value: source.toString("latin1", valueStart, valueEnd) };
  }

  private instance({ at, end, calleeStart, calleeEnd }: Node & { do: "instance" }): PythonStatement | undefined {
    const { source } = this;
    let rootEnd = calleeStart;
    while (rootEnd < calleeEnd && isNameByte[source[rootEnd] as number] === 1) rootEnd++;
    const root = hashAt(source, calleeStart, rootEnd);
    if (!this.scanned.knownNames.has(root) || this.scanned.inertNames.has(root)) return undefined;
    return { do: "set", line: this.lines.at(at), name: nameText(source, at, end), value: `${nameText(source, calleeStart, calleeEnd)}()` };
  }

  private conditional(node: Node & { do: "if" }): PythonIf | undefined {
    const bodies: PythonStatement[][] = [];
    let isEmpty = true;
    for (const branch of node.branches) {
      const body = this.block(branch.block);
      if (body.length > 0) isEmpty = false;
      bodies.push(body);
    }
    if (isEmpty) return undefined;
    const branches = node.branches.map(({ testStart, testEnd, nameHash }, index) => ({
      test: testEnd === 0 ? "" : testText(this.source, testStart, testEnd, nameHash !== 0, this.closeness),
      body: bodies[index] ?? [],
    }));
    return { do: "if", branches };
  }
}

/** Comparisons of an application are worth a try: its settings are kept. */
const comparison = /==|!=|\bin\b|[A-Z]{2}/;

function testText(source: Buffer, start: number, end: number, isName: boolean, closeness: Closeness): string {
  const text = source.toString("utf8", start, Math.min(end, start + longestTest)).trim();
  if (end - start > longestTest) return "?";
  return isName || decidable.test(text) || (closeness === "application" && comparison.test(text)) ? text.replace(/\s+/g, " ") : "?";
}

function isUpperCase(source: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((source[at] as number) >= 0x61 && (source[at] as number) <= 0x7a) return false;
  return true;
}

function calledNames(source: Buffer, from: Block, { calls, knownNames, inertNames }: Scanned, closeness: Closeness): string[] {
  const names: string[] = [];
  for (let call = from.firstCall; call >= 0; call = calls.next(call)) {
    const root = calls.rootHash(call);
    const isKnown = knownNames.has(root);
    if (inertNames.has(root) || (!isKnown && closeness !== "application")) continue;
    const name = nameText(source, calls.start(call), calls.end(call));
    // An application's variables may hold anything; its assignments are kept and tell.
    if (!isKnown && !name.includes(".")) continue;
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

/** Keyword arguments that hand over a function which is called soon. */
const handsOver = /\b(target|lifespan|on_startup|startup|initializer|run|main|fn|func|callback|handler|factory|default)\s*=\s*[A-Za-z_]/;

/** `run_in_threadpool(Encoder, …)`, `Thread(None, serve)`: a name as an argument may be a function that runs. */
const handsName = /[(,]\s*[A-Za-z_][\w.]*\s*[,)]/;

function textStatement(text: string, line: number, isDecorator: boolean): PythonStatement | undefined {
  const target = isDecorator ? null : assignment.exec(text);
  if (target !== null && target[1] !== undefined) {
    const value = text.slice(target[0].length).trim();
    return value === "" || value.length > longestValue ? undefined : { do: "set", line, name: target[1], value };
  }
  return text.length <= longestText && (isDecorator || /["']/.test(text) || handsOver.test(text) || handsName.test(text))
    ? { do: "expression", line, text: text.trim() }
    : undefined;
}

/** One-based lines of positions: counted on while they ascend, looked up in a table from the first step back on. */
class Lines {
  private readonly source: Buffer;
  private counted = 0;
  private line = 1;
  private newlines: number[] | undefined;

  constructor(source: Buffer) {
    this.source = source;
  }

  at(position: number): number {
    if (position < this.counted) this.newlines ??= newlinePositions(this.source);
    if (this.newlines !== undefined) return countBelow(this.newlines, position) + 1;
    const { source } = this;
    let newlines = 0;
    for (let at = this.counted; at < position; at++) if (source[at] === 0x0a) newlines++;
    this.counted = position;
    this.line += newlines;
    return this.line;
  }
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
