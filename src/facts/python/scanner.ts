/* eslint max-lines: ["warn", { "max": 510, "skipBlankLines": true, "skipComments": true }] */
import { newBlock, type Block, type Node } from "./blocks.ts";
import { keywordAt, type Keyword } from "./keywords.ts";
import type { ImportedName } from "./pythonFact.ts";
import { byteClass, classOf, isNameByte, nameHash } from "./sourceBytes.ts";
import { SourceCursor } from "./sourceCursor.ts";
import type { Closeness } from "./summarize.ts";

/** CPython refuses more than 100 levels. */
const deepestNesting = 120;
const nodesLimit = 200_000;

/** Modules whose functions neither import nor open anything worth following; calls of interest are kept in any case. */
const inertModules = new Set(
  "numpy os os.path sys re math cmath warnings functools itertools time datetime json collections typing inspect struct operator copy random string textwrap pytest numpy.testing matplotlib.pyplot jax.numpy threading traceback types io pathlib shutil abc dataclasses enum contextlib".split(
    " ",
  ),
);

const hashOf = {
  self: nameHash("self"),
  cls: nameHash("cls"),
  super: nameHash("super"),
  getattr: nameHash("__getattr__"),
} as const;

function isConstant(text: string): boolean {
  return text === "True" || text === "False" || text === "None";
}

interface Frame {
  /** Lines indented deeper than this belong to it. */
  readonly headerIndent: number;
  readonly block: Block;
  readonly isFunction: boolean;
  /** The last `if`, `try` or loop directly in it, which an `else` of the same indent continues. */
  last: Node | "loop" | undefined;
}

/**
 * Reads statements line by line from bytes, by indentation and first word, and in expressions only what looks like a call.
 * One pass; linear in the size, whatever the bytes are.
 * One long file, because each kind of statement reads on at the same cursor and writes into the same open blocks; what the
 * blocks come to is `summarize.ts`'s, and the steps of the cursor are `SourceCursor`'s.
 */
export class PythonScanner extends SourceCursor {
  readonly root: Block = newBlock();
  /** Hashes of names that are defined or imported anywhere in the file, `self` and the like included. */
  readonly knownNames = new Set<number>([hashOf.self, hashOf.cls, hashOf.super]);
  /** Hashes of local names of `inertModules`. */
  readonly inertNames = new Set<number>();
  /** Hash of a variable that holds an instance, and of the first part of its class's name. */
  readonly instances: number[] = [];
  /** Hashes of names that a test asks for alone; see `testedName`. */
  readonly testedNames = new Set<number>();
  /** Hashes of names that are assigned anything but `True`, `False` and `None`, in libraries. */
  readonly variables = new Set<number>();
  usesMetadata = false;
  truncated = false;

  private readonly closeness: Closeness;
  private frames: Frame[] = [];
  private nodes = 0;

  constructor(bytes: Buffer, closeness: Closeness) {
    super(bytes);
    this.closeness = closeness;
  }

  scan(): void {
    const bytes = this.bytes;
    this.frames = [{ headerIndent: -1, block: this.root, isFunction: false, last: undefined }];
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.position = 3;
    while (this.position < bytes.length && !this.truncated) {
      const indent = this.indentation();
      const byte = bytes[this.position];
      if (byte === 0x0a) this.position++;
      else if (byte === 0x23) this.skipLine();
      else if (byte !== undefined) {
        if (this.frame().headerIndent >= indent) this.closeFrames(indent);
        this.logicalLine(indent);
      }
    }
  }

  /** Moves to the first byte of the line that is no blank. */
  private indentation(): number {
    const bytes = this.bytes;
    const { length } = bytes;
    let indent = 0;
    let at = this.position;
    for (; at < length; at++) {
      const byte = bytes[at] as number;
      if (byte === 0x20) indent++;
      else if (byte === 0x09) indent = (indent + 8) & ~7;
      else if (byte === 0x0c) indent = 0;
      else if (byte !== 0x0d) break;
    }
    this.position = at;
    return indent;
  }

  private closeFrames(indent: number): void {
    while (this.frames.length > 1 && this.frame().headerIndent >= indent) this.frames.pop();
  }

  private frame(): Frame {
    return this.frames[this.frames.length - 1] as Frame;
  }

