/**
 * What is remembered of a Python source file: which modules it imports, under which conditions, and which calls could
 * import more. Statements keep their order and nesting; what can neither import nor open anything is left out.
 */
export interface PythonFact {
  readonly kind: "python";
  /** The first line without `#!`; absent when there is none. */
  readonly shebang?: string;
  /** The module's statements, thinned out. */
  readonly body: readonly PythonStatement[];
  /**
   * Names that a lazy package resolves on first use (PEP 562), by the submodule that provides them, relative to the package:
   * `["models.llama", ["LlamaModel"]]`. Absent when the file has no `__getattr__` and no lazy loader.
   */
  readonly lazy?: readonly (readonly [submodule: string, names: readonly string[]])[];
  /** Strings in a file that uses `importlib.metadata` which may name distributions; absent in other files. */
  readonly distributionNames?: readonly string[];
  /** Set when the file was too long or too deep to be read to the end. */
  readonly truncated?: true;
}

export type PythonStatement =
  | PythonImport
  | PythonFromImport
  | PythonIf
  | PythonTry
  | PythonDefinition
  | PythonClass
  | PythonMaybe
  | PythonRaise
  | PythonCalls
  | PythonCall
  | PythonAssignment
  | PythonExpression;

/** `import a.b as c, d`. Lines are one-based, as Python's own tracebacks count. */
export interface PythonImport {
  readonly do: "import";
  readonly line: number;
  readonly names: readonly ImportedName[];
}

/** `from ..module import name as alias`. */
export interface PythonFromImport {
  readonly do: "from";
  readonly line: number;
  /** Empty in `from . import name`. */
  readonly module: string;
  /** Number of leading dots. */
  readonly level: number;
  /** `*` stands for itself. */
  readonly names: readonly ImportedName[];
}

/** The name and, when it differs, the local name. */
export type ImportedName = readonly [name: string] | readonly [name: string, alias: string];

export interface PythonIf {
  readonly do: "if";
  /** Empty test: `else`. A test that cannot be decided statically is `?`. */
  readonly branches: readonly { readonly test: string; readonly body: readonly PythonStatement[] }[];
}

export interface PythonTry {
  readonly do: "try";
  readonly body: readonly PythonStatement[];
  /** The bodies of all `except` clauses. */
  readonly handlers: readonly PythonStatement[];
  /** `else` and `finally`. */
  readonly rest: readonly PythonStatement[];
}

/** A function; its body runs only when something calls it. Decorators and defaults are calls before it. */
export interface PythonDefinition {
  readonly do: "def";
  readonly line: number;
  readonly name: string;
  /** In order, `self` included, each with the text of its default (application code only). What follows a bare `*` takes keywords. */
  readonly parameters?: readonly Parameter[];
  readonly body: readonly PythonStatement[];
}

export type Parameter = readonly [name: string] | readonly [name: string, defaultText: string];

/** A class; its body runs at once, the `def`s in it when called. */
export interface PythonClass {
  readonly do: "class";
  readonly line: number;
  readonly name: string;
  /** Dotted names of the bases, `metaclass=` included. */
  readonly bases: readonly string[];
  readonly body: readonly PythonStatement[];
}

/** The `case`s of a `match`: one of them runs. */
export interface PythonMaybe {
  readonly do: "maybe";
  readonly body: readonly PythonStatement[];
}

/** `raise` outside functions: the block ends here. */
export interface PythonRaise {
  readonly do: "raise";
}

/**
 * Calls that matter only for where they lead: dotted names whose first part is defined or imported in this file, or is
 * `self`, `cls` or `super()`. Each name once per block. `Name().method` stands for a method on a fresh object.
 */
export interface PythonCalls {
  readonly do: "calls";
  readonly names: readonly string[];
}

/** A call that may import, load or start something by itself, see `callsOfInterest.ts`. */
export interface PythonCall {
  readonly do: "call";
  readonly line: number;
  readonly name: string;
  /** Source text of the arguments, cut off after some hundred bytes. */
  readonly arguments: string;
}

/**
 * `name = expression`. Of application code all that may be part of a path or a setting; of libraries `Class()` without its
 * arguments, and lists of names in files that import names which they work out (a `for` over them counts as an assignment).
 */
export interface PythonAssignment {
  readonly do: "set";
  readonly line: number;
  readonly name: string;
  /** Source text. */
  readonly value: string;
}

/** Another statement that mentions paths or module names (application code only), as source text. */
export interface PythonExpression {
  readonly do: "expression";
  readonly line: number;
  readonly text: string;
}
