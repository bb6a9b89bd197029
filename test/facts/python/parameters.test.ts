import { describe, expect, test } from "vitest";
import { importsOfCython } from "../../../src/facts/python/cythonSource.ts";
import { parametersOf } from "../../../src/facts/python/parameters.ts";

describe("parameters of a function's header", () => {
  test.each([
    ["(self, a, b=1)", [["self"], ["a"], ["b", "1"]]],
    [
      '(path: str = "a,b)", *rest, key: dict[str, int] = {"x": 1}, **options) -> None',
      [
        ["path", '"a,b)"'],
        ["key", '{"x": 1}'],
      ],
    ],
    ["(\n  first,  # the one, before\n  second=call(1, 2),\n)", [["first"], ["second", "call(1, 2)"]]],
    ["()", []],
    ["", []],
    ["(unclosed, b=(", [["unclosed"], ["b", "("]]],
  ])("%j", (header, expected) => {
    expect(parametersOf(header)).toEqual(expected);
  });
});

test("of a Cython source whole imports at the outer level are kept, with their guards", () => {
  const source =
    "import a\nfrom b cimport c\ntry:\n    import d\nexcept ImportError:\n    d = None\ncdef f():\n    import e\nfrom .g import h\n";
  expect(importsOfCython(source)).toBe("import a\ntry:\n    import d\nexcept ImportError:\n    pass\nfrom .g import h\n");
});
