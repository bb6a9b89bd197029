import { findProgram } from "../entrypoint.ts";
import { joinPath } from "../paths.ts";
import { unknownWord } from "../walk.ts";
import { testWords } from "./conditions.ts";
import { assign, environmentOf, isUnknown, unknownTruth, valueOf, write, type ShellPath, type Truth } from "./shellPath.ts";
import type { Expander } from "./words.ts";

/** Changes the path as the builtin would and says whether it succeeds. */
type Builtin = (args: readonly string[], path: ShellPath, expander: Expander) => Truth;

const succeed: Builtin = () => 1;

/** Builtins that need no evaluation of further script text; the others are in `evaluate.ts`. */
const builtins: Readonly<Record<string, Builtin>> = {
  ":": succeed,
  true: succeed,
  false: () => 0,
  trap: succeed,
  umask: succeed,
  ulimit: succeed,
  wait: succeed,
  kill: () => unknownTruth,
  jobs: succeed,
  alias: succeed,
  unalias: succeed,
  shopt: succeed,
  times: succeed,
  bg: succeed,
  fg: succeed,
  disown: succeed,
  enable: succeed,
  complete: succeed,
  bind: succeed,
  history: succeed,
  suspend: succeed,
  getopts: getopts,
  let: () => unknownTruth,
  "[": (args, path, expander) => testWords(args.at(-1) === "]" ? args.slice(0, -1) : args, path, expander),
  test: testWords,
  echo(args, path) {
    const newline = args[0] !== "-n";
    const words = /^-[neE]+$/.test(args[0] ?? "") ? args.slice(1) : args;
    write(path, words.join(" ") + (newline ? "\n" : ""));
    return 1;
  },
  printf(args, path) {
    if (args[0] === "-v") {
      assign(path, args[1] ?? "_", [formatted(args.slice(2))]);
      return 1;
    }
    write(path, formatted(args[0] === "--" ? args.slice(1) : args));
    return 1;
  },
  pwd(_args, path) {
    write(path, `${path.cwd}\n`);
    return 1;
  },
  cd(args, path, { catalog }) {
    const target = args.find((word) => !word.startsWith("-")) ?? valueOf(path, "HOME") ?? "/";
    if (isUnknown(target)) return unknownTruth;
    const folder = joinPath(path.cwd, target);
    const isThere = catalog.resolve(folder)?.type === "directory" || folder === "/" || path.made.has(folder);
    if (isThere) path.cwd = folder;
    return Number(isThere);
  },
  pushd: (args, path, expander) => (builtins["cd"] as Builtin)(args, path, expander),
  popd: succeed,
  export: declare(true),
  readonly: declare(undefined),
  declare: declare(undefined),
  typeset: declare(undefined),
  local(args, path, expander) {
    const frame = path.frames.at(-1);
    for (const word of args) {
      const name = /^\w+/.exec(word)?.[0];
      if (name !== undefined && frame && !frame.has(name)) {
        frame.set(name, path.variables.get(name));
        if (!word.includes("=")) path.variables.delete(name);
      }
    }
    return declare(undefined)(args, path, expander);
  },
  unset(args, path) {
    for (const name of args) {
      path.variables.delete(name);
      if (args[0] === "-f") path.functions.delete(name);
    }
    return 1;
  },
  set(args, path) {
    const at = args.findIndex((word) => word === "--" || !/^[-+]/.test(word));
    if (at >= 0 && !(at > 0 && args[at - 1]?.endsWith("o") && args[at] !== "--"))
      path.args = args[at] === "--" ? args.slice(at + 1) : args.slice(at);
    else if (at > 0 && args.length > at + 1) path.args = args.slice(args[at + 1] === "--" ? at + 2 : at + 1);
    return 1;
  },
  shift(args, path) {
    const count = Number(args[0] ?? 1);
    if (!Number.isInteger(count) || count < 0 || count > path.args.length) return 0;
    path.args = path.args.slice(count);
    return 1;
  },
  read(args, path) {
    const names: string[] = [];
    for (let at = 0; at < args.length; at++) {
      if (/^-\w*[dpntNui]$/.test(args[at] as string)) at++;
      else if (!args[at]?.startsWith("-")) names.push(args[at] as string);
    }
    const end = path.stdin.indexOf("\n");
    const line = end < 0 ? path.stdin : path.stdin.slice(0, end);
    if (isUnknown(line)) {
      for (const name of names) assign(path, name, [unknownWord]);
      return unknownTruth;
    }
    path.stdin = end < 0 ? "" : path.stdin.slice(end + 1);
    const fields = names.length > 1 ? line.trim().split(/\s+/) : [line.trim()];
    names.forEach((name, index) => {
      assign(path, name, [index === names.length - 1 ? fields.slice(index).join(" ") : (fields[index] ?? "")]);
    });
    return Number(end >= 0 || line !== "");
  },
  mapfile: mapfile,
  readarray: mapfile,
  hash: whether,
  type: whether,
};

