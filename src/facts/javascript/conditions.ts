import type { JavaScriptContext } from "./javaScriptFact.ts";
import { textOf } from "./literals.ts";

/** What holds in the other branch. */
export function inverse(condition: JavaScriptContext | undefined): JavaScriptContext {
  if (condition?.startsWith("if ")) return `unless ${condition.slice(3)}`;
  if (condition?.startsWith("unless ")) return `if ${condition.slice(7)}`;
  if (condition?.startsWith("option ")) return `without ${condition.slice(7)}`;
  if (condition?.startsWith("without ")) return `option ${condition.slice(8)}`;
  return "conditional";
}

const decidable =
  /^\s*(?:process\.env\.(\w+)|process\.(platform)|(require\.main))\s*([!=]==?)\s*(?:["']([^"'\\\n]{0,60})["']|(module))\s*\)/;

/** What the condition of an `if` says, where it is one of those that can be decided. `at`: after its paren. */
export function conditionAt(bytes: Uint8Array, at: number): JavaScriptContext {
  const text = textOf(bytes, at, Math.min(bytes.length, at + maxConditionLength));
  const match = decidable.exec(text);
  if (!match) {
    if (text.includes("typeof")) return combined(text);
    const condition = upToClosing(text);
    return condition === undefined ? "conditional" : plainCondition(condition, text.slice(condition.length + 1));
  }
  const [, env, platform, main, comparison, value, module] = match;
  const word = comparison?.startsWith("!") ? "unless" : "if";
  if (env !== undefined && value !== undefined) return `${word} env ${env} ${value}`;
  if (platform !== undefined && value !== undefined) return `${word} platform ${value}`;
  if (main !== undefined && module !== undefined) return `${word} main`;
  return "conditional";
}

/** The last word of names for what only developers and tests turn on. */
const development =
  /(?:^|[._])(?:is|in)?(?:dev|develop|development|devMode|devServer|isDev\w*|debug|hmr|hot|watch|test|testing|turbopack|windows|win32)$/i;

