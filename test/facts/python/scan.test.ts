import { describe, expect, test } from "vitest";
import type { PythonFact } from "../../../src/facts/python/pythonFact.ts";
import { scanPython } from "../../../src/facts/python/scan.ts";
import { fuzz, mutated } from "../../fuzz.ts";

const library = "/usr/lib/python3/dist-packages/pkg/__init__.py";
const application = "/app/main.py";

function factOf(source: string, path = library): PythonFact {
  return scanPython(Buffer.from(source), path);
}

function check(name: string, source: string, expected: unknown, path?: string): void {
  test(name, () => expect(factOf(source, path).body).toEqual(expected));
}

/** `import a` at a line. */
function imported(name: string, line = 1): unknown {
  return { do: "import", line, names: [[name]] };
}

describe("imports", () => {
  check("several, dotted, renamed", "import a, b.c as d , e.f", [{ do: "import", line: 1, names: [["a"], ["b.c", "d"], ["e.f"]] }]);
  check("from", "from a.b import c as d, e", [{ do: "from", line: 1, module: "a.b", level: 0, names: [["c", "d"], ["e"]] }]);
  check("relative", "from ..a import b", [{ do: "from", line: 1, module: "a", level: 2, names: [["b"]] }]);
  check("relative without blanks", "from.a import(b)", [{ do: "from", line: 1, module: "a", level: 1, names: [["b"]] }]);
  check("from the package itself", "from . import a", [{ do: "from", line: 1, module: "", level: 1, names: [["a"]] }]);
  check("three dots and more", "from ....a import b", [{ do: "from", line: 1, module: "a", level: 4, names: [["b"]] }]);
  check("star", "from a import *", [{ do: "from", line: 1, module: "a", level: 0, names: [["*"]] }]);
  check("over lines, with comments and a last comma", "from a import ( # x\n  b, # y\n  c\n  as d,\n)\nimport e", [
    { do: "from", line: 1, module: "a", level: 0, names: [["b"], ["c", "d"]] },
    imported("e", 6),
  ]);
  check("behind a semicolon", "x = 1; import a; import b", [imported("a"), imported("b")]);
  check("behind a continuation", "import \\\n  a\nimport b", [imported("a"), imported("b", 3)]);
  check("after a byte order mark, with Windows line ends", "\ufeffimport a\r\nimport b\r\n", [imported("a"), imported("b", 2)]);
  check("names that are not ASCII", "import größe, 模块", [{ do: "import", line: 1, names: [["größe"], ["模块"]] }]);
  check("words that only look like it", "imported = 1\nfrom_x = 2\nprint('import a')\n", []);
  check("not in strings", `"""\nimport a\n"""\nx = 'import b'\ny = """ \\""" import c """\nr'\\\\'; import d`, [imported("d", 6)]);
  check("not in f-strings, however nested", `x = f"{a["import b"]:>{w}} {{import c}}"; import d`, [imported("d")]);
  check("a string that is not closed ends with its line", "x = 'open\nimport a", [imported("a", 2)]);
  check("inside brackets a line does not end", "x = [\nimport_me,\n(1,\n2)]\nimport a", [imported("a", 5)]);
});

