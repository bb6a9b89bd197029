import { classOf, continuesName, newline } from "./characters.ts";

/** After the closing quote; a string that is not closed ends with its line. `at`: the opening quote. */
export function endOfString(bytes: Uint8Array, at: number): number {
  const quote = bytes[at];
  for (let i = at + 1; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === quote) return i + 1;
    if (byte === 0x5c) i++;
    else if (byte === 10) return i;
  }
  return bytes.length;
}

/**
 * After the closing backtick, or after the next `${`; which of them it was, the byte before tells.
 * `at`: the first byte of the text.
 */
export function endOfTemplateText(bytes: Uint8Array, at: number): number {
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === 0x60) return i + 1;
    if (byte === 0x5c) i++;
    else if (byte === 0x24 && bytes[i + 1] === 0x7b) return i + 2;
  }
  return bytes.length;
}

/** After the flags; a slash without an end in its line was a division after all. `at`: the opening slash. */
export function endOfRegExp(bytes: Uint8Array, at: number): number {
  let inClass = false;
  for (let i = at + 1; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === 0x5c) i++;
    else if (byte === 10) return at + 1;
    else if (byte === 0x5b) inClass = true;
    else if (byte === 0x5d) inClass = false;
    else if (byte === 0x2f && !inClass) {
      i++;
      while (i < bytes.length && continuesName[bytes[i] as number] === 1) i++;
      return i;
    }
  }
  return at + 1;
}

/** After a comment that starts at `at`, or `at` itself. The newline that ends `//` stays. */
export function endOfComment(bytes: Uint8Array, at: number): number {
  if (bytes[at + 1] === 0x2f) {
    const end = bytes.indexOf(10, at + 2);
    return end < 0 ? bytes.length : end;
  }
  if (bytes[at + 1] !== 0x2a) return at;
  let end = bytes.indexOf(0x2a, at + 2);
  while (end >= 0 && bytes[end + 1] !== 0x2f) end = bytes.indexOf(0x2a, end + 1);
  return end < 0 ? bytes.length : end + 2;
}

/** The next byte that is no blank, newline or comment. */
export function skipBlanks(bytes: Uint8Array, at: number): number {
  let i = at;
  while (i < bytes.length) {
    const byte = bytes[i] as number;
    const kind = classOf[byte];
    if (kind === 1 || kind === newline) i++;
    else if (byte === 0x2f) {
      const end = endOfComment(bytes, i);
      if (end === i) return i;
      i = end;
    } else return i;
  }
  return i;
}

const latin = new TextDecoder("utf-8");

export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return latin.decode(bytes.subarray(start, end));
}

/** The value of a string or template text between its quotes, escapes resolved. */
export function unescaped(bytes: Uint8Array, start: number, end: number): string {
  const text = textOf(bytes, start, Math.min(end, start + maxValueLength));
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n)|([\s\S]))/g, (_, ...groups: string[]) => {
    const [braced, unicode, hex, lineBreak, char] = groups;
    const code = braced ?? unicode ?? hex;
    if (code !== undefined) return Number.parseInt(code, 16) <= 0x10ffff ? String.fromCodePoint(Number.parseInt(code, 16)) : "";
    if (lineBreak !== undefined) return "";
    return ({ n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0" } as Record<string, string>)[char ?? ""] ?? char ?? "";
  });
}

/** Longer strings name no module. */
const maxValueLength = 4096;
