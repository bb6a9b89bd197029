import { blank, classOf, continuesName, digit, nameByte, newline, quote } from "./characters.ts";
import { callsAtOnce, isOpenEnded, markCalled, unnamedCallee, type Frame, type FrameKind } from "./frames.ts";
import type { JavaScriptContext, JavaScriptLoad } from "./javaScriptFact.ts";
import { hashOfName, roleOf, type WordRole } from "./keywords.ts";
import { endOfComment, endOfRegExp, endOfString, endOfTemplateText, skipBlanks, textOf } from "./literals.ts";
import { LoadCollector } from "./loadCollector.ts";
import { dottedName, readSpecifier } from "./specifier.ts";
import { conditionAt, inverse, ternaryCondition, typeofCondition } from "./conditions.ts";

/** What stood before: decides between division and regular expression, object and block, end and middle of a statement. */
type Before = "statement" | "operator" | "value" | "dot" | "control" | "block";

const maxFrames = 20_000;
/** Names remembered per file. */
const maxNames = 3000;
/** By 16-bit hash: whether the scanner at work has the name. One table for all, since scanning is synchronous and clears it. */
const isNamed = new Uint8Array(0x1_0000);
/** Calls remembered per function. */
const maxCalls = 200;

/**
 * One pass over a file's bytes. It knows tokens and brackets, not grammar: enough to tell code from text and to say what
 * stands around a load. Every step moves forward, so it ends whatever the bytes are.
 * One long file, because all of it is one machine over the same few fields; what it finds goes to the LoadCollector.
 */
export class Scanner {
  private readonly bytes: Uint8Array;
  private readonly collector: LoadCollector;
  private position = 0;
  private before: Before = "statement";
  /** Byte of the last punctuator, 0 after anything else. */
  private lastByte = 0;
  private afterNewline = false;
  private frame: Frame | undefined;
  private depth = 0;
  private lastNameStart = 0;
  private lastNameEnd = 0;
  private lastRole: WordRole | undefined;
  private lastNameHash = 0;
  /** Hash of the key before the last colon of an object; 0 for none. */
  private keyName = 0;
  /** Hash of the name before the last `=`; 0 for none. */
  private assignedName = 0;
  /** The keyword whose paren or block comes next. */
  private pending:
    | {
        readonly kind: "control" | "block" | "parameters" | "class";
        readonly word: string;
        readonly isExpression: boolean;
        readonly name: number;
      }
    | undefined;
  /** The paren that was closed last. */
  private closedParen: Frame | undefined;
  /** What the next block or statement means, after the paren of `if (…)` or after `else`. */
  private nextContext: JavaScriptContext | undefined;
  private lastCondition: JavaScriptContext | undefined;
  /** What the condition at hand asks for. */
  private moduleSystem: JavaScriptContext | undefined;
  private readonly functions: Frame[] = [];
  private readonly calledAtTop = new Set<number>();
  /** Open callbacks in the application's own code: what handlers call says nothing of the start. */
  private callbacks = 0;
  private readonly skipsCallbacks: boolean;
  /** 16-bit hashes of names that are called or read from objects. */
  private readonly names: number[] = [];
  private readonly requireNames = new Set<number>();
  private truncated = false;

  /** `isApplication`: the file is no package's. */
  constructor(bytes: Uint8Array, isApplication = false) {
    this.bytes = bytes;
    this.skipsCallbacks = isApplication;
    this.collector = new LoadCollector(bytes, () => this.frame);
  }

  /** After `scan`. */
  fact(): {
    readonly moduleSyntax: boolean;
    readonly loads: readonly JavaScriptLoad[];
    readonly names: readonly number[];
    readonly truncated: boolean;
  } {
    markCalled(this.functions, this.calledAtTop);
    const { collector, names } = this;
    for (const name of names) isNamed[name] = 0;
    const truncated = this.truncated || collector.truncated;
    return { moduleSyntax: collector.moduleSyntax, loads: collector.loads(), names, truncated };
  }

