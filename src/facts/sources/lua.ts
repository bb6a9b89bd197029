import type { SourceFact } from "./sourceFact.ts";
import { relevantLines, SourceLoads, sourceText } from "./sourceLines.ts";

const relevant = /require|dofile|loadfile|package\.c?path|\bopen\b|\bfunction\b|^end\b/;
const required = /(?<![\w.:])require\s*\(?\s*(?:["']([\w./-]+)["']|\[\[([\w./-]+)\]\])/g;
const opened = /(?<![\w:])(?:dofile|loadfile|io\.open|io\.lines)\s*\(?\s*["']([^"'\n]+)["']/g;

/** `require "x"`, files that are run or opened by a name in the text, and what `package.path` gets. Functions of the first level are told by indentation. */
export function scanLua(content: Uint8Array): SourceFact {
  const source = sourceText(content);
  const loads = new SourceLoads();
  let functionOpen = false;
  for (const [line, number] of relevantLines(source, relevant)) {
    if (/^\s*--/.test(line)) continue;
    if (/^end\b/.test(line)) functionOpen = false;
    const lazy = functionOpen || (/^\s/.test(line) && !/^\s*local\s+[\w, ]+=\s*require/.test(line)) || /\bfunction\b.*require/.test(line);
    for (const [, quoted, bracketed] of line.matchAll(required)) loads.add("module", quoted ?? bracketed ?? "", number, lazy);
    for (const [, name = ""] of line.matchAll(opened)) loads.add("path", name, number, lazy);
    if (/package\.c?path\s*=/.test(line))
      for (const [, text = ""] of line.matchAll(/["']([^"'\n]+)["']/g))
        for (const template of text.split(";")) if (template.includes("?")) loads.add("folder", template, number);
    if (/\bfunction\b/.test(line) && !/\bend\b/.test(line)) functionOpen = true;
  }
  return loads.fact("lua", source);
}
