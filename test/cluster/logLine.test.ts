import { expect, test } from "vitest";
import { parseLogLine } from "../../src/cluster/logLine.ts";

const second = Date.UTC(2026, 10, 28, 0, 44, 32);

test.each<[line: string, text: string, writtenAtEpochMs: number | undefined]>([
  ["2026-11-28T00:44:32.994075400Z hello  world", "hello  world", second + 994.0754],
  ["2026-11-28T00:44:32Z ", "", second],
  ["2026-11-28T01:44:32.5+01:00 x", "x", second + 500],
  ["2026-11-28T00:44:32.1Z", "", second + 100],
  ["no stamp", "no stamp", undefined],
  ["2026-11-28T00:44:32.1Zx", "2026-11-28T00:44:32.1Zx", undefined],
  ["2026-99-99T99:99:99Z x", "x", undefined],
])("%j", (line, text, writtenAtEpochMs) => {
  const parsed = parseLogLine(line);
  expect(parsed.text).toBe(text);
  if (writtenAtEpochMs === undefined) expect(parsed.writtenAtEpochMs).toBeUndefined();
  else expect(parsed.writtenAtEpochMs).toBeCloseTo(writtenAtEpochMs, 3);
});
