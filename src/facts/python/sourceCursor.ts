import { CallTable, newBlock } from "./blocks.ts";
import type { Block } from "./blocks.ts";
import { mayBeOfInterest, soundsLikeImport } from "./callsOfInterest.ts";
import { nameText } from "./nameText.ts";
import {
  byteClass,
  classOf,
  hasFormatPrefix,
  hashAt,
  isNameByte,
  isStringPrefix,
  lineEnd,
  nameHash,
  skipString,
  stopOf,
} from "./sourceBytes.ts";

const deepestBrackets = 200;
/** By depth of brackets: where the dotted name of the call stands that the bracket opens; -1 when it opens none. */
const calleeStart = new Int32Array(deepestBrackets);
const calleeEnd = new Int32Array(deepestBrackets);
const importers = new Set(["import_module", "__import__"].map(nameHash));
const lazyLoaders = new Set(["_LazyModule", "attach", "attach_stub"].map(nameHash));

/** A place in Python source, and how it moves over blanks, names and expressions. */
export class SourceCursor {
  /** Whether names appear on first use: a module-level `__getattr__` or a lazy loader. */
  isLazy = false;
  /** Whether a module is imported whose name is worked out. */
  importsUnknown = false;
  readonly calls = new CallTable();
  protected readonly bytes: Buffer;
  protected position = 0;
  /** Stands for what nobody asks for: neither its statements nor its calls are noted. */
  protected readonly unread: Block = newBlock();
  /** Behind the parenthesis that closed a call and was the last bracket; -1 when another was. */
  private closedAt = -1;
  private closedStart = 0;
  private closedEnd = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  protected skipLine(): void {
    const end = lineEnd(this.bytes, this.position);
    this.position = Math.min(this.bytes.length, end + 1);
  }

  protected skipBlanks(): void {
    const bytes = this.bytes;
    for (;;) {
      const byte = bytes[this.position];
      if (byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0c) this.position++;
      else if (byte === 0x5c && bytes[this.position + 1] === 0x0a) this.position += 2;
      else if (byte === 0x5c && bytes[this.position + 1] === 0x0d && bytes[this.position + 2] === 0x0a) this.position += 3;
      else return;
    }
  }

  protected skipBlanksAndLines(): void {
    for (;;) {
      this.skipBlanks();
      const byte = this.bytes[this.position];
      if (byte === 0x0a) this.position++;
      else if (byte === 0x23) this.skipLine();
      else return;
    }
  }

  protected wordFollows(word: string): boolean {
    const end = this.position + word.length;
    if (isNameByte[this.bytes[end] ?? 0] === 1) return false;
    for (let index = 0; index < word.length; index++) if (this.bytes[this.position + index] !== word.charCodeAt(index)) return false;
    return true;
  }

  protected skipName(): number {
    const bytes = this.bytes;
    let at = this.position;
    let hash = 0;
    while (isNameByte[bytes[at] ?? 0] === 1) hash = (Math.imul(hash, 31) + (bytes[at++] as number)) | 0;
    this.position = at;
    return hash;
  }

