import { describe, expect, test } from "vitest";
import { evaluate, truthOf, type Surroundings } from "../../../src/startup/python/evaluate.ts";
import { parseArguments, parseExpression } from "../../../src/startup/python/expression.ts";
import { fuzz } from "../../fuzz.ts";

const values: Readonly<Record<string, string>> = {
  BASE: "Path(__file__).resolve().parent",
  NAME: '"model.onnx"',
  CIRCLE: "CIRCLE + NAME",
  APPS: '["a", "b"] + ["c"]',
};

const at: Surroundings = {
  env: new Map([["MODEL_DIR", "/models"]]),
  cwd: "/work",
  file: "/app/src/main.py",
  minor: 11,
  isMain: true,
  hasModule: (name) => name === "torch" || name === "jinja2",
  hasPart: (name) => name === "cyextension",
  lookUp: (name) => {
    const text = values[name];
    return text === undefined ? undefined : { expression: parseExpression(text), surroundings: at };
  },
};

function check(text: string, expected: unknown): void {
  test(text, () => expect(evaluate(parseExpression(text), at)).toEqual(expected));
}

describe("paths", () => {
  check('BASE / "weights" / NAME', "/app/src/weights/model.onnx");
  check('os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "x")', "/app/src/../x");
  check('os.environ.get("MODEL_DIR", "/fallback") + "/m"', "/models/m");
  check('os.getenv("MISSING", "/fallback")', "/fallback");
  check('os.environ["MODEL_DIR"]', "/models");
  check("f\"{os.environ['MODEL_DIR']}/{NAME}\"", "/models/model.onnx");
  check('"%s/x" % os.environ["MODEL_DIR"]', "/models/x");
  check("Path(__file__).parents[1]", "/app");
  check('Path("a/b").resolve()', "/work/a/b");
  check('os.getcwd() + "/a"', "/work/a");
  check("'/a' '/b'", "/a/b");
  check("r'\\d' + \"\\n\"", "\\d\n");
  check("unknown_function() / 'x'", undefined);
  check("CIRCLE", undefined);
});

describe("tests", () => {
  check("sys.version_info >= (3, 8)", true);
  check("sys.version_info < (3, 11)", false);
  check("sys.version_info[:2] == (3, 11)", true);
  check("sys.version_info[0] == 2", false);
  check("sys.platform.startswith('win')", false);
  check("sys.platform in ('linux', 'darwin')", true);
  check("os.name == 'nt'", false);
  check("TYPE_CHECKING", false);
  check("typing.TYPE_CHECKING or something()", undefined);
  check("not TYPE_CHECKING", true);
  check("TYPE_CHECKING and something()", false);
  check("something() or True", true);
  check('__name__ == "__main__"', true);
  check("platform.system() == 'Windows'", false);
  check("is_torch_available()", true);
  check("not is_flax_available()", true);
  check("is_jinja_available()", true);
  check("is_torch_sdpa_available()", undefined);
  check("HAS_CYEXTENSION", true);
  check("HAS_SOMETHING", undefined);
  check("'MODEL_DIR' in os.environ", true);
  check("'OTHER' not in os.environ", true);
  check("importlib.util.find_spec('nothing') is not None", false);
  check("importlib.util.find_spec('torch') is not None", true);
  check("'a' if TYPE_CHECKING else 'b'", "b");
});

describe("settings", () => {
  check("APPS", ["a", "b", "c"]);
  check('{"default": {"ENGINE": "x", **more}}', new Map([["default", new Map([["ENGINE", "x"]])]]));
  check('{"a": ["b", 1, None, True, -2]}', new Map([["a", ["b", 1, null, true, -2]]]));
});

test("arguments of a call", () => {
  const { positional, keywords } = parseArguments('"a", [x for x in y], key="b", **rest');
  expect(positional.map((one) => evaluate(one, at))[0]).toBe("a");
  expect(keywords.map(({ name, value }) => [name, evaluate(value, at)])).toEqual([["key", "b"]]);
});

test("any text is read without a throw", () => {
  const pieces = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "=",
    "==",
    " if ",
    " else ",
    "not ",
    " in ",
    "lambda ",
    "a",
    ".b",
    "'s'",
    'f"{',
    '}"',
    '"',
    "'",
    "1",
    "+",
    "-",
    "*",
    "**",
    " or ",
    " and ",
    "os.environ",
    "\\",
    "\n",
    "for ",
  ];
  const count = fuzz(
    "Python expressions",
    (random) => random.text(pieces, 80),
    (text) => {
      const startedMs = performance.now();
      truthOf(evaluate(parseExpression(text), at));
      parseArguments(text);
      if (performance.now() - startedMs > 2000) throw new Error("too slow");
    },
  );
  expect(count).toBeGreaterThan(50);
});

test.each(["(", "[", "not ", "-", "a if ", "lambda:", "{1:", "f'{"])("half a megabyte of %j ends soon", (piece) => {
  const startedMs = performance.now();
  evaluate(parseExpression(piece.repeat(500_000 / piece.length)), at);
  expect(performance.now() - startedMs).toBeLessThan(10_000);
});