  scan(): void {
    const { bytes } = this;
    const { length } = bytes;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.position = 3;
    if (bytes[this.position] === 0x23 && bytes[this.position + 1] === 0x21) this.position = endOfLine(bytes, this.position);
    while (this.position < length && !this.truncated) {
      const byte = bytes[this.position] as number;
      switch (classOf[byte] as number) {
        case blank:
          this.position++;
          break;
        case newline:
          this.afterNewline = true;
          this.position++;
          break;
        case nameByte:
          this.readName();
          break;
        case digit:
          this.beginValue();
          this.position = this.endOfName(this.position);
          break;
        case quote:
          this.beginValue();
          this.position = endOfString(bytes, this.position);
          break;
        default:
          this.readPunctuator(byte);
      }
    }
  }

  // Tokens

  private readName(): void {
    const { bytes } = this;
    const start = this.position;
    let end = start;
    let hash = 0;
    for (;;) {
      const byte = bytes[end];
      if (byte === undefined || continuesName[byte] === 0) break;
      hash = (Math.imul(hash, 31) + byte) | 0;
      end++;
    }
    this.position = end;
    const afterDot = this.before === "dot";
    const role = roleOf(bytes, start, end, hash);
    if (role !== "infix" && role !== "else" && role !== "catch" && role !== "finally") this.endStatementAtNewline();
    else if (role === "infix" && this.before !== "value") this.endStatementAtNewline();
    this.afterNewline = false;
    const roleBefore = this.lastRole;
    this.lastRole = role;
    if (roleBefore === "typeof") this.noteTypeof(start, end);
    if (role !== undefined && !this.isKey(end, afterDot, role)) {
      if (this.actOn(role, start, end, afterDot, roleBefore)) return;
    } else if (bytes[end] === 0x28 && !afterDot) {
      this.noteCall(hash);
    }
    if ((afterDot || bytes[end] === 0x28) && this.callbacks === 0 && isNamed[hash & 0xffff] === 0 && this.names.length < maxNames) {
      isNamed[hash & 0xffff] = 1;
      this.names.push(hash & 0xffff);
    }
    if (this.requireNames.size > 0 && !afterDot && this.requireNames.has(hash)) this.collector.readRequire(end, start);
    this.lastNameStart = start;
    this.lastNameEnd = end;
    this.lastNameHash = hash;
    this.value();
  }

  /** Whether a keyword is only a property's name: `x.import`, `{ default: 1 }`. */
  private isKey(end: number, afterDot: boolean, role: WordRole): boolean {
    if (afterDot)
      return role !== "require" && role !== "createRequire" && role !== "Worker" && role !== "URL" && role !== "fork" && role !== "join";
    const frame = this.frame;
    if (role === "operator" || role === "typeof" || frame?.kind !== "object") return false;
    if (role === "target") return false;
    const next = this.bytes[skipBlanks(this.bytes, end)];
    return next === 0x3a || next === 0x2c;
  }

