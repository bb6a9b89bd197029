import { continuesName } from "./characters.ts";
import type { Frame } from "./frames.ts";
import { hashOfName } from "./keywords.ts";
import type { JavaScriptContext, JavaScriptLoad, JavaScriptLoadKind } from "./javaScriptFact.ts";
import { endOfString, skipBlanks, textOf, unescaped } from "./literals.ts";
import { dottedName, folderNames, readSpecifier, type Specifier } from "./specifier.ts";

const maxLoads = 20_000;
/** Longer files are bundles, whose words say nothing of one another. */
const maxTextLength = 200_000;

interface FoundLoad {
  readonly kind: JavaScriptLoadKind;
  readonly specifier: Specifier;
  readonly at: number;
  readonly frames: readonly Frame[];
  readonly invoked: boolean;
  readonly binding: number | undefined;
}

/** Reads the words after `require`, `import` and their like, and keeps what they load with what stands around. */
export class LoadCollector {
  private readonly bytes: Uint8Array;
  /** What stands around the place that the scanner is at. */
  private readonly innermost: () => Frame | undefined;
  /** Paths before this place belong to a load that was read. */
  private readUntil = 0;
  private readonly found: FoundLoad[] = [];
  /** The start of the file as text, when it was needed. */
  private text: string | undefined;
  moduleSyntax = false;
  truncated = false;

  /** What the file calls its own folder. */
  readonly folders: ReadonlySet<string>;

