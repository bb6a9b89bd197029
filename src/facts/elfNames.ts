import type { ElfFact } from "./fileFact.ts";

/** Functions of the C library by which a program touches files that it does not name; see `libc.ts` of the startup room. */
const callsOfInterest =
  "getpwnam getpwnam_r getpwuid getpwuid_r getgrnam getgrnam_r initgroups getaddrinfo gethostbyname setlocale newlocale localtime localtime_r tzset mktime strftime dlopen iconv_open getservbyname listen accept accept4 execv execve execvp execl execlp posix_spawn posix_spawnp popen system".split(
    " ",
  );
/** Larger string tables belong to libraries. */
const stringTableLimitBytes = 8 * 1024 * 1024;

/** Which of those functions a program imports, by its dynamic string table (gABI, chapter 5). */
export function libraryCalls(strings: Uint8Array | undefined): Pick<ElfFact, "libraryCalls"> {
  if (strings === undefined || strings.length > stringTableLimitBytes) return {};
  const buffer = Buffer.from(strings.buffer, strings.byteOffset, strings.length);
  const calls = callsOfInterest.filter((name) => buffer.includes(`\0${name}\0`, 0, "latin1"));
  return calls.length > 0 ? { libraryCalls: calls } : {};
}

const pathsLimit = 300;
const pathRoots = ["/etc/", "/usr/", "/opt/", "/var/lib/"];

/** NUL-terminated strings of a program's read-only data that are paths of files it may open by itself. */
export function filePaths(rodata: readonly Uint8Array[]): Pick<ElfFact, "filePaths"> {
  const found = new Set<string>();
  for (const bytes of rodata) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (const root of pathRoots) {
      for (let at = buffer.indexOf(root); at >= 0 && found.size < pathsLimit; at = buffer.indexOf(root, at + root.length)) {
        if (at > 0 && buffer[at - 1] !== 0) continue;
        const end = buffer.indexOf(0, at);
        if (end < 0 || end - at > longestName) continue;
        const path = buffer.toString("latin1", at, end);
        if (/^(?:\/[\w.+@-]+)+$/.test(path)) found.add(path);
      }
    }
  }
  return found.size > 0 ? { filePaths: [...found] } : {};
}

const namesLimit = 2000;
const longestName = 100;

/** `cython_runtime`, which every module that Cython compiled names. */
const longestPlainName = 14;
/** Modules that compiled extensions import by a name without a dot, see the rule `py-extension-import`. */
const plainModules = new Set(
  (
    "numpy datetime decimal _decimal uuid asyncio collections enum pathlib warnings contextvars inspect typing json traceback threading " +
    "pytz zoneinfo scipy pandas re math random itertools functools operator io os sys time types weakref copy struct base64 hashlib cython_runtime"
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

/** 1 for letters, digits and `_`, 2 for dots: what names of modules consist of. */
const namePart = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) if (/^\w$/.test(String.fromCharCode(byte))) namePart[byte] = 1;
namePart[0x2e] = 2;

/** One pass over the bytes: a run of name characters between NULs, checked before a string is made of it. */
function addModules(names: Set<string>, bytes: Buffer): void {
  const { length } = bytes;
  for (let start = 0; start < length;) {
    let at = start;
    let dots = 0;
    let part = 0;
    while (at < length && (part = namePart[bytes[at] as number] as number) !== 0) {
      if (part === 2) dots++;
      at++;
    }
    if (at < length && bytes[at] === 0) {
      const size = at - start;
      if (size > 1 && size <= longestName && (dots > 0 || size <= longestPlainName)) {
        const name = bytes.toString("latin1", start, at);
        if (dots > 0 ? /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/.test(name) : plainModules.has(name)) names.add(name);
        if (names.size >= namesLimit) return;
      }
    } else while (at < length && bytes[at] !== 0) at++;
    start = at + 1;
  }
}
