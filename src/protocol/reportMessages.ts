import type { BenchRun, TrialPhase } from "../bench/benchRun.ts";
import type { ColdnessLevel } from "../bench/plan.ts";
import type { TrialStages } from "../bench/stages.ts";
import type { BenchSummary } from "../bench/summary.ts";
import type { Outcome, Taint, Trial } from "../bench/trial.ts";
import type { BootReport } from "../boot/bootReport.ts";
import type { DocumentsComparison } from "../results/compare/documentsComparison.ts";
import type { ExportFormat } from "../results/exportForms.ts";
import type { IcicleNode } from "../results/imageIcicle.ts";
import type { MeasuredProvisioning } from "../results/measuredProvisioning.ts";
import type { ChartChoice, ChartName } from "../results/pictures/chartNames.ts";
import type { Picture } from "../results/pictures/picture.ts";
import type { FilePage, FileQuery } from "../results/report.ts";
import type { PanelFailure } from "./messages.ts";

/**
 * The wire between the extension and the page of one report: a `*.coldstart.json` file, or a benchmark that is running. All of it is
 * plain data that survives JSON: no Map, no Infinity.
 */

/** What the host pushes. Each is a whole snapshot of what it names: a hidden page may miss all but the last. */
export interface ReportEvents {
  /** When anything but the trial in progress has changed: a trial ended, the run ended, the file was read. */
  readonly state: ReportState;
  /** At each phase and each mark of the trials in progress; takes the place of `running.current`. Small, so it may come often. */
  readonly current: readonly CurrentTrial[];
}

/** What the page may ask. A method is a request; its promise is the reply, and rejects with the host's error code. */
export interface ReportMethods {
  /** The page is there (first or again) and wants its state. */
  ready(): Promise<ReportState>;
  /** Whole trials with what was derived from them, in the order asked; those that are not in the run are left out. */
  trials(trialIds: readonly string[]): Promise<readonly TrialDetail[]>;
  /** One page of the files that the document's image opens at startup, the only ones that it holds. */
  files(query: FileQuery): Promise<FilePage>;
  /** Ends the running benchmark: its pod is removed, what was measured is kept. */
  cancelRun(): Promise<void>;
  /** Asks for a place and writes the report there in another form. */
  exportAs(format: ExportFormat): Promise<void>;
  /** Asks for a place and writes a chart there as SVG. */
  exportChart(choice: ChartChoice): Promise<void>;
  /** The chart as shapes, for a canvas; undefined: the report has nothing for it. */
  picture(choice: ChartChoice): Promise<Picture | undefined>;
  /** Asks for a place and writes what the page drew of a chart: a PNG in base64. */
  savePicture(pngBase64: string, chart: ChartName): Promise<void>;
  /** The saved reports of the workspace, the newest first; what cannot be compared is left out. */
  history(): Promise<readonly HistoryEntry[]>;
  /**
   * This report beside others of the history, the one that began first being what the others are compared with. Undefined: this one
   * cannot be compared, or nothing of the others is in the history any more.
   */
  compare(ids: readonly string[]): Promise<DocumentsComparison | undefined>;
  /** Shows the image's own panel for the image of an arm, or of the document. */
  openImageReport(reference: string): Promise<void>;
  /** Asks for another report file and opens it. */
  chooseReport(): Promise<void>;
  /** Begins a new benchmark: the command with its questions. */
  startBenchmark(): Promise<void>;
  /** Reads the file again, after a failure. */
  readAgain(): Promise<void>;
  /** Shows the log, where a failure's details are. */
  showLog(): Promise<void>;
}

export type ReportMethodName = keyof ReportMethods;

/** As many trials may be asked for at once. */
export const mostTrialsAsked = 50;
/** As many reports may be compared with the one that is shown. */
export const mostReportsCompared = 8;
/** So many characters of base64 are some 9 MB. */
export const mostPictureCharacters = 12_000_000;

