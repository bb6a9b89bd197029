import { expect, test } from "vitest";
import { addedIgnoreText, findingMark } from "../../src/extension/findingTexts.ts";
import type { PlacedFinding } from "../../src/findings/finding.ts";

const range = { startLine: 3, startColumn: 0, endLine: 6, endColumn: 9 };

const finding: PlacedFinding = {
  code: "rewritten-files",
  severity: "warning",
  message: "Files of layer 1 are stored a second time: 50.0 MB in 1 file.",
  advice: "Set them with COPY --chown.",
  sizeBytes: 50_000_000,
  readBytes: null,
  layerIndex: 2,
  fileCount: 1,
  evidence: [{ path: "/m/a\u202e$(x).bin", sizeBytes: 50_000_000 }],
  place: { stageIndex: 0, instructionIndex: 2, range },
  source: { stageIndex: 0, instructionIndex: 1, range: { startLine: 2, startColumn: 0, endLine: 2, endColumn: 20 } },
};

test("a finding as a mark: the first line of its instruction, its files as plain text, where the bytes came from", () => {
  expect(findingMark(finding)).toEqual({
    range: { startLine: 3, startColumn: 0, endLine: 4, endColumn: 0 },
    message: "Files of layer 1 are stored a second time: 50.0 MB in 1 file. Set them with COPY --chown. Largest: /m/a $ (x).bin (50.0 MB).",
    code: "rewritten-files",
    severity: "warning",
    related: [{ range: finding.source?.range, message: "The bytes were put into the image here." }],
  });
  expect(findingMark({ ...finding, place: null })).toBeUndefined();
});

test.each([
  ["", [".git"], ".git\n"],
  ["dist\n", [".git"], ".git\n"],
  ["dist", [".git", "tests"], "\n.git\ntests\n"],
  [".git\r\n", [".git"], ""],
])("lines added to the ignore file %j", (before, lines, expected) => {
  expect(addedIgnoreText(before, lines)).toBe(expected);
});
