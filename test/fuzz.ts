/**
 * Fuzzing for a bounded time: `FUZZ_MS` per reader (2 s without it), the random numbers from `FUZZ_SEED` (printed on failure).
 * Prints one line per reader, which CI's log shows.
 */
export function fuzz<T>(reader: string, make: (random: Random) => T, read: (input: T) => void): number {
  const budgetMs = Number(process.env["FUZZ_MS"] ?? 2000);
  const seed = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  const random = new Random(seed);
  const endsAtMs = performance.now() + budgetMs;
  let count = 0;
  do {
    const input = make(random);
    try {
      read(input);
    } catch (cause) {
      const shown = input instanceof Uint8Array ? Buffer.from(input).toString("base64") : JSON.stringify(input);
      throw new Error(`fuzz ${reader}: seed ${seed}, input ${count + 1} of this run: ${shown.slice(0, 2000)}`, { cause });
    }
    count++;
  } while (performance.now() < endsAtMs);
  console.log(`fuzz ${reader}: ${count} inputs`);
  return count;
}

/** mulberry32: small, fast, the same everywhere. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 <= result < limit, whole. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** Up to `maxPieces` of the pieces in a row. */
  text(pieces: readonly string[], maxPieces: number): string {
    return Array.from({ length: this.below(maxPieces + 1) }, () => this.pick(pieces)).join("");
  }

  bytes(maxLength: number): Uint8Array {
    return Uint8Array.from({ length: this.below(maxLength + 1) }, () => this.below(256));
  }
}
