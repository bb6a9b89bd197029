import { expect, test } from "vitest";
import { differenceOfMedians } from "../../src/stats/bootstrap.ts";
import type { Confidence } from "../../src/stats/confidence.ts";
import { medianInterval } from "../../src/stats/medianInterval.ts";
import { isDecided, moreRunsToDecide, pairedRatio, type Pair } from "../../src/stats/pairedRatio.ts";
import { median, quantile } from "../../src/stats/quantiles.ts";
import { seededRandom } from "../../src/stats/random.ts";

/** How often intervals hold the truth when they say 95 %, for noise as cold starts have it. */
const random = seededRandom(20_260_101);
const counts = [3, 5, 10, 20];

const exponential = (): number => -Math.log(1 - random());
function normal(): number {
  return Math.sqrt(2 * exponential()) * Math.cos(2 * Math.PI * random());
}

/** Times of one trial in seconds: a floor, and what comes on top. */
const noises: Readonly<Record<string, () => number>> = {
  even: () => 10 + 0.5 * normal(),
  "long tail": () => 8 + 3 * exponential(),
  "log-normal": () => 10 * Math.exp(0.4 * normal()),
  "one in ten stalls": () => (10 + 0.4 * normal()) * (random() < 0.1 ? 3 : 1),
};

function shareHeld(rounds: number, truth: number, interval: () => Confidence | undefined): number {
  let held = 0;
  for (let round = 0; round < rounds; round++) {
    const found = interval();
    if (found && found.low <= truth && truth <= found.high) held++;
  }
  return held / rounds;
}

const trueMedian = (draw: () => number): number => median(Array.from({ length: 200_001 }, draw)) as number;
const sample = (n: number, draw: () => number): number[] => Array.from({ length: n }, draw);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

test("the interval of a median of times holds it in 92 to 98 of 100 cases, however skewed", { timeout: 120_000 }, () => {
  for (const [name, draw] of Object.entries(noises)) {
    const log = (): number => Math.log(draw());
    const truth = trueMedian(log);
    const shares = counts.map((n) => shareHeld(4000, truth, () => medianInterval(sample(n, log))));
    console.log(`measured coverage of medianInterval, ${name}: ${counts.map((n, i) => `n=${n} ${percent(shares[i] ?? 0)}`).join(", ")}`);
    for (const [index, share] of shares.entries()) {
      expect(share, `${name} n=${counts[index]}`).toBeGreaterThan(counts[index] === 3 ? 0.9 : 0.925);
      expect(share).toBeLessThan(0.985);
    }
  }
});

test("the interval of a paired ratio holds it, with blocks that differ by a factor of two", { timeout: 120_000 }, () => {
  for (const [name, draw] of Object.entries(noises)) {
    const pair = (): Pair => {
      const block = Math.exp(0.35 * normal());
      return { baseline: block * draw(), other: (block * (10 + 0.3 * normal())) / 2 };
    };
    const truth = trueMedian(() => {
      const { baseline, other } = pair();
      return baseline / other;
    });
    const shares = counts.map((n) => shareHeld(3000, truth, () => pairedRatio(Array.from({ length: n }, pair))?.interval));
    console.log(`measured coverage of pairedRatio, ${name}: ${counts.map((n, i) => `n=${n} ${percent(shares[i] ?? 0)}`).join(", ")}`);
    for (const [index, share] of shares.entries())
      expect(share, `${name} n=${counts[index]}`).toBeGreaterThan(counts[index] === 3 ? 0.9 : 0.925);
  }
});

/** The percentile bootstrap of a median. */
function bootstrapped(values: readonly number[]): Confidence {
  const redrawn = (): number => median(values.map(() => values[Math.floor(random() * values.length)] as number)) as number;
  const medians = Array.from({ length: 400 }, redrawn);
  return { low: quantile(medians, 0.025) as number, high: quantile(medians, 0.975) as number, level: 0.95 };
}

test("why not the bootstrap: for medians its interval is too narrow", { timeout: 120_000 }, () => {
  const log = (): number => Math.log((noises["long tail"] as () => number)());
  const truth = trueMedian(log);
  const shares = [5, 7, 10].map((n) => shareHeld(1500, truth, () => bootstrapped(sample(n, log))));
  console.log(
    `measured coverage of a percentile bootstrap of the median, long tail: n=5 ${percent(shares[0] ?? 0)}, n=7 ${percent(shares[1] ?? 0)}, n=10 ${percent(shares[2] ?? 0)}`,
  );
  expect(shares[1]).toBeLessThan(0.92);
});

test("the interval of a difference of medians holds it in 87 to 99 of 100 cases", { timeout: 120_000 }, () => {
  for (const [name, draw] of Object.entries(noises)) {
    const other = (): number => 5 + 0.3 * normal();
    const truth = trueMedian(other) - trueMedian(draw);
    const shares = [5, 10, 20].map((n) =>
      shareHeld(
        800,
        truth,
        () => differenceOfMedians(sample(n, draw), sample(n, other), { seed: Math.floor(random() * 1e9), resamples: 400 })?.interval,
      ),
    );
    console.log(
      `measured coverage of differenceOfMedians, ${name}: ${[5, 10, 20].map((n, i) => `n=${n} ${percent(shares[i] ?? 0)}`).join(", ")}`,
    );
    for (const share of shares) expect(share).toBeGreaterThan(0.87);
  }
});

test("with as many more runs as were asked for, most intervals decide", () => {
  const stall = (): number => (random() < 0.1 ? 3 : 1);
  const pairs: Readonly<Record<string, () => Pair>> = {
    even: () => ({ baseline: 11.5 + 1.5 * normal(), other: 10 + 1.5 * normal() }),
    "one in ten stalls": () => ({ baseline: (11 + 0.7 * normal()) * stall(), other: (10 + 0.7 * normal()) * stall() }),
  };
  for (const [name, pair] of Object.entries(pairs)) {
    let asked = 0;
    let decided = 0;
    let sum = 0;
    for (let round = 0; round < 1500; round++) {
      const first = Array.from({ length: 6 }, pair);
      const more = moreRunsToDecide(first);
      if (more === 0 || more === Infinity) continue;
      asked++;
      sum += more;
      const found = pairedRatio([...first, ...Array.from({ length: more }, pair)]);
      if (found && isDecided(found)) decided++;
    }
    console.log(
      `measured moreRunsToDecide, ${name}: of ${asked} undecided runs of 6 blocks, ${percent(decided / asked)} were decided with as many more as it said, ${Math.round(sum / asked)} on average`,
    );
    expect(decided / asked).toBeGreaterThan(0.55);
  }
});
