import { isNameByte, nameHash } from "./sourceBytes.ts";

const keywords = [
  "import",
  "from",
  "async",
  "if",
  "elif",
  "else",
  "try",
  "except",
  "finally",
  "with",
  "for",
  "while",
  "def",
  "class",
  "match",
  "case",
  "return",
  "raise",
  "assert",
  "del",
] as const;

export type Keyword = (typeof keywords)[number];

const longest = Math.max(...keywords.map((word) => word.length));

/** By the low bits of their hash; the table is as large as it takes to have one word in each place. */
const table = placed(64);

function placed(size: number): readonly (Keyword | undefined)[] {
  const words = new Array<Keyword | undefined>(size).fill(undefined);
  for (const word of keywords) {
    const place = nameHash(word) & (size - 1);
    if (words[place] !== undefined) return placed(size * 2);
    words[place] = word;
  }
  return words;
}

/** The keyword that stands at `start` as a whole word, if it is one that begins a statement of interest. */
export function keywordAt(bytes: Uint8Array, start: number): Keyword | undefined {
  const { length } = bytes;
  const limit = Math.min(length, start + longest + 1);
  let hash = 0;
  let end = start;
  for (; end < limit; end++) {
    const byte = bytes[end] as number;
    if (isNameByte[byte] === 0) break;
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  const word = table[hash & (table.length - 1)];
  if (word?.length !== end - start) return undefined;
  for (let index = 0; index < word.length; index++) if (word.charCodeAt(index) !== bytes[start + index]) return undefined;
  return word;
}
