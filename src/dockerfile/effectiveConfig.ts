import type { ImageConfig } from "../image/image.ts";
import type { BuildStage, Dockerfile, EffectiveConfig, Instruction } from "./dockerfile.ts";
import { readLogicalLine } from "./logicalLine.ts";
import { execForm, expandWord, nameValues, splitWords } from "./words.ts";

/** What Docker gives a `FROM scratch` stage. */
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const defaultShell: readonly string[] = ["/bin/sh", "-c"];

/**
 * What a container of this stage would run, over the chain of stages that it is built on. `baseConfig` is the config of the
 * image at the end of that chain; without it, settings that come from there are listed as `unknown` and left empty.
 */
export function effectiveConfig(
  dockerfile: Dockerfile,
  stageIndex: number,
  baseConfig?: ImageConfig,
  buildArgs: Readonly<Record<string, string>> = {},
): EffectiveConfig {
  const chain = stageChain(dockerfile, stageIndex);
  const state = startState(chain[0], baseConfig);
  const globalArgs = new Map(Object.entries(dockerfile.globalArgs));
  const given = new Map(Object.entries(buildArgs));
  for (const stage of chain) {
    state.cmdIsOwn = false;
    state.args = new Map();
    const triggers = state.onBuild.map((text) => triggerInstruction(text, stage, dockerfile.escapeCharacter));
    state.onBuild = [];
    for (const instruction of [...triggers, ...stage.instructions]) {
      apply(state, instruction, { globalArgs, given, escapeCharacter: dockerfile.escapeCharacter });
    }
  }
  return {
    entrypoint: state.entrypoint,
    cmd: state.cmd,
    env: [...state.env].map(([name, value]) => `${name}=${value}`),
    workingDir: state.workingDir,
    user: state.user,
    unknown: [...state.unknown],
  };
}

/** The stage and those that it is built on, base first. */
export function stageChain(dockerfile: Dockerfile, stageIndex: number): readonly BuildStage[] {
  const chain: BuildStage[] = [];
  let stage = dockerfile.stages[stageIndex];
  while (stage) {
    chain.unshift(stage);
    // A stage is only ever built on an earlier one, so this ends.
    stage = stage.base.kind === "stage" && stage.base.stageIndex < stage.index ? dockerfile.stages[stage.base.stageIndex] : undefined;
  }
  return chain;
}

interface State {
  entrypoint: readonly string[];
  cmd: readonly string[];
  /** CMD was given in the stage at hand: its ENTRYPOINT does not clear it. */
  cmdIsOwn: boolean;
  readonly env: Map<string, string>;
  /** Not even their names are known. */
  envIsComplete: boolean;
  args: Map<string, string | undefined>;
  workingDir: string;
  user: string;
  shell: readonly string[];
  onBuild: readonly string[];
  readonly unknown: Set<EffectiveConfig["unknown"][number]>;
}

function startState(first: BuildStage | undefined, baseConfig: ImageConfig | undefined): State {
  const fromScratch = first === undefined || first.base.kind === "scratch";
  const config = fromScratch ? undefined : baseConfig;
  const env = new Map(config?.env.map((setting) => splitSetting(setting)) ?? []);
  if (fromScratch) env.set("PATH", defaultPath);
  const isKnown = fromScratch || config !== undefined;
  return {
    entrypoint: config?.entrypoint ?? [],
    cmd: config?.cmd ?? [],
    cmdIsOwn: false,
    env,
    envIsComplete: isKnown,
    args: new Map(),
    workingDir: config?.workingDir ?? "",
    user: config?.user ?? "",
    shell: defaultShell,
    onBuild: config?.onBuild ?? [],
    unknown: new Set(isKnown ? [] : ["entrypoint", "cmd", "env", "workingDir", "user"]),
  };
}

function splitSetting(setting: string): [string, string] {
  const equals = setting.indexOf("=");
  return equals < 0 ? [setting, ""] : [setting.slice(0, equals), setting.slice(equals + 1)];
}

