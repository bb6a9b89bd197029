import { expect, test } from "vitest";
import { goDurationMs, parsePulledMessage } from "../../../src/bench/observe/pulledMessage.ts";

test.each([
  [
    'Successfully pulled image "app:1" in 1.2s (3.4s including waiting). Image size: 390123456 bytes.',
    { durationMs: 1200, includingWaitingMs: 3400, imageSizeBytes: 390_123_456, alreadyPresent: false },
  ],
  [
    'Successfully pulled image "app:1" in 850ms (1m2.5s including waiting)',
    { durationMs: 850, includingWaitingMs: 62_500, alreadyPresent: false },
  ],
  ['Successfully pulled image "app:1" in 26.123456789s', { durationMs: 26_123.456789, alreadyPresent: false }],
  ['Container image "app:1" already present on machine', { durationMs: 0, alreadyPresent: true }],
  ['Container image "app:1" already present on machine and can be accessed by the pod', { durationMs: 0, alreadyPresent: true }],
  ['Successfully pulled image "in 5s" in soon', undefined],
  ["", undefined],
])("%s", (message, expected) => {
  expect(parsePulledMessage(message)).toEqual(expected);
});

test.each([
  ["0s", 0],
  ["1h1m1s", 3_661_000],
  ["1.5µs", 0.0015],
  ["5", undefined],
  ["-1s", undefined],
])("duration %s", (text, expected) => {
  expect(goDurationMs(text)).toBe(expected);
});