  /** Returns whether the word was no value, so that `before` is set already. */
  private actOn(role: WordRole, start: number, end: number, afterDot: boolean, roleBefore: WordRole | undefined): boolean {
    const { bytes } = this;
    const word = role === "control" || role === "catch" ? textOf(bytes, start, end) : role;
    const isExpression = this.before === "operator" || this.before === "dot";
    switch (role) {
      case "operator":
      case "infix":
        this.operator(0);
        return true;
      case "new":
        this.operator(0);
        return true;
      case "control":
        this.pending = { kind: "control", word, isExpression: false, name: 0 };
        this.operator(0);
        return true;
      case "else":
        this.nextContext = inverse(this.lastCondition);
        return this.beginBlockOrStatement();
      case "try":
        this.nextContext = "try";
        return this.beginBlockOrStatement();
      case "catch":
        this.nextContext = "catch";
        this.pending = { kind: "control", word, isExpression: false, name: 0 };
        return this.beginBlockOrStatement();
      case "finally":
      case "do":
        this.nextContext = undefined;
        return this.beginBlockOrStatement();
      case "async": {
        // As if it were not there: `(…) =>`, a name or `function` follows.
        const next = bytes[skipBlanks(bytes, end)] ?? 0;
        return next === 0x28 || classOf[next] === nameByte;
      }
      case "typeof":
        this.operator(0);
        return true;
      case "function": {
        const asteriskOrName = skipBlanks(bytes, end);
        const nameStart = bytes[asteriskOrName] === 0x2a ? skipBlanks(bytes, asteriskOrName + 1) : asteriskOrName;
        const nameEnd = this.endOfName(nameStart);
        const isAssigned = nameEnd === nameStart && this.lastByte === 0x3d;
        const name = isAssigned ? this.assignedName : hashOfName(bytes, nameStart, nameEnd);
        this.pending = { kind: "parameters", word: "function", isExpression, name };
        this.position = nameEnd;
        this.operator(0);
        return true;
      }
      case "class":
        this.pending = { kind: "class", word: "class", isExpression, name: 0 };
        this.operator(0);
        return true;
      case "import":
        return this.readImport(start, end);
      case "export":
        if (this.frame === undefined && !isExpression) this.readExport(start, end);
        else this.operator(0);
        return true;
      case "require":
        if (!afterDot || textOf(bytes, this.lastNameStart, this.lastNameEnd) === "module") this.collector.readRequire(end, start);

        return false;
      case "target":
        this.collector.readTarget(end, start);
        return false;
      case "createRequire":
        if (this.lastByte === 0x3d && this.assignedName !== 0 && this.requireNames.size < 10) this.requireNames.add(this.assignedName);
        else if (afterDot && this.assignedName !== 0 && this.requireNames.size < 10) this.requireNames.add(this.assignedName);
        return false;
      case "Worker":
        if (roleBefore === "new" || afterDot) this.collector.readArgument("worker", end, start);
        return false;
      case "URL":
        if (roleBefore === "new") this.collector.readUrl(start);
        return false;
      case "fork":
        this.collector.readArgument("fork", end, start);
        return false;
      case "join":
      case "__dirname":
        this.collector.readFile(
          start,
          readSpecifier(bytes, role === "join" && afterDot ? this.lastNameStart : start, this.collector.folders),
        );
        return false;
    }
  }

  private readPunctuator(byte: number): void {
    const { bytes } = this;
    const at = this.position;
    switch (byte) {
      case 0x2f: {
        const end = endOfComment(bytes, at);
        if (end > at) {
          this.position = end;
          return;
        }
        if (this.before === "value") {
          this.position++;
          this.operator(byte);
        } else {
          this.beginValue();
          this.position = endOfRegExp(bytes, at);
        }
        return;
      }
      case 0x60:
        if (bytes[at + 1] === 0x24 && bytes[at + 3] === 0x5f) this.collector.readFile(at, readSpecifier(bytes, at, this.collector.folders));
        this.position++;
        this.continueTemplate();
        return;
      case 0x28:
        this.position++;
        this.openParen();
        return;
      case 0x5b:
        this.position++;
        this.open("bracket", undefined);
        this.operator(byte);
        return;
      case 0x7b:
        this.position++;
        this.openBrace();
        return;
      case 0x29:
      case 0x5d:
      case 0x7d:
        this.position++;
        this.close(byte);
        return;
      case 0x3b:
        this.position++;
        this.endStatement();
        this.before = "statement";
        this.lastByte = byte;
        return;
      case 0x2c:
        this.position++;
        this.keyName = 0;
        while (this.frame && (this.frame.kind === "arrow" || this.frame.kind === "branch")) this.leaveOpenEnded();
        this.operator(byte);
        return;
      case 0x2e:
        if (bytes[at + 1] === 0x2e && bytes[at + 2] === 0x2e) {
          this.position += 3;
          this.operator(byte);
        } else {
          this.position++;
          this.before = "dot";
          this.lastByte = 0;
        }
        return;
      case 0x3a:
        this.position++;
        this.keyName = this.frame?.kind === "object" ? this.lastNameHash : 0;
        this.openOtherBranch();
        this.operator(byte);
        return;
      case 0x3d:
        this.readEquals();
        return;
      case 0x3f:
        this.readQuestion();
        return;
      case 0x26:
      case 0x7c:
        this.position++;
        if (bytes[at + 1] === byte) {
          this.position++;
          this.openBranch();
        }
        this.operator(byte);
        return;
      case 0x2b:
      case 0x2d:
        this.position++;
        if (bytes[at + 1] === byte) {
          // `a++` stays a value, `++a` stays what it was.
          this.position++;
          return;
        }
        this.operator(byte);
        return;
      default:
        this.position++;
        this.operator(byte);
    }
  }

