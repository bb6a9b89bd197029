/** Words that the scanner acts on. `operator`: an expression follows, so a slash begins a regular expression. */
export type WordRole =
  | "operator"
  | "infix"
  | "typeof"
  | "control"
  | "else"
  | "try"
  | "catch"
  | "finally"
  | "do"
  | "function"
  | "class"
  | "new"
  | "async"
  | "import"
  | "export"
  | "require"
  | "createRequire"
  | "Worker"
  | "URL"
  | "fork"
  | "__dirname"
  | "target"
  | "case"
  | "default"
  | "join";

const roles: Readonly<Record<string, WordRole>> = {
  return: "operator",
  typeof: "typeof",
  case: "case",
  delete: "operator",
  void: "operator",
  throw: "operator",
  yield: "operator",
  await: "operator",
  default: "default",
  in: "infix",
  of: "infix",
  instanceof: "infix",
  extends: "infix",
  if: "control",
  for: "control",
  while: "control",
  switch: "control",
  with: "control",
  else: "else",
  try: "try",
  catch: "catch",
  finally: "finally",
  do: "do",
  function: "function",
  class: "class",
  new: "new",
  async: "async",
  import: "import",
  export: "export",
  require: "require",
  __require: "require",
  __non_webpack_require__: "require",
  createRequire: "createRequire",
  Worker: "Worker",
  URL: "URL",
  fork: "fork",
  __dirname: "__dirname",
  target: "target",
  join: "join",
  resolve: "join",
};

const tableSize = 4096;
const table: (string | undefined)[] = new Array<string | undefined>(tableSize).fill(undefined);
for (const word of Object.keys(roles)) {
  let at = hashOf(word) & (tableSize - 1);
  while (table[at] !== undefined) at = (at + 1) & (tableSize - 1);
  table[at] = word;
}

/** What the scanner makes while it reads a name. */
export function hashOf(word: string): number {
  let hash = 0;
  for (let i = 0; i < word.length; i++) hash = (Math.imul(hash, 31) + word.charCodeAt(i)) | 0;
  return hash;
}

/** `hashOf` of a name in the bytes; 0 for none. */
export function hashOfName(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
  return hash;
}

/** The role of the word at `start`, whose hash the caller has made with `hash * 31 + byte`; undefined for an ordinary name. */
export function roleOf(bytes: Uint8Array, start: number, end: number, hash: number): WordRole | undefined {
  for (let at = hash & (tableSize - 1); ; at = (at + 1) & (tableSize - 1)) {
    const word = table[at];
    if (word === undefined) return undefined;
    if (word.length === end - start && isAt(bytes, start, word)) return roles[word];
  }
}

function isAt(bytes: Uint8Array, start: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word.charCodeAt(i)) return false;
  return true;
}
