import { expect, test } from "vitest";
import { pagesOf, rowAfterKey, rowWindow } from "../../webview/views/rowWindow.ts";

test.each([
  ["at the top", 0, 100_000, { first: 0, end: 24 }],
  ["in the middle", 24 * 50_000, 100_000, { first: 49_990, end: 50_024 }],
  ["at the end", 24 * 100_000, 100_000, { first: 99_990, end: 100_000 }],
  ["in a list of nothing", 0, 0, { first: 0, end: 0 }],
  ["in a short list", 0, 3, { first: 0, end: 3 }],
  ["when the list got shorter than where it was scrolled to", 24 * 500, 10, { first: 10, end: 10 }],
])("rows in sight %s", (_where, scrollTop, total, expected) => {
  expect(rowWindow(scrollTop, 336, 24, total)).toEqual(expected);
});

test("only a handful of rows exists, however long the list", () => {
  for (const total of [1_000, 100_000, 1_000_000]) {
    const { first, end } = rowWindow((24 * total) / 2, 336, 24, total);
    expect(end - first).toBeLessThan(50);
  }
});

test("pages that hold the rows", () => {
  expect(pagesOf({ first: 0, end: 24 }, 200)).toEqual([0]);
  expect(pagesOf({ first: 190, end: 210 }, 200)).toEqual([0, 1]);
  expect(pagesOf({ first: 200, end: 400 }, 200)).toEqual([1]);
  expect(pagesOf({ first: 10, end: 10 }, 200)).toEqual([]);
});

test.each([
  ["ArrowDown", 5, 6],
  ["ArrowUp", 0, 0],
  ["PageDown", 5, 18],
  ["PageDown", 95, 99],
  ["Home", 50, 0],
  ["End", 50, 99],
  ["x", 50, undefined],
  ["constructor", 50, undefined],
])("%s from row %i leads to %s", (key, active, expected) => {
  expect(rowAfterKey(key, active, 100, 13)).toBe(expected);
});

test("no key leads into an empty list", () => {
  expect(rowAfterKey("End", 0, 0, 13)).toBeUndefined();
});
