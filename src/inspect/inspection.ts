import type { Problem } from "../base/text.ts";
import type { FileCatalog } from "../facts/fileCatalog.ts";
import type { Image, Platform } from "../image/image.ts";
import type { FactsEvent } from "../facts/imageFacts.ts";
import type { LayerFacts } from "../facts/layerFacts.ts";
import type { EngineSettings } from "./settings.ts";
import type { StartupEstimate, StartupQuestion } from "../startup/startupSet.ts";

/** What is known of an image once it has been read, and the answer for one entrypoint. Lives in memory only. */
export interface Inspection {
  readonly image: Image;
  readonly catalog: FileCatalog;
  /** One per layer of the image; the catalog is their squash. */
  readonly layerFacts: readonly LayerFacts[];
  readonly settings: EngineSettings;
  /** What `estimate` answers. */
  readonly question: StartupQuestion;
  readonly estimate: StartupEstimate;
  readonly packages: readonly PackageOwner[];
  readonly inspectedAtEpochMs: number;
  readonly problems: readonly Problem[];
}

/** A package of the image's package managers, and the files that it put there. */
export interface PackageOwner {
  readonly manager: "dpkg" | "apk" | "rpm" | "pip" | "conda" | "npm" | "jar";
  readonly name: string;
  readonly version: string;
  /** Absolute in the image; only those that are still there. */
  readonly paths: readonly string[];
}

export interface InspectOptions {
  /** Absent: the machine's architecture on linux. */
  readonly platform?: Platform | undefined;
  /** Replaces the image's ENTRYPOINT and drops its CMD, as `docker run --entrypoint` does. */
  readonly entrypoint?: readonly string[] | undefined;
  readonly cmd?: readonly string[] | undefined;
  readonly chunkSizeBytes: number;
}

/** Progress of an inspection; the last event is `done`. */
export type InspectEvent =
  | {
      readonly kind: "opened";
      readonly reference: string;
      readonly originLabel: string;
      readonly layerCount: number;
      readonly blobSizeBytes: number;
    }
  | Extract<FactsEvent, { readonly kind: "layer" }>
  | { readonly kind: "done"; readonly inspection: Inspection };
