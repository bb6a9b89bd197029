import { expect } from "vitest";
import { isUserError, type UserErrorCode } from "../../src/base/errors.ts";

/** Expects a failure that the user can act on, with this code and words of the message or the hint. */
export async function expectUserError(work: Promise<unknown>, code: UserErrorCode, words: RegExp | string): Promise<void> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isUserError(error)) throw new Error("no UserError", { cause: error });
  expect({ code: error.code, text: `${error.message} ${error.hint}` }).toEqual({ code, text: expect.stringMatching(words) as string });
}
