import { nameHash } from "./sourceBytes.ts";

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

/** The keyword that these bytes are, if they are one that begins a statement of interest. */
export function keywordAt(bytes: Uint8Array, start: number, end: number): Keyword | undefined {
  let hash = 0;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  const word = keywords.get(hash);
  return word?.length === end - start && word.charCodeAt(0) === bytes[start] ? (word as Keyword) : undefined;
}
