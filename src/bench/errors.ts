import { UserError } from "../base/errors.ts";

/** A regular expression of the plan took too long for one line of the application's words. */
export function patternTooSlow(pattern: string, limitMs: number, cause: unknown): UserError {
  return new UserError(
    "limit-exceeded",
    `The regular expression /${pattern}/ took more than ${limitMs} ms for one text.`,
    "Write it without repeats within repeats, such as (a+)+.",
    { cause },
  );
}
