import type { CatalogEntry, FileCatalog } from "../facts/fileCatalog.ts";
import type { FileFact } from "../facts/fileFact.ts";
import { elfFactOf, elfLoader } from "./elf.ts";
import { findProgram, firstCommand } from "./entrypoint.ts";
import { openLibcFiles } from "./libc.ts";
import { nameOf } from "./paths.ts";
import { runtimes } from "./runtimes.ts";
import { runSupervised } from "./servers/supervised.ts";
import {
  openedThreshold,
  type Flag,
  type Moment,
  type Reading,
  type ResolvedCommand,
  type RuleName,
  type StartupQuestion,
} from "./startupSet.ts";
import { unwrap } from "./wrappers.ts";
import { unknownWord, type Command, type StartupWalk } from "./walk.ts";

/** Why a file is expected to be opened. */
export interface OpenedNote {
  readonly entry: CatalogEntry;
  readonly probability: number;
  readonly rule: RuleName;
  readonly evidence: string;
  readonly moment: Moment;
  /** Absent: as files of this kind are read. */
  readonly reading?: Reading | undefined;
}

/** All that following the container's first command brought to light. */
export interface WalkResult {
  readonly opened: ReadonlyMap<string, OpenedNote>;
  readonly commands: readonly ResolvedCommand[];
  readonly flags: readonly Flag[];
  /** Where the first command starts. */
  readonly workingDir: string;
}

/** A chain of scripts, wrappers and programs that start each other; a real one has under ten links. */
const maxDepth = 24;
/** Commands of one startup; beyond it a script is looping in a way that the evaluator did not see through. */
const maxCommands = 3000;
/** The kernel reads no more of a `#!` line (BINPRM_BUF_SIZE). */
const maxInterpreterLine = 255;
/** Below this probability nothing is followed. */
const leastProbability = 0.02;

