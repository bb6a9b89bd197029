import { accountOf, accounts, findProgram } from "../entrypoint.ts";
import { matchesGlob } from "../glob.ts";
import { folderOf, joinPath, nameOf, textOf, withoutTrailing } from "../paths.ts";
import { unknownWord } from "../walk.ts";
import { environmentOf, isUnknown, unknownTruth, type ShellPath, type Truth } from "./shellPath.ts";
import type { Expander } from "./words.ts";

/** What a common tool prints and whether it succeeds, as far as the image alone tells. */
export interface ToolResult {
  readonly output: string;
  readonly truth: Truth;
}

type Tool = (args: readonly string[], path: ShellPath, expander: Expander) => ToolResult;

const ok = (output: string): ToolResult => ({ output, truth: 1 });
const unsure: ToolResult = { output: unknownWord, truth: unknownTruth };
const operands = (args: readonly string[]): readonly string[] => args.filter((word) => !word.startsWith("-") || word === "-");

const tools: Readonly<Record<string, Tool>> = {
  dirname: (args) =>
    ok(
      operands(args)
        .map((word) => (isUnknown(word) ? unknownWord : parentOf(word)))
        .join("\n"),
    ),
  basename: (args) => {
    const [word = "", suffix = ""] = operands(args);
    const name = nameOf(withoutTrailing(word, "/"));
    return ok(
      isUnknown(word) ? unknownWord : suffix !== "" && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name,
    );
  },
  readlink: (args, path, { catalog }) => {
    const target = joinPath(path.cwd, operands(args)[0] ?? "");
    if (isUnknown(target)) return unsure;
    if (args.some((word) => /^-\w*[fem]/.test(word))) return ok(catalog.resolve(target)?.path ?? target);
    const link = catalog.get(target)?.linkTarget;
    return link === undefined ? { output: "", truth: 0 } : ok(link);
  },
  realpath: (args, path, { catalog }) => {
    const target = joinPath(path.cwd, operands(args)[0] ?? "");
    return isUnknown(target) ? unsure : ok(catalog.resolve(target)?.path ?? target);
  },
  id: (args, _path, { catalog, uid }) => {
    const [user] = operands(args);
    if (user !== undefined) return isUnknown(user) ? unsure : { output: unknownWord, truth: userTruth(user, accounts(catalog)) };
    const flags = args.join("");
    if (/u/.test(flags)) return ok(/n/.test(flags) ? accountOf(catalog, String(uid)).name : String(uid));
    return ok(uid === 0 && /g/.test(flags) ? (/n/.test(flags) ? "root" : "0") : unknownWord);
  },
  whoami: (_args, _path, { catalog, uid }) => ok(accountOf(catalog, String(uid)).name),
  uname: (args) => ok(args.length === 0 || args[0] === "-s" ? "Linux" : unknownWord),
  arch: () => ok(unknownWord),
  which: (args, path, { catalog }) => {
    const found = operands(args).map((name) => findProgram(catalog, name, environmentOf(path, new Map()), path.cwd));
    return { output: found.filter((one) => one !== undefined).join("\n"), truth: Number(found.every((one) => one !== undefined)) };
  },
  getent: (args, _path, { catalog }) => {
    const [database, key] = operands(args);
    if (database === "passwd" && key !== undefined && !isUnknown(key))
      return { output: unknownWord, truth: userTruth(key, accounts(catalog)) };
    return unsure;
  },
  cat: (args, path, { catalog }) => {
    const names = operands(args);
    const texts =
      names.length === 0 ? [path.stdin] : names.map((name) => (name === "-" ? path.stdin : textOf(catalog, joinPath(path.cwd, name))));
    return ok(texts.some((text) => text === undefined || isUnknown(text)) ? unknownWord : texts.join(""));
  },
  ls: (args, path, { catalog }) => {
    const [folder] = operands(args);
    const at = joinPath(path.cwd, folder ?? ".");
    if (isUnknown(at)) return unsure;
    const there = catalog.resolve(at);
    if (!there) return { output: "", truth: path.made.has(at) ? 1 : 0 };
    if (there.type !== "directory") return ok(folder ?? "");
    const all = args.some((word) => /^-\w*[aA]/.test(word));
    return ok(
      [...catalog.list(at)]
        .filter((name) => all || !name.startsWith("."))
        .sort()
        .join("\n"),
    );
  },
  find: (args, path, expander) => ok(found(args, path, expander)),
  sort: (_args, path) =>
    ok(
      isUnknown(path.stdin)
        ? unknownWord
        : path.stdin
            .split("\n")
            .filter(Boolean)
            .sort()
            .map((line) => `${line}\n`)
            .join(""),
    ),
  tee: (_args, path) => ok(path.stdin),
  expr: () => unsure,
  seq: (args) => {
    const [a = 1, b] = operands(args).map(Number);
    const last = b ?? a;
    const first = b === undefined ? 1 : a;
    if (!Number.isInteger(first) || !Number.isInteger(last) || last - first > 100) return unsure;
    return ok(Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => `${first + i}\n`).join(""));
  },
  printenv: (args, path) => {
    const value = path.variables.get(args[0] ?? "");
    return { output: value?.values[0] ?? unknownWord, truth: Number(value?.exported === true) };
  },
};

