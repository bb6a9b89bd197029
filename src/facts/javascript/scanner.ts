/* eslint max-lines: ["warn", { "max": 850, "skipBlankLines": true, "skipComments": true }] */
import { blank, classOf, continuesName, digit, nameByte, newline, quote } from "./characters.ts";
import { callsAtOnce, isOpenEnded, listens, markCalled, unnamedCallee, type Frame, type FrameKind } from "./frames.ts";
import type { JavaScriptContext, JavaScriptLoad } from "./javaScriptFact.ts";
import { hashOf, hashOfName, roleOf, type WordRole } from "./keywords.ts";
import { endOfComment, endOfRegExp, endOfString, endOfTemplateText, skipBlanks, textOf } from "./literals.ts";
import { LoadCollector } from "./loadCollector.ts";
import { dottedName, readSpecifier } from "./specifier.ts";
import { conditionAt, inverse, switchSubject, ternaryCondition, typeofCondition } from "./conditions.ts";
import { defaultName, handlerLabel, optionMark, packNames, readMark } from "./functionNames.ts";

/** What stood before: decides between division and regular expression, object and block, end and middle of a statement. */
type Before = "statement" | "operator" | "value" | "dot" | "control" | "block";

const maxFrames = 20_000;
/** Names remembered per function, and per file. */
const maxUses = 1000;
const maxNames = 20_000;
/** Methods of property descriptions, whose name is that of the property. */
const descriptors: ReadonlySet<number> = new Set(["get", "value"].map(hashOf));
const exportsName = hashOf(defaultName);
const getName = hashOf("get");

function isUnlikely({ context }: Frame): boolean {
  if (context === undefined || context.length < 5) return false;
  return context === "unlikely" || context === "catch" || (context.startsWith("if platform ") && !context.endsWith(" linux"));
}

