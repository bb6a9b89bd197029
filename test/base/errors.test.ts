import { expect, test } from "vitest";
import { fromPlainError, isCancelled, isUserError, toPlainError, UserError } from "../../src/base/errors.ts";

test("a user error keeps its code and hint on its way home from a worker thread", () => {
  const sent = structuredClone(toPlainError(new UserError("digest-mismatch", "The layer is not what its digest says.", "Push it again.")));
  const error = fromPlainError(sent);
  expect(isUserError(error)).toBe(true);
  expect(error).toMatchObject({ code: "digest-mismatch", message: "The layer is not what its digest says.", hint: "Push it again." });
});

test("a bug keeps its name and stack on that way", () => {
  const bug = new TypeError("x is undefined");
  const error = fromPlainError(structuredClone(toPlainError(bug)));
  expect(isUserError(error)).toBe(false);
  expect(error.name).toBe("TypeError");
  expect(error.stack).toBe(bug.stack);
});

test("cancellation is told from failure by the signal's own reason or by name", () => {
  const cancel = new AbortController();
  cancel.abort(new Error("closed by the user"));
  expect(isCancelled(cancel.signal.reason, cancel.signal)).toBe(true);
  expect(isCancelled(new DOMException("stop", "AbortError"))).toBe(true);
  expect(isCancelled(new Error("disk full"), cancel.signal)).toBe(false);
  expect(isCancelled("AbortError")).toBe(false);
});
