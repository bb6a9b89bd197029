import { expect, test } from "vitest";
import { isUserError } from "../../../src/base/errors.ts";
import { textPattern } from "../../../src/bench/readiness/textPattern.ts";

test.each([
  ["Uvicorn running on .*:8000", "INFO: Uvicorn running on http://0.0.0.0:8000", true],
  ["^ready$", "ready", true],
  ["^ready$", "not ready", false],
  ["(started|serving)+ in \\d+ ms", "serving in 5 ms", true],
  ["end$", `${"x".repeat(70_000)}end`, false],
])("/%s/", (source, text, expected) => {
  expect(textPattern(source).matches(text)).toBe(expected);
});

test("a line that would take years is stopped", () => {
  try {
    textPattern("^(a+)+$").matches(`${"a".repeat(60)}!`);
    expect.unreachable();
  } catch (error) {
    expect(isUserError(error) && error.code).toBe("limit-exceeded");
  }
});
