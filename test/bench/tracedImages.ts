import { join } from "node:path";
import type { FileCatalog } from "../../src/facts/fileCatalog.ts";
import { inspectImage } from "../../src/inspect/inspect.ts";
import type { Inspection } from "../../src/inspect/inspection.ts";
import { defaultEngineSettings } from "../../src/inspect/settings.ts";
import type { Calibration } from "../../src/startup/calibration.ts";
import { estimateStartup } from "../../src/startup/estimate.ts";
import { measureWithBases, type MeasuredStartup } from "../../src/startup/measures.ts";
import { walkStartup, type WalkResult } from "../../src/startup/walkStartup.ts";
import { corpusFolder, layoutOf, readProbe, sharedBlobs, type Family, type ProbeSet } from "./corpus.ts";
import { median } from "./table.ts";
import { readTruth, type Truth } from "./truth.ts";

/** An image of the corpus with what it did when it started and what we say that it does. */
export interface TracedImage {
  readonly name: string;
  readonly family: Family;
  /** Absent: rules were made with it in mind; see `Probe.set`. */
  readonly set?: ProbeSet | undefined;
  readonly truth: Truth;
  readonly inspection: Inspection;
  /** Of the whole inspection; short when the facts were kept. */
  readonly inspectMs: number;
  /** Of the estimate alone, from facts in memory: the median of several. */
  readonly estimateMs: number;
}

/** The image must be built and traced. */
export async function loadTraced(name: string): Promise<TracedImage> {
  const probe = readProbe(join(corpusFolder, name, "probe.json"));
  const started = performance.now();
  const inspection = await inspectTraced(name);
  const inspectMs = performance.now() - started;
  const durations = Array.from({ length: 5 }, () => {
    const before = performance.now();
    estimateStartup(inspection.catalog, inspection.question, inspection.image.layers.length);
    return performance.now() - before;
  });
  return {
    name,
    family: probe.family ?? "other",
    set: probe.set,
    truth: readTruth(name),
    inspection,
    inspectMs,
    estimateMs: median(durations),
  };
}

/** The estimate with other numbers behind it. The rules are followed once: numbers do not change what they find. */
export function measuredWith({ catalog, question, image }: Inspection, calibration: Calibration): MeasuredStartup {
  const walked = walks.get(catalog) ?? walkStartup(catalog, question);
  walks.set(catalog, walked);
  return measureWithBases(catalog, image.layers.length, walked, question.chunkSizeBytes, calibration);
}

/** Each image of the corpus is asked its own question only. */
const walks = new WeakMap<FileCatalog, WalkResult>();

/** From the layout of an image in the corpus; its facts are kept. */
export async function inspectTraced(name: string): Promise<Inspection> {
  const settings = defaultEngineSettings();
  const image = { ...settings.image, sharedBlobDir: sharedBlobs };
  const options = { chunkSizeBytes: 4 << 20, settings: { ...settings, image } };
  for await (const event of inspectImage(`oci:${layoutOf(name)}:latest`, options, {})) if (event.kind === "done") return event.inspection;
  throw new Error("an inspection ended without a result");
}
