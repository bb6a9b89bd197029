/** What is remembered of a source file in Ruby, Perl, PHP or R: what it loads by a name that stands in the text. */
export interface SourceFact {
  readonly kind: "source";
  readonly language: SourceLanguage;
  /** The first line without `#!`; absent without one. */
  readonly interpreterLine?: string;
  /** In the order of the text. */
  readonly loads: readonly SourceLoad[];
}

export type SourceLanguage = "ruby" | "perl" | "php" | "r";

/** One place that loads a file. */
export interface SourceLoad {
  readonly how: SourceLoadKind;
  readonly name: string;
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
 * - `folder`: a folder, relative to the file itself, that the load path gets.
 */
export type SourceLoadKind = "module" | "file" | "path" | "pattern" | "constant" | "package" | "extension" | "folder";
