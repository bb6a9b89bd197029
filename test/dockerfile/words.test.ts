import { describe, expect, test } from "vitest";
import { execForm, expandWord, nameValues, splitWords, wildcardMatches } from "../../src/dockerfile/words.ts";

const values = new Map([
  ["x", "one"],
  ["empty", ""],
  ["path", "/usr/local/lib"],
]);

describe("variables as BuildKit replaces them", () => {
  test.each([
    ["$x", "one"],
    ["${x}y", "oney"],
    ["$xy", ""],
    ["a$", "a$"],
    ["\\$x", "$x"],
    ["'$x'", "$x"],
    ['"$x"', "one"],
    ['"\\$x \\a"', "$x \\a"],
    ["${no:-def}", "def"],
    ["${empty:-def}", "def"],
    ["${empty-def}", ""],
    ["${x:-def}", "one"],
    ["${x:+alt}", "alt"],
    ["${no:+alt}", ""],
    ["${empty+alt}", "alt"],
    ["${no:-${x:-a}}", "one"],
    ["${no:-a b}", "a b"],
    ["${path#*/}", "usr/local/lib"],
    ["${path##*/}", "lib"],
    ["${path%/*}", "/usr/local"],
    ["${path%%l*}", "/usr/"],
    ["${path/l/L}", "/usr/Local/lib"],
    ["${path//l/L}", "/usr/LocaL/Lib"],
    ["${x", "${x"],
    ["${}", "${}"],
  ])("%s", (word, expected) => expect(expandWord(word, (name) => values.get(name)).text).toBe(expected));

  test.each([
    ["$no$x", ["no"]],
    ["${no:-a}", []],
    ["${x:+$no}", ["no"]],
    ["${no:+$other}", []],
  ])("%s names what it lacks", (word, expected) => expect(expandWord(word, (name) => values.get(name)).unset).toEqual(expected));
});

test.each([
  ["a  b\tc", ["a", "b", "c"]],
  ["'a b' \"c d\"", ["'a b'", '"c d"']],
  ["a\\ b c", ["a\\ b", "c"]],
  ["", []],
])("words of %j", (text, expected) => expect(splitWords(text)).toEqual(expected));

test.each([
  ['["a", "b c"]', ["a", "b c"]],
  ["[]", []],
  ["['a']", undefined],
  ["[1]", undefined],
  ["a [b]", undefined],
])("exec form of %j", (text, expected) => expect(execForm(text)).toEqual(expected));

test.each([
  ['a=1 b="two words"', { a: "1", b: '"two words"' }],
  ["a one two", { a: "one two" }],
  ["a", { a: undefined }],
])("settings of %j", (text, expected) =>
  expect(Object.fromEntries(nameValues(text).map(({ name, value }) => [name, value]))).toEqual(expected),
);

test.each([
  ["*.py", "a.py", true],
  ["a?c", "abc", true],
  ["a*b*c", "aXbYc", true],
  ["a*b", "ab1", false],
  ["*".repeat(200) + "x", "a".repeat(5000), false],
])("%s fits %s", (pattern, text, expected) => expect(wildcardMatches(pattern, text)).toBe(expected));
