import { describe, expect, test } from "vitest";
import { scanJavaScript } from "../../../src/facts/javascript/scan.ts";
import type { JavaScriptFact } from "../../../src/facts/javascript/javaScriptFact.ts";
import { fuzz } from "../../fuzz.ts";

function scan(text: string): JavaScriptFact {
  return scanJavaScript(new TextEncoder().encode(text), "/app/x.js");
}

/** One line per load: `kind specifier…suffix:line context > context`. */
function loadsOf(text: string): string[] {
  return scan(text).loads.map(({ kind, specifier, partial, suffix, line, within }) => {
    const name = partial ? `${specifier}…${suffix ?? ""}` : specifier;
    return [`${kind} ${name}:${line}`, ...(within ? [within.join(" > ")] : [])].join(" ");
  });
}

function check(name: string, text: string, expected: readonly string[]): void {
  test(name, () => expect(loadsOf(text)).toEqual(expected));
}

describe("CommonJS", () => {
  check("at module level", "const a = require('a'), b = require(\"b\").c;\nrequire( /* x */ `c` )", [
    "require a:1",
    "require b:1",
    "require c:2",
  ]);
  check("calls of the result and arguments", "log = require('a')()\nx(__importStar(require('b')), { c: require('c') })", [
    "require a:1",
    "require b:2",
    "require c:2",
  ]);
  check("what is no call of require", "x.require('a'); require; required('b'); ({ require: 1 }); $require('c')", []);
  check("module.require", "module.require('a')", ["require a:1"]);
  check("resolve is no load", "require.resolve('a')", ["resolve a:1"]);
  check(
    "createRequire under another name",
    "import { createRequire } from 'module';\nconst load = createRequire(import.meta.url);\nload('a')",
    ["import module:1", "require a:3"],
  );
  check("bundlers' names", "__require('a'); __non_webpack_require__('b')", ["require a:1", "require b:1"]);
});

describe("ES modules", () => {
  check(
    "import and export",
    "import a from 'a'; import {b, c as d} from \"b\"\nimport * as e from 'e'\nimport 'f'\nimport g, {\n  h } from 'g'\nexport * from 'i'\nexport * as j from 'j'\nexport { k } from 'k'\nexport { l }\nexport default function () {}\nimport n from './n.json' with { type: 'json' }",
    ["import a:1", "import b:1", "import e:2", "import f:3", "import g:4", "import i:6", "import j:7", "import k:8", "import ./n.json:11"],
  );
  check("import()", "await import('a'); x => import('./' + x + '.js')", ["dynamic-import a:1", "dynamic-import ./….js:1 function"]);
  check("import.meta", "import.meta.resolve('a'); new URL('./b.bin', import.meta.url); import.meta.dirname + '/c'", [
    "resolve a:1",
    "file ./b.bin:1",
    "file ./c:1",
  ]);
  test.each([
    ["import 'a'", true],
    ["export const a = 1", true],
    ["x = import.meta.url", true],
    ["import('a')", false],
    ["exports.a = 1; require('b')", false],
    ["x = { import: 1, export: 2 }", false],
  ])("%s has module syntax: %s", (text, expected) => expect(scan(text).moduleSyntax).toBe(expected));
});

describe("what only looks like code", () => {
  check("comments", "// require('a')\n/* require('b') */ require('c') /* require('d')", ["require c:2"]);
  check(
    "strings and templates",
    "a = \"require('a')\" + 'require(\\'b\\')' + `require('c') ${require('d') + `${require('e')}`} require('f')`",
    ["require d:1", "require e:1"],
  );
  check("regular expressions", "a = /require('a')/; if (a) /[/]require('b')/.test(a); return /'/; require('c')", ["require c:1"]);
  check("divisions", "a / require('a') / 2; b() / require('b') / 2; c[0] / require('c') /2; d++ / require('d') / 1", [
    "require a:1",
    "require b:1",
    "require c:1",
    "require d:1",
  ]);
  check("after a block comes a regular expression", "if (a) {}\n/'/.test(b); require('c')", ["require c:2"]);
  check("a program's first line", "#!/usr/bin/env node 'x\nrequire('a')", ["require a:2"]);
  test("it is kept", () => expect(scan("#!/usr/bin/env node\nrequire('a')").interpreterLine).toBe("/usr/bin/env node"));
});

