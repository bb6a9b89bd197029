import type { Block } from "./blocks.ts";
import { mayBeOfInterest } from "./callsOfInterest.ts";
import { byteClass, classOf, hasFormatPrefix, isNameByte, isStringPrefix, nameHash, skipString } from "./sourceBytes.ts";

const deepestBrackets = 200;
const lazyLoaders = new Set(["_LazyModule", "attach", "attach_stub"].map(nameHash));

/** A place in Python source, and how it moves over blanks, names and expressions. */
export class SourceCursor {
  /** Whether names appear on first use: a module-level `__getattr__` or a lazy loader. */
  isLazy = false;
  protected readonly bytes: Buffer;
  protected position = 0;
  private readonly openCallee = new Int32Array(deepestBrackets * 3);

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  protected skipLine(): void {
    const end = this.bytes.indexOf(0x0a, this.position);
    this.position = end < 0 ? this.bytes.length : end + 1;
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
    return this.bytes.toString("utf8", start, end);
  }

  protected dottedText(start: number, end: number): string {
    const text = this.text(start, end);
    return /\s|\\/.test(text) ? text.replace(/[\s\\]+/g, "") : text;
  }

  /**
   * Skips an expression up to the end of its logical line, a `;`, or the `:` that ends a header, and notes the calls in it.
   * The position then stands on that byte.
   */
  protected expression(stopsAtColon: boolean, into: Block): void {
    const bytes = this.bytes;
    const length = bytes.length;
    const { calls, special } = into;
    const callee = this.openCallee;
    let at = this.position;
    let depth = 0;
    // Start, end and hash of the call whose closing parenthesis was the last token; -1 when it was another token.
    let closedStart = -1;
    let closedEnd = 0;
    let closedHash = 0;
    while (at < length) {
      const byte = bytes[at] as number;
      switch (classOf[byte] as number) {
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
            if (lazyLoaders.has(lastHash)) this.isLazy = true;
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
