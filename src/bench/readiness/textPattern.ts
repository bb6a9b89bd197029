import { createContext, Script, type Context } from "node:vm";
import { patternTooSlow } from "../errors.ts";

/** Longer texts are compared up to here. */
const maxLength = 65_536;
/** A regular expression with nested repeats may need years for one text that is made for it; this is what one text may take. */
const maxMatchMs = 500;

/** A regular expression from a plan that is held against what strangers wrote. */
export interface TextPattern {
  /** Throws `limit-exceeded` when the comparison takes too long. */
  matches(text: string): boolean;
}

/** Only code that runs in a context of its own can be stopped by time. That costs about 0.2 ms a call, too much for every line of a talkative application. */
const compare = new Script("pattern.test(text)");
/** So long a text is compared in some 10 ms at worst by a pattern that `isPlain`. */
const maxPlainLength = 4096;

/** `source` is a valid regular expression: plans are read so. */
export function textPattern(source: string): TextPattern {
  const pattern = new RegExp(source);
  const context: Context = createContext({ pattern, text: "" });
  const isDirect = isPlain(source);
  return {
    matches(text) {
      if (isDirect && text.length <= maxPlainLength) return pattern.test(text);
      context["text"] = text.slice(0, maxLength);
      try {
        return compare.runInContext(context, { timeout: maxMatchMs }) === true;
      } catch (cause) {
        throw patternTooSlow(source, maxMatchMs, cause);
      }
    },
  };
}

/** No group repeats, nothing refers back, and at most one part has no upper bound: the steps are at most the square of the length. */
function isPlain(source: string): boolean {
  return !/\)[*+{?]|\\[1-9k]|\(\?/.test(source) && (source.match(/[*+{]/g) ?? []).length <= 1;
}
