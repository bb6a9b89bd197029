import type { JavaScriptFact } from "./javaScriptFact.ts";
import { textOf } from "./literals.ts";
import { Scanner } from "./scanner.ts";

/** Longer files are read up to here. */
const maxLength = 32 * 1024 * 1024;

/** Words without which a file loads nothing. */
const words = ["require", "import", "export", "Worker", "fork", "__dirname"];

/**
 * Reads what a JavaScript file loads. Never throws, whatever the bytes are; code that is no JavaScript gives fewer or odd loads.
 * `path` only serves to skip the text of JSON files.
 */
export function scanJavaScript(bytes: Uint8Array, path: string): JavaScriptFact {
  const readable = bytes.subarray(0, maxLength);
  const interpreterLine = interpreterLineOf(readable);
  const start = { kind: "javascript" as const, ...(interpreterLine !== undefined && { interpreterLine }) };
  const buffer = Buffer.from(readable.buffer, readable.byteOffset, readable.byteLength);
  if (path.endsWith(".json") || !words.some((word) => buffer.includes(word))) return { ...start, moduleSyntax: false, loads: [] };
  const scanner = new Scanner(readable, !/\/node_modules\/|^\/usr\//.test(path));
  scanner.scan();
  const { moduleSyntax, loads, names, truncated } = scanner.fact();
  const sourceMap = sourceMapOf(buffer);
  return {
    ...start,
    moduleSyntax,
    loads,
    ...(names !== undefined && { names }),
    ...(sourceMap !== undefined && { sourceMap }),
    ...((truncated || bytes.length > maxLength) && { truncated: true }),
  };
}

/** The last comment of the file (tc39.es/ecma426, "linking generated code to source maps"). */
function sourceMapOf(bytes: Buffer): string | undefined {
  const tail = bytes.subarray(Math.max(0, bytes.length - 2000)).toString("latin1");
  const url = /\/\/[#@] sourceMappingURL=([^\s'"]+)\s*$/.exec(tail)?.[1];
  return url === undefined || url.startsWith("data:") || url.includes("://") ? undefined : url;
}

function interpreterLineOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined;
  const end = bytes.subarray(0, 1024).indexOf(10);
  return textOf(bytes, 2, end < 0 ? Math.min(bytes.length, 1024) : end).trim();
}
