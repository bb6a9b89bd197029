/**
 * Cython sources that packages ship beside the compiled modules: what those import at their start, which newer versions of
 * Cython hide in a compressed table of strings. Only whole lines of plain Python at the outer level are kept, with the blocks of
 * `try` and `if` around imports; `cimport` and the bodies of functions and classes are not.
 */
export function importsOfCython(source: string): string {
  const kept: string[] = [];
  let isInBlock = false;
  for (const line of source.split("\n", linesLimit)) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    if (/^\s/.test(line)) {
      if (isInBlock)
        kept.push(/^\s+(import|from|pass|try|except|else)\b/.test(line) && !cimport.test(line) ? line : `${/^\s*/.exec(line)?.[0]}pass`);
      continue;
    }
    isInBlock = /^(try|except|else|finally|if|elif)\b.*:\s*(#.*)?$/.test(line);
    if (isInBlock || (/^(import|from)\s/.test(line) && !cimport.test(line))) kept.push(line);
  }
  return `${kept.join("\n")}\n`;
}

const linesLimit = 100_000;
const cimport = /\bcimport\b/;
