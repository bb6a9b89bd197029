import { newBlock, type Block, type Node } from "./blocks.ts";
import { mayBeOfInterest } from "./callsOfInterest.ts";
import type { ImportedName } from "./pythonFact.ts";
import { byteClass, classOf, hasFormatPrefix, isNameByte, isStringPrefix, nameHash, skipString } from "./sourceBytes.ts";

/** CPython refuses more than 100 levels. */
const deepestNesting = 120;
const deepestBrackets = 200;
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
  lazyModule: nameHash("_LazyModule"),
  attach: nameHash("attach"),
  attachStub: nameHash("attach_stub"),
} as const;

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
 */
export class PythonScanner {
  readonly root: Block = newBlock();
  /** Hashes of names that are defined or imported anywhere in the file, `self` and the like included. */
  readonly knownNames = new Set<number>([hashOf.self, hashOf.cls, hashOf.super]);
  /** Hashes of local names of `inertModules`. */
  readonly inertNames = new Set<number>();
  /** Whether names appear on first use: a module-level `__getattr__` or a lazy loader. */
  isLazy = false;
  usesMetadata = false;
  truncated = false;

  private readonly bytes: Buffer;
  private readonly isApplication: boolean;
  private position = 0;
  private frames: Frame[] = [];
  private nodes = 0;
  private readonly openCallee = new Int32Array(deepestBrackets * 3);

  constructor(bytes: Buffer, isApplication: boolean) {
    this.bytes = bytes;
    this.isApplication = isApplication;
  }

  scan(): void {
    const bytes = this.bytes;
    this.frames = [{ headerIndent: -1, block: this.root, isFunction: false, last: undefined }];
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.position = 3;
    while (this.position < bytes.length && !this.truncated) {
      const indent = this.indentation();
      const byte = bytes[this.position];
      if (byte === 0x23) this.skipLine();
      else if (byte === 0x0a) this.position++;
      else if (byte !== undefined) {
        this.closeFrames(indent);
        this.logicalLine(indent);
      }
    }
  }

  /** Moves to the first byte of the line that is no blank. */
  private indentation(): number {
    let indent = 0;
    for (;;) {
      const byte = this.bytes[this.position];
      if (byte === 0x20) indent++;
      else if (byte === 0x09) indent = (indent + 8) & ~7;
      else if (byte === 0x0c) indent = 0;
      else if (byte !== 0x0d) return indent;
      this.position++;
    }
  }

  private skipLine(): void {
    const end = this.bytes.indexOf(0x0a, this.position);
    this.position = end < 0 ? this.bytes.length : end + 1;
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
    this.frame().block.nodes.push(node);
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

  private skipBlanks(): void {
    const bytes = this.bytes;
    for (;;) {
      const byte = bytes[this.position];
      if (byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0c) this.position++;
      else if (byte === 0x5c && bytes[this.position + 1] === 0x0a) this.position += 2;
      else if (byte === 0x5c && bytes[this.position + 1] === 0x0d && bytes[this.position + 2] === 0x0a) this.position += 3;
      else return;
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
      let end = start + 1;
      while (isNameByte[this.bytes[end] ?? 0] === 1) end++;
      if (end - start <= 8 && this.keyword(start, end, indent)) return;
    }
    this.plainStatement(start);
  }

  /** Handles a statement by its first word; false when the word begins a plain one. */
  private keyword(start: number, end: number, indent: number): boolean {
    const word = keywordAt(this.bytes, start, end);
    if (word === undefined) return false;
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
        this.expression(true);
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
        this.expression(false);
        if (word === "return") this.keepText(start, this.position);
        if (word === "raise" && !this.frame().isFunction) this.add({ do: "raise" });
        return true;
      default:
        return false;
    }
  }

