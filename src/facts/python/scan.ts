import type { PythonFact } from "./pythonFact.ts";
import { lazyNames } from "./lazyNames.ts";
import { distributionNames } from "./distributionNames.ts";
import { PythonScanner } from "./scanner.ts";
import { summarize } from "./summarize.ts";

/** Where installed packages and the standard library lie; everything else counts as application code. */
const libraryFolder = /\/(site-packages|dist-packages|python\d(\.\d+)?)\//;

/** Its table of folders is what editable installs are found by. */
const editableFinder = /\/__editable__\w+_finder\.py$/;

/**
 * Summarises Python source. Application code is kept more closely than libraries: assignments and expressions that may
 * build paths too. Never throws; what it cannot make sense of it leaves out.
 */
export function scanPython(bytes: Uint8Array, path: string): PythonFact {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const closeness = !libraryFolder.test(path) || editableFinder.test(path) ? "application" : /\/tests?\//.test(path) ? "tests" : "library";
  const scanner = new PythonScanner(source, closeness);
  scanner.scan();
  const body = summarize(source, scanner, closeness);
  const lazy = scanner.isLazy ? lazyNames(source) : undefined;
  const distributions = scanner.usesMetadata ? distributionNames(source) : undefined;
  return {
    kind: "python",
    ...(source[0] === 0x23 && source[1] === 0x21 && { shebang: shebang(source) }),
    body,
    ...(lazy !== undefined && lazy.length > 0 && { lazy }),
    ...(distributions !== undefined && distributions.length > 0 && { distributionNames: distributions }),
    ...(scanner.truncated && { truncated: true as const }),
  };
}

function shebang(source: Buffer): string {
  const end = source.subarray(0, 256).indexOf(0x0a);
  return source.toString("utf8", 2, end < 0 ? Math.min(source.length, 256) : end).trim();
}
