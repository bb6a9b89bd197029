/** Byte classes and the skipping of strings: the innermost loops of the Python scanner. */

/** What a byte can begin in an expression. */
export const byteClass = {
  other: 0,
  name: 1,
  quote: 2,
  comment: 3,
  newline: 4,
  backslash: 5,
  open: 6,
  close: 7,
  semicolon: 8,
  colon: 9,
  digit: 10,
  dot: 11,
} as const;

export const classOf = new Uint8Array(256);
/** 1 for bytes that may stand inside a name; all of UTF-8 beyond ASCII counts as letters. */
export const isNameByte = new Uint8Array(256);

for (let byte = 0; byte < 256; byte++) {
  const isLetter = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || byte >= 0x80;
  const isDigit = byte >= 0x30 && byte <= 0x39;
  if (isLetter) classOf[byte] = byteClass.name;
  if (isDigit) classOf[byte] = byteClass.digit;
  if (isLetter || isDigit) isNameByte[byte] = 1;
}
classOf[0x22] = classOf[0x27] = byteClass.quote;
classOf[0x23] = byteClass.comment;
classOf[0x0a] = byteClass.newline;
classOf[0x5c] = byteClass.backslash;
classOf[0x28] = classOf[0x5b] = classOf[0x7b] = byteClass.open;
classOf[0x29] = classOf[0x5d] = classOf[0x7d] = byteClass.close;
classOf[0x3b] = byteClass.semicolon;
classOf[0x3a] = byteClass.colon;
classOf[0x2e] = byteClass.dot;

/** What ends a run of bytes that mean nothing to the search for calls: as `classOf`, but 0 for names, digits, dots and operators. */
export const stopOf = classOf.map((kind) => (kind === byteClass.name || kind === byteClass.digit || kind === byteClass.dot ? 0 : kind));

/** Where the line ends: at its newline, or at the end of the file. */
export function lineEnd(bytes: Uint8Array, start: number): number {
  const { length } = bytes;
  let at = start;
  while (at < length && bytes[at] !== 0x0a) at++;
  return at;
}

/** The hash by which the scanner compares names without making strings of them; equal hashes are told apart later. */
export function nameHash(name: string): number {
  let hash = 0;
  for (const byte of Buffer.from(name, "utf8")) hash = (Math.imul(hash, 31) + byte) | 0;
  return hash;
}

/** The hash of a name that stands in the source. */
export function hashAt(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  return hash;
}

/** Whether the bytes before a quote are a string prefix: `r`, `b`, `u`, `f`, `t`, in any case, at most two together. */
export function isStringPrefix(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 2) return false;
  for (let at = start; at < end; at++) {
    const letter = (bytes[at] as number) | 0x20;
    if (letter !== 0x72 && letter !== 0x62 && letter !== 0x75 && letter !== 0x66 && letter !== 0x74) return false;
  }
  return true;
}

export function hasFormatPrefix(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const letter = (bytes[at] as number) | 0x20;
    if (letter === 0x66 || letter === 0x74) return true;
  }
  return false;
}

/**
 * The position behind the string whose opening quote stands at `start`. A string that is not closed ends with its line, a
 * triple-quoted one with the file. A backslash hides the next byte in raw strings too, as far as quotes are concerned.
 */
export function skipString(bytes: Buffer, start: number, isFormat: boolean): number {
  const quote = bytes[start] as number;
  const isTriple = bytes[start + 1] === quote && bytes[start + 2] === quote;
  if (isFormat) return skipFormatString(bytes, start, isTriple, 0);
  return isTriple ? skipTriple(bytes, start + 3, quote) : skipSingle(bytes, start + 1, quote);
}

function skipSingle(bytes: Uint8Array, start: number, quote: number): number {
  const end = bytes.length;
  let at = start;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === quote) return at + 1;
    if (byte === 0x0a) return at;
    if (byte !== 0x5c) at++;
    else at += at + 2 < end && bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a ? 3 : 2;
  }
  return end;
}

const tripleDouble = Buffer.from('"""');
const tripleSingle = Buffer.from("'''");

function skipTriple(bytes: Buffer, start: number, quote: number): number {
  let from = start;
  for (;;) {
    const found = bytes.indexOf(quote === 0x22 ? tripleDouble : tripleSingle, from);
    if (found < 0) return bytes.length;
    let slashes = 0;
    while (found - slashes > start && bytes[found - slashes - 1] === 0x5c) slashes++;
    if (slashes % 2 === 0) return found + 3;
    from = found + 1;
  }
}

const deepestFormat = 8;

/** f-strings: replacement fields may hold strings with the same quotes (PEP 701). */
function skipFormatString(bytes: Buffer, start: number, isTriple: boolean, depth: number): number {
  const quote = bytes[start] as number;
  const end = bytes.length;
  let at = start + (isTriple ? 3 : 1);
  let braces = 0;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === quote && (!isTriple || (bytes[at + 1] === quote && bytes[at + 2] === quote)) && (braces === 0 || depth >= deepestFormat))
      return at + (isTriple ? 3 : 1);
    if (byte === 0x0a && !isTriple) return at;
    if (byte === 0x5c) at += 2;
    else if (byte === 0x7b) {
      if (bytes[at + 1] === 0x7b && braces === 0) at += 2;
      else {
        braces++;
        at++;
      }
    } else if (byte === 0x7d) {
      if (braces > 0) braces--;
      at++;
    } else if (braces > 0 && (byte === 0x22 || byte === 0x27)) {
      const inner = bytes[at + 1] === byte && bytes[at + 2] === byte;
      at = skipFormatString(bytes, at, inner, depth + 1);
    } else at++;
  }
  return end;
}
