import { expect, test } from "vitest";
import { functionNames, stringsLabel } from "../../../src/facts/javascript/functionNames.ts";
import { hashOf } from "../../../src/facts/javascript/keywords.ts";
import { scanJavaScript } from "../../../src/facts/javascript/scan.ts";
import { fuzz } from "../../fuzz.ts";

const low = (word: string): number => hashOf(word) & 0xffff;

function namesOf(text: string, path = "/app/x.js") {
  return functionNames(scanJavaScript(new TextEncoder().encode(text), path).names);
}

test("names belong to the function that runs them; called functions to what calls them", () => {
  const found = namesOf("function a() { b() } function c() { d() } c(); require('x')", "/node_modules/p/x.js");
  expect(found.find(({ label }) => label === 0)?.names).toEqual(expect.arrayContaining([low("c"), low("d")]));
  expect(found.find(({ label }) => label === low("a"))?.names).toEqual([low("b")]);
});

test("short strings are kept of an application's files alone", () => {
  const strings = (path: string) => namesOf("f('pg'); require('x')", path).find(({ label }) => label === stringsLabel)?.names;
  expect(strings("/app/x.js")).toContain(low("pg"));
  expect(strings("/app/node_modules/p/x.js")).toBeUndefined();
});

test("any text gives functions or none", () => {
  const count = fuzz(
    "function names",
    (random) => Buffer.from(random.bytes(60)).toString("base64"),
    (packed) => {
      for (const { names } of functionNames(packed)) if (names.length > 30) throw new Error("more names than bytes");
    },
  );
  expect(count).toBeGreaterThan(0);
});