  private open(headerIndent: number, block: Block, isFunction = this.frame().isFunction): void {
    if (this.frames.length >= deepestNesting) {
      this.truncated = true;
      return;
    }
    this.frames.push({ headerIndent, block, isFunction, last: undefined });
  }

  private add(node: Node): void {
    if (++this.nodes > nodesLimit) this.truncated = true;
    const { block } = this.frame();
    if (block !== this.unread) block.nodes.push(node);
  }

  /** A block within the current one. */
  private innerBlock(): Block {
    return this.frame().block === this.unread ? this.unread : newBlock();
  }

  /** Statements up to the end of the line; they are separated by `;`, and by `:` behind a header. */
  private logicalLine(indent: number): void {
    const bytes = this.bytes;
    while (this.position < bytes.length && !this.truncated) {
      this.skipBlanks();
      const byte = bytes[this.position];
      if (byte === 0x23) {
        this.skipLine();
        return;
      }
      if (byte === 0x0a) {
        this.position++;
        return;
      }
      if (byte === 0x3b || byte === 0x3a) this.position++;
      else if (byte !== undefined) {
        const before = this.position;
        this.statement(indent);
        if (this.position <= before) this.position = before + 1;
      }
    }
  }

  private statement(indent: number): void {
    const start = this.position;
    const first = this.bytes[start] as number;
    if (first === 0x40) {
      this.decorator();
      return;
    }
    if (classOf[first] === byteClass.name) {
      const word = keywordAt(this.bytes, start);
      if (word !== undefined && this.keyword(word, start, indent)) return;
    }
    this.plainStatement(start);
  }

  /** Handles a statement by its first word; false when the word begins a plain one. */
  private keyword(word: Keyword, start: number, indent: number): boolean {
    const end = start + word.length;
    switch (word) {
      case "import":
        this.position = end;
        this.importStatement(start);
        return true;
      case "from":
        this.position = end;
        this.fromStatement(start);
        return true;
      case "async":
        this.position = end;
        this.skipBlanks();
        this.statement(indent);
        return true;
      case "if":
      case "elif":
      case "else":
        this.position = end;
        this.conditional(word, indent);
        return true;
      case "try":
      case "except":
      case "finally":
        this.position = end;
        this.attempt(word, indent);
        return true;
      case "with":
      case "for":
      case "while":
        this.position = end;
        this.expression(true, this.frame().block);
        if (word === "for" && this.closeness !== "tests") this.keepLoop(end, this.position);
        this.keepText(start, this.position);
        this.frame().last = "loop";
        this.open(indent, this.frame().block);
        return true;
      case "def":
        this.position = end;
        this.definition(start, indent);
        return true;
      case "class":
        this.position = end;
        this.classDefinition(start, indent);
        return true;
      case "match":
      case "case":
        return this.matchOrCase(word, start, end, indent);
      case "return":
      case "raise":
      case "assert":
      case "del":
        this.position = end;
        this.expression(false, this.frame().block);
        if (word === "return") this.keepText(start, this.position);
        if (word === "raise" && !this.frame().isFunction) this.add({ do: "raise" });
        return true;
    }
  }

  private conditional(word: "if" | "elif" | "else", indent: number): void {
    const testStart = this.position;
    this.expression(true, this.frame().block);
    const nameHash = word === "else" ? 0 : this.testedName(testStart, this.position);
    const branch = { testStart, testEnd: this.position, nameHash, block: this.innerBlock() };
    const frame = this.frame();
    const last = frame.last;
    if (word === "if") {
      const node: Node = { do: "if", branches: [branch] };
      this.add(node);
      frame.last = node;
      this.open(indent, branch.block);
    } else if (last === undefined || last === "loop") {
      this.open(indent, frame.block);
    } else if (last.do === "if") {
      last.branches.push(word === "else" ? { ...branch, testStart: 0, testEnd: 0 } : branch);
      this.open(indent, branch.block);
    } else this.open(indent, last.do === "try" ? last.rest : frame.block);
  }

