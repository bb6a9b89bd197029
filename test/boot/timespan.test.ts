import fc from "fast-check";
import { expect, test } from "vitest";
import { formatTimespan, parseTimespan } from "../../src/boot/timespan.ts";

test("lengths are printed as systemd prints them", () => {
  const check = (us: number, expected: string): void => expect(formatTimespan(us)).toBe(expected);
  check(0, "0");
  check(1, "1us");
  check(999, "999us");
  check(1000, "1ms");
  check(1999, "1ms");
  check(999_999, "999ms");
  check(1_000_000, "1s");
  check(1_000_999, "1.000s");
  check(26_016_400, "26.016s");
  check(59_999_999, "59.999s");
  check(60_000_000, "1min");
  check(60_000_500, "1min");
  check(61_356_000, "1min 1.356s");
  check(120_669_000, "2min 669ms");
  check(3_600_000_000, "1h");
  check(90_061_001_000, "1d 1h 1min 1.001s");
  check(-661_115, "584542y 2w 2d 20h 1min 48.890s");
});

test("what systemd takes as a length is read", () => {
  const check = (text: string, expected: number | undefined): void => expect(parseTimespan(text)).toBe(expected);
  check("1s", 1_000_000);
  check("100ms", 100_000);
  check("2", 2_000_000);
  check("1min 30s", 90_000_000);
  check("1h2m", 3_720_000_000);
  check("1.5s", 1_500_000);
  check("", undefined);
  check("soon", undefined);
  check("1 parsec", undefined);
  check("-1s", undefined);
  check("9".repeat(400), undefined);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9 * 10 ** 12 }), (ms) => {
      // Printed to the millisecond, so whole ones come back.
      expect(parseTimespan(formatTimespan(ms * 1000) || "0")).toBe(ms * 1000);
    }),
  );
});
