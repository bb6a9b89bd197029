import type { Readable } from "node:stream";
import { nowEpochMs } from "../base/clock.ts";

/** A line with the moment at which it was here. */
export interface StampedLine {
  readonly text: string;
  /** This machine's clock when the bytes that ended the line were there, however late it is taken. */
  readonly receivedAtEpochMs: number;
}

/** So much may wait for a slow consumer before the stream is told to stop. */
const queueBytes = 16 * 1024 * 1024;

/**
 * Lines as they arrive, without their ends; the last one may lack its end. A line longer than `maxLineBytes` is cut there and the rest of it
 * dropped. Rejects with the stream's error; leaving early destroys the stream.
 */
export async function* stampedLines(body: Readable, maxLineBytes: number): AsyncGenerator<StampedLine> {
  const queue: StampedLine[] = [];
  let queuedBytes = 0;
  let parts: Buffer[] = [];
  let partBytes = 0;
  let ended = false;
  let failure: Error | undefined;
  let wake = (): void => {};
  const take = (piece: Buffer): void => {
    const room = maxLineBytes - partBytes;
    if (room <= 0) return;
    // A slice would keep the whole chunk in memory.
    parts.push(piece.length > room ? piece.subarray(0, room) : piece);
    partBytes += Math.min(piece.length, room);
  };
  const finish = (receivedAtEpochMs: number): void => {
    const text = (parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)).toString("utf8");
    queue.push({ text: text.endsWith("\r") ? text.slice(0, -1) : text, receivedAtEpochMs });
    queuedBytes += partBytes;
    parts = [];
    partBytes = 0;
  };
  body.on("data", (chunk: Buffer) => {
    const receivedAtEpochMs = nowEpochMs();
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      take(chunk.subarray(start, end));
      finish(receivedAtEpochMs);
      start = end + 1;
    }
    if (start < chunk.length) take(chunk.subarray(start));
    if (queuedBytes > queueBytes) body.pause();
    wake();
  });
  body.once("error", (error: Error) => {
    failure = error;
    wake();
  });
  body.once("close", () => {
    ended = true;
    wake();
  });
  body.once("end", () => {
    if (partBytes > 0) finish(nowEpochMs());
    ended = true;
    wake();
  });
  try {
    for (;;) {
      const line = queue.shift();
      if (line) {
        queuedBytes -= line.text.length;
        yield line;
      } else if (failure) throw failure;
      else if (ended) return;
      else {
        queuedBytes = 0;
        const next = new Promise<void>((resolve) => (wake = resolve));
        if (body.isPaused()) body.resume();
        await next;
      }
    }
  } finally {
    body.on("error", () => {});
    body.destroy();
  }
}
