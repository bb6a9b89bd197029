import { accountOf } from "./entrypoint.ts";
import { folderOf, joinPath, nameOf } from "./paths.ts";
import { unknownWord, type Command, type StartupWalk } from "./walk.ts";

/** A program that ends up executing the command in its own arguments. */
interface Wrapper {
  /** Options that take the next word; the others stand alone or carry their value (`-n5`, `--user=x`). */
  readonly valued?: readonly string[];
  /** How many words stand between the options and the command: `timeout 5 cmd` 1. */
  readonly operands?: number;
  /** Whether `NAME=value` words before the command go into its environment. */
  readonly settings?: true;
  /** The operand or option that names the user: an option name, or the first operand. */
  readonly user?: "operand" | readonly string[];
  /** Words after which the command begins, beside `--`. */
  readonly separator?: string;
}

const table: Readonly<Record<string, Wrapper>> = {
  env: { valued: ["-u", "--unset", "-C", "--chdir"], settings: true },
  gosu: { operands: 1, user: "operand" },
  "su-exec": { operands: 1, user: "operand" },
  chroot: { operands: 1 },
  setpriv: {
    valued: ["--reuid", "--regid", "--groups", "--inh-caps", "--ambient-caps", "--bounding-set", "--securebits", "--pdeathsig"],
    user: ["--reuid"],
  },
  setuidgid: { operands: 1, user: "operand" },
  "s6-setuidgid": { operands: 1, user: "operand" },
  chpst: { valued: ["-u", "-U", "-e", "-/", "-n", "-l", "-L", "-m", "-d", "-o", "-p", "-f", "-c", "-t", "-r"], user: ["-u"] },
  sudo: { valued: ["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "--user", "--group"], settings: true, user: ["-u", "--user"] },
  doas: { valued: ["-u", "-C"], user: ["-u"] },
  tini: { valued: ["-p", "-e"] },
  "tini-static": { valued: ["-p", "-e"] },
  "docker-init": { valued: ["-p", "-e"] },
  "dumb-init": { valued: ["-r", "--rewrite"] },
  catatonit: {},
  pid1: {},
  nice: { valued: ["-n", "--adjustment"] },
  ionice: { valued: ["-c", "-n", "--class", "--classdata"] },
  chrt: { operands: 1 },
  taskset: { operands: 1 },
  timeout: { valued: ["-k", "-s", "--kill-after", "--signal"], operands: 1 },
  stdbuf: { valued: ["-i", "-o", "-e", "--input", "--output", "--error"] },
  nohup: {},
  "with-contenv": {},
  setsid: {},
  unbuffer: {},
  time: { valued: ["-f", "-o"] },
  prlimit: { valued: [] },
  numactl: { valued: ["-N", "-m", "-C", "-i", "-p"] },
  "aws-env": {},
  chamber: { separator: "--" },
  "wait-for-it.sh": { operands: 0, separator: "--" },
  "wait-for-it": { operands: 0, separator: "--" },
  "wait-for": { operands: 0, separator: "--" },
  dockerize: { separator: "--", valued: ["-wait", "-timeout", "-template", "-stdout", "-stderr", "-poll", "-wait-retry-interval"] },
  linux32: {},
  linux64: {},
  setarch: { operands: 1 },
  proot: {},
  xargs: { valued: ["-n", "-P", "-I", "-L", "-s", "-d", "-a"] },
};

/** Options of `uv run`, `conda run` and `micromamba run` that take the next word. */
const environmentOptions = new Set(
  (
    "--directory --project --python -p --with --with-editable --with-requirements --extra --group --no-group --only-group --env-file --package " +
    "--index --index-url --cache-dir --config-file -n --name --prefix --cwd -r --root-prefix"
  ).split(" "),
);

/** `uv run …` in the project's environment (`.venv`), `conda run -n name …` in a named one: the program is looked for there first. */
function unwrapEnvironment(command: Command, walk: StartupWalk): Command | undefined {
  const { argv, env, cwd } = command;
  const name = nameOf(argv[0] as string);
  const verb = argv.findIndex((word, at) => at > 0 && !word.startsWith("-") && !environmentOptions.has(argv[at - 1] as string));
  if (!/^(uv|conda|mamba|micromamba)$/.test(name) || argv[verb] !== "run") return undefined;
  const settings = new Map<string, string>();
  let at = verb + 1;
  let isModule = false;
  const take = (from: number, to: number): void => {
    for (let index = from; index < to; index++)
      if (environmentOptions.has(argv[index] as string)) settings.set(argv[index] as string, argv[index + 1] ?? "");
  };
  take(1, verb);
  for (; at < argv.length && (argv[at] as string).startsWith("-"); at++) {
    const word = argv[at] as string;
    if (word === "--") {
      at++;
      break;
    }
    if (word === "-m" || word === "--module") {
      isModule = true;
      at++;
      break;
    }
    if (environmentOptions.has(word)) settings.set(word, argv[++at] ?? "");
  }
  const inner = argv.slice(at);
  if (inner.length === 0) return undefined;
  const folder = settings.get("--directory") ?? settings.get("--cwd");
  const directory = folder === undefined ? cwd : joinPath(cwd, folder);
  const project = settings.get("--project");
  const prefix =
    name === "uv"
      ? uvEnvironment(walk, env, project === undefined ? directory : joinPath(cwd, project))
      : condaEnvironment(walk, command, settings);
  if (name === "uv")
    for (const file of ["pyproject.toml", "uv.lock", "uv.toml", ".python-version"])
      walk.open(joinPath(directory, file), "config", command.probability * 0.9, "uv reads it");
  const environment = new Map(env);
  if (prefix !== undefined) {
    environment.set("PATH", `${prefix}/bin:${env.get("PATH") ?? ""}`);
    environment.set(name === "uv" ? "VIRTUAL_ENV" : "CONDA_PREFIX", prefix);
    walk.open(`${prefix}/pyvenv.cfg`, "config", command.probability * 0.9, `${name} run uses this environment`);
  }
  const first = inner[0] as string;
  const program = isModule ? ["python", "-m"] : /\.pyw?$/.test(first) ? ["python"] : [];
  return { ...command, argv: [...program, ...inner], env: environment, cwd: directory, startedBy: `${name} run` };
}

/** UV_PROJECT_ENVIRONMENT, or `.venv` beside the nearest pyproject.toml (docs.astral.sh/uv, project environments). */
function uvEnvironment(walk: StartupWalk, env: ReadonlyMap<string, string>, from: string): string | undefined {
  const named = env.get("UV_PROJECT_ENVIRONMENT");
  const folders: string[] = [];
  for (let folder = from; folders.length < 40; folder = folderOf(folder)) {
    folders.push(folder);
    if (folder === "/") break;
  }
  const candidates =
    named !== undefined ? folders.map((folder) => joinPath(folder, named)) : folders.map((folder) => joinPath(folder, ".venv"));
  return [...candidates, env.get("VIRTUAL_ENV") ?? ""].find((one) => one !== "" && walk.catalog.file(`${one}/pyvenv.cfg`) !== undefined);
}

function condaEnvironment(walk: StartupWalk, { argv, env }: Command, settings: ReadonlyMap<string, string>): string | undefined {
  const prefix = settings.get("-p") ?? settings.get("--prefix");
  if (prefix !== undefined) return prefix;
  const name = settings.get("-n") ?? settings.get("--name");
  const own = (argv[0] as string).startsWith("/") ? [folderOf(folderOf(argv[0] as string))] : [];
  const roots = [
    settings.get("-r"),
    settings.get("--root-prefix"),
    env.get("MAMBA_ROOT_PREFIX"),
    ...own,
    "/opt/conda",
    "/root/miniconda3",
    "/opt/miniconda3",
    "/opt/miniforge3",
  ];
  for (const root of roots) {
    if (root === undefined) continue;
    const folder = name === undefined || name === "base" ? root : `${root}/envs/${name}`;
    if (walk.catalog.resolve(`${folder}/bin`)?.type === "directory") return folder;
  }
  return undefined;
}

/** The command within the command of a wrapper; undefined when the program is none, or wraps nothing. */
export function unwrap(command: Command, executable: string, walk: StartupWalk): Command | undefined {
  let argv = command.argv;
  let name = nameOf(argv[0] as string);
  const inEnvironment = unwrapEnvironment(command, walk);
  if (inEnvironment !== undefined) return inEnvironment;
  // `busybox sh -c …`: the first argument is the program.
  if (nameOf(executable) === "busybox" && name === "busybox") {
    argv = argv.slice(1);
    name = argv[0] ?? "";
    return argv.length === 0 ? undefined : { ...command, argv };
  }
  const wrapper = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!wrapper) return undefined;
  const words = name === "env" ? splitString(argv.slice(1)) : argv.slice(1);
  const { rest, options } = afterOptions(words, wrapper);
  const env = new Map(command.env);
  let cwd = command.cwd;
  if (name === "env") {
    if (options.some(([option]) => option === "-i" || option === "--ignore-environment" || option === "-")) env.clear();
    for (const [option, value] of options) {
      if ((option === "-u" || option === "--unset") && value !== undefined) env.delete(value);
      if ((option === "-C" || option === "--chdir") && value?.startsWith("/")) cwd = value;
    }
  }
  let at = 0;
  if (wrapper.settings) {
    for (; at < rest.length; at++) {
      const equals = (rest[at] as string).indexOf("=");
      if (equals <= 0) break;
      env.set((rest[at] as string).slice(0, equals), (rest[at] as string).slice(equals + 1));
    }
  }
  const user = userOf(wrapper, options, rest[at]);
  at += wrapper.operands ?? 0;
  if (rest[at] === "--") at++;
  const inner = rest.slice(at);
  if (inner.length === 0) return undefined;
  if (user === undefined) return { ...command, argv: inner, env, cwd };
  const account = accountOf(walk.catalog, user);
  walk.open("/etc/passwd", "account", command.probability, `${name} ${user}`);
  walk.open("/etc/group", "account", command.probability * 0.95, `${name} ${user}`);
  if (name === "gosu" || name === "su-exec" || name === "sudo" || name === "doas") env.set("HOME", account.home);
  return { ...command, argv: inner, env, cwd, uid: account.uid };
}

type Option = readonly [name: string, value: string | undefined];

function afterOptions(words: readonly string[], wrapper: Wrapper): { rest: readonly string[]; options: readonly Option[] } {
  const options: Option[] = [];
  if (wrapper.separator !== undefined) {
    const at = words.indexOf(wrapper.separator);
    if (at >= 0) return { rest: words.slice(at + 1), options };
    if (wrapper.operands !== undefined) return { rest: [], options };
  }
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] as string;
    if (word === "--") {
      at++;
      break;
    }
    if (!word.startsWith("-") || word === unknownWord) break;
    const equals = word.startsWith("--") ? word.indexOf("=") : -1;
    if (equals > 0) options.push([word.slice(0, equals), word.slice(equals + 1)]);
    else if (wrapper.valued?.includes(word)) options.push([word, words[++at]]);
    else if (/^-[a-zA-Z]./.test(word) && !word.startsWith("--")) options.push([word.slice(0, 2), word.slice(2)]);
    else options.push([word, undefined]);
  }
  return { rest: words.slice(at), options };
}

function userOf(wrapper: Wrapper, options: readonly Option[], operand: string | undefined): string | undefined {
  const named = wrapper.user === "operand" ? operand : options.find(([name]) => wrapper.user?.includes(name))?.[1];
  return named === undefined || named.includes(unknownWord) ? undefined : named;
}

/** `env -S "python -u"`: the string is split as env(1) says; quotes group words. */
function splitString(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => word === "-S" || word.startsWith("-S") || word.startsWith("--split-string=") || /^-v?S/.test(word));
  if (at < 0 || words.slice(0, at).some((word) => !word.startsWith("-"))) return words;
  const word = words[at] as string;
  const inline = word.startsWith("--split-string=") ? word.slice(15) : word.slice(word.indexOf("S") + 1);
  const text = inline === "" ? (words[at + 1] ?? "") : inline;
  return [...words.slice(0, at), ...splitWords(text), ...words.slice(inline === "" ? at + 2 : at + 1)];
}

/** Words of one line, quotes and backslashes as in a shell, nothing expanded. */
export function splitWords(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g)].map((match) =>
    match[0].replace(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g,
      (_, double?: string, single?: string, escaped?: string) => double ?? single ?? escaped ?? "",
    ),
  );
}
