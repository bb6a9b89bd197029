import { joinPath } from "../paths.ts";
import { unknownWord, type Command, type StartupWalk } from "../walk.ts";

/** The value of an option in any of its usual forms: `-c x`, `-cx`, `--config x`, `--config=x`; undefined when absent or unknown. */
export function optionValue(argv: readonly string[], ...names: readonly string[]): string | undefined {
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] as string;
    for (const name of names) {
      let value: string | undefined;
      if (word === name) value = argv[at + 1];
      else if (word.startsWith(`${name}=`)) value = word.slice(name.length + 1);
      else if (/^-[a-zA-Z]$/.test(name) && word.startsWith(name) && !word.startsWith("--")) value = word.slice(2);
      if (value !== undefined && !value.includes(unknownWord)) return value;
    }
  }
  return undefined;
}

/** Opens every argument that names a file of the image, also as `--option=path` and `file:path`. */
export function openArguments(command: Command, walk: StartupWalk, probability = 0.8): void {
  const name = command.argv[0] as string;
  for (const word of command.argv.slice(1)) {
    if (word.includes(unknownWord) || word.length > 4096) continue;
    for (const path of new Set([word, word.slice(word.indexOf("=") + 1), word.replace(/^file:(\/\/)?/, "")])) {
      if (path !== "" && !path.startsWith("-"))
        walk.open(joinPath(command.cwd, path), "argument", probability * command.probability, `${name} ${word}`);
    }
  }
}