  private readEquals(): void {
    const { bytes } = this;
    const next = bytes[this.position + 1];
    if (next === 0x3e) {
      this.position += 2;
      this.openArrow();
      return;
    }
    if (next === 0x3d) {
      this.position += bytes[this.position + 2] === 0x3d ? 3 : 2;
      this.operator(0);
      return;
    }
    if (this.before === "value" && this.lastByte === 0) this.assignedName = this.lastNameHash;
    this.position++;
    this.operator(0x3d);
  }

  private readQuestion(): void {
    const { bytes } = this;
    const next = bytes[this.position + 1];
    if (next === 0x2e && classOf[bytes[this.position + 2] ?? 0] !== digit) {
      this.position += 2;
      this.before = "dot";
      this.lastByte = 0;
      return;
    }
    if (next !== 0x3f) this.moduleSystem = ternaryCondition(bytes, this.position) ?? this.moduleSystem;
    this.position += next === 0x3f ? 2 : 1;
    this.openBranch();
    this.operator(0x3f);
  }

  private continueTemplate(): void {
    this.position = endOfTemplateText(this.bytes, this.position);
    if (this.bytes[this.position - 1] === 0x7b) {
      this.open("template", undefined);
      this.operator(0x7b);
    } else {
      this.beginValue();
    }
  }

  // Brackets

  private openParen(): void {
    const { pending } = this;
    if (pending?.kind === "control") {
      this.lastCondition = pending.word === "if" ? conditionAt(this.bytes, this.position) : "conditional";
      this.open("control", undefined, 0, false, pending.word);
      this.pending = undefined;
    } else if (pending?.kind === "parameters") {
      this.open("parameters", undefined, pending.name, pending.isExpression);
      this.pending = undefined;
    } else {
      const isNamed = this.lastByte === 0;
      const callee = this.before !== "value" ? 0 : isNamed ? this.lastNameHash : this.lastByte === 0x29 ? unnamedCallee : 0;
      this.open("paren", undefined, callee, this.lastByte === 0x3d);
    }
    this.operator(0x28);
  }

  private openBrace(): void {
    const { closedParen } = this;
    const pending = this.pending;
    if (pending?.kind === "class") {
      this.pending = undefined;
      this.open("class", undefined, 0, pending.isExpression);
      this.before = "statement";
    } else if (pending?.kind === "block" || this.before === "control") {
      this.pending = undefined;
      const context = this.nextContext;
      this.nextContext = undefined;
      this.open("block", context);
      this.before = "statement";
    } else if (this.lastByte === 0x29 && closedParen && this.before === "value") {
      const isFunction = closedParen.kind === "parameters";
      // Without `function` before its parameters it is a method; its name stands where a call would have its callee.
      this.openFunction("function", isFunction ? closedParen.callee : 0, isFunction && closedParen.isExpression, closedParen.callee);
    } else if (this.before === "statement" || this.before === "block" || (this.before === "value" && this.afterNewline)) {
      this.open("block", undefined);
      this.before = "statement";
    } else {
      this.open("object", undefined, 0, true);
      this.before = "operator";
    }
    this.lastByte = 0x7b;
    this.afterNewline = false;
  }

  private openArrow(): void {
    const { bytes, closedParen } = this;
    const isParen = this.lastByte === 0x29;
    const name = isParen && closedParen?.kind === "paren" && closedParen.isExpression ? this.assignedName : 0;
    const next = skipBlanks(bytes, this.position);
    if (bytes[next] === 0x7b) {
      this.position = next + 1;
      this.openFunction("function", name, true, name === 0 ? this.keyName : name);
      this.lastByte = 0x7b;
      this.afterNewline = false;
    } else {
      this.openFunction("arrow", name, true, name === 0 ? this.keyName : name);
      this.operator(0);
    }
  }

  private openFunction(kind: "function" | "arrow", name: number, isExpression: boolean, label: number): void {
    let outer = this.frame;
    while (outer && isOpenEnded(outer)) outer = outer.parent;
    const isArgument = isExpression && outer?.kind === "paren" && outer.callee !== 0;
    const context = isArgument ? (callsAtOnce.has(outer?.callee ?? 0) ? "called" : "callback") : "function";
    this.open(kind, context, name, isExpression, "", label);
    if (this.frame) this.functions.push(this.frame);
    if (this.frame?.isCallback) this.callbacks++;
    this.before = "statement";
  }

