/**
 * What packages load in ways that no import statement shows: C code, registries, names put together at run time. Each row
 * fires when its module is imported, and says why. Adding knowledge of a package is one row.
 */
export interface KnownBehaviour {
  /** The module whose import makes the row fire. */
  readonly imported: string;
  /** Modules that it then loads. */
  readonly modules?: readonly string[];
  /** Files that it then opens. */
  readonly files?: readonly string[];
  readonly probability: number;
  readonly reason: string;
}

const openssl = ["/etc/ssl/openssl.cnf", "/usr/lib/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf"];

export const knownBehaviours: readonly KnownBehaviour[] = [
  { imported: "hashlib", modules: ["_hashlib", "_blake2"], probability: 0.9, reason: "hashlib asks OpenSSL for its algorithms" },
  { imported: "_hashlib", files: openssl, probability: 0.9, reason: "OpenSSL reads its configuration when it is initialised" },
  { imported: "_ssl", files: openssl, probability: 0.9, reason: "OpenSSL reads its configuration when it is initialised" },
  { imported: "subprocess", modules: ["_posixsubprocess", "select"], probability: 0.9, reason: "subprocess forks through C modules" },
  {
    imported: "concurrent.futures",
    modules: ["concurrent.futures.thread"],
    probability: 0.9,
    reason: "the package loads its executors on first use",
  },
  { imported: "asyncio", modules: ["concurrent.futures.thread"], probability: 0.5, reason: "an event loop's default executor" },
  { imported: "anyio", modules: ["anyio._backends._asyncio"], probability: 0.9, reason: "anyio loads its backend by name" },
  { imported: "ctypes", modules: ["_ctypes", "_struct"], probability: 0.9, reason: "ctypes is written in C" },
  { imported: "numpy.core", modules: ["numpy.core._multiarray_tests", "cmath"], probability: 0.9, reason: "numpy imports them from C" },
  { imported: "numpy._core", modules: ["numpy._core._multiarray_tests", "cmath"], probability: 0.6, reason: "numpy imports them from C" },
  { imported: "mimetypes", files: ["/etc/mime.types"], probability: 0.7, reason: "mimetypes reads the system's table" },
  {
    imported: "socketserver",
    modules: ["encodings.idna", "stringprep", "unicodedata"],
    probability: 0.75,
    reason: "host names are encoded when a server binds",
  },
  {
    imported: "asyncio",
    modules: ["encodings.idna", "stringprep", "unicodedata"],
    probability: 0.75,
    reason: "host names are encoded when a server binds",
  },
  {
    imported: "socket",
    modules: ["encodings.idna", "stringprep", "unicodedata"],
    probability: 0.6,
    reason: "host names are encoded when a server binds",
  },
  { imported: "socket", files: ["/etc/gai.conf", "/etc/host.conf"], probability: 0.5, reason: "the C library looks an address up" },
  { imported: "pickle", modules: ["_compat_pickle", "_pickle"], probability: 1, reason: "pickle loads its C part" },
  { imported: "click", modules: ["gettext", "locale"], probability: 0.9, reason: "click translates its messages" },
  { imported: "uvloop", modules: ["uvloop.loop", "asyncio", "ssl"], probability: 0.95, reason: "uvloop imports them from C" },
  {
    imported: "pandas",
    modules: ["pytz", "dateutil", "dateutil.tz", "dateutil.parser"],
    probability: 0.9,
    reason: "pandas imports them from C",
  },
];
