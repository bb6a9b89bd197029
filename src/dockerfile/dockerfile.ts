import type { TextRange } from "../base/text.ts";

/** A parsed Dockerfile. Ranges point into the text as the user sees it; words are resolved as BuildKit would. */
export interface Dockerfile {
  /** In order; the last one is the image unless a target is named. */
  readonly stages: readonly BuildStage[];
  /** Values of ARGs before the first FROM, build arguments applied. */
  readonly globalArgs: Readonly<Record<string, string>>;
  /** From the `# escape=` directive; a backslash without it. */
  readonly escapeCharacter: "\\" | "`";
}

export interface BuildStage {
  readonly index: number;
  /** The name after AS, lower case. */
  readonly name?: string | undefined;
  readonly base: StageBase;
  /** FROM is not among them; ONBUILD triggers of the base image neither. */
  readonly instructions: readonly Instruction[];
  readonly fromRange: TextRange;
  /** From FROM to the last line before the next FROM. */
  readonly range: TextRange;
}

export type StageBase =
  | { readonly kind: "image"; /** After ARG substitution. */ readonly name: string; readonly platform?: string | undefined }
  | { readonly kind: "stage"; readonly stageIndex: number }
  | { readonly kind: "scratch" }
  /** The name depends on an argument without a value. */
  | { readonly kind: "unknown"; readonly text: string };

export interface Instruction {
  /** Upper case: `RUN`. */
  readonly keyword: string;
  /** All after the keyword and its flags, line continuations joined, variables not replaced. */
  readonly argumentText: string;
  /** `--from=build` → `{ from: "build" }`; a flag without a value is `""`; values of a repeated flag are joined by line breaks. */
  readonly flags: Readonly<Record<string, string>>;
  /** Bodies of heredocs, in order. */
  readonly heredocs: readonly { readonly name: string; readonly text: string }[];
  readonly range: TextRange;
}

/** What a stage's container would run, as far as the text and the base image tell. */
export interface EffectiveConfig {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly user: string;
  /** Settings that depend on a base image whose config is not at hand, or on an argument without a value. */
  readonly unknown: readonly ("entrypoint" | "cmd" | "env" | "workingDir" | "user")[];
}

/** Which instruction made which layer of an image. */
export type LayerMap =
  | {
      readonly kind: "matched";
      /** Index of the first layer that the stage itself made; those before come from the base image. */
      readonly firstOwnLayer: number;
      /**
       * Per instruction of the stage, in order; `undefined` where it made no layer. Several instructions share one layer where
       * the builder commits once per stage (buildah without `--layers`).
       */
      readonly layerOfInstruction: readonly (number | undefined)[];
    }
  /** The history does not fit the text (squashed, built from another version, no history kept): nothing is claimed. */
  | { readonly kind: "unmatched"; readonly reason: string };

/** Something that text and build context alone prove about what startup touches. */
export interface ProvableFact {
  readonly range: TextRange;
  /** For the lens, a few words: `never copied from: 0 bytes in the image`. */
  readonly summary: string;
  /** For the hover: why. */
  readonly reason: string;
  /** Present when it costs bytes in the image: what is left behind, or what is done in vain. */
  readonly waste?: Waste;
}

export type Waste =
  "apt-lists" | "pip-cache" | "apk-cache" | "dnf-cache" | "conda-cache" | "npm-cache" | "build-tools" | "rewritten-files" | "deleted-files";
