import { expect, test } from "vitest";
import { newestFirst } from "../../../src/extension/reports/reportEntry.ts";

test("the newest report comes first, unread ones last by name", () => {
  const entry = (fileName: string, measuredAtEpochMs?: number) => ({
    uri: fileName,
    fileName,
    name: fileName,
    ...(measuredAtEpochMs !== undefined && { measuredAtEpochMs }),
  });
  const sorted = newestFirst([entry("b"), entry("old", 1), entry("a"), entry("new", 2)]);
  expect(sorted.map(({ fileName }) => fileName)).toEqual(["new", "old", "a", "b"]);
});
