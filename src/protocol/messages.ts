import type { ReportMeasure } from "../results/measureText.ts";
import type { FilePage, FileQuery, Report } from "../results/report.ts";

/** What the host pushes. Each is a whole snapshot: a hidden panel may miss all but the last. */
export interface HostEvents {
  readonly state: PanelState;
}

/** What the panel may ask. A method is a request; its promise is the reply, and rejects with the host's error code. */
export interface HostMethods {
  /** The panel is there (first or again) and wants its state. */
  ready(): Promise<PanelState>;
  /** One page of the image's files; answered from memory. */
  files(query: FileQuery): Promise<FilePage>;
  /** Remembers the measure in the user's settings; the code lenses follow. */
  setMeasure(measure: ReportMeasure): Promise<void>;
  /** Reads the image again: after a failure, or because it was built anew. */
  inspectAgain(): Promise<void>;
  /** Stops the inspection that is running. */
  cancel(): Promise<void>;
  /** Shows the log, where a failure's details are. */
  showLog(): Promise<void>;
  /** Asks which image to inspect and shows it. */
  chooseImage(): Promise<void>;
  /** Asks for a recorded start of the image and holds the estimate against it. */
  compareTrace(): Promise<void>;
  /** Takes the recorded start away again. */
  forgetTrace(): Promise<void>;
  /** Asks for a format and a place, and writes what startup opens as a prefetch list. */
  savePrefetchList(): Promise<void>;
}

export type MethodName = keyof HostMethods;

/** The report without the lists of files, which the panel asks for page by page. */
export type PanelReport = Omit<Report, "files" | "requestFiles">;

/** All that the panel shows at one moment; each state replaces the one before. */
export type PanelState =
  | { readonly kind: "empty" }
  | { readonly kind: "loading"; readonly imageName: string; readonly progress: PanelProgress }
  | { readonly kind: "failed"; readonly imageName: string; readonly failure: PanelFailure }
  | {
      readonly kind: "ready";
      readonly imageName: string;
      readonly report: PanelReport;
      readonly inspectedAtEpochMs: number;
      readonly measure: ReportMeasure;
      /** Whether the answer is for a command that the Dockerfile names but the image was not built with. */
      readonly edited: boolean;
      /** The file that the recorded start of `report.traced` was read from. */
      readonly traceName?: string | undefined;
      /** The layer that the user came for. */
      readonly selectedLayer?: number | undefined;
    };

/** How far the reading of an image came. */
export interface PanelProgress {
  /** Absent until the image is opened. */
  readonly originLabel?: string | undefined;
  readonly layersDone: number;
  readonly layerCount: number;
  readonly readBytes: number;
  /** 0 where unknown. */
  readonly totalBytes: number;
}

/** An error in the words of the host. */
export interface PanelFailure {
  readonly code: string;
  readonly message: string;
  /** What to do; empty for bugs. */
  readonly hint: string;
  /** A bug of ours rather than something that the user can mend. */
  readonly isBug: boolean;
}