describe("blocks", () => {
  check(
    "if, elif, else with tests that can be decided",
    "if sys.version_info >= (3, 8):\n  import a\nelif x:\n  import b\nelse:\n  import c",
    [
      {
        do: "if",
        branches: [
          { test: "sys.version_info >= (3, 8)", body: [imported("a", 2)] },
          { test: "x", body: [imported("b", 4)] },
          { test: "", body: [imported("c", 6)] },
        ],
      },
    ],
  );
  check(
    "switches of a library are kept where they are asked for",
    "released = True  # by hand\nother = True\n_cache = None\nif not released:\n  import a\ndef f(verbose):\n  if verbose:\n    import b\n  if _cache is None:\n    import c",
    [
      { do: "set", line: 1, name: "released", value: "True" },
      { do: "set", line: 3, name: "_cache", value: "None" },
      { do: "if", branches: [{ test: "not released", body: [imported("a", 5)] }] },
      {
        do: "def",
        line: 6,
        name: "f",
        body: [
          { do: "if", branches: [{ test: "?", body: [imported("b", 8)] }] },
          { do: "if", branches: [{ test: "_cache is None", body: [imported("c", 10)] }] },
        ],
      },
    ],
    "/usr/lib/python3/dist-packages/m.py",
  );
  check("on one line", "try: import a\nexcept ImportError: import b\nelse: import c\nfinally: import d", [
    { do: "try", body: [imported("a")], handlers: [imported("b", 2)], rest: [imported("c", 3), imported("d", 4)] },
  ]);
  check("tabs and blanks", "if x:\n\timport a\n        import b\nimport c", [
    { do: "if", branches: [{ test: "x", body: [imported("a", 2), imported("b", 3)] }] },
    imported("c", 4),
  ]);
  check("with, for and while run in their block", "with a:\n  import b\nfor x in y:\n  import c\nelse:\n  import d\nwhile True: import e", [
    imported("b", 2),
    imported("c", 4),
    imported("d", 6),
    imported("e", 7),
  ]);
  check("functions, async ones too", "async def f(a: int = 1) -> dict[str, int]:\n  import a\nimport b", [
    { do: "def", line: 1, name: "f", body: [imported("a", 2)] },
    imported("b", 3),
  ]);
  check("classes with bases", "class A(b.C, Generic[T], metaclass=M):\n  import d\n  def f(self): import e", [
    {
      do: "class",
      line: 1,
      name: "A",
      bases: ["b.C", "Generic", "M"],
      body: [imported("d", 2), { do: "def", line: 3, name: "f", body: [imported("e", 3)] }],
    },
  ]);
  check("match, and match as a name", "match = 1\nmatch(x)\nmatch x:\n  case 1: import a\n  case _:\n    import b", [
    { do: "maybe", body: [imported("a", 4)] },
    { do: "maybe", body: [imported("b", 6)] },
  ]);
  check("raise outside of functions", "if not is_x_available(): raise E()\ndef f(): raise E()", [
    { do: "if", branches: [{ test: "not is_x_available()", body: [{ do: "raise" }] }] },
  ]);
  check("what leads nowhere is left out", "def f():\n  return 1\nif x:\n  pass\nclass A:\n  pass", []);
});

describe("calls", () => {
  check("of names that are defined or imported in the file", "import a\ndef f(): pass\nf(); a.b(1); print(2); other.g()", [
    imported("a"),
    { do: "calls", names: ["f", "a.b"] },
  ]);
  check("methods of self, of super and of fresh objects", "class A(B):\n  def f(self):\n    self.g(); super().f(); A(1).h()", [
    {
      do: "class",
      line: 1,
      name: "A",
      bases: ["B"],
      body: [{ do: "def", line: 2, name: "f", body: [{ do: "calls", names: ["self.g", "super", "super().f", "A", "A().h"] }] }],
    },
  ]);
  check("decorators, with and without parentheses", "from a import b, c\n@b\n@c.d(1)\ndef f(): pass", [
    { do: "from", line: 1, module: "a", level: 0, names: [["b"], ["c"]] },
    { do: "calls", names: ["b", "c.d"] },
  ]);
  check("that import by name, with their arguments", 'import importlib\nimportlib.import_module(f".{x}",\n  __name__)', [
    imported("importlib"),
    { do: "call", line: 2, name: "importlib.import_module", arguments: 'f".{x}", __name__' },
    { do: "calls", names: ["importlib.import_module"] },
  ]);
  check("run is one only behind subprocess", "subprocess.run(['a'])\nmodel.run('b')", [
    { do: "call", line: 1, name: "subprocess.run", arguments: "['a']" },
  ]);
});

