import { joinPath } from "../paths.ts";
import { unknownWord, type Command, type StartupWalk } from "../walk.ts";
import { packagesIn } from "./packageJson.ts";

/** Programs that start another one: which word of theirs names it. */
interface Launcher {
  /** Of the launcher's own script, symlinks resolved. */
  readonly path: RegExp;
  /** What it starts; undefined when its words name nothing. */
  command(words: readonly string[], command: Command, walk: StartupWalk): readonly string[] | undefined;
  /** It stays between the container and its program, so its own modules are loaded as well: nearly all of what it can load. */
  readonly functionLikelihood: number;
}

const launchers: readonly Launcher[] = [
  {
    path: /\/npm\/bin\/npm-cli\.js$/,
    command: (words, command, walk) => scriptOf(words, command, walk, npmWords),
    functionLikelihood: 0.7,
  },
  { path: /\/npm\/bin\/npx-cli\.js$/, command: (words) => operands(words), functionLikelihood: 0.7 },
  {
    path: /\/(?:yarn|yarnpkg)[^/]*\/(?:bin\/yarn|lib\/cli|dist\/yarn|bin\/yarn\.js)?[^/]*$|\/\.yarn\/releases\/yarn-[^/]+$/,
    command: (words, command, walk) => scriptOf(words, command, walk, yarnWords),
    functionLikelihood: 0.3,
  },
  {
    path: /\/pnpm\/(?:bin|dist)\/pnpm\.c?js$/,
    command: (words, command, walk) => scriptOf(words, command, walk, yarnWords),
    functionLikelihood: 0.3,
  },
  {
    path: /\/corepack\/dist\/(?:yarn|pnpm)\.js$/,
    command: (words, command, walk) => scriptOf(words, command, walk, yarnWords),
    functionLikelihood: 0.3,
  },
  {
    path: /\/cross-env\/.*\/?(?:bin|dist|src)\/(?:bin\/)?cross-env(?:-shell)?\.js$/,
    command: (words) =>
      words.slice(
        Math.max(
          0,
          words.findIndex((word) => !word.includes("=")),
        ),
      ),
    functionLikelihood: 0.3,
  },
  {
    path: /\/(?:pm2\/bin\/pm2(?:-runtime|-docker)?|nodemon\/bin\/nodemon\.js|forever\/bin\/forever|node-dev\/bin\/node-dev)$/,
    command: (words) => nodeScript(words),
    functionLikelihood: 0.3,
  },
];

export interface Launch {
  readonly argv: readonly string[] | undefined;
  readonly functionLikelihood: number;
  /** Further settings of the started program. */
  readonly env: ReadonlyMap<string, string>;
}

/** What a script starts when it is a package manager or a process manager; undefined for ordinary programs. */
export function launchOf(scriptPath: string, words: readonly string[], command: Command, walk: StartupWalk): Launch | undefined {
  const launcher = launchers.find(({ path }) => path.test(scriptPath));
  if (!launcher) return undefined;
  const env = new Map(command.env);
  // Package managers put the project's own programs first.
  const scope = packagesIn(walk.catalog).scopeOf(command.cwd);
  const bin = joinPath(scope?.folder ?? command.cwd, "node_modules/.bin");
  env.set("PATH", `${bin}:${command.env.get("PATH") ?? ""}`);
  return { argv: launcher.command(words, command, walk), functionLikelihood: launcher.functionLikelihood, env };
}

/** The script of package.json that words like `run start` name, with the scripts before and after it, for a shell. */
function scriptOf(
  words: readonly string[],
  command: Command,
  walk: StartupWalk,
  nameOfScript: (words: readonly string[]) => { readonly name: string; readonly rest: readonly string[] } | undefined,
): readonly string[] | undefined {
  const asked = nameOfScript(words);
  if (!asked) return undefined;
  const prefix = words.find((word) => /^(?:--prefix|--cwd|-C)=/.test(word))?.split("=")[1] ?? wordAfter(words, ["--prefix", "--cwd", "-C"]);
  const folder = prefix === undefined || prefix.includes(unknownWord) ? command.cwd : joinPath(command.cwd, prefix);
  const scope = packagesIn(walk.catalog).scopeOf(folder);
  if (!scope) return undefined;
  walk.open(scope.path, "node-package-json", command.probability, `${command.startedBy} → ${asked.name}`);
  return shellFor(scope.scripts, asked.name, asked.rest, walk.catalog.file(joinPath(scope.folder, "server.js")) !== undefined);
}

/** `node --run name` and package managers give scripts to a shell. */
export function shellFor(
  scripts: ReadonlyMap<string, string>,
  name: string,
  rest: readonly string[],
  hasServer = false,
): readonly string[] | undefined {
  const own = scripts.get(name) ?? (name === "start" && hasServer ? "node server.js" : undefined);
  if (own === undefined) return undefined;
  const quoted = rest.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  const lines = [scripts.get(`pre${name}`), [own, ...quoted].join(" "), scripts.get(`post${name}`)].filter((line) => line !== undefined);
  return ["sh", "-c", lines.join(" && ")];
}

function npmWords(words: readonly string[]): { name: string; rest: readonly string[] } | undefined {
  const [verb, ...others] = operands(words) ?? [];
  const separator = words.indexOf("--");
  const rest = separator < 0 ? [] : words.slice(separator + 1);
  if (verb === "start" || verb === "test" || verb === "stop" || verb === "restart") return { name: verb, rest };
  const name = others.find((word) => !word.startsWith("-"));
  return (verb === "run" || verb === "run-script") && name !== undefined ? { name, rest } : undefined;
}

/** yarn and pnpm take a script's name without `run`, and pass all further words on. */
function yarnWords(words: readonly string[]): { name: string; rest: readonly string[] } | undefined {
  const named = operands(words) ?? [];
  const [name, ...rest] = named[0] === "run" ? named.slice(1) : named;
  return name === undefined || /^(?:install|add|exec|dlx|node|build)$/.test(name) ? undefined : { name, rest };
}

/** Options before the first word that is none, and their values, are left out. */
function operands(words: readonly string[]): readonly string[] | undefined {
  let at = 0;
  while (at < words.length && words[at]?.startsWith("-"))
    at += /^(?:--prefix|--cwd|-C|--loglevel|-p|--package)$/.test(words[at] ?? "") ? 2 : 1;
  const end = words.indexOf("--", at);
  const named = words.slice(at, end < 0 ? undefined : end);
  return named.length > 0 ? named : undefined;
}

function wordAfter(words: readonly string[], names: readonly string[]): string | undefined {
  const at = words.findIndex((word) => names.includes(word));
  return at < 0 ? undefined : words[at + 1];
}

function nodeScript(words: readonly string[]): readonly string[] | undefined {
  const at = words.findIndex((word) => /\.[cm]?js$/.test(word) && !word.startsWith("-"));
  if (at < 0) return undefined;
  const separator = words.indexOf("--");
  return ["node", words[at] as string, ...(separator > at ? words.slice(separator + 1) : [])];
}
