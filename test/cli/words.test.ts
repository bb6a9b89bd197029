import { expect, test } from "vitest";
import { entrypointWords } from "../../src/cli/entrypointWords.ts";
import { printable, textTable } from "../../src/cli/table.ts";

test.each([
  ["python -m http.server", ["python", "-m", "http.server"]],
  ["  node   server.js ", ["node", "server.js"]],
  ['["sh","-c","exec java -jar app.jar"]', ["sh", "-c", "exec java -jar app.jar"]],
])("entrypoint %s", (text, expected) => {
  expect(entrypointWords(text)).toEqual(expected);
});

test.each(['["sh"', "[1]", '[["sh"]]'])("entrypoint %s is refused with a hint", (text) => {
  expect(() => entrypointWords(text)).toThrow(
    expect.objectContaining({ code: "bad-usage", hint: 'Write it as ["program","first argument"].' }) as Error,
  );
});

test("names from an image cannot steer the terminal", () => {
  expect(printable("/app/\u001b[2J\u202efdp.exe\n")).toBe("/app/\\u001b[2J\\u202efdp.exe\\u000a");
  expect(printable("/srv/Ünïcode")).toBe("/srv/Ünïcode");
});

test("numbers stand under numbers", () => {
  const table = textTable(
    [">size", "file"],
    [
      ["5.4 GB", "/a"],
      ["64 kB", "/b c"],
    ],
  );
  expect(table).toBe("    size  file\n  5.4 GB  /a\n   64 kB  /b c\n");
});