function mapfile(args: readonly string[], path: ShellPath): Truth {
  const name = args.filter((word) => !word.startsWith("-")).at(-1) ?? "MAPFILE";
  assign(path, name, isUnknown(path.stdin) ? [unknownWord] : path.stdin.split("\n").filter(Boolean), { isArray: true });
  path.stdin = "";
  return 1;
}

/** Options of a container's own arguments are parsed in loops; the first round sets the variable, the second ends. */
function getopts(args: readonly string[], path: ShellPath): Truth {
  const name = args[1] ?? "opt";
  const given = path.args.some((word) => word.startsWith("-"));
  if (!given) return 0;
  assign(path, name, [unknownWord]);
  assign(path, "OPTARG", [unknownWord]);
  return unknownTruth;
}

function declare(exported: boolean | undefined): Builtin {
  return (args, path) => {
    const flags = args.filter((word) => /^[-+]\w/.test(word)).join("");
    for (const word of args) {
      if (/^[-+]/.test(word)) continue;
      const [, name, plus, value] = /^(\w+)(?:(\+)?=([^]*))?$/.exec(word) ?? [];
      if (name === undefined) continue;
      const isExported = flags.includes("x") ? true : flags.includes("n") && exported ? false : exported;
      const options = { ...(isExported === undefined ? {} : { exported: isExported }), ...(flags.includes("a") ? { isArray: true } : {}) };
      if (value !== undefined) assign(path, name, [plus ? (valueOf(path, name) ?? "") + value : value], options);
      else if (path.variables.has(name) || flags.includes("a")) assign(path, name, path.variables.get(name)?.values ?? [], options);
    }
    return 1;
  };
}

function whether(args: readonly string[], path: ShellPath, expander: Expander): Truth {
  return commandPath(
    args.filter((word) => !word.startsWith("-")),
    path,
    expander,
  ).truth;
}

/** `command -v name`: the path, or the name of a function or builtin. */
export function commandPath(
  names: readonly string[],
  path: ShellPath,
  { catalog }: Expander,
): { readonly output: string; readonly truth: Truth } {
  const [name = ""] = names;
  if (isUnknown(name)) return { output: unknownWord, truth: unknownTruth };
  if (path.functions.has(name) || isBuiltin(name)) return { output: `${name}\n`, truth: 1 };
  const found = findProgram(catalog, name, environmentOf(path, new Map()), path.cwd);
  return found === undefined ? { output: "", truth: 0 } : { output: `${found}\n`, truth: 1 };
}

/** Builtins that `evaluate.ts` handles itself. */
const control = new Set(["exec", "eval", "exit", "return", "break", "continue", ".", "source", "command", "builtin", "logout"]);

export function isBuiltin(name: string): boolean {
  return control.has(name) || Object.hasOwn(builtins, name);
}

/** Undefined when there is no such builtin. */
export function runBuiltin(name: string, args: readonly string[], path: ShellPath, expander: Expander): Truth | undefined {
  return Object.hasOwn(builtins, name) ? (builtins[name] as Builtin)(args, path, expander) : undefined;
}

/** printf's `%s`, `%d` and escapes; the format repeats while there are arguments. */
function formatted(args: readonly string[]): string {
  const [format = "", ...values] = args;
  if (isUnknown(format)) return unknownWord;
  const rest = [...values];
  let text = "";
  let rounds = 0;
  do {
    const before = rest.length;
    text += format.replace(/%%|%[-0-9.]*[sdiubq]|\\n|\\t|\\\\/g, (token) => {
      if (token === "\\n") return "\n";
      if (token === "\\t") return "\t";
      if (token === "\\\\") return "\\";
      return token === "%%" ? "%" : (rest.shift() ?? "");
    });
    if (rest.length === before) break;
  } while (rest.length > 0 && ++rounds < 200);
  return text;
}