  private conditional(word: "if" | "elif" | "else", indent: number): void {
    const testStart = this.position;
    this.expression(true);
    const branch = { testStart, testEnd: this.position, block: newBlock() };
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

  private attempt(word: "try" | "except" | "finally", indent: number): void {
    this.expression(true);
    const frame = this.frame();
    if (word === "try") {
      const node: Node = { do: "try", body: newBlock(), handlers: newBlock(), rest: newBlock() };
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
    this.expression(true);
    this.keepText(nameStart, this.position);
    const node: Node = { do: "def", at: start, name, block: newBlock() };
    this.add(node);
    this.frame().last = undefined;
    this.open(indent, node.block, true);
  }

  private classDefinition(start: number, indent: number): void {
    this.skipBlanks();
    const nameStart = this.position;
    this.knownNames.add(this.skipName());
    const name = this.text(nameStart, this.position);
    const headerStart = this.position;
    this.expression(true);
    const header = this.text(headerStart, Math.min(this.position, headerStart + 1000));
    const node: Node = { do: "class", at: start, name, header, block: newBlock() };
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
    this.expression(true);
    if (this.bytes[this.position] !== 0x3a) return true;
    const node: Node = { do: "maybe", block: newBlock() };
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
    if (end > start && this.bytes[end] !== 0x28) this.frame().block.calls.push(hash, start, end, 0, 0);
    this.position = start;
    this.plainStatement(start);
  }

  /** An expression or an assignment. */
  private plainStatement(start: number): void {
    const first = this.bytes[start] as number;
    this.expression(false);
    if (first !== 0x22 && first !== 0x27) this.keepText(start, this.position);
  }

  private keepText(start: number, end: number): void {
    if (!this.isApplication) return;
    if (end - start > 16_384) return;
    this.add({ do: "text", at: start, start, end });
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
    this.expression(false);
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
      this.expression(false);
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
    this.expression(false);
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

  private skipBlanksAndLines(): void {
    for (;;) {
      this.skipBlanks();
      const byte = this.bytes[this.position];
      if (byte === 0x0a) this.position++;
      else if (byte === 0x23) this.skipLine();
      else return;
    }
  }

  private wordFollows(word: string): boolean {
    const end = this.position + word.length;
    if (isNameByte[this.bytes[end] ?? 0] === 1) return false;
    for (let index = 0; index < word.length; index++) if (this.bytes[this.position + index] !== word.charCodeAt(index)) return false;
    return true;
  }

  private skipName(): number {
    const bytes = this.bytes;
    let at = this.position;
    let hash = 0;
    while (isNameByte[bytes[at] ?? 0] === 1) hash = (Math.imul(hash, 31) + (bytes[at++] as number)) | 0;
    this.position = at;
    return hash;
  }

  /** `. name` repeated; blanks around the dots are legal and rare. */
  private skipDottedRest(): void {
    for (;;) {
      const before = this.position;
      this.skipBlanks();
      if (this.bytes[this.position] !== 0x2e) {
        this.position = before;
        return;
      }
      this.position++;
      this.skipBlanks();
      this.skipName();
    }
  }

  private text(start: number, end: number): string {
    return this.bytes.toString("utf8", start, end);
  }

  private dottedText(start: number, end: number): string {
    const text = this.text(start, end);
    return /\s|\\/.test(text) ? text.replace(/[\s\\]+/g, "") : text;
  }

  /**
   * Skips an expression up to the end of its logical line, a `;`, or the `:` that ends a header, and notes the calls in it.
   * The position then stands on that byte.
   */
  private expression(stopsAtColon: boolean): void {
    const bytes = this.bytes;
    const length = bytes.length;
    const { calls, special } = this.frame().block;
    const callee = this.openCallee;
    let at = this.position;
    let depth = 0;
    // Start, end and hash of the call whose closing parenthesis was the last token; -1 when it was another token.
    let closedStart = -1;
    let closedEnd = 0;
    let closedHash = 0;
    while (at < length) {
      const byte = bytes[at] as number;
      switch (classOf[byte]) {
        case byteClass.name: {
          const start = at;
          let hash = 0;
          do hash = (Math.imul(hash, 31) + (bytes[at++] as number)) | 0;
          while (at < length && isNameByte[bytes[at] as number] === 1);
          let next = bytes[at] as number;
          if ((next === 0x22 || next === 0x27) && isStringPrefix(bytes, start, at)) {
            at = skipString(bytes, at, hasFormatPrefix(bytes, start, at));
            closedStart = -1;
            break;
          }
          let lastHash = hash;
          while (next === 0x2e && classOf[bytes[at + 1] ?? 0] === byteClass.name) {
            at++;
            lastHash = 0;
            do lastHash = (Math.imul(lastHash, 31) + (bytes[at++] as number)) | 0;
            while (at < length && isNameByte[bytes[at] as number] === 1);
            next = bytes[at] as number;
          }
          closedStart = -1;
          if (next !== 0x28) break;
          if (mayBeOfInterest(lastHash)) {
            special.push(start, at);
            if (lastHash === hashOf.lazyModule || lastHash === hashOf.attach || lastHash === hashOf.attachStub) this.isLazy = true;
          }
          calls.push(hash, start, at, 0, 0);
          if (depth < deepestBrackets) {
            callee[depth * 3] = start;
            callee[depth * 3 + 1] = at;
            callee[depth * 3 + 2] = hash;
          }
          depth++;
          at++;
          break;
        }
        case byteClass.quote:
          at = skipString(bytes, at, false);
          closedStart = -1;
          break;
        case byteClass.comment: {
          const end = bytes.indexOf(0x0a, at);
          at = end < 0 ? length : end;
          break;
        }
        case byteClass.newline:
          if (depth === 0) {
            this.position = at;
            return;
          }
          at++;
          break;
        case byteClass.backslash:
          at += bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a ? 3 : 2;
          break;
        case byteClass.open:
          if (depth < deepestBrackets) callee[depth * 3] = -1;
          depth++;
          at++;
          closedStart = -1;
          break;
        case byteClass.close:
          if (depth > 0) depth--;
          at++;
          if (depth < deepestBrackets) {
            closedStart = callee[depth * 3] as number;
            closedEnd = callee[depth * 3 + 1] as number;
            closedHash = callee[depth * 3 + 2] as number;
          } else closedStart = -1;
          break;
        case byteClass.semicolon:
          if (depth === 0) {
            this.position = at;
            return;
          }
          at++;
          break;
        case byteClass.colon:
          if (depth === 0 && stopsAtColon && bytes[at + 1] !== 0x3d) {
            this.position = at;
            return;
          }
          at++;
          closedStart = -1;
          break;
        case byteClass.digit:
          do at++;
          while (at < length && isNameByte[bytes[at] as number] === 1);
          closedStart = -1;
          break;
        case byteClass.dot: {
          at++;
          if (closedStart < 0) break;
          const start = at;
          while (at < length && isNameByte[bytes[at] as number] === 1) at++;
          if (at > start && bytes[at] === 0x28) calls.push(closedHash, closedStart, closedEnd, start, at);
          else closedStart = -1;
          if (at === start) closedStart = -1;
          break;
        }
        default:
          at++;
          if (byte > 0x20) closedStart = -1;
      }
    }
    this.position = length;
  }
}

const keywords = new Map<number, string>();
for (const word of "import from async if elif else try except finally with for while def class match case return raise assert del".split(
  " ",
))
  keywords.set(nameHash(word), word);

type Keyword =
  | "import"
  | "from"
  | "async"
  | "if"
  | "elif"
  | "else"
  | "try"
  | "except"
  | "finally"
  | "with"
  | "for"
  | "while"
  | "def"
  | "class"
  | "match"
  | "case"
  | "return"
  | "raise"
  | "assert"
  | "del";

function keywordAt(bytes: Uint8Array, start: number, end: number): Keyword | undefined {
  let hash = 0;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  const word = keywords.get(hash);
  return word?.length === end - start && word.charCodeAt(0) === bytes[start] ? (word as Keyword) : undefined;
}