  constructor(bytes: Uint8Array, innermost: () => Frame | undefined) {
    this.bytes = bytes;
    this.folders = folderNames(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    this.innermost = innermost;
  }

  /** Once all frames are known. */
  loads(): JavaScriptLoad[] {
    const loads: JavaScriptLoad[] = [];
    const seen = new Set<string>();
    let line = 1;
    let lineEnd = this.bytes.indexOf(10);
    for (const { kind, specifier, at, frames, invoked, binding } of this.found) {
      while (lineEnd >= 0 && lineEnd < at) {
        line++;
        lineEnd = this.bytes.indexOf(10, lineEnd + 1);
      }
      const isExternal = kind === "require" && this.isBundlersExternal(at);
      const owner = frames.findLast(({ context, label }) => context === "function" && label !== 0);
      const via = owner && owner.label & 0xffff;
      const ownerAt = owner ? frames.indexOf(owner) : 0;
      // That the named function runs says that those around it do.
      const within = frames
        .filter(({ context }, index) => context !== "function" || (index >= ownerAt && !isExternal))
        .map(({ context }) => this.withoutDefault(context))
        .filter((context) => context !== undefined);
      const key = `${kind} ${specifier.text} ${specifier.partial} ${specifier.suffix ?? ""} ${invoked} ${via} ${binding} ${within.join()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      loads.push({
        kind,
        specifier: specifier.text,
        ...(specifier.partial && { partial: true as const }),
        ...(specifier.partial && specifier.suffix && { suffix: specifier.suffix }),
        ...(invoked && { invoked }),
        ...(binding !== undefined && { binding: binding & 0xffff }),
        line,
        ...(via !== undefined && { via }),
        ...(within.length > 0 && { within }),
      });
    }
    return loads;
  }

  /** A choice is none where the file itself says what it is unless told otherwise: `mode = mode || "dynamic"`, `load("json")`. */
  private withoutDefault(context: JavaScriptContext | undefined): JavaScriptContext | undefined {
    if (context === undefined || !context.startsWith("choice ")) return context;
    const words = context.slice("choice ".length).split("|");
    const text = (this.text ??= Buffer.from(this.bytes.buffer, this.bytes.byteOffset, Math.min(this.bytes.length, maxTextLength)).toString("latin1")); // prettier-ignore
    const isDefault = words.some((word) =>
      ["'", '"'].some((mark) => {
        const quoted = mark + word + mark;
        for (let at = text.indexOf(quoted); at >= 0; at = text.indexOf(quoted, at + 1))
          if (/(?:\|\||\?\?|[\w\])]\s?=|\w(?<!\brequire|\bimport)\()\s?$/.test(text.slice(Math.max(0, at - 16), at))) return true;
        return false;
      }),
    );
    return isDefault ? undefined : context;
  }

  /** `binding`: see `JavaScriptLoad`. */
  readRequire(end: number, start: number, binding?: number): void {
    const { bytes } = this;
    let at = skipBlanks(bytes, end);
    let kind: JavaScriptLoadKind = "require";
    if (bytes[at] === 0x2e) {
      const name = dottedName(bytes, at + 1);
      if (name !== "resolve") return;
      kind = "resolve";
      at = skipBlanks(bytes, at + 1 + name.length);
    }
    if (bytes[at] === 0x28) this.addArgument(kind, at + 1, start, binding);
  }

  readArgument(kind: JavaScriptLoadKind, end: number, start: number): void {
    const open = skipBlanks(this.bytes, end);
    if (this.bytes[open] === 0x28) this.addArgument(kind, open + 1, start);
  }

  addArgument(kind: JavaScriptLoadKind, at: number, start: number, binding?: number): void {
    const specifier = readSpecifier(this.bytes, at, this.folders);
    this.readUntil = Math.max(this.readUntil, specifier.end);
    this.add(
      kind,
      specifier.fromFolder ? { ...specifier, text: belowFolder(specifier.text) } : specifier,
      start,
      this.isInvoked(specifier),
      binding,
    );
  }

  /** A path below the file's folder that is no part of another load. */
  readFile(start: number, specifier: Specifier): void {
    if (start < this.readUntil || !specifier.fromFolder) return;
    this.readUntil = Math.max(this.readUntil, specifier.end);
    const text = belowFolder(specifier.text);
    if (text !== ".") this.add("file", { ...specifier, text }, start);
  }

  /** `new URL("./x", import.meta.url)`; `start`: of `URL`. */
  readUrl(start: number): void {
    const from = this.bytes.lastIndexOf(0x6e, start - 1);
    if (from >= 0 && start - from < 20 && textOf(this.bytes, from, from + 3) === "new")
      this.readFile(start, readSpecifier(this.bytes, from, this.folders));
  }

  readImportMeta(start: number): void {
    const name = dottedName(this.bytes, start);
    if (!name.startsWith("import.meta")) return;
    this.moduleSyntax = true;
    if (name === "import.meta.resolve") this.readArgument("resolve", start + name.length, start);
    else if (name === "import.meta.dirname") this.readFile(start, readSpecifier(this.bytes, start, this.folders));
  }

  /** An import or export whose specifier begins at `quoteAt`. Returns where it ends. */
  addStatic(quoteAt: number, start: number): number {
    this.moduleSyntax = true;
    const end = endOfString(this.bytes, quoteAt);
    this.add("import", { text: unescaped(this.bytes, quoteAt + 1, end - 1), partial: false, fromFolder: false, end }, start, false, this.importedName(start)); // prettier-ignore
    return end;
  }

  /** `import name from …`. */
  private importedName(start: number): number | undefined {
    const { bytes } = this;
    if (textOf(bytes, start, start + 6) !== "import") return undefined;
    const at = skipBlanks(bytes, start + 6);
    const end = endOfName(bytes, at);
    return end > at ? hashOfName(bytes, at, end) : 0;
  }

  /** The quote after `from` of an import or export clause; undefined when the statement has none. */
  fromClause(at: number): number | undefined {
    const { bytes } = this;
    let i = at;
    let word = "";
    let inBraces = false;
    while (i < bytes.length && i - at < 100_000) {
      i = skipBlanks(bytes, i);
      const byte = bytes[i] as number;
      if (byte === 0x22 || byte === 0x27) {
        if (word === "from" && !inBraces) return i;
        i = endOfString(bytes, i);
      } else if (continuesName[byte] === 1) {
        const end = endOfName(bytes, i);
        word = textOf(bytes, i, Math.min(end, i + 10));
        i = end;
      } else if (byte === 0x7b || byte === 0x7d) {
        if (byte === 0x7b && inBraces) return undefined;
        inBraces = byte === 0x7b;
        word = "";
        i++;
      } else if (byte === 0x2a || byte === 0x2c) {
        word = "";
        i++;
      } else return undefined;
    }
    return undefined;
  }

  /** `target: "pino-pretty"`. `colonAt`: after the word. */
  readTarget(end: number, start: number): void {
    const colon = skipBlanks(this.bytes, end);
    if (this.bytes[colon] !== 0x3a) return;
    const quoteAt = skipBlanks(this.bytes, colon + 1);
    if (this.bytes[quoteAt] !== 0x22 && this.bytes[quoteAt] !== 0x27) return;
    const close = endOfString(this.bytes, quoteAt);
    const text = unescaped(this.bytes, quoteAt + 1, close - 1);
    if (/^@?[a-z][\w.-]*(?:\/[\w.-]+)*$/.test(text)) this.add("target", { text, partial: false, fromFolder: false, end: close }, start);
  }

  /** `1234: (module) => { module.exports = require("react"); }`: bundles load such modules when they start. */
  private isBundlersExternal(at: number): boolean {
    return /\w\.exports\s?=\s?$/.test(textOf(this.bytes, Math.max(0, at - 20), at));
  }

  /** `require("x")(…)`. */
  private isInvoked({ end }: Specifier): boolean {
    const close = skipBlanks(this.bytes, end);
    return this.bytes[close] === 0x29 && this.bytes[close + 1] === 0x28;
  }

  private add(kind: JavaScriptLoadKind, specifier: Specifier, at: number, invoked = false, binding?: number): void {
    if (this.found.length >= maxLoads) {
      this.truncated = true;
      return;
    }
    const frames: Frame[] = [];
    for (let frame = this.innermost(); frame; frame = frame.parent) if (frame.context !== undefined) frames.push(frame);
    this.found.push({ kind, specifier, at, frames: frames.reverse().slice(0, 12), invoked, binding });
  }
}

function belowFolder(text: string): string {
  const relative = text.replace(/^\/+/, "");
  return relative === "" ? "." : relative.startsWith("..") ? relative : `./${relative.replace(/^\.\//, "")}`;
}

function endOfName(bytes: Uint8Array, start: number): number {
  let end = start;
  while (end < bytes.length && continuesName[bytes[end] as number] === 1) end++;
  return end;
}
