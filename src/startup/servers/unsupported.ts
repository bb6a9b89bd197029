import type { Runtime } from "../walk.ts";
import { openArguments } from "./arguments.ts";

/** Runtimes whose loading of code is not followed: only the interpreter, its libraries and the named script are known. */
const names: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^dotnet$/, ".NET"],
  [/^(erl|beam\.smp|erlexec|elixir|iex)$/, "Erlang"],
  [/^(deno|bun|bunx)$/, "Deno or Bun"],
  [/^julia$/, "Julia"],
  [/^(mono|guile|racket|sbcl|ghci|ocaml|tclsh[\d.]*|pypy[\d.]*|graalpy|swipl|octave|fish|zsh|ksh|mksh|pwsh)$/, "This interpreter"],
];

export const unsupportedRuntime: Runtime = {
  name: "unsupported",
  matches: (programName) => names.some(([pattern]) => pattern.test(programName)),
  start(command, _executable, _invokedPath, walk) {
    const programName = (command.argv[0] as string).replace(/^.*\//, "");
    const name = names.find(([pattern]) => pattern.test(programName))?.[1] ?? programName;
    openArguments(command, walk, 0.9);
    if (command.probability >= 0.3)
      walk.flag({
        code: "unsupported-runtime",
        message: `${name} loads its code in ways that are not followed yet (${programName}); only the interpreter and its libraries are counted.`,
      });
  },
};
