/** What is remembered of a source file in Ruby, Perl, PHP, R or Lua: what it loads by a name that stands in the text. */
export interface SourceFact {
  readonly kind: "source";
  readonly language: SourceLanguage;
  /** The first line without `#!`; absent without one. */
  readonly interpreterLine?: string;
  /** In the order of the text. */
  readonly loads: readonly SourceLoad[];
  /** Constants that the text names, with the scope that it names (`Rack::Request`, `Utils`); such a name makes `autoload` load. */
  readonly uses?: SourceUses;
}

export interface SourceUses {
  /** While the file is loaded. */
  readonly early: readonly string[];
  /** Within functions only. */
  readonly late: readonly string[];
}

export type SourceLanguage = "ruby" | "perl" | "php" | "r" | "lua";

/** One place that loads a file. */
export interface SourceLoad {
  readonly how: SourceLoadKind;
  readonly name: string;
  /** Of `constant`: the name that makes it load, after that of its scope if it has one (`Rack::Request`). */
  readonly constant?: string;
  /** From 1. */
  readonly line: number;
  /** Within a function or method: it happens when that is called. */
  readonly lazy?: true;
  /** Under a condition that the text alone does not decide. */
  readonly conditional?: true;
}

/**
 * - `module`: by its name, searched in the language's load path (`require "json"`, `use JSON::PP`, `library(httpuv)`).
 * - `file`: by a path relative to the file itself (`require_relative`, `__DIR__ . "/x.php"`).
 * - `path`: by a path relative to the working folder.
 * - `pattern`: all files that fit a path relative to the file itself.
 * - `constant`: loaded when a constant or class is first used (`autoload`).
 * - `package`: a package that a list of requirements names (`gem "rack"`).
 * - `extension`: the compiled part of the module at hand (`XSLoader`).
 * - `folder`: a folder, relative to the file itself, that the load path gets (of Lua: a template as in `package.path`).
 * - `class`: by its full name, found by the namespaces that an autoloader knows (`extends App\Base`).
 * - `namespace`: `App\=../../src`: where the classes of a namespace are, relative to the file itself (Composer's PSR-4 table).
 */
export type SourceLoadKind =
  "module" | "file" | "path" | "pattern" | "constant" | "package" | "extension" | "folder" | "class" | "namespace";
