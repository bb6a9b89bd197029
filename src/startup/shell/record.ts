import { unknownWord } from "../walk.ts";
import { environmentOf, isUnknown, type ShellPath, type Source } from "./shellPath.ts";

/** A program that the script starts. */
export interface StartedCommand {
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  /** 0..1, given that the script runs. */
  readonly probability: number;
  /** `/entrypoint.sh:12`. */
  readonly startedBy: string;
}

/** A file that the script itself opens: sourced or redirected from. */
export interface ReadFile {
  readonly path: string;
  readonly probability: number;
  readonly evidence: string;
}

/** Gathers what a script starts and reads; chances of different ways to the same command add up. */
export class ShellRecord {
  readonly #commands = new Map<string, { readonly command: Omit<StartedCommand, "probability">; weight: number }>();
  readonly #reads = new Map<string, { readonly evidence: string; weight: number }>();

  start(argv: readonly string[], extra: ReadonlyMap<string, string>, path: ShellPath, startedBy: string): void {
    const words = argv.map((word) => (isUnknown(word) ? unknownWord : word));
    const key = [path.cwd, ...words].join("\u0001");
    const known = this.#commands.get(key);
    if (known) known.weight += path.weight;
    else
      this.#commands.set(key, { command: { argv: words, env: environmentOf(path, extra), cwd: path.cwd, startedBy }, weight: path.weight });
  }

  read(file: string, path: ShellPath, evidence: string): void {
    const known = this.#reads.get(file);
    if (known) known.weight += path.weight;
    else this.#reads.set(file, { evidence, weight: path.weight });
  }

  commands(): StartedCommand[] {
    return [...this.#commands.values()].map(({ command, weight }) => ({ ...command, probability: Math.min(1, weight) }));
  }

  reads(): ReadFile[] {
    return [...this.#reads].map(([path, { evidence, weight }]) => ({ path, evidence, probability: Math.min(1, weight) }));
  }
}

/** `/entrypoint.sh:12`; a script given by `-c` has no lines worth naming. */
export function placeOf({ name, text }: Source, pos: number): string {
  if (text === "" || !name.startsWith("/")) return name;
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < pos; at = text.indexOf("\n", at + 1)) line++;
  return `${name}:${line}`;
}
