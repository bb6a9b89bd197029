import { expect, test } from "vitest";
import { mergedStreams } from "../../../src/bench/observe/mergedStreams.ts";
import { replayed } from "../../../src/bench/observe/replayed.ts";

async function* counted(to: number, failure?: Error): AsyncGenerator<number> {
  for (let i = 1; i <= to; i++) {
    await Promise.resolve();
    yield i;
  }
  if (failure) throw failure;
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

test("each reader of a replayed source gets all of it, however late it comes and wherever another leaves", async () => {
  const source = replayed(counted(4));
  for await (const item of source) if (item === 2) break;
  const [one, two] = await Promise.all([all(source), all(source)]);
  expect([one, two, await all(source)]).toEqual([
    [1, 2, 3, 4],
    [1, 2, 3, 4],
    [1, 2, 3, 4],
  ]);
});

test("the error of a replayed source reaches every reader after the items", async () => {
  const source = replayed(counted(2, new Error("lost")));
  const seen: number[] = [];
  const read = async () => {
    for await (const item of source) seen.push(item);
  };
  await expect(read()).rejects.toThrow("lost");
  await expect(read()).rejects.toThrow("lost");
  expect(seen).toEqual([1, 2, 1, 2]);
});

test("merged sources end together; an error or leaving stops the others", async () => {
  expect((await all(mergedStreams([counted(3), counted(2)], () => {}))).sort()).toEqual([1, 1, 2, 2, 3]);
  let stopped = 0;
  await expect(all(mergedStreams([counted(1, new Error("lost")), counted(2)], () => stopped++))).rejects.toThrow("lost");
  for await (const item of mergedStreams([counted(3)], () => stopped++)) if (item === 1) break;
  expect(stopped).toBe(2);
});
