/* eslint max-lines: ["warn", { "max": 520, "skipBlankLines": true, "skipComments": true }] */
import { parse, type Case, type Command as SimpleCommand, type CompoundList, type For, type If, type ParsedScript, type PipelineNode, type Statement, type While, type Word } from "unbash"; // prettier-ignore
import { matchesGlob } from "../glob.ts";
import { joinPath } from "../paths.ts";
import { unknownWord } from "../walk.ts";
import { arithmetic } from "./arithmetic.ts";
import { commandPath, isBuiltin, runBuiltin } from "./builtins.ts";
import { testExpression } from "./conditions.ts";
import { assign, clonePath, isUnknown, joinPaths, splitPath, unknownTruth, weightOf, write, type ShellPath, type Source, type Truth } from "./shellPath.ts"; // prettier-ignore
import { assignVariable, declarationWords, redirect, type Files } from "./effects.ts";
import { placeOf, ShellRecord, type ReadFile, type StartedCommand } from "./record.ts";
import { toolResult } from "./tools.ts";
import { expandPattern, expandText, expandWord, expandWords, type Expander } from "./words.ts";

export interface ShellResult {
  /** In the order in which they are first reached. */
  readonly commands: readonly StartedCommand[];
  readonly reads: readonly ReadFile[];
  /** The evaluation was given up at its limit. */
  readonly truncated: boolean;
  /** Every way through the script ends in `exit` with an error: it needs something that only a run gives it. */
  readonly failed: boolean;
}

export interface ShellOptions extends Omit<Expander, "substitute"> {
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  /** `$0`. */
  readonly name: string;
  /** Where the script lies, for evidence; absent for a `-c` text. */
  readonly file?: string | undefined;
  /** `$1` and so on. */
  readonly args: readonly string[];
  /** Goes on after an `exit` with an error, as if what was asked for had been given. */
  readonly ignoresFailure?: boolean;
  /** The text of a file that is sourced; undefined when there is none. */
  readText(path: string): string | undefined;
}

/** Simple commands of one script, counted on every path; real entry scripts have a few hundred. */
const maxSteps = 5_000;
const maxDepth = 60;
const maxRounds = 64;
const maxTextLength = 300_000;

/**
 * Evaluates a script without running it: what is known stays known, where it is not both ways are followed with their
 * probabilities. Syntax errors end in a shorter result, never in an exception.
 */
export function evaluateShell(text: string, options: ShellOptions): ShellResult {
  return new Evaluation(options).run({ name: options.file ?? options.name, text: text.slice(0, maxTextLength) });
}

/** One class, over 400 lines: each construct of the language evaluates every other, and all share budget, depth and place. */
class Evaluation {
  readonly options: ShellOptions;
  readonly expander: Expander;
  readonly record = new ShellRecord();
  readonly files: Files;
  source: Source = { name: "", text: "" };
  steps = 0;
  depth = 0;
  truncated = false;

  constructor(options: ShellOptions) {
    this.options = options;
    this.expander = { catalog: options.catalog, uid: options.uid, substitute: (script, path) => this.substitute(script, path) };
    this.files = {
      expander: this.expander,
      readText: (file) => options.readText(file),
      read: (file, path, pos) => {
        this.record.read(file, path, placeOf(this.source, pos));
      },
    };
  }

  run(source: Source): ShellResult {
    const { options } = this;
    const variables = new Map(
      [...options.env].map(([name, value]) => [name, { values: [value], isArray: false, exported: true }] as const),
    );
    const path: ShellPath = {
      weight: 1,
      flow: "next",
      status: 1,
      variables,
      functions: new Map(),
      args: options.args,
      name: options.name,
      cwd: options.cwd,
      output: undefined,
      stdin: unknownWord,
      made: new Set(),
      frames: [],
    };
    const ends = this.text(source, [path]);
    return {
      commands: this.record.commands(),
      reads: this.record.reads(),
      truncated: this.truncated,
      failed: ends.every(({ flow }) => flow === "failed"),
    };
  }

  /** Evaluates script text with lines of its own. */
  text(source: Source, paths: ShellPath[]): ShellPath[] {
    const before = this.source;
    this.source = source;
    try {
      return this.statements(parse(source.text).commands, paths);
    } finally {
      this.source = before;
    }
  }