  private openBranch(): void {
    // Inside of `if (…)` the whole condition is asked, when it closes.
    const asked = this.frame?.kind === "control" ? undefined : this.moduleSystem;
    if (this.frame?.kind !== "branch") this.open("branch", asked ?? "conditional", 0, true);
    else if (asked !== undefined) {
      // The last question decides: `typeof define … ? … : typeof exports … ? require("x") : …`.
      this.leave();
      this.open("branch", asked, 0, true);
    }
    if (asked !== undefined) this.moduleSystem = undefined;
  }

  /** After the colon of `… ? … : …` the opposite holds. */
  private openOtherBranch(): void {
    const context = this.frame?.kind === "branch" ? this.frame.context : undefined;
    if (context === undefined || context === "conditional") return;
    this.leave();
    this.open("branch", inverse(context), 0, true);
  }

  /** `typeof exports === "object"` and its like: which module system is there, or whether this is a browser. */
  private noteTypeof(start: number, end: number): void {
    const asked = typeofCondition(this.bytes, start, end);
    if (asked !== undefined) this.moduleSystem = asked;
  }

  private open(kind: FrameKind, context: JavaScriptContext | undefined, name = 0, isExpression = false, word = "", label = 0): void {
    if (this.depth >= maxFrames) {
      this.truncated = true;
      return;
    }
    this.depth++;
    const parent = this.frame;
    const isFunction = kind === "function" || kind === "arrow";
    const frame: Frame = {
      parent,
      kind,
      context,
      around: undefined,
      name: isFunction ? name : 0,
      label,
      isCallback: isFunction && context === "callback" && this.skipsCallbacks,
      calls: undefined,
      callee: isFunction ? 0 : name,
      word,
      isExpression,
    };
    (frame as { around: Frame | undefined }).around = isFunction ? frame : parent?.around;
    this.frame = frame;
  }

  private leave(): Frame | undefined {
    const frame = this.frame;
    if (frame) {
      if (frame.isCallback) this.callbacks--;
      this.frame = frame.parent;
      this.depth--;
    }
    return frame;
  }

  private leaveOpenEnded(): void {
    const frame = this.leave();
    if (frame?.kind === "statement" && frame.context !== "try" && frame.context !== "catch") this.lastCondition = frame.context;
    // `(() => require("x"))()`
    if (frame?.kind === "arrow" && this.lastByte === 0x29 && this.isCalledAt(this.position)) frame.context = "called";
  }

  private close(byte: number): void {
    this.lastByte = byte;
    this.afterNewline = false;
    while (this.frame && isOpenEnded(this.frame)) this.leaveOpenEnded();
    const frame = this.frame;
    // A bracket that fits nothing is passed over.
    if (!frame || closerOf(frame.kind) !== byte) {
      this.before = byte === 0x7d ? "block" : "value";
      return;
    }
    this.leave();
    if (frame.kind === "template") {
      this.continueTemplate();
      return;
    }
    if (byte === 0x29) {
      this.closedParen = frame;
      if (frame.kind === "control") this.closeControl(frame);
      else this.before = "value";
      return;
    }
    if (byte === 0x5d) {
      this.before = "value";
      return;
    }
    if (frame.kind === "function") this.closeFunction(frame);
    if (frame.kind === "block" && frame.context !== undefined && frame.context !== "try" && frame.context !== "catch")
      this.lastCondition = frame.context;
    this.before = frame.isExpression ? "value" : "block";
  }

  private closeControl(paren: Frame): void {
    const { word } = paren;
    this.moduleSystem = undefined;
    if (word === "if") this.nextContext = this.lastCondition;
    else if (word === "switch") this.nextContext = "conditional";
    else if (word === "catch") this.nextContext = "catch";
    else this.nextContext = undefined;
    this.before = "control";
    const next = this.bytes[skipBlanks(this.bytes, this.position)];
    if (next !== 0x7b && this.nextContext !== undefined) {
      this.open("statement", this.nextContext);
      this.nextContext = undefined;
    }
    // `while (…)` after `do { }` and the loops' bodies are statements like others.
    this.lastByte = 0;
  }

