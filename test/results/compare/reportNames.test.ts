import { expect, test } from "vitest";
import { reportNames } from "../../../src/results/compare/reportNames.ts";

function check(files: readonly string[], expected: readonly string[]): void {
  test(files.join(", "), () => {
    expect(reportNames(files)).toEqual(expected);
  });
}

check(["before.coldstart.json", ".coldstart/after.coldstart.json"], ["before", "after"]);
check(
  ["a/run.coldstart.json", "b/run.coldstart.json", "c/other.coldstart.json"],
  ["a/run.coldstart.json", "b/run.coldstart.json", "other"],
);
check(["C:\\runs\\one.coldstart.json", "fastpull.txt"], ["one", "fastpull.txt"]);
check([".coldstart.json", "folder/"], [".coldstart.json", "folder/"]);