  statements(statements: readonly Statement[], paths: ShellPath[]): ShellPath[] {
    if (this.depth > maxDepth) return this.giveUp(paths);
    this.depth++;
    let all = paths;
    for (const statement of statements) {
      const live = all.filter((path) => path.flow === "next");
      if (live.length === 0) break;
      const ended = all.filter((path) => path.flow !== "next");
      const after = statement.background
        ? this.isolated(live, (inside) => this.andOr(statement.command, inside))
        : this.andOr(statement.command, live);
      if (statement.background) for (const path of after) path.status = 1;
      all = [...joinPaths(after), ...ended];
    }
    this.depth--;
    return all.length > 1 ? joinPaths(all) : all;
  }

  giveUp(paths: ShellPath[]): ShellPath[] {
    this.truncated = true;
    return paths;
  }

  andOr(node: Statement["command"], paths: ShellPath[]): ShellPath[] {
    if (node.type !== "AndOr") return this.pipeline(node, paths);
    let all = paths;
    node.commands.forEach((command, index) => {
      const operator = index === 0 ? undefined : node.operators[index - 1];
      const next: ShellPath[] = [];
      for (const path of all) {
        if (path.flow !== "next") next.push(path);
        else if (operator === undefined) next.push(...this.pipeline(command, [path]));
        else {
          const { succeeded, failed } = splitPath(path);
          for (const one of succeeded) if (operator === "||") one.status = 1;
          for (const one of failed) if (operator === "&&") one.status = 0;
          const skipped = operator === "&&" ? failed : succeeded;
          next.push(...skipped, ...this.pipeline(command, operator === "&&" ? succeeded : failed));
        }
      }
      all = joinPaths(next);
    });
    return all;
  }

  pipeline(node: PipelineNode, paths: ShellPath[]): ShellPath[] {
    if (paths.length === 0) return paths;
    if (node.type !== "Pipeline") return this.command(node, paths);
    const isNegated = node.prefixes.filter(({ type }) => type === "Negation").length % 2 === 1;
    const after = node.commands.length === 1 ? this.command(node.commands[0] as PipelineNode, paths) : this.piped(node.commands, paths);
    if (isNegated) for (const path of after) path.status = 1 - path.status;
    return after;
  }

  /** Each part runs in a shell of its own and reads what the one before wrote. */
  piped(commands: readonly PipelineNode[], paths: ShellPath[]): ShellPath[] {
    for (const path of paths) {
      let stdin = path.stdin;
      commands.forEach((command, index) => {
        const isLast = index === commands.length - 1;
        const { output, status } = this.subshell(path, stdin, isLast ? path.output !== undefined : true, (inside) =>
          this.pipeline(command, inside),
        );
        if (isLast) {
          path.status = status;
          write(path, output);
        } else stdin = output;
      });
    }
    return paths;
  }

  command(node: PipelineNode, paths: ShellPath[]): ShellPath[] {
    switch (node.type) {
      case "Pipeline":
        return this.pipeline(node, paths);
      case "Command":
        return this.each(paths, (path) => this.simple(node, path));
      case "If":
        return this.conditional(node, paths);
      case "Case":
        return this.each(paths, (path) => this.choose(node, path));
      case "For":
      case "Select":
        return this.each(paths, (path) => this.forEach(node, path));
      case "While":
        return this.each(paths, (path) => this.loop(node, path));
      case "ArithmeticFor":
        return this.each(paths, (path) => this.once(node.body, path));
      case "Subshell":
        return this.isolated(paths, (inside) => this.statements(node.body.commands, inside));
      case "BraceGroup":
        return this.statements(node.body.commands, paths);
      case "TestCommand":
        return this.each(paths, (path) => this.withStatus(path, testExpression(node.expression, path, this.expander)));
      case "ArithmeticCommand":
        return this.each(paths, (path) => {
          const value = arithmetic(node.expression, path);
          return this.withStatus(path, value === undefined ? unknownTruth : Number(value !== 0));
        });
      case "Function":
        for (const path of paths) {
          path.functions.set(node.name.value, { body: node.body, source: this.source });
          path.status = 1;
        }
        return paths;
      case "Redirected":
        return this.each(paths, (path) => {
          const stdin = path.stdin;
          redirect(node.redirects, path, this.files);
          const after = this.command(node.command, [path]);
          for (const one of after) one.stdin = stdin;
          return after;
        });
      case "Coproc":
        return node.body.type === "CompoundList"
          ? paths
          : this.isolated(paths, (inside) => this.command(node.body as PipelineNode, inside));
    }
  }

