import type { SourceFact } from "./sourceFact.ts";
import { relevantLines, SourceLoads, sourceText } from "./sourceLines.ts";

const relevant = /library|require|::|source\(|loadNamespace|plumb|runApp|readRDS|load\(|fromJSON|read[._]|readLines/;

/** `library(x)`, `require(x)`, `requireNamespace("x")`, `x::f`, `source("y.R")`, and files that are read by name. */
export function scanR(content: Uint8Array): SourceFact {
  const source = sourceText(content);
  const loads = new SourceLoads();
  for (const [line, number] of relevantLines(source, relevant)) {
    if (/^\s*#(?!!)/.test(line)) continue;
    const lazy = /^\s/.test(line);
    for (const [, name = ""] of line.matchAll(/\b(?:library|require|requireNamespace|loadNamespace)\(\s*["']?([A-Za-z][\w.]*)/g))
      loads.add("module", name, number, lazy);
    for (const [, name = ""] of line.matchAll(/\b([A-Za-z][\w.]*):::?[A-Za-z.]/g)) loads.add("module", name, number, lazy);
    for (const [, name = ""] of line.matchAll(
      /\b(?:source|plumb|pr|readRDS|load|plumber::plumb|read_rds|fromJSON|read_json|read_yaml|read\.csv|readLines|read_csv)\(\s*["']([^"'\n]+)["']/g,
    ))
      loads.add("path", name, number, lazy);
  }
  return loads.fact("r", source);
}
