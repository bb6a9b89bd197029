import { expect, test } from "vitest";
import { parseDockerignore } from "../../src/dockerfile/dockerignore.ts";

// The cases follow moby/patternmatcher's own tests.
test.each<[string, string, boolean]>([
  ["node_modules", "node_modules", true],
  ["node_modules", "node_modules/a/b.js", true],
  ["node_modules", "sub/node_modules", false],
  ["/abs", "abs", true],
  ["./rel/", "rel/x", true],
  ["*.md", "a.md", true],
  ["*.md", "docs/a.md", false],
  ["**/*.md", "a.md", true],
  ["**/*.md", "docs/deep/a.md", true],
  ["**", "any/thing", true],
  ["a/**", "a/b/c", true],
  ["a/**/z", "a/z", true],
  ["a/**/z", "a/b/c/z", true],
  ["a?c", "abc", true],
  ["a?c", "a/c", false],
  ["[a-c].txt", "b.txt", true],
  ["[^a-c].txt", "b.txt", false],
  ["a\\*b", "a*b", true],
  ["a\\*b", "axb", false],
  ["# comment\n", "# comment", false],
  ["*\n!keep", "keep", false],
  ["*\n!keep", "other", true],
  ["*\n!keep/sub", "keep/sub/file", false],
  ["*\n!keep/sub", "keep/other", true],
  ["!a\na", "a", true],
  ["a\n!a\na", "a", true],
  ["[", "[", false],
  ["..", "x", false],
  ["a.b", "axb", false],
  ["\ufeffx\r\ny\r\n", "y", true],
])("%j and %s", (text, path, expected) => expect(parseDockerignore(text).ignores(path)).toBe(expected));

test("no pattern takes long", () => {
  const startedAtMs = performance.now();
  for (const pattern of ["**/a".repeat(500), "*a".repeat(1000), "**/".repeat(500) + "x"]) {
    expect(parseDockerignore(pattern).ignores("a/".repeat(100) + "a".repeat(300) + "b")).toBe(false);
  }
  expect(performance.now() - startedAtMs).toBeLessThan(5000);
});