  /** `. name` repeated; blanks around the dots are legal and rare. */
  protected skipDottedRest(): void {
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

  protected text(start: number, end: number): string {
    return nameText(this.bytes, start, end);
  }

  protected dottedText(start: number, end: number): string {
    const text = this.text(start, end);
    return /\s|\\/.test(text) ? text.replace(/[\s\\]+/g, "") : text;
  }

  /**
   * Skips an expression up to the end of its logical line, a `;`, or the `:` that ends a header, and notes the calls in it:
   * names are looked at only when a parenthesis follows them. The position then stands on that byte.
   */
  protected expression(stopsAtColon: boolean, into: Block): void {
    const bytes = this.bytes;
    const length = bytes.length;
    const first = this.position;
    const isRead = into !== this.unread;
    let at = first;
    let depth = 0;
    this.closedAt = -1;
    for (;;) {
      let stop = 0;
      while (at < length && (stop = stopOf[bytes[at] as number] as number) === 0) at++;
      switch (stop) {
        case 0:
          this.position = length;
          return;
        case byteClass.quote:
          at = skipString(bytes, at, at > first && isFormatString(bytes, first, at));
          break;
        case byteClass.comment:
          at = lineEnd(bytes, at);
          break;
        case byteClass.newline:
        case byteClass.semicolon:
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
          if (isRead) {
            const isCall = bytes[at] === 0x28 && at > first && isNameByte[bytes[at - 1] as number] === 1;
            const callee = isCall ? this.call(first, at, into) : -1;
            if (depth < deepestBrackets) {
              calleeStart[depth] = callee;
              calleeEnd[depth] = at;
            }
            this.closedAt = -1;
          }
          depth++;
          at++;
          break;
        case byteClass.close:
          if (depth > 0) depth--;
          at++;
          this.closedAt = -1;
          if (isRead && depth < deepestBrackets && (calleeStart[depth] as number) >= 0) {
            this.closedAt = at;
            this.closedStart = calleeStart[depth] as number;
            this.closedEnd = calleeEnd[depth] as number;
          }
          break;
        case byteClass.colon:
          if (depth === 0 && stopsAtColon && bytes[at + 1] !== 0x3d) {
            this.position = at;
            return;
          }
          at++;
          break;
        default:
          at++;
      }
    }
  }

  /** Notes the call whose parenthesis opens at `open`, behind a name. Returns where its dotted name starts; -1 when it has none. */
  private call(first: number, open: number, into: Block): number {
    const bytes = this.bytes;
    let start = open;
    let lastStart = open;
    for (let end = open; end > first && isNameByte[bytes[end - 1] as number] === 1; end = start - 1) {
      let partStart = end - 1;
      while (partStart > first && isNameByte[bytes[partStart - 1] as number] === 1) partStart--;
      if (classOf[bytes[partStart] as number] !== byteClass.name) break;
      start = partStart;
      if (end === open) lastStart = start;
      if (start === first || bytes[start - 1] !== 0x2e) break;
    }
    if (start === open) return -1;
    let rootEnd = nameEnd(bytes, start);
    if (this.closedAt > 0 && this.isOnClosed(start)) {
      if (rootEnd === open) {
        if (mayBeOfInterest(hashAt(bytes, start, open))) (into.special ??= []).push(start, open);
        this.calls.add(
          into,
          hashAt(bytes, this.closedStart, nameEnd(bytes, this.closedStart)),
          this.closedStart,
          this.closedEnd,
          start,
          open,
        );
        return -1;
      }
      start = rootEnd + 1;
      rootEnd = nameEnd(bytes, start);
    }
    const rootHash = hashAt(bytes, start, rootEnd);
    const lastHash = rootEnd === open ? rootHash : hashAt(bytes, lastStart, open);
    if (mayBeOfInterest(lastHash) || soundsLikeImport(bytes, lastStart, open)) {
      (into.special ??= []).push(start, open);
      if (lazyLoaders.has(lastHash)) this.isLazy = true;
      if (importers.has(lastHash) && bytes[open + 1] !== 0x22 && bytes[open + 1] !== 0x27) this.importsUnknown = true;
    }
    this.calls.add(into, rootHash, start, open, 0, 0);
    return start;
  }

  /** Whether the name at `start` is an attribute of what the call returned whose parenthesis closed last. */
  private isOnClosed(start: number): boolean {
    const bytes = this.bytes;
    const dot = start - 1;
    if (bytes[dot] !== 0x2e) return false;
    let at = this.closedAt;
    while (at < dot) {
      const byte = bytes[at] as number;
      if (byte <= 0x20) at++;
      else if (byte === 0x23) at = lineEnd(bytes, at);
      else if (byte === 0x5c) at += 2;
      else return false;
    }
    return at === dot;
  }
}

function nameEnd(bytes: Uint8Array, start: number): number {
  let end = start;
  while (isNameByte[bytes[end] ?? 0] === 1) end++;
  return end;
}

/** Whether the letters before the quote make it an f-string; `first` is where they may begin. */
function isFormatString(bytes: Uint8Array, first: number, quote: number): boolean {
  let start = quote;
  while (start > first && quote - start < 3 && isNameByte[bytes[start - 1] as number] === 1) start--;
  return start < quote && isStringPrefix(bytes, start, quote) && hasFormatPrefix(bytes, start, quote);
}
