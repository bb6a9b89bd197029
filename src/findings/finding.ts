import type { TextRange } from "../base/text.ts";

/** Findings below this are not worth a reader's time, whatever the image's size. */
export const leastBytes = 1_000_000;

export type FindingCode =
  | "package-cache"
  | "build-tools"
  | "devel-base"
  | "rewritten-files"
  | "deleted-files"
  | "duplicate-weights"
  | "duplicate-library"
  | "git-folder"
  | "stray-files"
  | "development-packages"
  | "temporary-files";

/** Something in the image, or in the text that builds it, that costs bytes without serving the container's start. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: "warning" | "information";
  /** What it is, its size first known fact after it, in one sentence: `apt's package lists stay in the image: 20 MB, …`. */
  readonly message: string;
  /** What the user can do about it. */
  readonly advice: string;
  /** Bytes that the image would be smaller by, exact, uncompressed; each byte counts in one finding only. Null: the text alone does not tell. */
  readonly sizeBytes: number | null;
  /** How much of them is read until the first request is answered, estimated; null where it is not known or cannot be read at all. */
  readonly readBytes: number | null;
  /** The layer that holds it, or that stored it again or hid it; null without an image. */
  readonly layerIndex: number | null;
  readonly fileCount: number;
  /** The largest of its files, at most `evidenceCount`. */
  readonly evidence: readonly FindingFile[];
  /** Where the bytes lie when `layerIndex` is the layer that hid them. */
  readonly sourceLayerIndex?: number;
  /** What a fix may need to know, see `fixes.ts`. */
  readonly remedy?: Remedy;
}

export interface FindingFile {
  readonly path: string;
  readonly sizeBytes: number;
}

export const evidenceCount = 5;

/** What would mend a finding, before it is known whether the text allows it. */
export type Remedy =
  /** To be run at the end of the RUN that made the files. */
  | { readonly kind: "append-command"; readonly command: string }
  /** An option of a command of that RUN, and where it goes: `pip install` + `--no-cache-dir`. */
  | { readonly kind: "add-option"; readonly after: RegExp; readonly option: string; readonly otherwise: string }
  /** Paths of the image that came from the build context and need not. */
  | { readonly kind: "ignore"; readonly imagePaths: readonly string[] }
  /** Lines for the build context's ignore file. */
  | { readonly kind: "ignore-lines"; readonly lines: readonly string[] };

/** A finding with its place in a Dockerfile. */
export interface PlacedFinding extends Finding {
  /** Null: no instruction of the text can be named. */
  readonly place: FindingPlace | null;
  /** The instruction that put the bytes there, where it is another one. */
  readonly source: FindingPlace | null;
  /** Edits that mend it; absent where none is safe. */
  readonly fix?: Fix;
}

export interface FindingPlace {
  readonly stageIndex: number;
  /** Index into the stage's instructions; null: its FROM. */
  readonly instructionIndex: number | null;
  readonly range: TextRange;
}

/** A change of text that a user can apply with one click. */
export interface Fix {
  /** What it does, as a command: `Remove apt's lists in the same RUN`. */
  readonly title: string;
  /** Edits of the Dockerfile; they do not overlap. */
  readonly edits: readonly TextEdit[];
  /** Lines for the build context's ignore file, which may not exist yet. */
  readonly ignoreLines: readonly string[];
}

export interface TextEdit {
  /** Empty where text is only inserted. */
  readonly range: TextRange;
  readonly newText: string;
}
