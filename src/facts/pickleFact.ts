import type { TextFact } from "./fileFact.ts";

/** Classes are named where they first occur, which is near the start. */
export const pickleLimitBytes = 8 * 1024 * 1024;

const namesLimit = 2000;
const shortString = 0x8c;
const memoize = 0x94;
const stackGlobal = 0x93;
const global = 0x63;

/**
 * The modules that unpickling imports, one per line. joblib writes raw arrays between the opcodes, so that they cannot be
 * followed one by one; instead the two forms in which a class is named are searched for: `c module \n name \n` (protocol 0-3) and
 * two short strings before STACK_GLOBAL (protocol 4 and later; https://docs.python.org/3/library/pickletools.html).
 */
export function readPickle(content: Uint8Array): TextFact | undefined {
  const modules = new Set<string>();
  for (let at = 0; at < content.length && modules.size < namesLimit; at++) {
    const byte = content[at];
    if (byte === shortString) {
      const module = shortStringAt(content, at);
      if (module === undefined) continue;
      const nameAt = skipMemoize(content, at + 2 + module.length);
      const name = content[nameAt] === shortString ? shortStringAt(content, nameAt) : undefined;
      if (name === undefined) continue;
      if (content[skipMemoize(content, nameAt + 2 + name.length)] === stackGlobal) modules.add(module);
    } else if (byte === global) {
      const module = lineAt(content, at + 1);
      if (module === undefined || lineAt(content, at + 2 + module.length) === undefined) continue;
      modules.add(module);
      at += module.length;
    }
  }
  return modules.size === 0 ? undefined : { kind: "text", text: [...modules].join("\n") };
}

const dottedName = /^[A-Za-z_]\w*(\.\w+)*$/;

function shortStringAt(content: Uint8Array, at: number): string | undefined {
  const length = content[at + 1] ?? 0;
  if (length === 0 || length > 120 || at + 2 + length > content.length) return undefined;
  return dotted(content, at + 2, at + 2 + length);
}

function lineAt(content: Uint8Array, start: number): string | undefined {
  const end = content.indexOf(0x0a, start);
  return end <= start || end - start > 120 ? undefined : dotted(content, start, end);
}

function dotted(content: Uint8Array, start: number, end: number): string | undefined {
  for (let at = start; at < end; at++) {
    const byte = content[at] as number;
    if (byte <= 0x20 || byte >= 0x7f) return undefined;
  }
  const text = Buffer.from(content.buffer, content.byteOffset + start, end - start).toString("latin1");
  return dottedName.test(text) ? text : undefined;
}

/** MEMOIZE, BINPUT or LONG_BINPUT may stand after a string. */
function skipMemoize(content: Uint8Array, at: number): number {
  const byte = content[at];
  return byte === memoize ? at + 1 : byte === 0x71 ? at + 2 : byte === 0x72 ? at + 5 : at;
}
