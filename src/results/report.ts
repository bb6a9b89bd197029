import type { Interval } from "../base/interval.ts";
import type { Problem } from "../base/text.ts";
import type { Measure, Moment, Reading } from "../startup/startupSet.ts";

/**
 * The document behind `--json`, the panel and saved `*.coldstart.json` files. Every number has its definition here.
 * Fields are only ever added within one `schemaVersion`; readers ignore what they do not know.
 */
export interface Report {
  readonly schemaVersion: 1;
  readonly createdAtEpochMs: number;
  readonly image: ReportImage;
  /** All regular files of the final root filesystem, and their bytes. */
  readonly totals: { readonly files: number; readonly bytes: number };
  readonly estimate: ReportEstimate;
  /** Base layer first. */
  readonly layers: readonly ReportLayer[];
  /** Packages by untouched bytes, most first. */
  readonly packages: readonly ReportPackage[];
  /** The predicted opened set until ready, in path order. */
  readonly files: readonly ReportFile[];
  /** What the first request opens beyond them, in path order. */
  readonly requestFiles: readonly ReportFile[];
  /** Model weights among both, largest first. */
  readonly weights: readonly ReportWeights[];
  /** What could be left out, most bytes first; each byte counts in one finding only. */
  readonly findings: readonly ReportFinding[];
  readonly problems: readonly Problem[];
  /** Only when a Dockerfile was asked about. */
  readonly dockerfile?: ReportDockerfile;
  /** Only when a recorded start was given. */
  readonly traced?: ReportTraced;
}

/** Something in the image, or in the text that builds it, that costs bytes without serving the container's start. */
export interface ReportFinding {
  /** `package-cache`, `build-tools`, `devel-base`, `rewritten-files`, `deleted-files`, `duplicate-weights`, … */
  readonly code: string;
  readonly severity: "warning" | "information";
  readonly message: string;
  readonly advice: string;
  /** Bytes that the image would be smaller by, uncompressed; null: the text alone does not tell. */
  readonly sizeBytes: number | null;
  /** How much of them is read until the first request is answered; null: not known, or hidden from every container. */
  readonly readBytes: number | null;
  readonly files: number;
  /** The largest of its files. */
  readonly evidence: readonly { readonly path: string; readonly sizeBytes: number }[];
  /** The layer that holds the bytes or hid them; null without an image. */
  readonly layerIndex: number | null;
  /** The layer that holds what `layerIndex` hid; null for all other findings. */
  readonly sourceLayerIndex: number | null;
  /** The line of the Dockerfile that it belongs to, 1 is the first; null without one. */
  readonly line: number | null;
}

/** How the instructions of one stage and the image's layers belong together. */
export interface ReportDockerfile {
  readonly path: string;
  /** 0 is the first stage of the file. */
  readonly stageIndex: number;
  /** Why instructions and layers could not be matched; null when they were. */
  readonly unmatchedReason: string | null;
  readonly instructions: readonly {
    /** 1 is the first line of the file. */
    readonly line: number;
    readonly keyword: string;
    readonly text: string;
    /** Null: the instruction made no layer. */
    readonly layerIndex: number | null;
  }[];
}

/** Which image the report is of. */
export interface ReportImage {
  readonly reference: string;
  /** Manifest digest; null where the origin keeps none. */
  readonly digest: string | null;
  readonly configDigest: string;
  /** `linux/amd64`, `linux/arm64/v8`. */
  readonly platform: string;
  readonly origin: string;
  readonly originLabel: string;
}

/** The measures with their 90 % intervals: until ready, and in `afterRequest` until the first request is answered. */
export interface ReportEstimate {
  /** How many files are opened before the container is ready. */
  readonly openedFiles: Interval;
  /** Their whole sizes. */
  readonly wholeBytes: Interval;
  /** The 4 KiB pages of them that are read. */
  readonly pageBytes: Interval;
  /** What a lazy loader fetches in aligned chunks of `chunkSizeBytes`. */
  readonly chunkBytes: Interval;
  readonly chunkSizeBytes: number;
  /** The same measures until the first request is answered. */
  readonly afterRequest: Readonly<Record<"openedFiles" | "wholeBytes" | "pageBytes" | "chunkBytes", Interval>>;
  readonly confidence: "high" | "medium" | "low";
  readonly flags: readonly { readonly code: string; readonly message: string }[];
  /** What is run: shells, wrappers and the service, in order. */
  readonly commands: readonly { readonly argv: readonly string[]; readonly executable: string | null; readonly probability: number }[];
}

