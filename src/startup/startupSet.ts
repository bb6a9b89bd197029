import type { Interval } from "../base/interval.ts";

/**
 * The vocabulary of startup estimates. "Startup" is from the first exec in the container to the moment that it can
 * serve (readiness). Four measures, always named, because their answers differ by a factor of ten
 * (one 6.7 GB image: 8.3 % of files, 55.6 % of whole-file bytes, 2.9 % of pages, 13.6 % in 4 MiB chunks).
 */
export type Measure = "openedFiles" | "wholeBytes" | "pageBytes" | "chunkBytes";

/**
 * Until when: `ready` is the moment that the container can serve, `firstRequest` the moment that its first real request is
 * answered. What is read until ready counts for both.
 */
export type Moment = "ready" | "firstRequest";

/**
 * How a program takes a large file in. `mapped`: it reads the header when it opens the file, and the rest when it works with
 * it (safetensors through mmap); `read`: it copies the whole content into memory at once.
 */
export type Reading = "mapped" | "read";

/** A file that the container opens, as predicted. */
export interface StartupFile {
  /** Absolute in the image, symlinks resolved. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Index into `Image.layers`. */
  readonly layerIndex: number;
  /** 0..1: how often a prediction like this one is right. */
  readonly probability: number;
  /** Which rule found it, a key of `rules.ts`. */
  readonly rule: RuleName;
  /** What made the rule fire, for people: `serve.py:5 → transformers`, `needed by /usr/bin/python3.11`. */
  readonly evidence: string;
  /** The earlier of the two moments by which it is opened. */
  readonly moment: Moment;
  /** 0, 1, …: the order in which files are first opened, as far as the walk follows it; not every number occurs. */
  readonly order: number;
  /** Bytes of the 4 KiB pages that are read until `moment`, at most the size. */
  readonly pageBytes: number;
  /** The same until the first request is answered, `pageBytes` included. */
  readonly requestPageBytes: number;
}

/** A file of model weights that is opened; counted in the measures too, and told apart because it dwarfs everything else. */
export interface WeightsFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly layerIndex: number;
  readonly format: "safetensors" | "gguf" | "pytorch" | "onnx" | "tensorrt" | "tensorflow" | "other";
  readonly reading: Reading;
  /** Bytes read until ready, and until the first request is answered. */
  readonly readyBytes: number;
  readonly requestBytes: number;
  readonly evidence: string;
}

/** Keys of the table in `rules.ts`, kept open so that adding a rule is one row there. */
export type RuleName = string;

/** Something that makes the estimate less certain, or that a reader must know. */
export interface Flag {
  /** `unsupported-runtime`, `dynamic-import`, `spawned-process`, `unknown-entrypoint`, `table-of-contents-only`, … */
  readonly code: string;
  /** One sentence for people. */
  readonly message: string;
}

/** What the container will run, as far as it can be known without running it. */
export interface ResolvedCommand {
  /** The words after shells, wrappers and `#!` lines: `python`, `-m`, `uvicorn`, … */
  readonly argv: readonly string[];
  /** The executable file in the image; absent when there is none by that name. */
  readonly executable?: string | undefined;
  /** 0..1: whether this command is reached at all. */
  readonly probability: number;
}

export interface LayerEstimate {
  readonly layerIndex: number;
  /** Files of the final image that come from this layer, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** The predicted opened set within them. */
  readonly openedFiles: number;
  readonly wholeBytes: number;
  readonly pageBytes: number;
  readonly chunkBytes: number;
}

export interface StartupEstimate {
  readonly totals: { readonly files: number; readonly bytes: number };
  /** Sizes in bytes, and `openedFiles` as a count, each with a 90 % interval. */
  readonly measures: Readonly<Record<Measure, Interval>>;
  /** The same until the first request is answered. */
  readonly afterRequest: Readonly<Record<Measure, Interval>>;
  /** The chunk size behind `chunkBytes`. */
  readonly chunkSizeBytes: number;
  readonly confidence: "high" | "medium" | "low";
  readonly flags: readonly Flag[];
  /** Commands in the order in which they would run; the last one with a high probability is the service itself. */
  readonly commands: readonly ResolvedCommand[];
  /** One per layer of the image, base first. */
  readonly layers: readonly LayerEstimate[];
  /** The predicted opened set until ready, in path order: files with a probability of at least `openedThreshold`. */
  readonly files: readonly StartupFile[];
  /** What the first request opens beyond `files`, in path order. */
  readonly requestFiles: readonly StartupFile[];
  /** Model weights among `files` and `requestFiles`, largest first. */
  readonly weights: readonly WeightsFile[];
}

/** From this probability on a file is counted as opened. */
export const openedThreshold = 0.45;

/** What is run: the image's own settings, or others that the user asks about. */
export interface StartupQuestion {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly user: string;
  readonly chunkSizeBytes: number;
}
