import { createInterface } from "node:readline/promises";

/** Whether somebody can be asked: both sides are a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks on stderr, so that standard output stays the answer's; everything but y and yes is no. Rejects when cancelled. */
export async function askYes(question: string, signal: AbortSignal | undefined): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, signal ? { signal } : {});
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
