/**
 * Fuzzing for a bounded time: `FUZZ_MS` per reader (2 s without it), the random numbers from `FUZZ_SEED` (printed on failure).
 * Prints one line per reader, which CI's log shows.
 */
export function fuzz<T>(reader: string, make: (random: Random) => T, read: (input: T) => void): number {
  let count = 0;
  for (const round of rounds(reader, make)) {
    count++;
    try {
      read(round.input);
    } catch (cause) {
      throw new Error(round.failure(), { cause });
    }
  }
  return count;
}

/** The same for readers that are asynchronous. */
export async function fuzzAsync<T>(reader: string, make: (random: Random) => T, read: (input: T) => Promise<void>): Promise<number> {
  let count = 0;
  for (const round of rounds(reader, make)) {
    count++;
    try {
      await read(round.input);
    } catch (cause) {
      throw new Error(round.failure(), { cause });
    }
  }
  return count;
}

interface Round<T> {
  readonly input: T;
  /** What to say when the reader fails on it. */
  failure(): string;
}

function* rounds<T>(reader: string, make: (random: Random) => T): Generator<Round<T>> {
  const budgetMs = Number(process.env["FUZZ_MS"] ?? 2000);
  const seed = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  const random = new Random(seed);
  const endsAtMs = performance.now() + budgetMs;
  let count = 0;
  do {
    const input = make(random);
    count++;
    yield {
      input,
      failure() {
        const shown = input instanceof Uint8Array ? Buffer.from(input).toString("base64") : JSON.stringify(input);
        return `fuzz ${reader}: seed ${seed}, input ${count} of this run: ${shown.slice(0, 2000)}`;
      },
    };
  } while (performance.now() < endsAtMs);
  console.log(`fuzz ${reader}: ${count} inputs`);
}

/** A good input with a few bytes changed, cut out, doubled or cut off at the end. */
export function mutated(random: Random, good: Uint8Array): Buffer {
  let bytes = Buffer.from(good);
  for (let i = random.below(6); i >= 0 && bytes.length > 0; i--) {
    const at = random.below(bytes.length);
    const until = Math.min(bytes.length, at + random.below(600));
    switch (random.below(8)) {
      case 0:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(until)]);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, until), bytes.subarray(at)]);
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3:
        bytes.fill(random.pick([0, 0x30, 0x37, 0x80, 0xff]), at, Math.min(until, at + 12));
        break;
      default:
        bytes[at] = random.below(256);
    }
  }
  return bytes;
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
