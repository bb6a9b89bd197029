/** What is remembered of a JavaScript file: what it loads, from where in the code, and which module system it speaks. */
export interface JavaScriptFact {
  readonly kind: "javascript";
  /** The first line without `#!`; absent without one. */
  readonly interpreterLine?: string;
  /**
   * Whether top-level `import` or `export` declarations or `import.meta` occur, which only ES modules have. Node decides by it
   * where neither extension nor package.json tells (`--experimental-detect-module`, on by default since 22.7).
   */
  readonly moduleSyntax: boolean;
  /** In the order of the text. */
  readonly loads: readonly JavaScriptLoad[];
  /**
   * What the code calls, reads from objects or hands to calls, function by function: for each the 16-bit hash of its own name, how
   * many names follow, and their hashes, little-endian, in base64; absent where there is none. The first with the name 0 is what runs
   * when the module is loaded. The highest bit of the count marks methods. Chance hits are as rare as names are few beside 65,536.
   * Under the name 1, an application's own file has its short strings and the names of options that it sets: they choose among what packages offer.
   */
  readonly names?: string;
  /** The file that `//# sourceMappingURL=` names, which Node reads with `--enable-source-maps`; absent when it lies inside. */
  readonly sourceMap?: string;
  /** The file was longer or deeper than the scanner goes; `loads` may lack some. */
  readonly truncated?: true;
}

/** One place that loads a module or touches a file. */
export interface JavaScriptLoad {
  readonly kind: JavaScriptLoadKind;
  /**
   * What is loaded, escapes resolved. With `partial` only its known start (`./routes/` + name), which may be empty.
   */
  readonly specifier: string;
  /** The specifier continues with something that only running the code would tell. */
  readonly partial?: true;
  /** With `partial`: how it ends, where that is known (`.js`). */
  readonly suffix?: string;
  /** What it gives is called at once: `require("./routes")(app)`. */
  readonly invoked?: true;
  /**
   * The hash, as in `names`, of the variable that is given the module as a whole; 0 where only parts of it are taken; absent where the
   * module is handed on or called at once.
   */
  readonly binding?: number;
  /** From 1. */
  readonly line: number;
  /** The hash, as in `names`, of the innermost function around it that the module does not call itself; absent where none has a name. */
  readonly via?: number;
  /** What stands around it, outermost first; absent at module level. */
  readonly within?: readonly JavaScriptContext[];
}

/**
 * - `require`: CommonJS `require(…)`, also one made by `createRequire`.
 * - `import`: a static `import … from` or `export … from`.
 * - `dynamic-import`: `import(…)`.
 * - `resolve`: `require.resolve(…)` or `import.meta.resolve(…)`: looked up, not executed.
 * - `worker`: `new Worker(…)`; the specifier is relative to the file when it starts with a dot.
 * - `fork`: `child_process.fork(…)`.
 * - `target`: the module that an option `target:` names, as loggers take for their worker threads.
 * - `file`: a path built from `__dirname`, `import.meta.dirname` or `import.meta.url`; relative to the file's folder.
 */
export type JavaScriptLoadKind = "require" | "import" | "dynamic-import" | "resolve" | "worker" | "fork" | "target" | "file";

/**
 * - `function`: a function, method or arrow that is defined here and called who knows when.
 * - `called`: a named function that module-level code of the same file calls, or one called where it stands.
 * - `callback`: a function handed to a call.
 * - `conditional`: `if`, `else`, `switch`, `? :`, and the right side of `&&`, `||`, `??`.
 * - `if …`, `unless …`: a condition that can be decided: `env NODE_ENV production`, `platform win32`, `main` (the file is the
 *   program's entry), `commonjs` and `amd` (the module system, as wrappers ask), `node` (not a browser).
 * - `choice …`: a name is compared with these words (`a|b`) by `===` or `case`.
 * - `option …`, `without …`: whether an option of that name was given.
 * - `fallback`: the right side of `||` and `??`, where what stands left is mostly unset.
 * - `unlikely`: only while developing or testing.
 * - `try`, `catch`.
 */
export type JavaScriptContext =
  | "function"
  | "called"
  | "callback"
  | "conditional"
  | "fallback"
  | "unlikely"
  | "try"
  | "catch"
  | `choice ${string}`
  | `option ${string}`
  | `without ${string}`
  | `if ${string}`
  | `unless ${string}`;
