import fc from "fast-check";
import { expect, test } from "vitest";
import { breakEven, lazyLoadingMs, type LoadingModel } from "../../src/results/breakEven.ts";

const model: LoadingModel = {
  compressedBytes: 4_000_000_000,
  bandwidthBytesPerSecond: 125_000_000,
  requestMs: 20,
  chunkBytes: 4_194_304,
  chunksAtOnce: 1,
  unpackMs: 0,
};

function check(change: Partial<LoadingModel>, share: number): void {
  expect(breakEven({ ...model, ...change })?.share).toBeCloseTo(share, 3);
}

test("one reader: 1 ÷ (1 + request ÷ transfer of a chunk)", () => {
  check({}, 1 / (1 + 20 / 33.554432));
  check({ requestMs: 0 }, 1);
  check({ chunkBytes: 524_288 }, 1 / (1 + 20 / 4.194304));
  check({ bandwidthBytesPerSecond: 12_500_000 }, 1 / (1 + 20 / 335.54432));
});

test("several chunks at once hide the requests, never more than the link gives", () => {
  check({ chunksAtOnce: 4 }, 1);
  check({ chunkBytes: 524_288, chunksAtOnce: 2 }, (2 * 4.194304) / 24.194304);
});

test("what unpacking costs is what lazy loading may cost more", () => {
  check({ unpackMs: 8000 }, (32_000 + 8000) / (32_000 * (1 + 20 / 33.554432)));
  check({ unpackMs: 60_000 }, 1);
});

test("sizes that are none", () => {
  expect(breakEven({ ...model, bandwidthBytesPerSecond: 0 })).toBeUndefined();
  expect(breakEven({ ...model, chunkBytes: Number.NaN })).toBeUndefined();
});

test("at the break-even both take as long; slower requests lower it, larger chunks and unpacking raise it", () => {
  const given = fc.record({
    compressedBytes: fc.integer({ min: 1e6, max: 1e11 }),
    bandwidthBytesPerSecond: fc.integer({ min: 1e5, max: 1e10 }),
    requestMs: fc.double({ min: 0, max: 500, noNaN: true }),
    chunkBytes: fc.integer({ min: 4096, max: 50_000_000 }),
    chunksAtOnce: fc.integer({ min: 1, max: 64 }),
    unpackMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  });
  fc.assert(
    fc.property(given, fc.integer({ min: 1, max: 1000 }), (one, more) => {
      const found = breakEven(one);
      if (!found) throw new Error("no break-even");
      const { share, fullPullMs } = found;
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThanOrEqual(1);
      if (share < 1) expect(lazyLoadingMs(one, share) / fullPullMs).toBeCloseTo(1, 9);
      const shareOf = (change: Partial<LoadingModel>): number => breakEven({ ...one, ...change })?.share ?? NaN;
      expect(shareOf({ requestMs: one.requestMs + more })).toBeLessThanOrEqual(share + 1e-12);
      expect(shareOf({ chunkBytes: one.chunkBytes * 2 })).toBeGreaterThanOrEqual(share - 1e-12);
      expect(shareOf({ unpackMs: one.unpackMs + more })).toBeGreaterThanOrEqual(share - 1e-12);
    }),
  );
});
