import { scanLua } from "./lua.ts";
import { scanPerl } from "./perl.ts";
import { scanPhp } from "./php.ts";
import { scanR } from "./r.ts";
import { scanRuby } from "./ruby.ts";
import type { SourceFact } from "./sourceFact.ts";

type Scan = (content: Uint8Array) => SourceFact;

const byName: readonly (readonly [pattern: RegExp, scan: Scan])[] = [
  [/\.(?:rb|ru|rake)$|^(?:Gemfile|Rakefile|Capfile)$/, scanRuby],
  [/\.(?:pm|pl|psgi|cgi)$/, scanPerl],
  [/\.(?:php|phtml)$/, scanPhp],
  [/\.lua$/, scanLua],
  [/\.[rR]$|^Rprofile(?:\.site)?$|^\.Rprofile$/, scanR],
];

const byInterpreter: readonly (readonly [pattern: RegExp, scan: Scan])[] = [
  [/\bruby/, scanRuby],
  [/\bperl/, scanPerl],
  [/\bphp/, scanPhp],
  [/\bRscript\b/, scanR],
  [/\blua/, scanLua],
];

/** By a file's name; undefined for other languages. */
export function sourceScanner(baseName: string): Scan | undefined {
  return byName.find(([pattern]) => pattern.test(baseName))?.[1];
}

/** By what stands after `#!`. */
export function scriptScanner(interpreterLine: string): Scan | undefined {
  return byInterpreter.find(([pattern]) => pattern.test(interpreterLine))?.[1];
}
