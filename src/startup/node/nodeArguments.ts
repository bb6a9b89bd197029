import { unknownWord } from "../walk.ts";

/** What the words after `node` say (nodejs.org/api/cli.html). */
export interface NodeArguments {
  /** As written; absent for `-e`, a prompt, or `--run`. */
  readonly script: string | undefined;
  /** What follows the script. */
  readonly rest: readonly string[];
  /** Modules that options load first. */
  readonly preloads: readonly { readonly specifier: string; readonly mode: "require" | "import" }[];
  readonly envFiles: readonly string[];
  readonly conditions: readonly string[];
  /** Code of `-e` and `-p`. */
  readonly code: string | undefined;
  /** `node --run test`. */
  readonly run: string | undefined;
  /** `--enable-source-maps`, or a loader that switches it on. */
  readonly readsSourceMaps: boolean;
  /** `--version` and the like: nothing is loaded. */
  readonly onlyPrints: boolean;
}

/** Options that take the next word when they have no `=`. */
const takesWord = new Set(
  (
    "-r --require --import --loader --experimental-loader --env-file --env-file-if-exists -C --conditions --run -e --eval -p --print --title --icu-data-dir --openssl-config " +
    "--redirect-warnings --trace-event-categories --diagnostic-dir --report-dir --input-type --max-http-header-size --unhandled-rejections --stack-trace-limit " +
    "--test-name-pattern --test-reporter --test-reporter-destination --watch-path --dns-result-order --disable-warning --localstorage-file --build-sea --es-module-specifier-resolution"
  ).split(" "),
);

/** `options`: the words of NODE_OPTIONS, which come first. */
export function nodeArguments(words: readonly string[], options: readonly string[] = []): NodeArguments {
  const preloads: { specifier: string; mode: "require" | "import" }[] = [];
  const envFiles: string[] = [];
  const conditions: string[] = [];
  let code: string | undefined;
  let run: string | undefined;
  let onlyPrints = false;
  let readsSourceMaps = false;

  function take(name: string, value: string): void {
    if (name === "-r" || name === "--require") preloads.push({ specifier: value, mode: "require" });
    else if (name === "--import" || name === "--loader" || name === "--experimental-loader")
      preloads.push({ specifier: value, mode: "import" });
    else if (name === "--env-file" || name === "--env-file-if-exists") envFiles.push(value);
    else if (name === "-C" || name === "--conditions") conditions.push(value);
    else if (name === "-e" || name === "--eval" || name === "-p" || name === "--print" || name === "-pe") code = value;
    else if (name === "--run") run = value;
  }

  /** Returns where the words that are no options begin. */
  function readOptions(from: readonly string[]): number {
    let at = 0;
    for (; at < from.length; at++) {
      const word = from[at] as string;
      if (word === "--") return at + 1;
      if (!word.startsWith("-") || word === "-" || word === unknownWord) return at;
      if (/^(?:-v|--version|-h|--help|--v8-options|-c|--check|--completion-bash)$/.test(word)) onlyPrints = true;
      if (word === "--enable-source-maps") readsSourceMaps = true;
      const equals = word.indexOf("=");
      const name = equals < 0 ? word : word.slice(0, equals);
      // V8 and Node both take `_` for `-` inside of names.
      if (equals >= 0) take(name, word.slice(equals + 1));
      else if (takesWord.has(word) || word === "-pe") take(name, from[++at] ?? "");
    }
    return at;
  }

  readOptions(options);
  const start = readOptions(words);
  const hasScript = code === undefined && run === undefined && start < words.length && words[start] !== "-";
  return {
    script: hasScript ? words[start] : undefined,
    rest: words.slice(hasScript ? start + 1 : start),
    preloads,
    envFiles,
    conditions,
    code,
    run,
    onlyPrints,
    readsSourceMaps: readsSourceMaps || preloads.some(({ specifier }) => /^(?:tsx|ts-node|source-map-support)(?:\/|$)/.test(specifier)),
  };
}
