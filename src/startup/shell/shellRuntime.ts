import { joinPath, nameOf, textOf } from "../paths.ts";
import { unknownWord, type Command, type Runtime, type StartupWalk } from "../walk.ts";
import { evaluateShell, type ShellOptions } from "./evaluate.ts";

/** What the words of a shell's command line ask for. */
interface Invocation {
  /** The text of `-c`. */
  readonly text?: string;
  readonly script?: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly isLogin: boolean;
}

/** sh, bash, dash and busybox ash: scripts and `-c` texts are evaluated, and what they start is followed. */
export const shellRuntime: Runtime = {
  name: "shell",
  matches: (programName, executable) =>
    /^(sh|bash|dash|ash|rbash)$/.test(programName) || (/^(bash|dash)$/.test(nameOf(executable)) && !/\.(py|js|rb|pl)$/.test(programName)),
  start(command, _executable, _invokedPath, walk) {
    const invocation = invocationOf(command);
    if (invocation.isLogin)
      follow({ name: "/etc/profile", text: textOf(walk.catalog, "/etc/profile") ?? "", args: [] }, command, walk, "/etc/profile");
    const startFile = nameOf(command.argv[0] as string) === "bash" ? command.env.get("BASH_ENV") : undefined;
    if (startFile) walk.open(joinPath(command.cwd, startFile), "shell", command.probability, "BASH_ENV");
    if (invocation.text !== undefined) {
      if (invocation.text.includes(unknownWord)) unread(command, walk, "a text that only running the container would tell");
      else follow({ name: invocation.name, text: invocation.text, args: invocation.args }, command, walk);
      return;
    }
    if (invocation.script === undefined) return;
    if (invocation.script.includes(unknownWord)) {
      unread(command, walk, "a script whose name only running the container would tell");
      return;
    }
    const file = scriptFile(invocation.script, command, walk);
    const text = file === undefined ? undefined : textOf(walk.catalog, file);
    if (file !== undefined) walk.open(file, "script", command.probability, `run by ${command.startedBy}`);
    if (text === undefined) unread(command, walk, invocation.script);
    else follow({ name: invocation.name, text, args: invocation.args }, command, walk, file);
  },
};

function follow(
  script: { readonly name: string; readonly text: string; readonly args: readonly string[] },
  command: Command,
  walk: StartupWalk,
  file?: string,
): void {
  const options: ShellOptions = {
    catalog: walk.catalog,
    uid: command.uid,
    env: command.env,
    cwd: command.cwd,
    name: script.name,
    file,
    args: script.args,
    readText: (path) => textOf(walk.catalog, path),
  };
  const strict = evaluateShell(script.text, options);
  const result = strict.failed ? evaluateShell(script.text, { ...options, ignoresFailure: true }) : strict;
  if (strict.failed && command.probability >= 0.3)
    walk.flag({
      code: "settings-assumed",
      message: `${script.name} gives up without settings that only a run gives it; the estimate assumes that they are given.`,
    });
  const { commands, reads, truncated } = result;
  for (const { path, probability, evidence } of reads)
    walk.open(path, "shell", probability * command.probability, file === undefined ? "sh -c" : evidence);
  for (const one of commands)
    walk.run({
      ...one,
      uid: command.uid,
      probability: one.probability * command.probability,
      startedBy: file === undefined ? command.startedBy : one.startedBy,
    });
  if (truncated)
    walk.flag({
      code: "script-too-complex",
      message: `${script.name} does more than could be followed; what it starts later may be missing.`,
    });
}

function unread(command: Command, walk: StartupWalk, what: string): void {
  if (command.probability < 0.3) return;
  walk.flag({
    code: "script-not-read",
    message: `${command.startedBy} runs ${what}, which could not be read, so what it starts is not known.`,
  });
}

/** The shell looks for a script in the working folder first, then in PATH (POSIX sh, operand command_file). */
function scriptFile(name: string, command: Command, walk: StartupWalk): string | undefined {
  const local = joinPath(command.cwd, name);
  if (name.includes("/") || walk.catalog.file(local)) return local;
  return (command.env.get("PATH") ?? "")
    .split(":")
    .map((folder) => joinPath(folder, name))
    .find((path) => walk.catalog.file(path));
}

function invocationOf(command: Command): Invocation {
  const { argv } = command;
  let at = 1;
  let hasText = false;
  let isLogin = (argv[0] as string).startsWith("-");
  for (; at < argv.length; at++) {
    const word = argv[at] as string;
    if (word === "--" || word === "-") {
      at++;
      break;
    }
    if (!/^[-+]./.test(word)) break;
    if (word === "--rcfile" || word === "--init-file") at++;
    else if (word === "--login") isLogin = true;
    else if (!word.startsWith("--")) {
      if (word.startsWith("-") && word.includes("c")) hasText = true;
      if (word.startsWith("-") && word.includes("l")) isLogin = true;
      if (/^[-+]\w*[oO]$/.test(word)) at++;
    }
  }
  const rest = argv.slice(at);
  if (hasText) return { text: rest[0] ?? "", name: rest[1] ?? (argv[0] as string), args: rest.slice(2), isLogin };
  return { ...(rest[0] === undefined ? {} : { script: rest[0] }), name: rest[0] ?? (argv[0] as string), args: rest.slice(1), isLogin };
}