interface Scope {
  readonly globalArgs: ReadonlyMap<string, string>;
  readonly given: ReadonlyMap<string, string>;
  readonly escapeCharacter: string;
}

function apply(state: State, instruction: Instruction, scope: Scope): void {
  const { argumentText } = instruction;
  const expand = (word: string): { text: string; isKnown: boolean } => {
    const { text, unset } = expandWord(word, (name) => state.env.get(name) ?? state.args.get(name), scope.escapeCharacter);
    // What nobody declared is empty in a build, unless the base image sets it.
    return { text, isKnown: unset.every((name) => state.envIsComplete && !state.args.has(name)) };
  };
  switch (instruction.keyword) {
    case "ENTRYPOINT":
      state.entrypoint = commandWords(argumentText, state.shell);
      state.unknown.delete("entrypoint");
      if (!state.cmdIsOwn) {
        state.cmd = [];
        state.unknown.delete("cmd");
      }
      break;
    case "CMD":
      state.cmd = commandWords(argumentText, state.shell);
      state.cmdIsOwn = true;
      state.unknown.delete("cmd");
      break;
    case "SHELL":
      state.shell = execForm(argumentText) ?? state.shell;
      break;
    case "ENV":
      applyEnv(state, argumentText, expand, scope.escapeCharacter);
      break;
    case "ARG":
      for (const { name, value } of nameValues(argumentText, scope.escapeCharacter)) {
        const own = value === undefined ? undefined : expand(value);
        const inherited = scope.globalArgs.get(name);
        state.args.set(name, scope.given.get(name) ?? (own ? (own.isKnown ? own.text : undefined) : inherited));
      }
      break;
    case "WORKDIR":
      applyWorkdir(state, expand(argumentText));
      break;
    case "USER": {
      const { text, isKnown } = expand(argumentText);
      state.user = isKnown ? text : "";
      if (isKnown) state.unknown.delete("user");
      else state.unknown.add("user");
      break;
    }
    case "ONBUILD":
      state.onBuild = [...state.onBuild, argumentText];
      break;
    default:
  }
}

function applyEnv(
  state: State,
  argumentText: string,
  expand: (word: string) => { text: string; isKnown: boolean },
  escapeCharacter: string,
): void {
  // All values of one ENV see the variables as they were before it.
  const settings = nameValues(argumentText, escapeCharacter).map(({ name, value }) => ({ name: expand(name), value: expand(value ?? "") }));
  for (const { name, value } of settings) {
    if (name.text === "") continue;
    if (name.isKnown && value.isKnown) {
      state.env.set(name.text, value.text);
    } else {
      state.env.delete(name.text);
      state.unknown.add("env");
    }
  }
}

function applyWorkdir(state: State, dir: { readonly text: string; readonly isKnown: boolean }): void {
  if (!dir.isKnown) {
    state.workingDir = "";
    state.unknown.add("workingDir");
  } else if (dir.text.startsWith("/")) {
    state.workingDir = joinPath("/", dir.text);
    state.unknown.delete("workingDir");
  } else if (!state.unknown.has("workingDir")) {
    state.workingDir = joinPath(state.workingDir || "/", dir.text);
  }
}

/** Absolute, without `.`, `..` and doubled slashes. */
export function joinPath(dir: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${dir}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Exec form as it is; shell form after the SHELL; nothing for an empty argument. */
function commandWords(argumentText: string, shell: readonly string[]): readonly string[] {
  const words = execForm(argumentText);
  if (words) return words;
  return argumentText === "" ? [] : [...shell, argumentText];
}

/** An ONBUILD trigger as an instruction of the stage that it fires in. */
function triggerInstruction(text: string, stage: BuildStage, escapeCharacter: string): Instruction {
  const keyword = (splitWords(text, escapeCharacter)[0] ?? "").toUpperCase();
  return { keyword, ...readLogicalLine(text.split("\n"), keyword, escapeCharacter), range: stage.fromRange };
}
