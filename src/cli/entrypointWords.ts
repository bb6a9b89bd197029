import { UserError } from "../base/errors.ts";

/** Reads the words of `--entrypoint`. */
export function entrypointWords(text: string): readonly string[] {
  if (!text.trimStart().startsWith("[")) return text.split(/\s+/).filter(Boolean);
  let words: unknown;
  try {
    words = JSON.parse(text);
  } catch (cause) {
    throw new UserError("bad-usage", "The value of --entrypoint is not a valid JSON list.", 'Write it as ["program","first argument"].', {
      cause,
    });
  }
  if (!Array.isArray(words) || !words.every((word) => typeof word === "string")) {
    throw new UserError("bad-usage", "The value of --entrypoint is not a list of texts.", 'Write it as ["program","first argument"].');
  }
  return words;
}
