import { expect, test } from "vitest";
import { globPaths, matchesGlob } from "../../src/startup/glob.ts";
import { memoryCatalog } from "../fakes/memoryCatalog.ts";

function check(pattern: string, name: string, expected: boolean): void {
  test(`${pattern} ${expected ? "fits" : "does not fit"} ${name}`, () => {
    expect(matchesGlob(pattern, name)).toBe(expected);
  });
}

check("*.sh", "a.sh", true);
check("*.sh", "a.shx", false);
check("a?c", "abc", true);
check("[a-c]x", "bx", true);
check("[!a-c]x", "bx", false);
check("[[:digit:]]*", "5a", true);
check("[]]", "]", true);
check("\\*", "*", true);
check("\\*", "a", false);
check("[", "[", true);
check("", "", true);
check("*", "", true);

test("a pattern full of stars ends at once", () => {
  const before = performance.now();
  expect(matchesGlob("*a".repeat(200) + "b", "a".repeat(5000))).toBe(false);
  expect(performance.now() - before).toBeLessThan(2000);
});

test("paths come in the shell's order, hidden ones only when asked for", () => {
  const catalog = memoryCatalog({ "/d/b.conf": "x", "/d/a.conf": "x", "/d/.c.conf": "x", "/e/x/1": "x", "/e/y/1": "x" });
  expect(globPaths(catalog, "/d/*.conf")).toEqual(["/d/a.conf", "/d/b.conf"]);
  expect(globPaths(catalog, "/d/.*.conf")).toEqual(["/d/.c.conf"]);
  expect(globPaths(catalog, "/e/*/1")).toEqual(["/e/x/1", "/e/y/1"]);
  expect(globPaths(catalog, "/e/none/*")).toEqual([]);
});