describe("what stands around", () => {
  check(
    "functions",
    "function f() { require('a') }\nconst g = () => require('b')\nconst h = async x => { require('c') }\nclass A { m() { require('d') } get n() { require('e') } }\nx = { o() { require('f') }, p: function () { require('g') } }\nrequire('h')",
    [
      "require a:1 function",
      "require b:2 function",
      "require c:3 function",
      "require d:4 function",
      "require e:4 function",
      "require f:5 function",
      "require g:5 function",
      "require h:6",
    ],
  );
  check(
    "called where they stand",
    "(function () { require('a') })(); (() => require('b'))(); (function () { require('c') }).call(this); !function () { require('d') }(); (async () => { require('e') })()",
    ["require a:1 called", "require b:1 called", "require c:1 called", "require d:1 called", "require e:1 called"],
  );
  check(
    "called by name, also through others",
    "function f() { g() }\nfunction g() { require('a') }\nconst h = async () => { require('b') }\nfunction i() { j() } function j() { require('c') }\nf(); h()",
    ["require a:2 called", "require b:3 called", "require c:4 function"],
  );
  check(
    "handed to a call",
    "app.get('/', () => require('a')); [1].forEach(function () { require('b') }); new Promise(r => { require('c') })",
    ["require a:1 callback", "require b:1 called", "require c:1 called"],
  );
  check("a getter in a call's argument waits", "Object.defineProperty(exports, 'x', { get: function () { return require('a') } })", [
    "require a:1 function",
  ]);
  check(
    "conditions",
    "if (a) { require('a') } else if (b) require('b'); else { require('c') }\nx = d ? require('d') : require('e'), y = require('f')\ng && require('g')\nswitch (h) { case 1: require('h') }\nrequire('i')",
    [
      "require a:1 conditional",
      "require b:1 conditional > conditional",
      "require c:1 conditional",
      "require d:2 conditional",
      "require e:2 conditional",
      "require f:2",
      "require g:3 conditional",
      "require h:4 conditional",
      "require i:5",
    ],
  );
  check(
    "loops are transparent",
    "for (const a of b) require('./' + a)\nwhile (a) { require('b') }\ndo { require('c') } while (d)\nrequire('e')",
    ["require ./…:1", "require b:2", "require c:3", "require e:4"],
  );
  check(
    "try and catch",
    "try { require('a') } catch (e) { require('b') } finally { require('c') }\ntry { require('d') } catch { }\nrequire('e')",
    ["require a:1 try", "require b:1 catch", "require c:1", "require d:2 try", "require e:3"],
  );
  check(
    "conditions that can be decided",
    "if (process.env.NODE_ENV === 'production') { require('a') } else { require('b') }\nif (require.main === module) require('c')\nif (process.platform !== 'win32') { require('d') }\nrequire('e')",
    [
      "require a:1 if env NODE_ENV production",
      "require b:1 unless env NODE_ENV production",
      "require c:2 if main",
      "require d:3 unless platform win32",
      "require e:4",
    ],
  );
  check(
    "wrappers for several module systems",
    "(function (g, f) { typeof exports === 'object' && typeof module !== 'undefined' ? f(require('a')) : typeof define === 'function' && define.amd ? define(['b'], f) : f(g) })(this, function () { require('c') })",
    ["require a:1 called > if commonjs", "require c:1 called"],
  );
  check(
    "and their if form",
    "(function (f) { if (typeof define === 'function' && define.amd) { define(['a'], f) } else if (typeof module === 'object' && module.exports) { f(require('b')) } })(x)",
    ["require b:1 called > if node > if commonjs"],
  );
  check(
    "browser or not, and what cannot be known of it",
    "if (typeof process === 'undefined' || odd()) { require('a') } else { require('b') }\nif (typeof window === 'undefined') require('c')\nif ('undefined' !== typeof window) require('d')\nx = typeof process !== 'undefined' ? require('e') : 0",
    ["require a:1 conditional", "require b:1 conditional", "require c:2 if node", "require d:3 unless node", "require e:4 if node"],
  );
  check(
    "Electron's windows are not meant",
    "if (typeof process !== 'undefined' && process.type === 'renderer') { require('a') } else { require('b') }",
    ["require a:1 unless node", "require b:1 if node"],
  );
  check(
    "both branches of a question",
    "x = process.env.NODE_ENV === 'test' ? require('a') : require('b'), typeof window !== 'undefined' ? require('c') : require('d')",
    ["require a:1 if env NODE_ENV test", "require b:1 unless env NODE_ENV test", "require c:1 unless node", "require d:1 if node"],
  );
  check(
    "choices by a word",
    "switch (process.platform) { case 'darwin': require('a'); break; case 'linux': require('b'); break; default: require('c') }\nswitch (x) { case 'd': case 'e': require('d'); break; case F: require('f') }\nif (kind === 'g') require('g'); else require('h')\nk = k || 'i'; if (k === 'i') require('i')",
    [
      "require a:1 if platform darwin",
      "require b:1 if platform linux",
      "require c:1 unless platform linux",
      "require d:2 choice d|e",
      "require f:2 conditional",
      "require g:3 choice g",
      "require h:3 conditional",
      "require i:4",
    ],
  );
  check(
    "options, defaults, what is kept, and what only developers turn on",
    "if (options.a) require('a'); else require('b')\nif (!c) c = require('c')\nif (d.dev) require('d'); x = e || require('e')\nif (f == null) require('f')",
    [
      "require a:1 option a",
      "require b:1 without a",
      "require c:2 if node",
      "require d:3 unlikely",
      "require e:3 fallback",
      "require f:4 fallback",
    ],
  );
  check("after the way for Node comes that for browsers", "function f() { if (isNode) { return require('a') } require('b') }", [
    "require a:1 function > if node",
    "require b:1 function > unless node",
  ]);
  check("bundled modules run", "var a = __commonJS({ 'x.js'(exports, module) { require('a') } })", ["require a:1 called"]);
  test("a result that is called at once", () =>
    expect(scan("require('a')(b); require('c').d(); require('e')").loads.map(({ invoked }) => invoked ?? false)).toEqual([
      true,
      false,
      false,
    ]));
  check("lines without semicolons", "const f = () => 1\nconst g = a ? 1 : 2\nrequire('a')\nif (b) c()\nrequire('d')", [
    "require a:3",
    "require d:5",
  ]);
});