  each(paths: readonly ShellPath[], evaluate: (path: ShellPath) => ShellPath[]): ShellPath[] {
    return joinPaths(paths.flatMap((path) => (path.flow === "next" ? evaluate(path) : [path])));
  }

  withStatus(path: ShellPath, status: number): ShellPath[] {
    path.status = status;
    return [path];
  }

  conditional(node: If, paths: ShellPath[]): ShellPath[] {
    const done: ShellPath[] = [];
    let open = paths;
    for (const { clause, then } of [{ clause: node.clause, then: node.then }, ...node.elif]) {
      const tested = this.statements(clause.commands, open);
      open = [];
      for (const path of tested) {
        if (path.flow !== "next") {
          done.push(path);
          continue;
        }
        const { succeeded, failed } = splitPath(path);
        done.push(...this.statements(then.commands, succeeded));
        open.push(...failed);
      }
    }
    for (const path of open) path.status = 1;
    done.push(...(node.else ? this.statements(node.else.commands, open) : open));
    return joinPaths(done);
  }

  choose(node: Case, path: ShellPath): ShellPath[] {
    const word = expandText(node.word, path, this.expander);
    const done: ShellPath[] = [];
    let open = [path];
    let fallsThrough: boolean = false;
    for (const item of node.items) {
      if (open.length === 0) break;
      const patterns = item.pattern.map((one) => expandPattern(one, path, this.expander));
      const isAny = patterns.some((alternatives) => alternatives?.includes("*"));
      const isSure = !isUnknown(word) && patterns.every((alternatives) => alternatives !== undefined);
      const matches = isAny || (isSure && patterns.some((alternatives) => alternatives?.some((pattern) => matchesGlob(pattern, word))));
      const truth: Truth = matches || fallsThrough ? 1 : isSure ? 0 : unknownTruth;
      fallsThrough = false;
      const rest: ShellPath[] = [];
      for (const one of open) {
        one.status = truth;
        const { succeeded, failed } = splitPath(one);
        for (const taken of succeeded) taken.status = 1;
        const after = this.statements(item.body.commands, succeeded);
        if (item.terminator === ";&" || item.terminator === ";;&") {
          fallsThrough = item.terminator === ";&" && truth === 1;
          rest.push(...after.filter(({ flow }) => flow === "next"));
          done.push(...after.filter(({ flow }) => flow !== "next"));
        } else done.push(...after);
        rest.push(...failed);
      }
      open = joinPaths(rest);
    }
    for (const one of open) one.status = 1;
    return joinPaths([...done, ...open]);
  }

  forEach(
    node: For | { readonly name: Word; readonly wordlist: readonly Word[] | undefined; readonly body: CompoundList },
    path: ShellPath,
  ): ShellPath[] {
    const words = node.wordlist ? expandWords(node.wordlist, path, this.expander) : [...path.args];
    let all = [path];
    for (const word of words.slice(0, maxRounds)) {
      for (const one of all) if (one.flow === "next") assign(one, node.name.value, isUnknown(word) ? [unknownWord] : [word]);
      all = this.afterRound(this.statements(node.body.commands, all));
      if (all.every(({ flow }) => flow !== "next")) break;
    }
    return this.afterLoop(all);
  }

  loop(node: While, path: ShellPath): ShellPath[] {
    const done: ShellPath[] = [];
    let open = [path];
    for (let round = 0; open.length > 0; round++) {
      if (round >= maxRounds || this.steps > maxSteps) {
        done.push(...this.giveUp(open));
        break;
      }
      const tested = this.statements(node.clause.commands, open);
      open = [];
      for (const one of tested) {
        if (one.flow !== "next") {
          done.push(one);
          continue;
        }
        const isUndecided = one.status > 0.005 && one.status < 0.995;
        if (node.kind === "until") one.status = 1 - one.status;
        const { succeeded, failed } = splitPath(one);
        done.push(...failed);
        const after = this.afterRound(this.statements(node.body.commands, succeeded));
        // What is waited for comes true in the end: one round tells what the loop starts.
        if (isUndecided) done.push(...after);
        else for (const next of after) (next.flow === "next" ? open : done).push(next);
      }
      open = joinPaths(open);
    }
    return this.afterLoop(done);
  }

  once(body: CompoundList, path: ShellPath): ShellPath[] {
    return this.afterLoop(this.afterRound(this.statements(body.commands, [path])));
  }

  afterRound(paths: ShellPath[]): ShellPath[] {
    for (const path of paths) if (path.flow === "continue") path.flow = "next";
    return paths;
  }