/** Commands whose answer is a question to the outside, so that failing is as normal as succeeding. */
const asking = new Set("grep egrep fgrep pgrep diff cmp nc curl wget ping pg_isready mysqladmin redis-cli mountpoint pidof test timeout psql mysql kill jq openssl getent".split(" ")); // prettier-ignore

/** What running this program would print; unknown for most. Never undefined. */
export function toolResult(argv: readonly string[], path: ShellPath, expander: Expander): ToolResult {
  const name = nameOf(argv[0] as string);
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (tool) return tool(argv.slice(1), path, expander);
  return { output: unknownWord, truth: asking.has(name) ? unknownTruth : 0.97 };
}

function parentOf(path: string): string {
  const trimmed = withoutTrailing(path, "/");
  return trimmed.includes("/") ? folderOf(trimmed) : trimmed === "" && path !== "" ? "/" : ".";
}

function userTruth(user: string, known: readonly { readonly name: string; readonly uid: number }[]): Truth {
  if (known.length === 0) return unknownTruth;
  return Number(known.some(({ name, uid }) => name === user || String(uid) === user));
}

const maxFound = 2000;

/** `find FOLDER -type f -name PATTERN -print`, which is how entry scripts list their hooks; other tests make it unknown. */
function found(args: readonly string[], path: ShellPath, { catalog }: Expander): string {
  const roots: string[] = [];
  let type: string | undefined;
  let name: string | undefined;
  let depth = 20;
  for (let at = 0; at < args.length; at++) {
    const word = args[at] as string;
    if (isUnknown(word)) return unknownWord;
    if (!word.startsWith("-")) roots.push(word);
    else if (word === "-type") type = args[++at];
    else if (word === "-name") name = args[++at];
    else if (word === "-maxdepth") depth = Number(args[++at]);
    else if (word === "-mindepth") at++;
    else if (word === "-exec" || word === "-execdir" || word === "-ok" || word === "-delete") return "";
    else if (!/^-(print|quit|follow|L|H|P|xdev|readable)$/.test(word)) return unknownWord;
  }
  const lines: string[] = [];
  const visit = (folder: string, level: number): void => {
    if (level > depth || lines.length >= maxFound) return;
    for (const child of [...catalog.list(joinPath(path.cwd, folder))].sort()) {
      const one = `${folder.replace(/\/$/, "")}/${child}`;
      const entry = catalog.resolve(joinPath(path.cwd, one));
      const kind = entry?.type === "directory" ? "d" : "f";
      if ((type === undefined || type === kind) && (name === undefined || matchesGlob(name, child)) && lines.length < maxFound)
        lines.push(`${one}\n`);
      if (kind === "d" && catalog.get(joinPath(path.cwd, one))?.type === "directory") visit(one, level + 1);
    }
  };
  for (const root of roots.length === 0 ? ["."] : roots) visit(root, 1);
  return lines.join("");
}