/** Bundlers' functions for modules, which nearly all run when the bundle starts. */
const bundlers: ReadonlySet<number> = new Set(["__commonJS", "__commonJSMin", "__esm", "__esmMin"].map(hashOf));
const defaultProperty = hashOf("default");
const wrappers: ReadonlySet<number> = new Set(
  ["__importDefault", "__importStar", "__toESM", "_interopRequireDefault", "_interopRequireWildcard", "_interop_require_default", "_interop_require_wildcard"].map(hashOf), // prettier-ignore
);
const constructorName = hashOf("constructor");
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
  /** Names in code that runs when the module is loaded. */
  private readonly names: number[] = [];
  /** Short strings of the application's own code. */
  private readonly strings: number[] = [];
  /** What else a name stands for: `exports.a = b`. */
  private readonly aliases: (readonly [label: number, name: number])[] = [];
  private nameCount = 0;
  /** Open frames of code for development, other systems and errors. */
  private unlikely = 0;
  private lastIsMember = false;
  /** Of the function that begins. */
  private isGetter = false;
  /** Whether the name before the last paren follows the word `get`. */
  private methodIsGetter = false;
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
    readonly names: string | undefined;
    readonly truncated: boolean;
  } {
    markCalled(this.functions, this.calledAtTop);
    const { collector } = this;
    const names = packNames(this.names, this.strings, this.functions, this.aliases);
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
          this.readString();
          break;
        default:
          this.readPunctuator(byte);
      }
    }
  }

  // Tokens

  private readString(): void {
    const { bytes, frame } = this;
    const start = this.position;
    this.beginValue();
    const end = endOfString(bytes, start);
    this.position = end;
    if (end - start < 4 || end - start > 42) return;
    const isKey = frame?.kind === "object" && bytes[end] === 0x3a;
    if (!isKey && !this.skipsCallbacks && frame?.kind !== "paren") return;
    if (!isNameLike(bytes, start + 1, end - 1)) return;
    const hash = hashOfName(bytes, start + 1, end - 1);
    if (isKey) this.lastNameHash = hash;
    else if (frame?.kind === "paren" && frame === this.frame) frame.text = hash;
    if (this.skipsCallbacks && this.strings.length < maxUses) this.strings.push(hash & 0xffff);
  }

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
    } else if (bytes[end] === 0x28 && !afterDot && !this.isMethodName()) {
      this.noteCall(hash);
    }
    if (this.isCalled(end) ? afterDot || !this.isMethodName() : !afterDot && this.isHandedOver(end)) this.noteUse(hash);
    else if (afterDot && !this.isTarget(end)) this.noteUse(hash ^ readMark);
    this.lastIsMember = afterDot;
    if (bytes[end] === 0x28) this.methodIsGetter = this.lastNameHash === getName && this.before === "value" && this.isMethodName();
    if (this.requireNames.size > 0 && !afterDot && this.requireNames.has(hash)) this.collector.readRequire(end, start, this.bindingOf());
    this.lastNameStart = start;
    this.lastNameEnd = end;
    this.lastNameHash = hash;
    this.value();
  }

  /** `name(…)`, `(0, x.name)(…)`, `name.call(…)`. */
  private isCalled(end: number): boolean {
    const { bytes } = this;
    const next = bytes[end];
    if (next === 0x28 || next === 0x60) return true;
    if (next === 0x29) return bytes[end + 1] === 0x28;
    if (next === 0x3f) return bytes[end + 1] === 0x2e && bytes[end + 2] === 0x28;
    if (next !== 0x2e) return false;
    const [first, second] = [bytes[end + 1], bytes[end + 2]];
    return (first === 0x63 && second === 0x61) || (first === 0x61 && second === 0x70) || (first === 0x62 && second === 0x69);
  }

  /** Whether the name before a paren is that of a method which is defined here. */
  private isMethodName(): boolean {
    const { frame, before, lastByte } = this;
    if (frame?.kind === "class") return before !== "operator";
    return frame?.kind === "object" && (before === "value" || lastByte === 0x7b || lastByte === 0x2c || lastByte === 0x2a);
  }

  /** `x.name = …`. */
  private isTarget(end: number): boolean {
    const at = this.bytes[end] === 0x20 ? end + 1 : end;
    const next = this.bytes[at + 1];
    return this.bytes[at] === 0x3d && next !== 0x3d && next !== 0x3e;
  }

  /** `register(plugin, …)`. */
  private isHandedOver(end: number): boolean {
    const next = this.bytes[end];
    if (next !== 0x29 && next !== 0x2c) return false;
    return (this.lastByte === 0x28 || this.lastByte === 0x2c) && this.frame?.kind === "paren" && this.frame.callee !== 0;
  }

  private noteUse(hash: number): void {
    if (this.callbacks > 0 || this.unlikely > 0 || this.nameCount >= maxNames) return;
    const around = this.frame?.around;
    const names = around ? (around.uses ??= []) : this.names;
    if (names.length >= maxUses) return;
    names.push(hash & 0xffff);
    this.nameCount++;
  }

  /** The variable that the module goes to, see `JavaScriptLoad`. */
  private bindingOf(): number | undefined {
    if (this.lastByte === 0x3d) return this.assignedName === exportsName ? undefined : this.assignedName;
    if (this.lastByte !== 0x28 || this.frame?.kind !== "paren") return undefined;
    // TypeScript and Babel wrap modules: `x = __importDefault(require("x"))`, then `x.default(…)`.
    return wrappers.has(this.frame.callee) ? defaultProperty : undefined;
  }

  /** What is assigned to `exports`, or to a property by another name. `at`: after the equals sign. */
  private noteAlias(at: number): void {
    const start = skipBlanks(this.bytes, at);
    const end = this.endOfName(start);
    if (this.assignedName === exportsName) this.noteGiven(start);
    const next = this.bytes[end];
    if (end === start || (next !== 0x3b && next !== 0x2c && next !== 10 && next !== 13 && next !== undefined)) return;
    const name = hashOfName(this.bytes, start, end);
    if (name !== this.assignedName && this.aliases.length < maxUses) this.aliases.push([this.assignedName, name]);
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
        if (this.frame?.kind === "block" && bytes[start + 2] === 0x74 && bytes[start] === 0x72) this.frame.returns = true;
        this.operator(0);
        return true;
      case "new":
        this.operator(0);
        return true;
      case "case":
      case "default":
        this.beginCase(role, end);
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
        this.pending = { kind: "class", word: "class", isExpression, name: this.className(end) };
        this.operator(0);
        return true;
      case "import":
        return this.readImport(start, end);
      case "export":
        if (this.frame === undefined && !isExpression) this.readExport(start, end);
        else this.operator(0);
        return true;
      case "require":
        if (!afterDot || textOf(bytes, this.lastNameStart, this.lastNameEnd) === "module")
          this.collector.readRequire(end, start, this.bindingOf());

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
        if (this.keyName !== 0 && this.skipsCallbacks && this.strings.length < maxUses)
          this.strings.push((this.keyName ^ optionMark) & 0xffff);
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
          this.openBranch(byte === 0x7c ? "fallback" : "conditional");
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
    if (this.before === "value" && this.lastByte === 0) {
      this.assignedName = this.lastNameHash;
      if (this.lastIsMember && this.assignedName !== 0) this.noteAlias(this.position + 1);
    }
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
    this.openBranch(next === 0x3f ? "fallback" : "conditional");
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
      const word = pending.word === "switch" ? `switch ${switchSubject(this.bytes, this.position)}` : pending.word;
      this.open("control", undefined, 0, false, word);
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
      this.open("class", undefined, 0, pending.isExpression, "", pending.name);
      this.before = "statement";
    } else if (pending?.kind === "block" || this.before === "control") {
      this.pending = undefined;
      const context = this.nextContext;
      this.nextContext = undefined;
      this.open("block", context, 0, false, closedParen?.kind === "control" && this.before === "control" ? closedParen.word : "");
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
    const own = this.labelOf(label, outer);
    // `define("json", () => require("./json"))`: the text says what it is asked by.
    const isNamed = isArgument && own !== 0 && (own === handlerLabel || own === ((outer?.text ?? 0) ^ readMark));
    const isBundled = outer?.kind === "object" && outer.parent?.kind === "paren" && bundlers.has(outer.parent.callee);
    if (isBundled) {
      this.open(kind, "called", 0, isExpression);
      if (this.frame) this.functions.push(this.frame);
      this.before = "statement";
      return;
    }
    const context = isArgument && !isNamed ? (callsAtOnce.has(outer?.callee ?? 0) ? "called" : "callback") : "function";
    this.open(kind, context, name, isExpression, "", own);
    if (this.frame) this.frame.isGetter = this.isGetter;
    if (this.frame) this.functions.push(this.frame);
    if (this.frame?.isCallback) this.callbacks++;
    this.before = "statement";
  }

  /** The name by which others ask for what a function gives. */
  private labelOf(label: number, outer: Frame | undefined): number {
    const { frame } = this;
    // A constructor runs when the class is called by its name.
    if (outer?.kind === "class" && label === constructorName) return outer.label === 0 ? exportsName : outer.label;
    this.isGetter = false;
    if (this.isHandler()) return handlerLabel;
    if (outer?.kind === "object" && descriptors.has(label)) {
      const call = outer.parent;
      if (call?.kind !== "paren" || call.text === 0) return label;
      this.isGetter = true;
      return call.text ^ readMark;
    }
    // `get name() { … }`
    if (this.methodIsGetter && label !== 0 && (outer?.kind === "class" || outer?.kind === "object")) {
      this.isGetter = true;
      return label ^ readMark;
    }
    if (label !== 0 || this.skipsCallbacks || outer?.kind !== "paren" || frame === undefined) return label;
    if (outer.text === 0 || listens.has(outer.callee) || callsAtOnce.has(outer.callee)) return 0;
    this.isGetter = true;
    return outer.text ^ readMark;
  }

  /** `(req, res) => …`: what requests run. */
  private isHandler(): boolean {
    const start = this.closedParen?.at;
    if (start === undefined || this.lastByte !== 0x29) return false;
    return /^\(?\s*_?(?:(?:req|request)\s*(?:\)|,\s*_?(?:res|response|reply|next|opts|options|cb|callback)\b)|(?:ctx|context)\s*,\s*_?next\b)/.test(
      textOf(this.bytes, start, start + 40),
    );
  }

  /** The class's name; what it extends runs with it. `end`: after the word `class`. */
  private className(end: number): number {
    const { bytes } = this;
    const start = skipBlanks(bytes, end);
    const nameEnd = this.endOfName(start);
    const word = textOf(bytes, start, Math.min(nameEnd, start + 8));
    const isNamed = nameEnd > start && word !== "extends";
    const name = isNamed ? hashOfName(bytes, start, nameEnd) : this.lastByte === 0x3d ? this.assignedName : 0;
    const extendsAt = isNamed ? skipBlanks(bytes, nameEnd) : start;
    if (name !== 0 && textOf(bytes, extendsAt, extendsAt + 8) === "extends ") {
      const base = dottedName(bytes, skipBlanks(bytes, extendsAt + 8));
      if (base !== "" && this.aliases.length < maxUses) this.aliases.push([name, hashOf(base.slice(base.lastIndexOf(".") + 1))]);
    }
    return name;
  }

  /** A `case` of a `switch` over the platform or a name; others are conditional. */
  private beginCase(role: "case" | "default", end: number): void {
    const { bytes } = this;
    while (this.frame && isOpenEnded(this.frame)) this.leaveOpenEnded();
    const before = this.frame?.kind === "case" ? this.frame : undefined;
    const block = before ? before.parent : this.frame;
    if (block?.kind !== "block" || !block.word.startsWith("switch ")) return;
    const quoteAt = skipBlanks(bytes, end);
    const isText = role === "case" && classOf[bytes[quoteAt] ?? 0] === quote;
    const text = isText ? textOf(bytes, quoteAt + 1, Math.min(endOfString(bytes, quoteAt) - 1, quoteAt + 60)) : "";
    const isWord = /^[\w@./-]+$/.test(text);
    const onPlatform = block.word === "switch platform";
    if (before) this.leave();
    // `case "a": case "b":` covers the same code.
    const isSame = before !== undefined && this.lastByte === 0x3a && this.before === "operator";
    const words = isSame && before.context?.startsWith("choice ") ? `${before.context.slice(7)}|${text}` : text;
    let context: JavaScriptContext = "conditional";
    if (isWord) context = onPlatform ? (`if platform ${text}` as const) : `choice ${words}`;
    else if (role === "default") context = onPlatform ? "unless platform linux" : "conditional";
    this.open("case", isSame && !isWord ? before?.context : context, 0, true);
  }

  private openBranch(otherwise: JavaScriptContext = "conditional"): void {
    // Inside of `if (…)` the whole condition is asked, when it closes.
    const asked = this.frame?.kind === "control" ? undefined : this.moduleSystem;
    if (this.frame?.kind !== "branch") this.open("branch", asked ?? otherwise, 0, true);
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
      at: this.position,
      isGetter: false,
      returns: false,
      name: isFunction ? name : 0,
      label,
      uses: undefined,
      text: 0,
      isCallback: isFunction && context === "callback" && this.skipsCallbacks,
      calls: undefined,
      callee: isFunction ? 0 : name,
      word,
      isExpression,
    };
    if (isUnlikely(frame)) this.unlikely++;
    (frame as { around: Frame | undefined }).around = isFunction ? frame : parent?.around;
    this.frame = frame;
  }

  private leave(): Frame | undefined {
    const frame = this.frame;
    if (frame) {
      if (frame.isCallback) this.callbacks--;
      if (isUnlikely(frame)) this.unlikely--;
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
    while (this.frame && (isOpenEnded(this.frame) || (byte === 0x7d && this.frame.kind === "case"))) this.leaveOpenEnded();
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
    // What stands after `if (isNode) { return … }` is for browsers.
    if (frame.kind === "block" && frame.returns && frame.context === "if node" && this.frame?.around) this.open("case", "unless node");
    if (frame.kind === "block" && frame.context !== undefined && frame.context !== "try" && frame.context !== "catch")
      this.lastCondition = frame.context;
    this.before = frame.isExpression ? "value" : "block";
  }

  private closeControl(paren: Frame): void {
    const { word } = paren;
    this.moduleSystem = undefined;
    if (word === "if") this.nextContext = this.lastCondition;
    else if (word.startsWith("switch")) this.nextContext = undefined;
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

  /** `export default …`: the importer calls it by a name of its own. */
  private noteDefault(end: number): void {
    const { bytes } = this;
    const at = skipBlanks(bytes, end);
    if (textOf(bytes, at, at + 8) !== "default ") return;
    this.noteGiven(skipBlanks(bytes, at + 8));
  }

  /** `module.exports = function name …`: what the module gives as a whole. */
  private noteGiven(at: number): void {
    const { bytes } = this;
    let start = at;
    for (let word = this.endOfName(start); word > start; word = this.endOfName(start)) {
      const text = textOf(bytes, start, Math.min(word, start + 10));
      if (text !== "async" && text !== "function" && text !== "class") break;
      start = skipBlanks(bytes, word);
      if (bytes[start] === 0x2a) start = skipBlanks(bytes, start + 1);
    }
    const nameEnd = this.endOfName(start);
    if (nameEnd > start && this.aliases.length < maxUses) this.aliases.push([exportsName, hashOfName(bytes, start, nameEnd)]);
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
    this.noteDefault(end);
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

function isNameLike(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    // Names, and the marks of packages' names and paths.
    if (continuesName[byte] === 0 && byte !== 0x2d && byte !== 0x2e && byte !== 0x2f && byte !== 0x40) return false;
  }
  return end > start;
}

function closerOf(kind: FrameKind): number {
  if (kind === "paren" || kind === "control" || kind === "parameters") return 0x29;
  return kind === "bracket" ? 0x5d : 0x7d;
}

function endOfLine(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(10, at);
  return end < 0 ? bytes.length : end;
}