  private closeFunction(frame: Frame): void {
    if (frame.context === "called" || !frame.isExpression) return;
    if (this.isCalledAt(this.position)) frame.context = "called";
  }

  /** Whether a function that ends here is called at once: `}(…)`, `})(…)`, `}.call(…)`. */
  private isCalledAt(position: number): boolean {
    const { bytes } = this;
    let at = skipBlanks(bytes, position);
    const outer = this.frame;
    if (bytes[at] === 0x29) {
      if (outer?.kind === "paren" && outer.callee !== 0) return false;
      at = skipBlanks(bytes, at + 1);
    }
    if (bytes[at] === 0x28) return true;
    if (bytes[at] !== 0x2e) return false;
    const name = dottedName(bytes, at + 1);
    return name === "call" || name === "apply";
  }

  /** After `else`, `try`, `do`: a block follows, or a statement that the context covers. */
  private beginBlockOrStatement(): true {
    const next = this.bytes[skipBlanks(this.bytes, this.position)];
    if (next === 0x7b) this.pending = { kind: "block", word: "", isExpression: false, name: 0 };
    else if (this.pending?.word !== "catch" && this.nextContext !== undefined) {
      this.open("statement", this.nextContext);
      this.nextContext = undefined;
    }
    this.before = "statement";
    this.lastByte = 0;
    return true;
  }

  // Statements

  private value(): void {
    this.before = "value";
    this.lastByte = 0;
  }

  private operator(byte: number): void {
    this.before = "operator";
    this.lastByte = byte;
    this.afterNewline = false;
  }

  private beginValue(): void {
    this.endStatementAtNewline();
    this.afterNewline = false;
    this.lastNameHash = 0;
    this.lastRole = undefined;
    this.value();
  }

  /** Two values on two lines are two statements; a block's end ends what it belonged to. */
  private endStatementAtNewline(): void {
    if (this.before === "block" || (this.before === "value" && this.afterNewline)) {
      this.endStatement();
      this.before = "statement";
    }
  }

  private endStatement(): void {
    while (this.frame && isOpenEnded(this.frame)) this.leaveOpenEnded();
    this.pending = undefined;
    this.assignedName = 0;
    this.moduleSystem = undefined;
  }

  private endOfName(start: number): number {
    let end = start;
    while (end < this.bytes.length && continuesName[this.bytes[end] as number] === 1) end++;
    return end;
  }

  // Loads

  private noteCall(name: number): void {
    const around = this.frame?.around;
    if (!around) this.calledAtTop.add(name);
    else if (!around.calls) around.calls = [name];
    else if (around.calls.length < maxCalls) around.calls.push(name);
  }

  private readImport(start: number, end: number): boolean {
    const { bytes } = this;
    const next = skipBlanks(bytes, end);
    const byte = bytes[next];
    if (byte === 0x28) {
      this.collector.addArgument("dynamic-import", next + 1, start);
      return false;
    }
    if (byte === 0x2e) {
      this.collector.readImportMeta(start);
      return false;
    }
    if (this.frame !== undefined || this.before === "operator") return false;
    const from = byte === 0x22 || byte === 0x27 ? next : this.collector.fromClause(next);
    if (from !== undefined) this.position = this.collector.addStatic(from, start);
    this.value();
    return true;
  }

  private readExport(start: number, end: number): void {
    this.collector.moduleSyntax = true;
    this.before = "statement";
    this.lastByte = 0;
    const next = skipBlanks(this.bytes, end);
    const byte = this.bytes[next];
    if (byte !== 0x2a && byte !== 0x7b) return;
    const from = this.collector.fromClause(next);
    if (from === undefined) return;
    this.position = this.collector.addStatic(from, start);
    this.value();
  }
}

function closerOf(kind: FrameKind): number {
  if (kind === "paren" || kind === "control" || kind === "parameters") return 0x29;
  return kind === "bracket" ? 0x5d : 0x7d;
}

function endOfLine(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(10, at);
  return end < 0 ? bytes.length : end;
}
