import type { JavaScriptContext } from "./javaScriptFact.ts";
import { textOf } from "./literals.ts";

/** What holds in the other branch. */
export function inverse(condition: JavaScriptContext | undefined): JavaScriptContext {
  if (condition?.startsWith("if ")) return `unless ${condition.slice(3)}`;
  if (condition?.startsWith("unless ")) return `if ${condition.slice(7)}`;
  return "conditional";
}

const decidable =
  /^\s*(?:process\.env\.(\w+)|process\.(platform)|(require\.main))\s*([!=]==?)\s*(?:["']([^"'\\\n]{0,60})["']|(module))\s*\)/;

/** What the condition of an `if` says, where it is one of those that can be decided. `at`: after its paren. */
export function conditionAt(bytes: Uint8Array, at: number): JavaScriptContext {
  const match = decidable.exec(textOf(bytes, at, Math.min(bytes.length, at + 160)));
  if (!match) return "conditional";
  const [, env, platform, main, comparison, value, module] = match;
  const word = comparison?.startsWith("!") ? "unless" : "if";
  if (env !== undefined && value !== undefined) return `${word} env ${env} ${value}`;
  if (platform !== undefined && value !== undefined) return `${word} platform ${value}`;
  if (main !== undefined && module !== undefined) return `${word} main`;
  return "conditional";
}

/** What `typeof` of these names gives in Node. */
const typesInNode: Readonly<Record<string, { readonly type: string; readonly subject: "commonjs" | "amd" | "node" }>> = {
  exports: { type: "object", subject: "commonjs" },
  module: { type: "object", subject: "commonjs" },
  require: { type: "function", subject: "commonjs" },
  define: { type: "function", subject: "amd" },
  process: { type: "object", subject: "node" },
  global: { type: "object", subject: "node" },
  window: { type: "undefined", subject: "node" },
  document: { type: "undefined", subject: "node" },
  self: { type: "undefined", subject: "node" },
  importScripts: { type: "undefined", subject: "node" },
  Deno: { type: "undefined", subject: "node" },
  Bun: { type: "undefined", subject: "node" },
};

/** The condition that `typeof name` between `start` and `end` is part of, with its comparison on either side. */
export function typeofCondition(bytes: Uint8Array, start: number, end: number): JavaScriptContext | undefined {
  const name = textOf(bytes, start, Math.min(end, start + 20));
  const known = Object.hasOwn(typesInNode, name) ? typesInNode[name] : undefined;
  if (!known) return undefined;
  const after = /^\s*([!=]==?)\s*["'](\w+)["']/.exec(textOf(bytes, end, Math.min(bytes.length, end + 40)));
  const before = /["'](\w+)["']\s*([!=]==?)\s*typeof\s+$/.exec(textOf(bytes, Math.max(0, start - 60), start));
  const comparison = after?.[1] ?? before?.[2];
  const type = after?.[2] ?? before?.[1];
  if (comparison === undefined || type === undefined) return undefined;
  const holds = comparison.startsWith("=") === (type === known.type);
  return `${holds ? "if" : "unless"} ${known.subject}`;
}
