import { expect, test } from "vitest";
import { markdownText, visibleText } from "../../src/extension/visibleText.ts";

test.each([
  ["plain demo:dev", "plain demo:dev"],
  ["two\r\nlines", "two lines"],
  ["\u001b[31mred", "[31mred"],
  ["a\u202eb\u2066c", "a b c"],
  ["$(flame) fire", "$ (flame) fire"],
  ["$\u200b(flame)", "$ (flame)"],
  ["", ""],
])("%j is shown as %j", (text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

test("long text ends in an ellipsis within its length", () => {
  expect(visibleText("x".repeat(500), 20)).toBe(`${"x".repeat(19)}…`);
});

test("no character of Markdown keeps its meaning", () => {
  expect(markdownText("[a](b) *c* `d` <e> | f")).toBe("\\[a\\]\\(b\\) \\*c\\* \\`d\\` \\<e\\> \\| f");
});
