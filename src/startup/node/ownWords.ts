import { functionNames, optionMark, readMark, stringsLabel } from "../../facts/javascript/functionNames.ts";
import type { JavaScriptFact } from "../../facts/javascript/javaScriptFact.ts";
import { hashOf } from "../../facts/javascript/keywords.ts";

/** The words of the application's own code, settings and environment: what packages do by a word, they do if it is one of these. */
export class OwnWords {
  /** Of 16 bits each, as in facts. */
  readonly #hashes = new Set<number>();

  noteStrings(fact: JavaScriptFact): void {
    for (const { label, names } of functionNames(fact.names)) if (label === stringsLabel) for (const name of names) this.#hashes.add(name);
  }

  noteText(text: string): void {
    for (const [word] of text.slice(0, 64 * 1024).matchAll(/[\w@][\w@./-]*/g)) this.#hashes.add(hashOf(word) & 0xffff);
  }

  mentions(word: string): boolean {
    return this.#hashes.has(hashOf(word) & 0xffff);
  }

  /** Whether the application sets an option of that name. */
  hasOption(name: string): boolean {
    return this.#hashes.has((hashOf(name) ^ optionMark) & 0xffff);
  }

  /** Whether a function, by its label in facts, or a property that it reads is named. */
  asksFor(label: number): boolean {
    return this.#hashes.has(label) || this.#hashes.has(label ^ readMark);
  }
}

/** The application's code, not that of a package. */
export function isOwnCode(path: string): boolean {
  return !path.includes("/node_modules/") && !path.startsWith("/usr/share/nodejs/") && !path.includes("/lib/node_modules/");
}
