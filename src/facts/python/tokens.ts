import { byteClass, classOf, hasFormatPrefix, isNameByte, isStringPrefix, skipString } from "./sourceBytes.ts";

/** `string` without quotes and prefix (escapes as written); everything else but blanks and comments as it stands. */
export interface Token {
  readonly kind: "string" | "name" | "other";
  readonly text: string;
}

/** All tokens of a file, for the few files that need a closer look. */
export function* tokens(source: Buffer): Generator<Token> {
  let at = 0;
  while (at < source.length) {
    const start = at;
    const byte = source[at] as number;
    const kind = classOf[byte];
    if (kind === byteClass.comment) {
      const end = source.indexOf(0x0a, at);
      at = end < 0 ? source.length : end;
    } else if (kind === byteClass.name || kind === byteClass.digit) {
      while (isNameByte[source[at] ?? 0] === 1) at++;
      const next = source[at];
      if ((next === 0x22 || next === 0x27) && isStringPrefix(source, start, at)) {
        const end = skipString(source, at, hasFormatPrefix(source, start, at));
        yield stringToken(source, at, end);
        at = end;
      } else yield { kind: "name", text: source.toString("utf8", start, at) };
    } else if (kind === byteClass.quote) {
      at = skipString(source, at, false);
      yield stringToken(source, start, at);
    } else {
      at++;
      if (byte > 0x20 && byte !== 0x5c) yield { kind: "other", text: String.fromCharCode(byte) };
    }
  }
}

function stringToken(source: Buffer, start: number, end: number): Token {
  const quote = source[start];
  const width = source[start + 1] === quote && source[start + 2] === quote && end - start >= 6 ? 3 : 1;
  return {
    kind: "string",
    text: source.toString("utf8", start + width, Math.min(Math.max(start + width, end - width), start + width + 4096)),
  };
}
