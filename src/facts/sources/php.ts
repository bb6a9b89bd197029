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
  for (const part of expression.split(/\s*\.\s*(?=["']|__DIR__|dirname|[A-Z_]+\b)/)) {
    const text = /^\(?["']([^"'$]*)["']/.exec(part.trim())?.[1];
    const up = /^dirname\(\s*__(?:DIR|FILE)__\s*(?:,\s*(\d))?/.exec(part.trim());
    if (text !== undefined) path += text;
    else if (/^\(?(?:__DIR__|dirname\(\s*__FILE__)/.test(part.trim())) fromFile = true;
    else if (up) {
      fromFile = true;
      path += "/..".repeat(Number(up[1] ?? 1));
    } else return;
  }
  if (path !== "") loads.add(fromFile ? "file" : "path", path.replace(/^\/+/, fromFile ? "" : "/"), number, lazy);
}
