import { trialDetailOf } from "../../src/protocol/panelBench.ts";
import { panelDocumentOf } from "../../src/protocol/panelDocument.ts";
import type { ReportMethods, ReportState } from "../../src/protocol/reportMessages.ts";
import type { ReportServer } from "../../src/protocol/serveReport.ts";
import { compareDocuments } from "../../src/results/compare/documentsComparison.ts";
import { documentOf, type ReportDocument } from "../../src/results/document.ts";
import { openedFilePage } from "../../src/results/fileRows.ts";
import { chartPicture } from "../../src/results/pictures/chartPicture.ts";
import { closeArms, overlayfs, sampleArms, stargz } from "./sampleArms.ts";
import { sampleBench, type SampleBenchOptions } from "./sampleBench.ts";
import { sampleBoots } from "./sampleBoots.ts";
import { comparedSamples, sampleHistory } from "./sampleHistory.ts";
import { sampleFiles, savedReport } from "./sampleImage.ts";
import { playBench } from "./playBench.ts";

export interface ReportScenario {
  readonly host: ReportMethods;
  /** Pushes what happens by and by. */
  readonly play?: (server: ReportServer) => void;
}

const runs: Readonly<Record<string, SampleBenchOptions>> = {
  arms: {},
  two: { arms: [overlayfs, stargz], trialsPerArm: 10 },
  one: { arms: [stargz], trialsPerArm: 5 },
  close: { arms: closeArms, trialsPerArm: 5 },
  few: { arms: [overlayfs, stargz], trialsPerArm: 2 },
  lost: { arms: sampleArms.map((arm) => ({ ...arm, mishaps: { 0: "crash", 1: "timeout", 2: "pull-failed" } as const })), trialsPerArm: 3 },
  hostile: { hostile: true },
  "200": { trialsPerArm: 50 },
  "10000": { trialsPerArm: 2500 },
  cancelled: { trialsRun: 23, ending: { kind: "cancelled" } },
};

/** `arms`, `two`, `one`, `close`, `few`, `lost`, `hostile`, `200`, `10000`, `cancelled`, `running`, `live`, `boot`, `empty`, `loading`, `failed`, `newer`. */
export function reportScenario(name: string): ReportScenario {
  const run = sampleBench(runs[name] ?? {});
  const document = documentOf(
    { bench: run, boots: sampleBoots(name === "hostile"), image: savedReport(sampleFiles(2000), name) },
    { atEpochMs: run.endedAtEpochMs, version: "0.1.0" },
  );
  const first = stateOf(name, document);
  const host: ReportMethods = {
    ready: async () => first,
    trials: async (ids) => ids.flatMap((id) => run.trials.filter((trial) => trial.id === id)).map((trial) => trialDetailOf(trial, run)),
    files: async (query) => openedFilePage(document.image ?? { files: [], requestFiles: [] }, query),
    cancelRun: async () => console.info("The run would be cancelled."),
    exportAs: async (format) => console.info(`A place for ${format} would be asked for.`),
    exportChart: async ({ name: chart }) => console.info(`A place for ${chart}.svg would be asked for.`),
    picture: async (choice) => chartPicture(document, choice),
    savePicture: async (base64, chart) => console.info(`A place for ${chart}.png of ${base64.length} characters would be asked for.`),
    history: async () => sampleHistory(document),
    compare: async (ids) => compareDocuments(comparedSamples(document, ids)),
    openImageReport: async (reference) => console.info(`The panel of ${reference} would open.`),
    chooseReport: async () => console.info("A report would be asked for."),
    startBenchmark: async () => console.info("The questions of a benchmark would be asked."),
    readAgain: async () => console.info("The file would be read again."),
    showLog: async () => console.info("The log would be shown."),
  };
  return name === "live" || name === "running"
    ? { host: { ...host, ...playBench.host }, play: (server) => playBench.play(server, name === "live") }
    : { host };
}

function stateOf(name: string, document: ReportDocument): ReportState {
  switch (name) {
    case "empty":
      return { kind: "empty" };
    case "loading":
      return { kind: "loading", name: "gpu-pool-a.coldstart.json", readBytes: 84_000_000, totalBytes: 200_000_000 };
    case "failed":
      return {
        kind: "failed",
        name: "gpu-pool-a.coldstart.json",
        failure: {
          code: "report-broken",
          message: "The file ends in the middle of trial t17.",
          hint: "Ask whoever wrote it for a whole copy, or run the benchmark again.",
          isBug: false,
        },
      };
    case "newer":
      return { kind: "newer", name: "gpu-pool-a.coldstart.json", foundVersion: 3, knownVersion: 1 };
    default:
      return {
        kind: "ready",
        name: name === "hostile" ? "<img src=x onerror=alert(9)>.coldstart.json" : "gpu-pool-a.coldstart.json",
        document: panelDocumentOf(document),
      };
  }
}