/** A saved report of the workspace, with what it holds. */
export interface HistoryEntry {
  /** What `compare` takes; nothing else is to be read from it. */
  readonly id: string;
  /** Relative to the workspace. */
  readonly fileName: string;
  /** The plan's; of a report without a benchmark the file's. */
  readonly name: string;
  readonly measuredAtEpochMs: number;
  readonly bench?: {
    readonly context: string;
    readonly armCount: number;
    readonly trialCount: number;
    readonly isComplete: boolean;
  };
  readonly boots?: HistoryBoots;
  readonly image?: { readonly reference: string };
  /** The report that the page shows. */
  readonly isShown: boolean;
}

export interface HistoryBoots {
  readonly unit: string;
  readonly count: number;
  /** Absent: none got ready. */
  readonly provisioning?: MeasuredProvisioning;
}

/** All that the page shows at one moment; each state replaces the one before. */
export type ReportState =
  | { readonly kind: "empty" }
  /** `totalBytes` 0: not known. */
  | { readonly kind: "loading"; readonly name: string; readonly readBytes: number; readonly totalBytes: number }
  | RunningReport
  | ReadyReport
  | { readonly kind: "failed"; readonly name: string; readonly failure: PanelFailure }
  /** The file was written by a later Coldstart; nothing of it is shown, because a number might mean something else by now. */
  | { readonly kind: "newer"; readonly name: string; readonly foundVersion: number; readonly knownVersion: number };

/** A benchmark that goes on in this window. */
export interface RunningReport {
  readonly kind: "running";
  readonly name: string;
  /** Of the trials that have ended; `run.ending` is not yet true and is `complete`. */
  readonly bench: PanelBench;
  readonly plannedTrials: number;
  /** One, unless the plan lets several pods start at once; none between two trials. */
  readonly current: readonly CurrentTrial[];
  /** The user has asked to cancel and the last pod is being removed. */
  readonly isCancelling: boolean;
}

/** A report that is read, or was measured just now. */
export interface ReadyReport {
  readonly kind: "ready";
  /** The file's name; of a run that is not saved yet, the plan's. */
  readonly name: string;
  readonly document: PanelDocument;
}

/** What one document holds; each part stands for itself, and a part that it lacks has no tab. */
export interface PanelDocument {
  readonly bench?: PanelBench;
  readonly boot?: BootReport;
  readonly image?: PanelImage;
  /** That can be left as a picture. */
  readonly charts: readonly ChartName[];
}

/** A run without the raw observations of its trials, which are asked for by `trials`: ten thousand of them are some 50 MB. */
export interface PanelBench {
  readonly run: Omit<BenchRun, "trials">;
  readonly summary: BenchSummary;
  /** Sentences of `verdictOf`: the answer first. */
  readonly verdict: readonly string[];
  /** In order of execution. */
  readonly trials: readonly TrialRow[];
  /** The trial nearest to each arm's median, in the plan's order, so that the first picture needs no question. */
  readonly nearest: readonly TrialDetail[];
}

/** What lists and points show of a trial. Times are from the request; absent: not reached. */
export interface TrialRow {
  readonly id: string;
  readonly arm: string;
  readonly block: number;
  readonly order: number;
  readonly node?: string;
  readonly outcome: Outcome["kind"];
  /** Only of failed ones: the reason in words. */
  readonly failure?: string;
  readonly taints: readonly Taint[];
  readonly coldness: ColdnessLevel;
  readonly startedMs?: number;
  readonly readyMs?: number;
  readonly firstAnswerMs?: number;
  readonly fetchedBytes?: number;
}

/** A trial with its observations and the stages that follow from them. */
export interface TrialDetail {
  readonly trial: Trial;
  readonly stages: TrialStages;
}

/** A trial in progress, as far as it came. */
export interface CurrentTrial {
  readonly trialId: string;
  readonly arm: string;
  readonly block: number;
  readonly order: number;
  readonly phase: TrialPhase;
  readonly phaseSinceEpochMs: number;
  /** Of the marks seen so far. */
  readonly stages: TrialStages;
}

/** What a document tells of an image; the whole estimate is the image panel's. */
export interface PanelImage {
  readonly reference: string;
  readonly totalBytes: number;
  readonly totalFiles: number;
  /** 4 KiB pages read until ready, with the estimate's interval. */
  readonly readBytes: { readonly value: number; readonly low: number; readonly high: number };
  readonly icicle: readonly IcicleNode[];
  /** How many `files` lists without a filter. */
  readonly listedFiles: number;
}
