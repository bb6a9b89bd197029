import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseListPage } from "../../src/cluster/listPage.ts";

const named = (name: string, more: object = {}): object => ({ metadata: { name }, ...more });

test.each<[what: string, items: unknown[]]>([
  ["no items", []],
  ["one", [named("a")]],
  ["several", [named("a"), named("b", { spec: { x: [1, { y: 2 }] } }), named("c")]],
  ["the boundary within a text", [named("a", { text: '},{"metadata":{' }), named("b")]],
  ["the boundary within an item", [named("a", { templates: [named("t"), named("u"), named("v")] }), named("b")]],
  [
    "the boundary more often than is believed",
    [named("a", { templates: Array.from({ length: 80 }, () => named("t")) }), named("b"), named("c")],
  ],
  ["items without metadata", [{ a: 1 }, 7, null, named("b")]],
  ['"items":[ within a text', [named('"items":['), named("b")]],
])("%s", (_, items) => {
  for (const text of [
    JSON.stringify({ kind: "List", metadata: { continue: "next" }, items }),
    `${JSON.stringify({ kind: "List", metadata: { continue: "next" }, items })}\n`,
    JSON.stringify({ items, metadata: { continue: "next" } }),
    JSON.stringify({ metadata: { continue: "next" }, items }, null, 2),
  ]) {
    const page = parseListPage(text);
    expect([...(page?.items ?? [])]).toEqual(items);
    expect(page?.metadata).toEqual({ continue: "next" });
    expect(page?.isBroken()).toBe(false);
  }
});

test("any items come out as they are", () => {
  const item = fc.record({ metadata: fc.dictionary(fc.string(), fc.jsonValue()), list: fc.array(fc.record({ metadata: fc.object() })) });
  fc.assert(
    fc.property(fc.array(item), (items) => {
      const text = JSON.stringify({ metadata: {}, items });
      expect([...(parseListPage(text)?.items ?? [])]).toEqual((JSON.parse(text) as { items: unknown[] }).items);
    }),
  );
});

test("a page that is cut off is never taken for a whole one", () => {
  const text = JSON.stringify({ metadata: {}, items: [named("a", { list: [1, [2]] }), named("b"), named("c")] });
  for (let length = 0; length < text.length; length++) {
    const page = parseListPage(text.slice(0, length));
    const taken = [...(page?.items ?? [])];
    expect(page === undefined || page.isBroken(), JSON.stringify(taken)).toBe(true);
  }
  const damaged = parseListPage(text.replace('"b"', "b"));
  expect([...(damaged?.items ?? [])]).toEqual([named("a", { list: [1, [2]] })]);
  expect(damaged?.isBroken()).toBe(true);
});