/** Follows the first command through shells, wrappers and runtimes. Pure: the same catalog and question give the same result. */
export function walkStartup(catalog: FileCatalog, question: StartupQuestion): WalkResult {
  const opened = new Map<string, OpenedNote>();
  const commands: ResolvedCommand[] = [];
  const flags = new Map<string, Flag>();
  const done = new Map<string, number>();
  let depth = 0;

  const walk: StartupWalk = {
    catalog,
    elf: elfLoader(catalog, () => walk),
    open(path, rule, probability, evidence, how) {
      const entry = catalog.file(path);
      if (!entry) return undefined;
      if (!(probability > 0)) return entry;
      const note: OpenedNote = {
        entry,
        probability: Math.min(1, probability),
        rule,
        evidence,
        moment: how?.moment ?? "ready",
        reading: how?.reading,
      };
      const before = opened.get(entry.path);
      if (!before || isStronger(note, before)) opened.set(entry.path, { ...note, reading: note.reading ?? before?.reading });
      else if (note.reading !== undefined && before.reading === undefined) opened.set(entry.path, { ...before, reading: note.reading });
      return entry;
    },
    run(command) {
      if (command.probability < leastProbability || command.argv.length === 0 || isRepeated(command)) return;
      if (depth >= maxDepth || done.size > maxCommands) {
        walk.flag({ code: "too-many-commands", message: "The entry scripts start so many commands that not all of them were followed." });
        return;
      }
      depth++;
      try {
        start(command);
      } finally {
        depth--;
      }
    },
    flag(flag) {
      flags.set(`${flag.code}\n${flag.message}`, flag);
    },
  };

  function isRepeated(command: Command): boolean {
    const key = `${command.uid}\n${command.cwd}\n${command.argv.join("\u0001")}`;
    const before = done.get(key) ?? 0;
    // A shell function that is met again with a slightly better chance would be followed in vain.
    if (before >= command.probability - 0.1) return true;
    done.set(key, command.probability);
    return false;
  }

  function start(command: Command): void {
    const name = command.argv[0] as string;
    if (name.includes(unknownWord)) {
      if (command.probability >= openedThreshold)
        walk.flag({
          code: "unknown-command",
          message: `${command.startedBy} starts a program whose name only running the container would tell.`,
        });
      return;
    }
    const path = findProgram(catalog, name, command.env, command.cwd);
    commands.push({
      argv: command.argv.map((word) => (word.includes(unknownWord) ? "…" : word)),
      executable: path && catalog.file(path)?.path,
      probability: command.probability,
    });
    if (path === undefined) {
      missing(command, name);
      return;
    }
    const entry = catalog.file(path) as CatalogEntry;
    const interpreterLine = interpreterLineOf(catalog.fact(entry));
    if (interpreterLine !== undefined) {
      walk.open(path, "script", command.probability, `started by ${command.startedBy}`);
      walk.run(interpreted(command, interpreterLine, path));
    } else startProgram(command, entry, path);
    runSupervised(command, path, walk);
  }

  function startProgram(command: Command, entry: CatalogEntry, path: string): void {
    walk.open(path, "entry", command.probability, `started by ${command.startedBy}`);
    const elf = elfFactOf(catalog, path);
    if (elf) walk.elf.load(command, path, "elf", command.probability, `started by ${command.startedBy}`);
    openLibcFiles(command, entry.path, elf, walk);
    const inner = unwrap(command, entry.path, walk);
    if (inner) {
      walk.run(inner);
      return;
    }
    const programName = nameOf(command.argv[0] as string);
    const runtime = runtimes.find((row) => row.matches(programName, entry.path, walk));
    runtime?.start(command, entry.path, path, walk);
  }

  function missing(command: Command, name: string): void {
    if (depth === 1)
      walk.flag({ code: "unknown-entrypoint", message: `The image has no program "${name}", so the container would not start.` });
    else if (command.probability >= 0.9)
      walk.flag({ code: "missing-command", message: `${command.startedBy} starts "${name}", which the image does not have.` });
  }

  const first = firstCommand(catalog, question);
  if (first) {
    // runc looks a named user up in the container's own files (libcontainer/user).
    if (!/^\d*(:\d+)?$/.test(question.user)) {
      walk.open("/etc/passwd", "user", 1, `USER ${question.user}`);
      walk.open("/etc/group", "user", question.user.includes(":") ? 1 : 0.3, `USER ${question.user}`);
    }
    walk.run(first);
  } else walk.flag({ code: "unknown-entrypoint", message: "The image has neither ENTRYPOINT nor CMD, so nothing says what it runs." });
  if (catalog.wanted.size > 0)
    walk.flag({
      code: "table-of-contents-only",
      message: "The layers were not downloaded; contents of some files that matter are not known yet.",
    });
  return { opened, commands, flags: [...flags.values()], workingDir: question.workingDir };
}

/** What likely happens until ready is not overruled by what surely happens later. */
function isStronger(note: OpenedNote, before: OpenedNote): boolean {
  if (note.moment === before.moment) return note.probability > before.probability;
  const early = note.moment === "ready" ? note : before;
  return early.probability >= openedThreshold ? early === note : note.probability > before.probability;
}

/** The `#!` line of a script in any language; empty for a shell script without one, which a shell would run itself. */
export function interpreterLineOf(fact: FileFact | undefined): string | undefined {
  if (fact?.kind === "script") return fact.interpreterLine || "/bin/sh";
  if (fact?.kind === "python") return fact.shebang;
  if (fact?.kind === "javascript" || fact?.kind === "source") return fact.interpreterLine;
  return fact?.kind === "text" && fact.text.startsWith("#!") ? fact.text.slice(2).split("\n", 1)[0] : undefined;
}

/** What the kernel makes of a `#!` line: at most one argument, and the script's path before its own arguments (execve(2)). */
function interpreted(command: Command, line: string, path: string): Command {
  const [, interpreter = "", argument = ""] = /^\s*(\S*)\s*(.*)$/.exec(line.slice(0, maxInterpreterLine)) ?? [];
  const options = argument.trim() === "" ? [] : [argument.trim()];
  return { ...command, argv: [interpreter, ...options, path, ...command.argv.slice(1)], startedBy: path };
}