describe("names that are built", () => {
  check(
    "known starts and ends",
    "require('./routes/' + r); require(`./l/${a}.js`); require(x); require('./' + a + '/b.js'); require('a' + '/b')",
    ["require ./routes/…:1", "require ./l/….js:1", "require …:1", "require ./…/b.js:1", "require a/b:1"],
  );
  check(
    "from the file's own folder",
    "require(path.join(__dirname, 'a', 'b')); require(__dirname + '/c'); require(`${__dirname}/d`); require(path.resolve(__dirname, '../e'))",
    ["require ./a/b:1", "require ./c:1", "require ./d:1", "require ../e:1"],
  );
  check("files", "fs.readFileSync(path.join(__dirname, 'a', n)); join(__dirname, 'b.txt'); fs.open(`${__dirname}/c.txt`); __dirname", [
    "file ./a/…:1",
    "file ./b.txt:1",
    "file ./c.txt:1",
  ]);
  check(
    "workers",
    "new Worker('./a.js'); new Worker(new URL('./b.js', import.meta.url)); new Worker(path.join(__dirname, 'c.js')); fork('./d.js'); child_process.fork(require.resolve('e'))",
    ["worker ./a.js:1", "worker ./b.js:1", "worker ./c.js:1", "fork ./d.js:1", "fork …:1", "resolve e:1"],
  );
  check("escapes", "require('\\x61\\u0062\\u{63}\\\n')", ["require abc:1"]);
});

test("any bytes end soon", () => {
  const pieces =
    "require('a')|import|import('b')|export {|} from 'x'|from|(|)|{|}|[|]|`|${|'|\"|/|//|/*|*/|\\|\n|;|,|.|?|:|=>|=|&&|if (|else|try|catch|function|class|async|x|1|new Worker(|__dirname|+|path.join(|typeof exports|é|\u2028|#!|<!--|++".split(
      "|",
    );
  const decoder = new TextEncoder();
  const count = fuzz(
    "JavaScript",
    (random) => (random.below(10) === 0 ? random.bytes(400) : decoder.encode(random.text(pieces, 80))),
    (bytes) => {
      for (const { line } of scanJavaScript(bytes, "/x.js").loads) if (line < 1 || line > bytes.length + 1) throw new Error(`line ${line}`);
    },
  );
  expect(count).toBeGreaterThan(0);
});

test.each([
  ["open brackets", "require('a')" + "(".repeat(1_000_000)],
  ["templates in templates", "require('a')" + "`${".repeat(300_000)],
  ["slashes", "require('a')" + " / ".repeat(300_000)],
  ["quotes", "require('a')" + "'\n".repeat(300_000)],
  ["loads", "require('a' + b);".repeat(60_000)],
  ["clauses", "import {".repeat(100_000)],
  ["sums", "require(" + "'a' + ".repeat(200_000)],
  ["joins", "path.join(__dirname, ".repeat(20_000)],
  ["functions", "function f() {".repeat(10_000) + "}()".repeat(10_000) + "f()"],
])("a megabyte of %s ends soon", (_, text) => {
  const startedAtMs = performance.now();
  scan(text);
  expect(performance.now() - startedAtMs).toBeLessThan(5000);
});
