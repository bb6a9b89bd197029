import { readdirSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What one image of `test/corpus` did when it started; sizes in bytes. */
export interface Truth {
  readonly totalFiles: number;
  readonly totalBytes: number;
  readonly openedFiles: number;
  readonly openedWholeBytes: number;
  readonly pageBytesRead: number;
  readonly chunkBytes1MiB: number;
  readonly chunkBytes4MiB: number;
  /** Path → what was seen of it. */
  readonly opened: ReadonlyMap<string, { readonly sizeBytes: number; readonly pagesRead: number; readonly executed: boolean }>;
}

const corpus = join(import.meta.dirname, "..", "corpus");

/** The images with a recorded start, by name. */
export function corpusNames(): string[] {
  return readdirSync(corpus).filter((name) => existsSync(join(corpus, name, "truth.txt")));
}

export function readTruth(name: string): Truth {
  return parseTruth(readFileSync(join(corpus, name, "truth.txt"), "utf8"));
}

/** The format is described in `test/corpus/README.md`. */
export function parseTruth(text: string): Truth {
  const numbers = new Map<string, number>();
  const opened = new Map<string, { sizeBytes: number; pagesRead: number; executed: boolean }>();
  let folder = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("\t")) {
      const [name, size, pages] = line.slice(1).split("\t");
      if (name === undefined || size === undefined || pages === undefined) throw new Error(`Unreadable line: ${line}`);
      opened.set(folder === "/" ? `/${name}` : `${folder}/${name}`, {
        sizeBytes: Number(size),
        pagesRead: Number.parseInt(pages, 10),
        executed: pages.endsWith("x"),
      });
    } else if (line.startsWith("/")) folder = line;
    else if (line !== "") numbers.set(line.split(" ")[0] ?? "", Number(line.split(" ")[1]));
  }
  const number = (key: string): number => {
    const value = numbers.get(key);
    if (value === undefined || Number.isNaN(value)) throw new Error(`${key} is missing.`);
    return value;
  };
  return {
    totalFiles: number("totalFiles"),
    totalBytes: number("totalBytes"),
    openedFiles: number("openedFiles"),
    openedWholeBytes: number("openedWholeBytes"),
    pageBytesRead: number("pageBytesRead"),
    chunkBytes1MiB: number("chunkBytes1MiB"),
    chunkBytes4MiB: number("chunkBytes4MiB"),
    opened,
  };
}