  /**
   * The name that a test of one name asks for, 0 when it is more. In functions plain names are variables: only those count
   * that are written as a module's own (`_cache`, `DEBUG`).
   */
  private testedName(start: number, end: number): number {
    const { bytes } = this;
    let at = start;
    const blanks = (): void => {
      while (bytes[at] === 0x20 || bytes[at] === 0x28) at++;
    };
    blanks();
    if (bytes[at] === 0x6e && bytes[at + 1] === 0x6f && bytes[at + 2] === 0x74 && bytes[at + 3] === 0x20) at += 4;
    blanks();
    const first = bytes[at] as number;
    if (this.frame().isFunction && first !== 0x5f && (first < 0x41 || first > 0x5a)) return 0;
    const nameStart = at;
    let hash = 0;
    while (isNameByte[bytes[at] as number] === 1) hash = (Math.imul(hash, 31) + (bytes[at++] as number)) | 0;
    if (at === nameStart) return 0;
    while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x29)) at++;
    if (at < end && !/^is (not )?(None|True|False)\s*\)?\s*$/.test(this.text(at, Math.min(end, at + 20)))) return 0;
    this.testedNames.add(hash);
    return hash;
  }

  private attempt(word: "try" | "except" | "finally", indent: number): void {
    this.expression(true, this.frame().block);
    const frame = this.frame();
    if (word === "try") {
      const node: Node = { do: "try", body: this.innerBlock(), handlers: this.innerBlock(), rest: this.innerBlock() };
      this.add(node);
      frame.last = node;
      this.open(indent, node.body);
      return;
    }
    const last = frame.last;
    const node = last !== undefined && last !== "loop" && last.do === "try" ? last : undefined;
    this.open(indent, node === undefined ? frame.block : word === "except" ? node.handlers : node.rest);
  }

  private definition(start: number, indent: number): void {
    this.skipBlanks();
    const nameStart = this.position;
    const hash = this.skipName();
    const name = this.text(nameStart, this.position);
    this.knownNames.add(hash);
    if (hash === hashOf.getattr && indent === 0) this.isLazy = true;
    const headerStart = this.position;
    this.expression(true, this.frame().block);
    this.keepText(nameStart, this.position);
    const header = this.closeness === "application" ? this.text(headerStart, Math.min(this.position, headerStart + 2000)) : "";
    // What a library's tests do when called is not asked for, but names are known from there, too.
    const block = this.closeness === "tests" ? this.unread : newBlock();
    this.add({ do: "def", at: start, name, header, block });
    this.frame().last = undefined;
    this.open(indent, block, true);
  }

  private classDefinition(start: number, indent: number): void {
    this.skipBlanks();
    const nameStart = this.position;
    this.knownNames.add(this.skipName());
    const name = this.text(nameStart, this.position);
    const headerStart = this.position;
    this.expression(true, this.frame().block);
    const header = this.text(headerStart, Math.min(this.position, headerStart + 1000));
    const node: Node = { do: "class", at: start, name, header, block: this.innerBlock() };
    this.add(node);
    this.frame().last = undefined;
    this.open(indent, node.block);
  }

  /** `match` and `case` are names elsewhere: only a line that ends with a colon makes them keywords. */
  private matchOrCase(word: "match" | "case", start: number, end: number, indent: number): boolean {
    const next = this.bytes[end];
    if (next === 0x3d || next === 0x2e || next === 0x29 || next === 0x2c) return false;
    this.position = end;
    this.skipBlanks();
    const afterBlanks = this.bytes[this.position];
    if (afterBlanks === 0x3d || afterBlanks === 0x3a || afterBlanks === 0x0a || this.position === end) {
      if (next !== 0x28 && next !== 0x5b && next !== 0x7b && next !== 0x22 && next !== 0x27) {
        this.position = start;
        return false;
      }
    }
    this.expression(true, this.frame().block);
    if (this.bytes[this.position] !== 0x3a) return true;
    const node: Node = { do: "maybe", block: this.innerBlock() };
    if (word === "case") this.add(node);
    this.open(indent, word === "case" ? node.block : this.frame().block);
    return true;
  }

  private decorator(): void {
    this.position++;
    this.skipBlanks();
    const start = this.position;
    const hash = this.skipName();
    while (this.bytes[this.position] === 0x2e && classOf[this.bytes[this.position + 1] ?? 0] === byteClass.name) {
      this.position++;
      this.skipName();
    }
    const end = this.position;
    if (end > start && this.bytes[end] !== 0x28 && this.frame().block !== this.unread)
      this.calls.add(this.frame().block, hash, start, end, 0, 0);
    this.position = start;
    this.expression(false, this.frame().block);
    this.keepText(start, this.position, true);
  }

  /** An expression or an assignment. */
  private plainStatement(start: number): void {
    const first = this.bytes[start] as number;
    this.expression(false, this.frame().block);
    if (first === 0x22 || first === 0x27) return;
    if (this.closeness === "library") this.keepLibraryStatement(start, this.position);
    else this.keepText(start, this.position);
  }

  /** `for name in …:` over names written out, or over a variable that may hold such. */
  private keepLoop(start: number, end: number): void {
    const { bytes } = this;
    let at = start;
    while (bytes[at] === 0x20) at++;
    const nameStart = at;
    while (isNameByte[bytes[at] as number] === 1) at++;
    const nameEnd = at;
    while (bytes[at] === 0x20) at++;
    if (bytes[at] !== 0x69 || bytes[at + 1] !== 0x6e || isNameByte[bytes[at + 2] as number] === 1) return;
    at += 2;
    while (bytes[at] === 0x20) at++;
    if (classOf[bytes[at] as number] !== byteClass.name) {
      this.keepNames(nameStart, nameEnd, at, end);
      return;
    }
    const valueStart = at;
    while (isNameByte[bytes[at] as number] === 1) at++;
    if (at === end) this.add({ do: "names", at: nameStart, end: nameEnd, valueStart, valueEnd: end });
  }

  /** `name = ["a", "b"]`: what code may import that works names out. Dropped again where nothing does. */
  private keepNames(start: number, nameEnd: number, valueStart: number, valueEnd: number): void {
    const { bytes } = this;
    const open = bytes[valueStart];
    if ((open !== 0x5b && open !== 0x28) || valueEnd - valueStart > 8192) return;
    let at = valueStart + 1;
    while ((bytes[at] as number) <= 0x20) at++;
    if (bytes[at] === 0x22 || bytes[at] === 0x27) this.add({ do: "names", at: start, end: nameEnd, valueStart, valueEnd });
  }

  /** `name = Class(` and `self.name = Class(`: what methods called on it later are methods of. */
  private keepLibraryStatement(start: number, end: number): void {
    const { bytes } = this;
    if (classOf[bytes[start] as number] !== byteClass.name) return;
    let at = start;
    let hash = 0;
    while (isNameByte[bytes[at] as number] === 1) hash = (Math.imul(hash, 31) + (bytes[at++] as number)) | 0;
    if (bytes[at] === 0x2e) {
      if (hash !== hashOf.self) return;
      at++;
      while (isNameByte[bytes[at] as number] === 1) at++;
    }
    const targetEnd = at;
    while (bytes[at] === 0x20) at++;
    if (bytes[at] === 0x3a) this.variables.add(hash);
    if (bytes[at] === 0x2c) this.keepTargets(start, end);
    if (bytes[at] !== 0x3d || bytes[at + 1] === 0x3d) return;
    at++;
    while (bytes[at] === 0x20) at++;
    const calleeStart = at;
    let partStart = at;
    let rootHash = 0;
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === 0x2e) partStart = at + 1;
      else if (isNameByte[byte] === 0) break;
      else if (partStart === calleeStart) rootHash = (Math.imul(rootHash, 31) + byte) | 0;
    }
    if (bytes[at] !== 0x28) {
      if (hash !== hashOf.self) {
        if (at - calleeStart <= 5 && isConstant(this.text(calleeStart, at)) && this.isBlank(at, end))
          this.add({ do: "constant", at: start, end: targetEnd, hash, valueStart: calleeStart, valueEnd: at });
        else this.variables.add(hash);
      }
      if (at === calleeStart && hash !== hashOf.self) this.keepNames(start, targetEnd, at, end);
      return;
    }
    if (hash !== hashOf.self) this.variables.add(hash);
    const initial = bytes[partStart] === 0x5f ? (bytes[partStart + 1] as number) : (bytes[partStart] as number);
    // Classes are written with a capital (PEP 8); what functions return is not known.
    if (initial < 0x41 || initial > 0x5a) return;
    if (hash !== hashOf.self) this.instances.push(hash, rootHash);
    this.add({ do: "instance", at: start, end: targetEnd, calleeStart, calleeEnd: at });
  }

  /** `a, b = …`: what is assigned side by side is not known. */
  private keepTargets(start: number, end: number): void {
    const { bytes } = this;
    let at = start;
    while (at < end) {
      let hash = 0;
      const nameStart = at;
      while (isNameByte[bytes[at] as number] === 1) hash = (Math.imul(hash, 31) + (bytes[at++] as number)) | 0;
      if (at > nameStart) this.variables.add(hash);
      while (bytes[at] === 0x20 || bytes[at] === 0x2c) at++;
      if (isNameByte[bytes[at] as number] === 0) return;
    }
  }

  private isBlank(start: number, end: number): boolean {
    for (let at = start; at < end && this.bytes[at] !== 0x23; at++) if (this.bytes[at] !== 0x20) return false;
    return true;
  }

  private keepText(start: number, end: number, isDecorator = false): void {
    if (this.closeness !== "application") return;
    if (end - start > 16_384) return;
    this.add({ do: "text", at: start, start, end, isDecorator });
  }

  private importStatement(start: number): void {
    const names: ImportedName[] = [];
    do {
      this.skipBlanks();
      const nameStart = this.position;
      const rootHash = this.skipName();
      this.skipDottedRest();
      const name = this.dottedText(nameStart, this.position);
      const alias = this.alias();
      if (name === "") break;
      if (alias === undefined) this.knownNames.add(rootHash);
      if (inertModules.has(name)) this.inertNames.add(nameHash(alias ?? name.slice(0, (name + ".").indexOf("."))));
      names.push(alias === undefined ? [name] : [name, alias]);
      if (name === "importlib.metadata" || name === "importlib_metadata") this.usesMetadata = true;
      this.skipBlanks();
    } while (this.bytes[this.position++] === 0x2c && names.length < 10_000);
    this.position--;
    if (names.length > 0) this.add({ do: "import", at: start, names });
    this.expression(false, this.frame().block);
  }

  private fromStatement(start: number): void {
    let level = 0;
    for (;;) {
      this.skipBlanks();
      if (this.bytes[this.position] !== 0x2e) break;
      level++;
      this.position++;
    }
    const moduleStart = this.position;
    let module = "";
    if (!(this.wordFollows("import") && level > 0)) {
      this.skipName();
      this.skipDottedRest();
      module = this.dottedText(moduleStart, this.position);
    }
    this.skipBlanks();
    if (!this.wordFollows("import")) {
      this.expression(false, this.frame().block);
      return;
    }
    this.position += 6;
    const names = this.importedNames();
    this.add({ do: "from", at: start, module, level, names });
    if (
      module === "importlib.metadata" ||
      module === "importlib_metadata" ||
      (module === "importlib" && names.some(([name]) => name === "metadata"))
    )
      this.usesMetadata = true;
    this.expression(false, this.frame().block);
  }

  private importedNames(): ImportedName[] {
    const names: ImportedName[] = [];
    this.skipBlanks();
    const inParentheses = this.bytes[this.position] === 0x28;
    if (inParentheses) this.position++;
    for (;;) {
      if (inParentheses) this.skipBlanksAndLines();
      else this.skipBlanks();
      const nameStart = this.position;
      if (this.bytes[nameStart] === 0x2a) {
        this.position++;
        names.push(["*"]);
      } else {
        const hash = this.skipName();
        if (this.position === nameStart) break;
        const name = this.text(nameStart, this.position);
        if (inParentheses) this.skipBlanksAndLines();
        const alias = this.alias(inParentheses);
        if (alias === undefined) this.knownNames.add(hash);
        names.push(alias === undefined ? [name] : [name, alias]);
      }
      if (inParentheses) this.skipBlanksAndLines();
      else this.skipBlanks();
      if (this.bytes[this.position] !== 0x2c || names.length >= 20_000) break;
      this.position++;
    }
    if (inParentheses && this.bytes[this.position] === 0x29) this.position++;
    return names;
  }

  /** Reads `as name`, if it is there. */
  private alias(inParentheses = false): string | undefined {
    this.skipBlanks();
    if (!this.wordFollows("as")) return undefined;
    this.position += 2;
    if (inParentheses) this.skipBlanksAndLines();
    else this.skipBlanks();
    const start = this.position;
    this.knownNames.add(this.skipName());
    return this.text(start, this.position);
  }
}
