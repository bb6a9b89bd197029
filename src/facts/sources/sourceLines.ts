import type { SourceFact, SourceLanguage, SourceLoad, SourceLoadKind } from "./sourceFact.ts";

/** Sources beyond are tables or generated. */
export const sourceLimitBytes = 2 * 1024 * 1024;

const maxLoads = 5000;
const maxUses = 400;
const longestLine = 2000;

/** Gathers the loads of one source, each once. */
export class SourceLoads {
  private readonly found = new Map<string, SourceLoad>();

  /** Constants, with whether they are named within functions only. */
  private readonly used = new Map<string, boolean>();

  add(how: SourceLoadKind, name: string, line: number, lazy = false, conditional = false, constant?: string): void {
    if (name === "" || name.length > 500 || this.found.size >= maxLoads) return;
    const key = `${how}\n${name}\n${constant ?? ""}`;
    const before = this.found.get(key);
    if (before && Number(before.lazy ?? false) + Number(before.conditional ?? false) <= Number(lazy) + Number(conditional)) return;
    this.found.set(key, {
      how,
      name,
      ...(constant !== undefined && { constant }),
      line,
      ...(lazy && { lazy }),
      ...(conditional && { conditional }),
    });
  }

  use(constant: string, late: boolean): void {
    const before = this.used.get(constant);
    if (before === undefined ? this.used.size < maxUses : before && !late) this.used.set(constant, late);
  }

  fact(language: SourceLanguage, text: string): SourceFact {
    const interpreterLine = text.startsWith("#!") ? text.slice(2, 258).split("\n", 1)[0]?.trim() : undefined;
    const uses = [...this.used];
    return {
      kind: "source",
      language,
      ...(interpreterLine !== undefined && { interpreterLine }),
      loads: [...this.found.values()].sort((a, b) => a.line - b.line),
      ...(uses.length > 0 && {
        uses: {
          early: uses.filter(([, late]) => !late).map(([name]) => name),
          late: uses.filter(([, late]) => late).map(([name]) => name),
        },
      }),
    };
  }
}

/** The lines that may matter, with their numbers from 1; `relevant` is asked first, so most lines cost one test. */
export function* relevantLines(text: string, relevant: RegExp): Generator<readonly [line: string, number: number]> {
  let number = 0;
  for (let start = 0; start <= text.length;) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    number++;
    if (end > start && end - start <= longestLine) {
      const line = text.slice(start, end);
      if (relevant.test(line)) yield [line, number];
    }
    start = end + 1;
  }
}

export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Names and paths are ASCII nearly always; others are found by no rule anyway. */
export function sourceText(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.length).toString("latin1");
}
