/** A place in a text file. Lines and columns are zero-based, as in VS Code; the end is exclusive. */
export interface TextRange {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Something worth telling the user that did not stop the work. */
export interface Problem {
  readonly severity: "error" | "warning" | "info";
  /** One sentence in plain words: what is wrong and what it means for the result. */
  readonly message: string;
  /** Absent when the problem has no place in a text. */
  readonly range?: TextRange;
}

/** A result that may be incomplete: parsers never throw on bad input, they list problems. */
export interface WithProblems<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}
