import { UserError } from "../base/errors.ts";
import type { Moment } from "../startup/startupSet.ts";

const moments: ReadonlyMap<string, Moment> = new Map([
  ["ready", "ready"],
  ["first-request", "firstRequest"],
]);

/** Reads the word of `--moment`; undefined without one. */
export function momentArgument(text: string | undefined): Moment | undefined {
  if (text === undefined) return undefined;
  const moment = moments.get(text);
  if (!moment) throw new UserError("bad-usage", `There is no moment "${text}".`, "Use ready or first-request.");
  return moment;
}

/** `until it is ready`. */
export function momentText(moment: Moment): string {
  return moment === "ready" ? "until ready" : "until the first request is answered";
}
