import { tokens } from "./tokens.ts";

const namesLimit = 3000;

/** Strings that may be names of distributions (PEP 508), each once. */
export function distributionNames(source: Buffer): string[] {
  const names = new Set<string>();
  for (const token of tokens(source)) {
    if (token.kind !== "string" || token.text.length > 60 || !/^[A-Za-z][\w.-]*$/.test(token.text)) continue;
    names.add(token.text);
    if (names.size >= namesLimit) break;
  }
  return [...names];
}