describe("application code keeps more", () => {
  check("assignments and expressions with strings", 'MODEL: Path = BASE / "m"\nload("x")\nn += 1', [
    { do: "set", line: 1, name: "MODEL", value: 'BASE / "m"' },
    { do: "expression", line: 2, text: 'load("x")' },
  ], application); // prettier-ignore
  check("not in libraries", 'MODEL = "/m"\nload("x")', []);
});

describe("the whole file", () => {
  test("shebang", () => expect(factOf("#!/usr/bin/env python3\nimport a").shebang).toBe("/usr/bin/env python3"));
  test("lazy tables", () => {
    const source = `_import_structure = {"models.a": ["A", "B"]}\n_import_structure["b"].extend(["C"])\ntable = {"D": "pkg.d", "E": ("e", "E")}\ndef __getattr__(name): ...`;
    const lazy = Object.fromEntries(factOf(source).lazy ?? []);
    expect(lazy).toMatchObject({ "models.a": ["A", "B"], b: ["C"], "pkg.d": ["D"], e: ["E"] });
  });
  test("distribution names only where metadata is read", () => {
    expect(factOf('import importlib.metadata\nx = ["torch", "not a name"]').distributionNames).toEqual(["torch"]);
    expect(factOf('x = ["torch"]').distributionNames).toBeUndefined();
  });
  test("a library's tests keep no functions", () => {
    expect(factOf("import a\ndef f(): import b", "/usr/lib/python3.11/test/tests/x.py").body).toEqual([imported("a")]);
  });
  test("deep nesting is cut off and says so", () => {
    const source = Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}if x:`).join("\n");
    expect(factOf(source).truncated).toBe(true);
  });
});

const sample = `#!/usr/bin/python3
"""text"""
from __future__ import annotations
import a.b as c, d
from ..e import (f, g as h,)
if TYPE_CHECKING or sys.platform == "linux": import i
try:
    import j
except (ImportError, ValueError) as error:
    raise E from error
else: k = f"{x!r:>{w}} {y["z"]}"
class L(M, metaclass=N):
    @property
    def o(self) -> int: return super().o(lambda p: p[1:2]).q()
match r:
    case {"s": [1, *t]}: import u
_import_structure = {"v": ["W"]}
def __getattr__(name): return importlib.import_module(f".{name}")
`;

test("any bytes are read without a throw, in time linear to their size", () => {
  const pieces = [
    "import ",
    "from ",
    " as ",
    "(",
    ")",
    "[",
    "{",
    "}",
    ":",
    ";",
    "\n",
    "    ",
    "\t",
    "\\\n",
    '"',
    "'",
    '"""',
    "f'",
    "{",
    "#",
    "a",
    ".",
    ",",
    "if ",
    "else",
    "try",
    "except",
    "def f",
    "class A",
    "match ",
    "case ",
    "@",
    "=",
    "lambda ",
    "\u00e9",
    "\0",
  ];
  const count = fuzz(
    "Python",
    (random) => (random.below(2) === 0 ? mutated(random, Buffer.from(sample)) : Buffer.from(random.text(pieces, 200))),
    (bytes) => {
      const startedMs = performance.now();
      for (const path of [library, application]) JSON.stringify(scanPython(bytes, path));
      if (performance.now() - startedMs > 2000) throw new Error("too slow");
    },
  );
  expect(count).toBeGreaterThan(50);
});

test.each(["(", "[", '"""', "f'{", "a.", "import ", "from ", "class A(", "if x:\n", "@a\n", "x = f'{a[", '"a":[', "{'a': ["])(
  "a megabyte of %j ends soon",
  (piece) => {
    const source = Buffer.from(`def __getattr__(n): ...\nimport importlib.metadata\n${piece.repeat(Math.ceil(1_000_000 / piece.length))}`);
    const startedMs = performance.now();
    scanPython(source, library);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  },
);
