import type { SourceFact } from "./sourceFact.ts";
import { relevantLines, SourceLoads, sourceText } from "./sourceLines.ts";

const relevant = /require|include|=>\s*__DIR__|^\s*(?:\w+\s+)*function\b|^\s*\}/;
const included = /(?<![\w>:$])(?:require|include)(?:_once)?\s*\(?\s*([^;]+)/g;
const listed = /^\s*["'][0-9a-f]{32}["']\s*=>\s*(__DIR__[^,]+)/;

/** `require` and `include` of paths that are made from strings and `__DIR__`; also the files that Composer always loads. */
export function scanPhp(content: Uint8Array): SourceFact {
  const source = sourceText(content);
  const loads = new SourceLoads();
  let functionIndent = -1;
  for (const [line, number] of relevantLines(source, relevant)) {
    if (/^\s*(?:#|\/\/|\*)/.test(line)) continue;
    const indent = line.length - line.trimStart().length;
    if (functionIndent >= 0 && /^\s*\}/.test(line) && indent <= functionIndent) functionIndent = -1;
    if (functionIndent < 0 && /^\s*(?:\w+\s+)*function\s+\w/.test(line)) functionIndent = indent;
    const file = listed.exec(line)?.[1];
    if (file !== undefined) addPath(loads, file, number, false);
    for (const [, expression = ""] of line.matchAll(included)) addPath(loads, expression, number, functionIndent >= 0);
  }
  return loads.fact("php", source);
}

/** A sum of strings, `__DIR__` and `dirname(__DIR__, n)`. */
function addPath(loads: SourceLoads, expression: string, number: number, lazy: boolean): void {
  let path = "";
  let fromFile = false;
  for (const [token, text, up, times] of expression.matchAll(
    /["']([^"'$]*)["']|(dirname)\(\s*__(?:DIR|FILE)__\s*(?:,\s*(\d))?\s*\)|__DIR__|[\s.()]+|[^\s.()]+/g,
  )) {
    if (text !== undefined) path += text;
    else if (up !== undefined) {
      fromFile = true;
      // `dirname(__FILE__)` is the file's own folder.
      if (!token.includes("__FILE__")) path += "/..".repeat(Number(times ?? 1));
    } else if (token === "__DIR__") fromFile = true;
    else if (!/^[\s.()]+$/.test(token)) return;
  }
  if (path !== "") loads.add(fromFile ? "file" : "path", path.replace(/^\/+/, fromFile ? "" : "/"), number, lazy);
}
