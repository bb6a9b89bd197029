import { expect, test } from "vitest";
import { delay } from "../../src/base/abort.ts";

test("a delay ends early with the signal's reason", async () => {
  const cancel = new AbortController();
  const waiting = delay(3_600_000, cancel.signal);
  cancel.abort(new Error("stop"));
  await expect(waiting).rejects.toThrow("stop");
  await expect(delay(1, cancel.signal)).rejects.toThrow("stop");
});

test("a delay that nobody stops resolves", async () => {
  await expect(delay(1, new AbortController().signal)).resolves.toBeUndefined();
});
