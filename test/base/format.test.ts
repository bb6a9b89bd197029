import { describe, expect, test } from "vitest";
import {
  formatAge,
  formatBinarySize,
  formatBytes,
  formatCount,
  formatDuration,
  formatFraction,
  parseDuration,
  parseSize,
} from "../../src/base/format.ts";

function table<Input, Output>(name: string, run: (input: Input) => Output, cases: readonly (readonly [Input, Output])[]): void {
  describe(name, () => {
    test.each(cases.map(([input, expected]) => ({ input, expected })))("$input → $expected", ({ input, expected }) => {
      expect(run(input)).toBe(expected);
    });
  });
}

table("formatBytes", formatBytes, [
  [0, "0 B"],
  [812, "812 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [64_000, "64.0 kB"],
  [438_000_000, "438 MB"],
  [999_600_000, "1.0 GB"],
  [5_438_000_000, "5.4 GB"],
  [6_710_000_000, "6.7 GB"],
  [2_000_000_000_000_000, "2000 TB"],
]);

table("formatBinarySize", formatBinarySize, [
  [4_194_304, "4 MiB"],
  [524_288, "512 KiB"],
  [5000, "5.0 kB"],
  [0, "0 B"],
]);

table("formatFraction", formatFraction, [
  [0, "0 %"],
  [0.0004, "< 0.1 %"],
  [0.029, "2.9 %"],
  [0.0825, "8.3 %"],
  [0.9996, "100 %"],
  [1, "100 %"],
]);

table("formatDuration", formatDuration, [
  [0, "0 ms"],
  [850, "850 ms"],
  [12_400, "12.4 s"],
  [59_990, "1 min 00 s"],
  [185_000, "3 min 05 s"],
]);

table("formatAge", formatAge, [
  [5_000, "just now"],
  [130_000, "2 min ago"],
  [3 * 3_600_000, "3 h ago"],
  [100 * 3_600_000, "4 days ago"],
]);

table("formatCount", formatCount, [
  [30_920, "30,920"],
  [7, "7"],
]);

table("parseSize", parseSize, [
  ["4MiB", 4_194_304],
  ["4 MB", 4_000_000],
  ["512k", 512_000],
  ["1.5GiB", 1_610_612_736],
  ["4096", 4096],
  ["four", undefined],
  ["-1", undefined],
  ["", undefined],
]);

table("parseDuration", parseDuration, [
  ["30m", 1_800_000],
  ["90s", 90_000],
  ["250ms", 250],
  ["1.5h", 5_400_000],
  ["1h30m", 5_400_000],
  ["1 h 30 min", 5_400_000],
  ["2d", 172_800_000],
  ["30", undefined],
  ["m", undefined],
  ["-3s", undefined],
  ["30 x", undefined],
  ["", undefined],
]);
