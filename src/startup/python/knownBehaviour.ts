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

const multiByteCodecs = ["_multibytecodec", ...["cn", "hk", "iso2022", "jp", "kr", "tw"].map((name) => `_codecs_${name}`)];
const accounts = ["/etc/nsswitch.conf", "/etc/passwd"];
const idna = ["encodings.idna", "stringprep", "unicodedata"];
const pandasFromC = ["pytz", "dateutil", "dateutil.tz", "dateutil.parser"];
const numpyStar = ["numpy.testing", "numpy.fft", "numpy.random", "numpy.polynomial", "numpy.ctypeslib", "numpy.ma"];

const geventParts = "greenlet hub_local greenlet_primitives waiter hub_primitives ident abstract_linkable semaphore local imap queue event";

export const knownBehaviours: readonly KnownBehaviour[] = [
  {
    imported: "gevent",
    modules: [
      ...geventParts.split(" ").map((name) => `gevent._gevent_c_${name}`),
      "gevent._gevent_cgreenlet",
      "gevent._gevent_clocal",
      "gevent._gevent_cevent",
      "gevent._gevent_cqueue",
      "gevent._gevent_cimap",
      "gevent.libev.corecext",
      "zope.interface",
      "zope.event",
    ],
    probability: 0.85,
    reason: "gevent replaces its modules by compiled ones and chooses its loop by name",
  },
  {
    imported: "gevent.monkey",
    modules: "os time thread threading local select selectors ssl _ssl3 subprocess signal events queue socket _threading_local"
      .split(" ")
      .map((name) => (name.startsWith("_threading") ? name : `gevent.${name}`)),
    probability: 0.85,
    reason: "patch_all() imports the replacement of each module by name",
  },
  {
    imported: "zoneinfo",
    modules: ["zoneinfo._tzpath", "_sysconfigdata__linux_x86_64-linux-gnu"],
    probability: 0.95,
    reason: "zoneinfo asks the build's settings for its search path",
  },
  { imported: "pandas", modules: ["numpy.random"], probability: 0.95, reason: "pandas uses numpy's lazy parts" },
  {
    imported: "uvloop.loop",
    modules: ["uvloop._noop", "concurrent.futures.thread", ...idna],
    probability: 0.9,
    reason: "uvloop imports them from C, and encodes the host that it binds",
  },
  {
    imported: "django.views.debug",
    modules: ["django.templatetags.i18n"],
    probability: 0.95,
    reason: "its template engine has this library",
  },
  {
    imported: "google.protobuf.descriptor_pool",
    modules: ["google._upb._message"],
    probability: 0.9,
    reason: "protobuf chooses its implementation by name",
  },
  { imported: "hashlib", modules: ["_hashlib", "_blake2"], probability: 0.9, reason: "hashlib asks OpenSSL for its algorithms" },
  { imported: "_hashlib", files: openssl, probability: 0.9, reason: "OpenSSL reads its configuration when it is initialised" },
  { imported: "_ssl", files: openssl, probability: 0.9, reason: "OpenSSL reads its configuration when it is initialised" },
  { imported: "subprocess", modules: ["_posixsubprocess", "select"], probability: 0.9, reason: "subprocess forks through C modules" },
  { imported: "anyio", modules: ["anyio._backends._asyncio"], probability: 0.9, reason: "anyio loads its backend by name" },
  { imported: "ctypes", modules: ["_ctypes", "_struct"], probability: 0.9, reason: "ctypes is written in C" },
  { imported: "numpy.core", modules: ["numpy.core._multiarray_tests"], probability: 0.9, reason: "numpy imports it from C" },
  { imported: "numpy._core", modules: ["numpy._core._multiarray_tests"], probability: 0.6, reason: "numpy imports it from C" },
  { imported: "werkzeug", modules: idna, probability: 0.6, reason: "werkzeug encodes the host name of a request" },
  { imported: "gunicorn", files: accounts, probability: 0.95, reason: "gunicorn looks up the user of its workers" },
  {
    imported: "zmq.backend",
    modules: ["zmq.backend.select", "zmq.backend.cython", "zmq.backend.cython._zmq"],
    probability: 0.9,
    reason: "ZeroMQ chooses its backend by name",
  },
  { imported: "pickle", modules: ["_compat_pickle", "_pickle"], probability: 1, reason: "pickle loads its C part" },
  { imported: "click", modules: ["gettext", "locale"], probability: 0.9, reason: "click translates its messages" },
  { imported: "uvloop", modules: ["uvloop.loop", "asyncio", "ssl"], probability: 0.95, reason: "uvloop imports them from C" },
  {
    imported: "uvicorn._subprocess",
    modules: ["multiprocessing.connection"],
    probability: 0.9,
    reason: "allow_connection_pickling() imports it",
  },
  {
    imported: "charset_normalizer.constant",
    modules: multiByteCodecs,
    probability: 0.9,
    reason: "charset_normalizer tries every encoding",
  },
  { imported: "pandas", modules: pandasFromC, probability: 0.9, reason: "pandas imports them from C" },
  {
    imported: "scipy._lib.array_api_compat.numpy",
    modules: numpyStar,
    probability: 0.9,
    reason: "`from numpy import *` loads numpy's lazy parts",
  },
  {
    imported: "sklearn.externals.array_api_compat.numpy",
    modules: numpyStar,
    probability: 0.9,
    reason: "`from numpy import *` loads numpy's lazy parts",
  },
];
