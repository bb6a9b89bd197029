import type { TarEntry } from "../image/image.ts";
import type { FileFact } from "./fileFact.ts";
import { scanJavaScript } from "./javascript/scan.ts";
import { scanPython } from "./python/scan.ts";
import { scriptScanner } from "./sources/sourceScanner.ts";

export const scriptLimitBytes = 256 * 1024;

const shells = /(^|[/\s])(ba|da|a|k|z|mk)?sh(\s|$)|busybox/;

/** Whether a file is a shell script by its name, whatever its mode and first line: it may be given to a shell as an argument. */
export function isScriptName(baseName: string): boolean {
  return /\.(sh|bash)$/.test(baseName) || /^[\w-]*entrypoint[\w-]*$/.test(baseName);
}

/** A file that starts with `#!`, or has the name of a shell script. Python and Node scripts get the fact of their language. */
export function readScript(entry: TarEntry, content: Uint8Array): FileFact | undefined {
  const cut = content.length < entry.sizeBytes;
  const hasShebang = content[0] === 0x23 && content[1] === 0x21;
  if (!hasShebang && looksBinary(content)) return undefined;
  const interpreterLine = hasShebang ? firstLine(content) : "";
  if (/python|pypy/.test(interpreterLine)) return scanPython(content, entry.path);
  if (/\bnode(js)?\b/.test(interpreterLine)) return scanJavaScript(content, entry.path);
  const scan = scriptScanner(interpreterLine);
  if (scan) return scan(content);
  const isShell = hasShebang ? shells.test(interpreterLine) : true;
  return { kind: "script", interpreterLine, ...(isShell && !cut && { text: decode(content) }) };
}

function firstLine(content: Uint8Array): string {
  const start = content.subarray(2, 2 + 256);
  const end = start.indexOf(0x0a);
  return decode(end < 0 ? start : start.subarray(0, end)).trim();
}

function looksBinary(content: Uint8Array): boolean {
  return content.subarray(0, 512).includes(0);
}

function decode(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.length).toString("utf8");
}
