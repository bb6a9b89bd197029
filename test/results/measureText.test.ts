import { expect, test } from "vitest";
import { amountText, formatShare, measures, measureText, shareIntervalText, shareText } from "../../src/results/measureText.ts";

const totals = { files: 30_920, bytes: 6_700_000_000 };

test.each([
  ["pageBytes", 194_300_000, "2.9 % of 6.7 GB", "194 MB"],
  ["openedFiles", 2_566, "8.3 % of 30,920 files", "2,566"],
  ["wholeBytes", 3_725_200_000, "55.6 % of 6.7 GB", "3.7 GB"],
  ["chunkBytes", 911_200_000, "13.6 % of 6.7 GB", "911 MB"],
] as const)("%s of %i", (measure, value, share, amount) => {
  expect(shareText(measure, value, totals)).toBe(share);
  expect(amountText(measure, value)).toBe(amount);
});

test("an image without files divides by nothing", () => {
  expect(shareText("openedFiles", 0, { files: 0, bytes: 0 })).toBe("0 % of 0 files");
  expect(formatShare(5, 0)).toBe("0 %");
});

test("an interval is given in shares", () => {
  expect(shareIntervalText({ value: 3, low: 2, high: 4 }, 100)).toBe("2.0 % to 4.0 %");
});

test("every measure has a name and a definition of its own, and chunks name their size", () => {
  const texts = measures.map((measure) => measureText(measure, 4_194_304));
  expect(new Set(texts.map((text) => text.label)).size).toBe(4);
  expect(new Set(texts.map((text) => text.definition)).size).toBe(4);
  expect(measureText("chunkBytes", 524_288).inBrackets).toBe("512 KiB chunks");
});
