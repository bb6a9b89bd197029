import type { ElfFact } from "./fileFact.ts";

const namesLimit = 2000;
const longestName = 100;

/** Modules that compiled extensions import by a name without a dot, see the rule `py-extension-import`. */
const plainModules = new Set(
  (
    "numpy datetime decimal _decimal uuid asyncio collections enum pathlib warnings contextvars inspect typing json traceback threading " +
    "pytz zoneinfo scipy pandas re math random itertools functools operator io os sys time types weakref copy struct base64 hashlib"
  ).split(" "),
);

/**
 * NUL-terminated strings of read-only data that look like library names, and in extension modules also those that look
 * like module names. Bounded in number; a hostile file can fill them with nonsense, which is then found nowhere.
 */
export function elfNames(rodata: readonly Uint8Array[], isPythonModule: boolean): Pick<ElfFact, "libraryNames" | "moduleNames"> {
  const libraries = new Set<string>();
  const modules = new Set<string>();
  for (const bytes of rodata) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    addLibraries(libraries, buffer);
    if (isPythonModule) addModules(modules, buffer);
  }
  return {
    ...(libraries.size > 0 && { libraryNames: [...libraries] }),
    ...(modules.size > 0 && { moduleNames: [...modules] }),
  };
}

function addLibraries(names: Set<string>, bytes: Buffer): void {
  for (let at = bytes.indexOf(".so"); at >= 0 && names.size < namesLimit; at = bytes.indexOf(".so", at + 3)) {
    let start = at;
    while (start > 0 && at - start < longestName && bytes[start - 1] !== 0) start--;
    let end = at;
    while (end < bytes.length && end - at < longestName && bytes[end] !== 0) end++;
    const name = bytes.toString("latin1", start, end);
    if (/^(\/?[\w.+-]+\/)*lib[\w.+-]*\.so(\.[\w.]+)?$/.test(name)) names.add(name);
  }
}

/** One pass over the bytes: a run of name characters between NULs, checked before a string is made of it. */
function addModules(names: Set<string>, bytes: Buffer): void {
  let start = 0;
  let dots = 0;
  let isName = true;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === 0) {
      const length = at - start;
      if (isName && length > 1 && length <= longestName && (dots > 0 || length <= 12)) {
        const name = bytes.toString("latin1", start, at);
        if (dots > 0 ? /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/.test(name) : plainModules.has(name)) names.add(name);
        if (names.size >= namesLimit) return;
      }
      start = at + 1;
      dots = 0;
      isName = true;
    } else if (byte === 0x2e) dots++;
    else if (!((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || (byte >= 0x30 && byte <= 0x39)))
      isName = false;
  }
}
