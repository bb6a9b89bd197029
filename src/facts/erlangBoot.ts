import { inflateSync } from "node:zlib";

/** A boot script beyond this is none. */
const limitBytes = 8 * 1024 * 1024;
const maxItems = 100_000;

/**
 * What an Erlang boot script loads, as lines for a text fact: `path FOLDER` as written (`$ROOT/lib/kernel-8.5/ebin`), and
 * `load MODULE …` for each `primLoad`, in order (erlang.org/doc/man/script; erlang.org/doc/apps/erts/erl_ext_dist).
 * Undefined when the bytes are no external term.
 */
export function erlangBootText(content: Uint8Array): string | undefined {
  let bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  if (bytes[0] !== 131) return undefined;
  if (bytes[1] === 80) {
    try {
      bytes = Buffer.concat([Buffer.from([131]), inflateSync(bytes.subarray(6), { maxOutputLength: limitBytes })]);
    } catch {
      return undefined;
    }
  }
  const lines: string[] = [];
  let at = 1;
  /** Atoms and strings, in the order of the text: lists are flat enough that their nesting says nothing more. */
  let mode: "path" | "load" | undefined;
  let loaded: string[] = [];
  const close = (): void => {
    if (mode === "load" && loaded.length > 0) lines.push(`load ${loaded.join(" ")}`);
    loaded = [];
    mode = undefined;
  };
  for (let items = 0; at < bytes.length && items < maxItems; items++) {
    const tag = bytes[at] as number;
    at++;
    if (tag === 100 || tag === 118) {
      const size = at + 2 <= bytes.length ? bytes.readUInt16BE(at) : 0;
      atom(bytes.toString("latin1", at + 2, at + 2 + size));
      at += 2 + size;
    } else if (tag === 115 || tag === 119) {
      const size = bytes[at] ?? 0;
      atom(bytes.toString("latin1", at + 1, at + 1 + size));
      at += 1 + size;
    } else if (tag === 107) {
      const size = at + 2 <= bytes.length ? bytes.readUInt16BE(at) : 0;
      if (mode === "path") lines.push(`path ${bytes.toString("latin1", at + 2, at + 2 + size)}`);
      at += 2 + size;
    } else if (tag === 104) at += 1;
    else if (tag === 105 || tag === 108) at += 4;
    else if (tag === 97) at += 1;
    else if (tag === 98) at += 4;
    else if (tag === 70) at += 8;
    else if (tag === 109) at += 4 + (at + 4 <= bytes.length ? bytes.readUInt32BE(at) : 0);
    else if (tag === 110) at += 2 + (bytes[at] ?? 0);
    else if (tag === 116) at += 4;
    else if (tag !== 106) break;
  }
  close();
  return lines.length > 0 ? lines.join("\n") : undefined;

  function atom(name: string): void {
    if (name === "path" || name === "primLoad") {
      close();
      mode = name === "path" ? "path" : "load";
    } else if (mode === "load" && !/^(?:kernel_load_completed|progress|kernelProcess|apply|preLoaded)$/.test(name)) loaded.push(name);
    else close();
  }
}
