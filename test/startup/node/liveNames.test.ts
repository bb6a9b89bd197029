import { expect, test } from "vitest";
import { hashOf } from "../../../src/facts/javascript/keywords.ts";
import { scanJavaScript } from "../../../src/facts/javascript/scan.ts";
import { LiveNames } from "../../../src/startup/node/liveNames.ts";

/** Functions that run, as `file name`; each file imports those that its loads name. */
function liveOf(files: Readonly<Record<string, string>>, functions: readonly string[], requests = false): string[] {
  const live = new LiveNames(() => {});
  for (const [path, text] of Object.entries(files)) {
    const fact = scanJavaScript(new TextEncoder().encode(text), `/node_modules/p/${path}`);
    for (const { specifier, binding } of fact.loads) live.link(path, specifier, binding);
    live.load(path, fact.names);
  }
  if (requests) live.handleRequests();
  return functions.filter((each) => {
    const [path = "", name = ""] = each.split(" ");
    return live.isLive(path, hashOf(name) & 0xffff);
  });
}

test("a function runs when running code of an importer calls it, also through others", () => {
  const files = {
    a: "const { start } = require('b'); start()",
    b: "exports.start = start; function start() { helper() } function helper() { require('x') } function other() { idle() } function idle() {}",
  };
  expect(liveOf(files, ["b start", "b helper", "b idle"])).toEqual(["b start", "b helper"]);
});

test("the module as a whole runs when its importer calls its variable", () => {
  const body = "module.exports = function whole() { part() }; function part() { require('x') }";
  expect(liveOf({ a: "var f = require('b'); f()", b: body }, ["b part"])).toEqual(["b part"]);
  expect(liveOf({ a: "var f = require('b'); function later() { f() }", b: body }, ["b part"])).toEqual([]);
});

test("a base class calls methods of what extends it", () => {
  const files = {
    a: "const Sub = require('b'); new Sub()",
    b: "const Base = require('c'); class Sub extends Base { driver() { deep() } } module.exports = Sub; function deep() { require('x') }",
    c: "class Base { constructor() { this.driver() } } module.exports = Base",
  };
  expect(liveOf(files, ["b deep"])).toEqual(["b deep"]);
});

test("handlers wait for requests", () => {
  const files = { a: "app.use(function handle(req, res) { answer() }); function answer() { require('x') }" };
  expect(liveOf(files, ["a answer"])).toEqual([]);
  expect(liveOf(files, ["a answer"], true)).toEqual(["a answer"]);
});

test("what only development calls does not run", () => {
  expect(liveOf({ a: "if (opts.dev) { watch() } function watch() { require('x') }" }, ["a watch"])).toEqual(["a watch"]);
  expect(liveOf({ a: "function f() { if (opts.dev) watch() } f(); function watch() { g() } function g() {}", b: "" }, ["a g"])).toEqual([]);
});