  afterLoop(paths: ShellPath[]): ShellPath[] {
    for (const path of paths) {
      if (path.flow === "break") path.flow = "next";
      if (path.flow === "next") path.status = 1;
    }
    return joinPaths(paths);
  }

  /** Runs in a copy of the shell; only the status comes back. */
  isolated(paths: ShellPath[], evaluate: (paths: ShellPath[]) => ShellPath[]): ShellPath[] {
    for (const path of paths) {
      const { output, status } = this.subshell(path, path.stdin, path.output !== undefined, evaluate);
      path.status = status;
      write(path, output);
    }
    return paths;
  }

  subshell(
    path: ShellPath,
    stdin: string,
    captures: boolean,
    evaluate: (paths: ShellPath[]) => ShellPath[],
  ): { output: string; status: number } {
    const inside = clonePath(path);
    inside.stdin = stdin;
    inside.output = captures ? "" : undefined;
    const after = evaluate([inside]);
    for (const one of after) for (const made of one.made) path.made.add(made);
    const total = weightOf(after);
    const [likeliest] = [...after].sort((a, b) => b.weight - a.weight);
    const isClear =
      likeliest !== undefined && (after.every(({ output }) => output === likeliest.output) || likeliest.weight >= total * 0.8);
    const status =
      total > 0 ? after.reduce((sum, one) => sum + one.weight * (one.flow === "failed" ? 0 : one.status), 0) / total : unknownTruth;
    return { output: isClear ? (likeliest.output ?? "") : unknownWord, status };
  }

  substitute(script: ParsedScript | undefined, path: ShellPath): string {
    if (!script || this.depth > maxDepth || this.steps > maxSteps) return unknownWord;
    const before = this.source;
    if (script.source !== undefined) this.source = { name: before.name, text: "" };
    try {
      const { output, status } = this.subshell(path, path.stdin, true, (inside) => this.statements(script.commands, inside));
      path.status = status;
      return output;
    } finally {
      this.source = before;
    }
  }

  simple(node: SimpleCommand, path: ShellPath): ShellPath[] {
    if (++this.steps > maxSteps) return this.giveUp([path]);
    const settings = node.prefix.filter((one) => one.type === "Assignment");
    if (!node.name) {
      path.status = 1;
      for (const setting of settings) assignVariable(setting, path, this.expander);
      const stdin = path.stdin;
      redirect(node.redirects, path, this.files);
      // `$(< file)` is the file's text.
      if (node.redirects.some((one) => one.type === "Redirect" && one.operator === "<")) write(path, path.stdin);
      path.stdin = stdin;
      return [path];
    }
    const argv = expandWord(node.name, path, this.expander);
    let end = node.name.end;
    for (const argument of node.args) {
      // unbash ends a word before `<(…)`; bash does not: `--file=<(…)`.
      const joins = argument.pos === end && argv.length > 0;
      end = argument.end;
      if (argument.type === "Word" && joins) argv.push(`${argv.pop() ?? ""}${expandText(argument, path, this.expander)}`);
      else if (argument.type === "Word") argv.push(...expandWord(argument, path, this.expander));
      else argv.push(...declarationWords(argument, path, this.expander));
    }
    const stdin = path.stdin;
    redirect(node.redirects, path, this.files);
    const extra = new Map(settings.map((one) => [one.name, one.value.type === "Word" ? expandText(one.value, path, this.expander) : ""]));
    const after = argv.length === 0 ? this.withStatus(path, 1) : this.invoke(argv, extra, path, node.pos);
    // `exec <file` alone keeps the redirection; a loop's `read` goes on where it stopped.
    if (node.redirects.some((one) => one.type !== "Redirect" || one.operator === "<")) for (const one of after) one.stdin = stdin;
    return after;
  }

