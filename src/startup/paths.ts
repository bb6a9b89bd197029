import type { FileCatalog } from "../facts/fileCatalog.ts";

/** An absolute, normalised path: `path` as seen from `folder`. Symlinks are not looked at, `..` is taken by the text. */
export function joinPath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Without trailing repetitions of a character; a regular expression would need quadratic time for hostile text. */
export function withoutTrailing(text: string, char: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === char) end--;
  return text.slice(0, end);
}

/** Whether there is a file that may be executed. */
export function isProgram(catalog: FileCatalog, path: string): boolean {
  const entry = catalog.file(path);
  return entry !== undefined && (entry.mode & 0o111) !== 0;
}

/** The kept text of a file, whatever kind of text it is; undefined when there is none. */
export function textOf(catalog: FileCatalog, path: string): string | undefined {
  const entry = catalog.file(path);
  const fact = entry && catalog.fact(entry);
  return fact?.kind === "text" || fact?.kind === "script" ? fact.text : undefined;
}
