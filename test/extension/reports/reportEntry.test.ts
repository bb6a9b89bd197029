import { expect, test } from "vitest";
import { newestFirst } from "../../../src/extension/reports/reportEntry.ts";

test("the newest report comes first, unread ones last by name", () => {
  const entry = (fileName: string, startedAtEpochMs?: number) => ({
    uri: fileName,
    fileName,
    name: fileName,
    ...(startedAtEpochMs !== undefined && {
      run: { context: "c", nodes: [], startedAtEpochMs, armCount: 1, trialCount: 1, isComplete: true },
    }),
  });
  const sorted = newestFirst([entry("b"), entry("old", 1), entry("a"), entry("new", 2)]);
  expect(sorted.map(({ fileName }) => fileName)).toEqual(["new", "old", "a", "b"]);
});