  invoke(argv: readonly string[], extra: ReadonlyMap<string, string>, path: ShellPath, pos: number): ShellPath[] {
    const [name = "", ...args] = argv;
    const shellFunction = path.functions.get(name);
    if (shellFunction) return this.call(shellFunction, args, path);
    switch (name) {
      case "exec": {
        const first = args.findIndex((word, index) => !word.startsWith("-") && args[index - 1] !== "-a");
        if (first < 0) return this.withStatus(path, 1);
        const rest = args.slice(first);
        this.record.start(rest, extra, path, placeOf(this.source, pos));
        path.flow = "exec";
        return [path];
      }
      case "command":
      case "builtin": {
        if (args[0] === "-v" || args[0] === "-V") {
          const { output, truth } = commandPath(args.slice(1), path, this.expander);
          write(path, output);
          return this.withStatus(path, truth);
        }
        const rest = args[0] === "-p" || args[0] === "--" ? args.slice(1) : args;
        return rest.length === 0 ? this.withStatus(path, 1) : this.external(rest, extra, path, pos);
      }
      case "eval": {
        const text = args.join(" ");
        if (isUnknown(text)) return this.withStatus(path, unknownTruth);
        return this.depth > maxDepth ? this.giveUp([path]) : this.nested({ name: placeOf(this.source, pos), text }, path);
      }
      case ".":
      case "source":
        return this.sourced(args, path, pos);
      case "exit":
      case "logout":
        path.flow = args[0] === undefined || args[0] === "0" ? "exit" : "failed";
        if (args[0] !== undefined && isUnknown(args[0])) path.flow = "exit";
        if (path.flow === "failed" && this.options.ignoresFailure) path.flow = "next";
        return [path];
      case "return":
        path.flow = "return";
        path.status = args[0] === undefined ? path.status : args[0] === "0" ? 1 : isUnknown(args[0]) ? unknownTruth : 0;
        return [path];
      case "break":
      case "continue":
        path.flow = name;
        return [path];
      default:
        return this.external(argv, extra, path, pos);
    }
  }

  external(argv: readonly string[], extra: ReadonlyMap<string, string>, path: ShellPath, pos: number): ShellPath[] {
    const [name = "", ...args] = argv;
    if (isBuiltin(name)) {
      const truth = runBuiltin(name, args, path, this.expander);
      return truth === undefined ? this.invoke(argv, extra, path, pos) : this.withStatus(path, truth);
    }
    this.record.start(argv, extra, path, placeOf(this.source, pos));
    if (isUnknown(name)) {
      write(path, unknownWord);
      return this.withStatus(path, unknownTruth);
    }
    if (name === "mkdir" || name === "touch" || name === "install" || name === "cp")
      for (const word of args) if (!word.startsWith("-") && !isUnknown(word)) path.made.add(joinPath(path.cwd, word));
    const { output, truth } = toolResult(argv, path, this.expander);
    write(path, output);
    return this.withStatus(path, truth);
  }

  call(
    { body, source }: { readonly body: PipelineNode | CompoundList; readonly source: Source },
    args: readonly string[],
    path: ShellPath,
  ): ShellPath[] {
    if (this.depth > maxDepth) return this.giveUp([path]);
    this.depth++;
    const before = this.source;
    this.source = source;
    const outer = path.args;
    path.args = args;
    path.frames.push(new Map());
    const after = body.type === "CompoundList" ? this.statements(body.commands, [path]) : this.command(body, [path]);
    for (const one of after) {
      one.args = outer;
      for (const [name, variable] of one.frames.pop() ?? []) {
        if (variable) one.variables.set(name, variable);
        else one.variables.delete(name);
      }
      if (one.flow === "return") one.flow = "next";
    }
    this.source = before;
    this.depth--;
    return joinPaths(after);
  }

  sourced(args: readonly string[], path: ShellPath, pos: number): ShellPath[] {
    const [name, ...rest] = args;
    if (name === undefined || isUnknown(name)) return this.withStatus(path, unknownTruth);
    const file = name.includes("/") ? joinPath(path.cwd, name) : this.inPath(name, path);
    const text = file === undefined ? undefined : this.options.readText(file);
    if (file !== undefined) this.files.read(file, path, pos);
    if (file === undefined || text === undefined) return this.withStatus(path, path.made.has(file ?? "") ? 1 : unknownTruth);
    if (this.depth > maxDepth) return this.giveUp([path]);
    const outer = path.args;
    if (rest.length > 0) path.args = rest;
    const after = this.nested({ name: file, text: text.slice(0, maxTextLength) }, path);
    for (const one of after) {
      if (rest.length > 0) one.args = outer;
      if (one.flow === "return") one.flow = "next";
    }
    return after;
  }

  nested(source: Source, path: ShellPath): ShellPath[] {
    this.steps += 10;
    return this.text(source, [path]);
  }

  inPath(name: string, path: ShellPath): string | undefined {
    const folders = (path.variables.get("PATH")?.values[0] ?? "").split(":");
    return [...folders, path.cwd].map((folder) => joinPath(folder, name)).find((file) => this.options.catalog.file(file));
  }
}