/** One layer, and what of its files startup opens until ready. Sizes are uncompressed but for the blob's. */
export interface ReportLayer {
  readonly index: number;
  readonly diffId: string;
  /** Null where the origin keeps no blob. */
  readonly digest: string | null;
  readonly blobSizeBytes: number | null;
  /** `CREATED BY` of the history entry; empty when the builder kept none. */
  readonly createdBy: string;
  /** Files of the final root filesystem that this layer provides. */
  readonly files: number;
  readonly bytes: number;
  readonly openedFiles: number;
  readonly wholeBytes: number;
  readonly pageBytes: number;
  readonly chunkBytes: number;
}

/** One package of an operating system or a language, and what of it startup opens until ready. */
export interface ReportPackage {
  readonly manager: string;
  readonly name: string;
  readonly version: string;
  readonly layerIndex: number;
  readonly files: number;
  readonly bytes: number;
  readonly openedFiles: number;
  readonly wholeBytes: number;
  readonly pageBytes: number;
}

/** A file that startup is expected to open, and why. `probability` is from 0 to 1. */
export interface ReportFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly layerIndex: number;
  readonly probability: number;
  readonly rule: string;
  readonly evidence: string;
  /** The earlier of the two moments by which it is opened. */
  readonly moment: Moment;
  /** Bytes of 4 KiB pages that are read until `moment`, and until the first request is answered. */
  readonly pageBytes: number;
  readonly requestPageBytes: number;
}

/** A file of model weights that is opened; counted in the measures too. */
export interface ReportWeights {
  readonly path: string;
  readonly sizeBytes: number;
  readonly layerIndex: number;
  readonly format: string;
  /** `mapped`: the header first, the rest when the model computes; `read`: whole, at once. */
  readonly reading: Reading;
  /** Bytes read until ready, and until the first request is answered. */
  readonly readyBytes: number;
  readonly requestBytes: number;
  readonly evidence: string;
}

/** One page of the panel's file list; all files of the image are listed, touched or not. */
export interface FileRow {
  readonly path: string;
  readonly sizeBytes: number;
  readonly layerIndex: number;
  /** `pip torch 2.5.1`; empty when no package owns the file. Absent in a saved report, which does not tell. */
  readonly package?: string;
  /** Absent: not expected to be opened. */
  readonly opened?: OpenedRow;
}

/** Why a row's file is opened. */
export interface OpenedRow extends Pick<ReportFile, "probability" | "rule" | "evidence" | "moment" | "pageBytes" | "requestPageBytes"> {
  /** What the rule means, in one sentence. */
  readonly ruleMeaning: string;
}

/** `touched`: until ready; `request`: only by the first request; `untouched`: not until the first request is answered. */
export const touchedFilters = ["all", "touched", "request", "untouched"] as const;
export type TouchedFilter = (typeof touchedFilters)[number];

/** Which page of the file list is asked for. */
export interface FileQuery {
  /** Every word must be part of the path or of the package's name; case does not matter. */
  readonly search: string;
  readonly touched: TouchedFilter;
  readonly layerIndex?: number;
  /** `manager name`, as in `ReportPackage`; absent means all. */
  readonly package?: string;
  readonly sort: "size" | "path";
  readonly offset: number;
  readonly limit: number;
}

export interface FilePage {
  readonly total: number;
  readonly totalBytes: number;
  readonly rows: readonly FileRow[];
}

/** A recorded start beside the estimate. Measures that the recorder does not tell are absent. */
export interface ReportTraced {
  /** Who recorded it: `strace log`, `stargz record`, … */
  readonly format: string;
  /** Which of the estimate's moments it is held against. */
  readonly moment: Moment;
  readonly measures: Readonly<Partial<Record<Measure, ReportTracedMeasure>>>;
  /** Of the recorded files, the share that was predicted; of the predicted ones, the share that was recorded; the first by size. */
  readonly recall: number;
  readonly precision: number;
  readonly byteRecall: number;
  /** Recorded and not predicted, largest first. */
  readonly missed: readonly Pick<ReportFile, "path" | "sizeBytes" | "layerIndex">[];
  /** Predicted and not recorded, largest first. */
  readonly surplus: readonly Pick<ReportFile, "path" | "sizeBytes" | "layerIndex" | "probability" | "rule" | "evidence">[];
  /** Paths of the trace that are no files of the image: provided by the container runtime, folders, others. */
  readonly dropped: { readonly runtime: number; readonly folders: number; readonly missing: number };
}

/** One measure as it was recorded, beside the estimate. */
export interface ReportTracedMeasure {
  readonly value: number;
  /** Estimated minus recorded, in points of all files or bytes of the image. */
  readonly errorPoints: number;
  /** Whether the 90 % interval of the estimate holds the recorded value. */
  readonly isCovered: boolean;
}