/** `then`: the text that follows the condition. */
function plainCondition(condition: string, then: string): JavaScriptContext {
  const text = condition.trim();
  const compared = /^[\w$.#?[\]]{1,80}\s*===?\s*["']([\w@./-]{1,40})["']$/.exec(text);
  if (compared?.[1] !== undefined) return `choice ${compared[1]}`;
  // What is loaded once and kept: `if (!driver) driver = require("driver")`.
  const unset = /^!\s*([\w$.#]{1,80})$/.exec(text) ?? /^([\w$.#]{1,80})\s*===?\s*(?:undefined|null|void 0)$/.exec(text);
  if (unset?.[1] !== undefined && keeps(then, unset[1])) return "if node";
  // What was not given has its default.
  if (/^[\w$.#]{1,80}\s*===?\s*(?:undefined|null)$/.test(text) && !/^\w*[oO]pt/.test(text)) return "fallback";
  // Versions that are asked for are mostly there: what is older is hardly run any more.
  if (/^[^!<"']*\b(?:nodeVer\w*|process\.versions?\b[\w.]*|\w*[vV]ersion\w*)[^!<"']*$/.test(text)) return "fallback";
  const option = optionAsked(text);
  if (option !== undefined) return option;
  const asked = /^(!?)\s*([\w$.#]{1,80})(?:\s*&&[^|]*)?$/.exec(text);
  if (asked?.[2] !== undefined && development.test(asked[2])) return asked[1] === "!" ? (text.includes("&&") ? "conditional" : "if node") : "unlikely"; // prettier-ignore
  return "conditional";
}

/** `options.name`, `!options.name`, `options.name === undefined || options.name === null`. */
function optionAsked(text: string): JavaScriptContext | undefined {
  if (/^[\w$.]{0,40}\bisNode(?:Like|js|JS)?(?:\s*&&\s*[\w$.]+)?$/.test(text)) return "if node";
  const match =
    /^(!?)\s*((?:this\.|self\.)?_?(?:opts?|options|config|settings|params)\.(\w{1,40}))(?:\s*([!=])==?\s*(?:undefined|null|false)(?:\s*(?:\|\||&&)\s*\2\s*\4==?\s*(?:undefined|null|false))?)?$/.exec(
      text,
    );
  if (!match?.[3]) return undefined;
  return (match[1] === "!") !== (match[4] === "=") ? `without ${match[3]}` : `option ${match[3]}`;
}

/** Whether the code sets that name soon, to something that it loads or calls. */
function keeps(text: string, name: string): boolean {
  const soon = text.slice(0, 160);
  for (let at = soon.indexOf(name); at >= 0; at = soon.indexOf(name, at + 1))
    if (/^\s*=\s*(?:await\s|[\w$.]*\()/.test(soon.slice(at + name.length))) return true;
  return false;
}

/** What a `switch` looks at: the platform, or some name. `at`: after its paren. */
export function switchSubject(bytes: Uint8Array, at: number): "platform" | "name" {
  const text = textOf(bytes, at, Math.min(bytes.length, at + 40));
  return /^\s*(?:\w+\.)?(?:platform|platform\(\))\s*\)/.test(text) ? "platform" : "name";
}

/** What a condition before `?` says, when it ends by comparing a setting. `at`: the question mark. */
export function ternaryCondition(bytes: Uint8Array, at: number): JavaScriptContext | undefined {
  const text = textOf(bytes, Math.max(0, at - 120), at);
  const match = /(?<![&|]\s*)\bprocess\.(?:env\.(\w+)|(platform))\s*([!=]==?)\s*["']([^"'\\\n]{0,60})["']\s*$/.exec(text);
  if (!match) return undefined;
  const [, env, , comparison, value] = match;
  return `${comparison?.startsWith("!") ? "unless" : "if"} ${env === undefined ? "platform" : `env ${env}`} ${value}`;
}

/** Longer conditions are not looked through. */
const maxConditionLength = 300;

/** `typeof a === "x" && typeof b !== "y" || …`, each part true, false or unknown. */
function combined(text: string): JavaScriptContext {
  const condition = upToClosing(text);
  if (condition === undefined) return "conditional";
  let asksForModule = false;
  const valueOf = (term: string): boolean | undefined => {
    const name = /typeof\s*\(?\s*(\w+)/.exec(term);
    if (name?.[1] !== undefined) {
      const bytes = Buffer.from(term);
      const end = name.index + name[0].length;
      const asked = typeofCondition(bytes, end - name[1].length, end);
      if (asked === undefined) return undefined;
      if (asked.endsWith("commonjs")) asksForModule = true;
      return asked.startsWith("if") !== asked.endsWith("amd");
    }
    // Only Electron's windows and bundles for browsers have these.
    if (/^[\s(]*process\.(?:type|browser|__nwjs)\b/.test(term)) return /!==?/.test(term);
    // `module.exports` beside `typeof module`, `define.amd` beside `typeof define`.
    return /^[\s(]*(?:module|exports|module\.exports|process|process\.versions(?:\.node)?|require)[\s)]*$/.test(term) ? true : undefined;
  };
  const alternatives = condition.split("||").map((alternative) => {
    const terms = alternative.split("&&").map(valueOf);
    return terms.includes(false) ? false : terms.includes(undefined) ? undefined : true;
  });
  const value = alternatives.includes(true) ? true : alternatives.includes(undefined) ? undefined : false;
  if (value === undefined) return "conditional";
  return `${value ? "if" : "unless"} ${asksForModule ? "commonjs" : "node"}`;
}

/** The text before the paren that closes the condition. */
function upToClosing(text: string): string | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "(") depth++;
    else if (char === ")" && depth-- === 0) return text.slice(0, at);
  }
  return undefined;
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
