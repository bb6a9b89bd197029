import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layerPath, pathMeaning } from "../../src/facts/layerPath.ts";

describe("layerPath", () => {
  const cases: [string, string | undefined][] = [
    ["usr/bin/python3", "/usr/bin/python3"],
    ["./usr/bin/", "/usr/bin"],
    ["/usr//lib/./x", "/usr/lib/x"],
    ["././a", "/a"],
    ["", "/"],
    [".", "/"],
    ["./", "/"],
    ["/", "/"],
    ["a/../b", "/b"],
    ["a/..", "/"],
    [".hidden/..x", "/.hidden/..x"],
    ["..", undefined],
    ["../etc/passwd", undefined],
    ["a/../../etc/passwd", undefined],
    ["/../etc", undefined],
    ["a\0b", undefined],
    ["x".repeat(5000), undefined],
  ];
  for (const [name, expected] of cases) {
    test(`of ${JSON.stringify(name.slice(0, 30))}`, () => expect(layerPath(name)).toBe(expected));
  }

  test("is normalised, whatever the name", () => {
    const part = fc.constantFrom("", ".", "..", "a", ".b", "c.", "...", "d/e");
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const path = layerPath(parts.join("/"));
        if (path === undefined) return;
        expect(path).toMatch(/^\/(?:[^/]+(?:\/[^/]+)*)?$/);
        expect(path.split("/")).not.toContain("..");
        expect(path.split("/")).not.toContain(".");
        expect(layerPath(path)).toBe(path);
      }),
    );
  });
});

describe("pathMeaning", () => {
  const cases: [string, ReturnType<typeof pathMeaning>][] = [
    ["/a/b", { kind: "plain" }],
    ["/a/.wh.b", { kind: "whiteout", path: "/a/b" }],
    ["/.wh.b", { kind: "whiteout", path: "/b" }],
    ["/a/.wh..wh..opq", { kind: "opaque", path: "/a" }],
    ["/.wh..wh..opq", { kind: "opaque", path: "/" }],
    ["/a/.wh..hidden", { kind: "whiteout", path: "/a/.hidden" }],
    ["/a/.wh.", { kind: "invalid" }],
    ["/a/.wh..", { kind: "invalid" }],
    ["/a/.wh...", { kind: "invalid" }],
    ["/.wh..wh.plnk/123", { kind: "ignored" }],
    ["/.wh..wh.aufs", { kind: "ignored" }],
    ["/.prefetch.landmark", { kind: "ignored" }],
    ["/.no.prefetch.landmark", { kind: "ignored" }],
    ["/stargz.index.json", { kind: "ignored" }],
    ["/app/stargz.index.json", { kind: "plain" }],
    ["/", { kind: "plain" }],
  ];
  for (const [path, expected] of cases) test(`of ${path}`, () => expect(pathMeaning(path)).toEqual(expected));
});
