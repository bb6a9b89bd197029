/** Modules that live inside the interpreter and open no file. */

const alwaysBuiltin = new Set(
  (
    "sys builtins _ast _codecs _collections _functools _imp _io _locale _operator _signal _sre _stat _string _suggestions _symtable _thread " +
    "_tracemalloc _warnings _weakref _typing _tokenize _sysconfig _abc atexit errno faulthandler gc itertools marshal posix pwd time"
  ).split(" "),
);

/** C modules that a build either links into the interpreter or puts into lib-dynload: without a file they are inside. */
const builtinUnlessFile = new Set(
  (
    "_asyncio _bisect _blake2 _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _contextvars _csv _datetime _decimal " +
    "_elementtree _hashlib _heapq _hmac _interpchannels _interpqueues _interpreters _json _lsprof _md5 _multibytecodec _multiprocessing _opcode " +
    "_pickle _posixshmem _posixsubprocess _queue _random _sha1 _sha2 _sha256 _sha3 _sha512 _socket _ssl _statistics _struct _uuid _zoneinfo _zlib " +
    "array binascii cmath fcntl grp math mmap pyexpat resource select syslog termios unicodedata zlib _bz2 _lzma _ctypes _sqlite3 _types _remote_debugging"
  ).split(" "),
);

/** Frozen since 3.11 (Tools/build/freeze_modules.py); before that only the import system itself. */
const frozenSince311 = new Set(
  (
    "importlib._bootstrap importlib._bootstrap_external zipimport abc codecs io _collections_abc _sitebuiltins genericpath ntpath posixpath os " +
    "os.path site stat importlib.util importlib.machinery runpy __hello__ __phello__ __main__"
  ).split(" "),
);
const frozenBefore311 = new Set([
  "importlib._bootstrap",
  "importlib._bootstrap_external",
  "_frozen_importlib",
  "_frozen_importlib_external",
  "zipimport",
  "__main__",
]);

export function isAlwaysBuiltin(name: string): boolean {
  return alwaysBuiltin.has(name);
}

export function isBuiltinUnlessFile(name: string): boolean {
  return builtinUnlessFile.has(name);
}

export function isFrozen(name: string, minor: number): boolean {
  return (
    name === "_frozen_importlib" || name === "_frozen_importlib_external" || (minor >= 11 ? frozenSince311 : frozenBefore311).has(name)
  );
}

/** What `Py_Initialize` imports before the program, in order; frozen ones open nothing. */
export function startupModules(minor: number): readonly string[] {
  const encodings = ["encodings", "encodings.aliases", "encodings.utf_8"];
  const base = ["codecs", "io", "abc", "site", "os", "stat", "_collections_abc", "posixpath", "genericpath", "_sitebuiltins"];
  return minor >= 11 ? [...encodings, ...base] : [...encodings, ...(minor <= 9 ? ["encodings.latin_1"] : []), ...base];
}
