import { expect, test } from "vitest";
import { EventQueue } from "../../../src/bench/run/eventQueue.ts";

test("what was pushed before and after the consumer came, in order, and then the end", async () => {
  const queue = new EventQueue<number>();
  queue.push(1);
  queue.push(2);
  const seen: number[] = [];
  const reading = (async () => {
    for await (const each of queue) seen.push(each);
  })();
  await Promise.resolve();
  queue.push(3);
  await new Promise(setImmediate);
  expect(seen).toEqual([1, 2, 3]);
  queue.push(4);
  queue.close();
  await reading;
  expect(seen).toEqual([1, 2, 3, 4]);
});

test("an error comes after what was held, also a later end does not hide it", async () => {
  const queue = new EventQueue<string>();
  queue.push("held");
  queue.close({ error: new Error("over") });
  queue.close();
  const seen: string[] = [];
  await expect(
    (async () => {
      for await (const each of queue) seen.push(each);
    })(),
  ).rejects.toThrow("over");
  expect(seen).toEqual(["held"]);
});
