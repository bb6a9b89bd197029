import { continuesName } from "./characters.ts";
import { endOfString, endOfTemplateText, skipBlanks, textOf, unescaped } from "./literals.ts";

/** What an expression that names a module or file is known to say. */
export interface Specifier {
  readonly text: string;
  readonly partial: boolean;
  /** With `partial`: its known end. */
  readonly suffix?: string;
  /** It is made from the file's own folder: `text` is relative to it. */
  readonly fromFolder: boolean;
  /** Where reading stopped. */
  readonly end: number;
}

/** Calls in calls deeper than this are not read. */
const maxDepth = 8;

const maxFolderNames = 10;

/** Names that an ES module gives to its own folder: `const here = dirname(fileURLToPath(import.meta.url))`. */
export function folderNames(bytes: Buffer): ReadonlySet<string> {
  const names = new Set<string>();
  if (!bytes.includes("import.meta.")) return names;
  const text = bytes.subarray(0, 256 * 1024).toString("latin1");
  for (const [, name = ""] of text.matchAll(
    /\b(?:const|let|var)\s{1,5}(\w{1,50})\s{0,5}=\s{0,5}(?:import\.meta\.dirname\b|(?:\w{1,20}\.)?dirname\(\s{0,5}(?:\w{1,20}\.)?fileURLToPath\(\s{0,5}import\.meta\.url|(?:\w{1,20}\.)?fileURLToPath\(\s{0,5}new URL\(["']\.\/?["'],\s{0,5}import\.meta\.url)/g,
  ))
    if (names.size < maxFolderNames) names.add(name);
  return names;
}

/** Something that only running the code would tell. */
function unknownAt(end: number): Specifier {
  return { text: "", partial: true, fromFolder: false, end };
}

/**
 * Reads the expression at `at` as far as it is made of strings, templates, `__dirname`, `path.join(…)` and
 * `new URL(…, import.meta.url)`.
 */
export function readSpecifier(bytes: Uint8Array, at: number, folders: ReadonlySet<string>, depth = 0): Specifier {
  const start = skipBlanks(bytes, at);
  const byte = bytes[start];
  if (byte === 0x22 || byte === 0x27) return withSum(bytes, readString(bytes, start));
  if (byte === 0x60) return withSum(bytes, readTemplate(bytes, start, folders));
  if (depth > maxDepth) return unknownAt(start);
  const name = dottedName(bytes, start);
  const after = skipBlanks(bytes, start + name.length);
  if (isFolderName(name, folders)) return withSum(bytes, { text: "", partial: false, fromFolder: true, end: start + name.length });
  if (/^(?!require\.|import\.)(?:\w+\.)*(?:join|resolve)$/.test(name) && bytes[after] === 0x28)
    return readJoin(bytes, after + 1, folders, depth);
  if (name === "new") {
    const open = skipBlanks(bytes, after + 3);
    if (textOf(bytes, after, after + 3) === "URL" && bytes[open] === 0x28) return readUrl(bytes, open + 1, folders, depth);
  }
  if (/^(?:\w+\.)?fileURLToPath$/.test(name) && bytes[after] === 0x28) return readSpecifier(bytes, after + 1, folders, depth + 1);
  return unknownAt(start);
}

function isFolderName(name: string, folders: ReadonlySet<string>): boolean {
  return name === "__dirname" || name === "import.meta.dirname" || folders.has(name);
}

function readString(bytes: Uint8Array, start: number): Specifier {
  const end = endOfString(bytes, start);
  return { text: unescaped(bytes, start + 1, end - 1), partial: false, fromFolder: false, end };
}

function readTemplate(bytes: Uint8Array, start: number, folders: ReadonlySet<string>): Specifier {
  let end = endOfTemplateText(bytes, start + 1);
  if (bytes[end - 1] === 0x60) return { text: unescaped(bytes, start + 1, end - 1), partial: false, fromFolder: false, end };
  let text = unescaped(bytes, start + 1, end - 2);
  let fromFolder = false;
  const name = dottedName(bytes, end);
  if (text === "" && isFolderName(name, folders) && bytes[end + name.length] === 0x7d) {
    const from = end + name.length + 1;
    end = endOfTemplateText(bytes, from);
    fromFolder = true;
    const closed = bytes[end - 1] === 0x60;
    text = unescaped(bytes, from, end - (closed ? 1 : 2));
    if (closed) return { text, partial: false, fromFolder, end };
  }
  // The text after the last simple `${…}` is the suffix.
  for (let count = 0; count < 20; count++) {
    const brace = bytes.indexOf(0x7d, end);
    if (brace < 0) break;
    const next = endOfTemplateText(bytes, brace + 1);
    if (bytes[next - 1] === 0x60) return { text, partial: true, suffix: unescaped(bytes, brace + 1, next - 1), fromFolder, end: next };
    end = next;
  }
  return { text, partial: true, fromFolder, end };
}

/** `first + …`: further strings are appended while they are known. */
function withSum(bytes: Uint8Array, first: Specifier): Specifier {
  let sum = first;
  for (let count = 0; count < 20; count++) {
    const plus = skipBlanks(bytes, sum.end);
    if (bytes[plus] !== 0x2b) return sum;
    const start = skipBlanks(bytes, plus + 1);
    const isString = bytes[start] === 0x22 || bytes[start] === 0x27;
    if (isString && !sum.partial) {
      const next = readString(bytes, start);
      sum = { ...sum, text: sum.text + next.text, end: next.end };
      continue;
    }
    if (isString) {
      const next = readString(bytes, start);
      sum = { ...sum, suffix: next.text, end: next.end };
      continue;
    }
    // A name in between: skip it, a string after it is the suffix.
    const name = dottedName(bytes, start);
    sum = { text: sum.text, partial: true, fromFolder: sum.fromFolder, end: start + name.length };
    if (name === "") return sum;
  }
  return sum;
}

/** The arguments of `path.join(` or `path.resolve(`. */
function readJoin(bytes: Uint8Array, at: number, folders: ReadonlySet<string>, depth: number): Specifier {
  const parts: string[] = [];
  let fromFolder = false;
  let position = at;
  for (let count = 0; count < 20; count++) {
    const part = readSpecifier(bytes, position, folders, depth + 1);
    if (count === 0) fromFolder = part.fromFolder;
    if (part.text !== "") parts.push(part.text);
    const next = skipBlanks(bytes, part.end);
    const isLast = bytes[next] === 0x29;
    if (part.partial || (!isLast && bytes[next] !== 0x2c)) {
      const text = parts.join("/") + (part.text === "" && parts.length > 0 ? "/" : "");
      return { text, partial: true, fromFolder, end: part.end };
    }
    if (isLast) return { text: parts.join("/"), partial: false, fromFolder, end: next + 1 };
    position = next + 1;
  }
  return unknownAt(position);
}

/** `new URL("./x", import.meta.url)`. */
function readUrl(bytes: Uint8Array, at: number, folders: ReadonlySet<string>, depth: number): Specifier {
  const path = readSpecifier(bytes, at, folders, depth + 1);
  const comma = skipBlanks(bytes, path.end);
  if (bytes[comma] !== 0x2c) return unknownAt(path.end);
  const base = skipBlanks(bytes, comma + 1);
  if (dottedName(bytes, base) !== "import.meta.url") return unknownAt(path.end);
  const close = skipBlanks(bytes, base + "import.meta.url".length);
  return { ...path, fromFolder: true, end: bytes[close] === 0x29 ? close + 1 : close };
}

/** `path.join`, `__dirname`; empty when no name is there. */
export function dottedName(bytes: Uint8Array, start: number): string {
  let end = start;
  while (end < bytes.length && end - start < 200 && (continuesName[bytes[end] as number] === 1 || bytes[end] === 0x2e)) end++;
  return textOf(bytes, start, end);
}
