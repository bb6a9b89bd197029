import { expect, test } from "vitest";
import { foreignLine } from "../../src/base/foreignText.ts";

test.each([
  ["plain text", "plain text"],
  ["two\r\nlines\tand  gaps ", "two lines and gaps"],
  ["\u001b[31mred\u202Eback", "[31mred back"],
  ['GET "https://cdn.test/blob?X-Sig=secret&b=c": 403', 'GET "https://cdn.test/blob?…": 403'],
  ["pull http://user:secret@host/x failed", "pull http://host/x failed"],
  ["what? no", "what? no"],
])("%j", (text, expected) => {
  expect(foreignLine(text)).toBe(expected);
});

test("length is bounded", () => {
  expect(foreignLine("x".repeat(1_000_000))).toHaveLength(300);
  expect(foreignLine("abcdef", 4)).toBe("abc…");
});
