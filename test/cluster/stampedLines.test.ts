import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { nowEpochMs } from "../../src/base/clock.ts";
import { stampedLines, type StampedLine } from "../../src/cluster/stampedLines.ts";

async function linesOf(chunks: readonly string[], maxLineBytes = 1000): Promise<string[]> {
  const body = new PassThrough();
  for (const chunk of chunks) body.write(chunk);
  body.end();
  const lines: string[] = [];
  for await (const { text } of stampedLines(body, maxLineBytes)) lines.push(text);
  return lines;
}

test.each<[chunks: string[], lines: string[]]>([
  [[], []],
  [["a\nb\n"], ["a", "b"]],
  [
    ["a", "b\nc", "\n", "d"],
    ["ab", "c", "d"],
  ],
  [["\n\n"], ["", ""]],
  [["é\r\n".slice(0, 1), "é\r\n".slice(1)], ["é"]],
  [
    ["x".repeat(1500), "y\nz\n"],
    ["x".repeat(1000), "z"],
  ],
])("%j", async (chunks, lines) => {
  expect(await linesOf(chunks)).toEqual(lines);
});

test("a line bears the time when its bytes came, however late it is taken", async () => {
  const body = new PassThrough();
  const lines = stampedLines(body, 1000);
  const first = lines.next();
  const before = nowEpochMs();
  body.write("one\ntwo\n");
  await first;
  const after = nowEpochMs();
  while (nowEpochMs() < after + 30) await new Promise((resolve) => setImmediate(resolve));
  const second = (await lines.next()).value as StampedLine;
  expect(second.text).toBe("two");
  expect(second.receivedAtEpochMs).toBeGreaterThanOrEqual(before);
  expect(second.receivedAtEpochMs).toBeLessThanOrEqual(after);
  await lines.return(undefined);
  expect(body.destroyed).toBe(true);
});

test("a stream that breaks gives its lines first, then its error", async () => {
  const body = new PassThrough();
  const lines = stampedLines(body, 1000);
  body.write("kept\n");
  expect((await lines.next()).value).toMatchObject({ text: "kept" });
  const next = lines.next();
  body.destroy(new Error("lost"));
  await expect(next).rejects.toThrow("lost");
});

test("a fast stream waits for a slow reader, and nothing is lost", async () => {
  const body = new PassThrough();
  const line = `${"z".repeat(1023)}\n`;
  let written = 0;
  const write = (): void => {
    while (written < 40_000) {
      written++;
      if (!body.write(line)) {
        body.once("drain", write);
        return;
      }
    }
    body.end();
  };
  write();
  let taken = 0;
  let ahead = 0;
  for await (const { text } of stampedLines(body, 10_000)) {
    expect(text.length).toBe(1023);
    taken++;
    ahead = Math.max(ahead, written - taken);
    if (taken % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(taken).toBe(40_000);
  expect(ahead).toBeLessThan(18_000);
});
