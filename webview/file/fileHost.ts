import { trialDetailOf } from "../../src/protocol/panelBench.ts";
import { panelDocumentOf } from "../../src/protocol/panelDocument.ts";
import type { ReportMethods } from "../../src/protocol/reportMessages.ts";
import type { ReportDocument } from "../../src/results/document.ts";
import { exportForms } from "../../src/results/exportForms.ts";
import { openedFilePage } from "../../src/results/fileRows.ts";
import { exportText } from "../../src/results/exportText.ts";
import { chartPicture } from "../../src/results/pictures/chartPicture.ts";
import { pictureSvg } from "../../src/results/pictures/pictureSvg.ts";
import type { ConnectReport } from "../report/reportHost.ts";
import { download } from "./download.ts";

/** Answers from the document of the file. There is nothing behind it: no other reports, no runs, no image panel. */
export function connectToFile(report: ReportDocument): ConnectReport {
  const name = report.bench?.run.plan.name ?? report.image?.image.reference ?? "report";
  const trials = new Map(report.bench?.run.trials.map((trial) => [trial.id, trial]));
  const nothing = async (): Promise<void> => undefined;
  const host: ReportMethods = {
    ready: async () => ({ kind: "ready", name, document: panelDocumentOf(report) }),
    trials: async (ids) =>
      ids.flatMap((id) => {
        const trial = trials.get(id);
        return trial && report.bench ? [trialDetailOf(trial, report.bench.run)] : [];
      }),
    files: async (query) => openedFilePage(report.image ?? { files: [], requestFiles: [] }, query),
    exportAs: async (format) => {
      if (format === "html") return;
      const text = exportText(report, format);
      if (text !== undefined) download(`${fileStem(name)}.${exportForms[format].ending}`, new Blob([text]));
    },
    exportChart: async (choice) => {
      const picture = chartPicture(report, choice);
      if (picture) download(`${fileStem(name)}.${choice.name}.svg`, new Blob([pictureSvg(picture)]));
    },
    picture: async (choice) => chartPicture(report, choice),
    savePicture: async (base64, chart) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      download(`${fileStem(name)}.${chart}.png`, new Blob([bytes], { type: "image/png" }));
    },
    history: async () => [],
    compare: async () => undefined,
    cancelRun: nothing,
    openImageReport: nothing,
    chooseReport: nothing,
    startBenchmark: nothing,
    readAgain: nothing,
    showLog: nothing,
  };
  return () => ({ host, savedState: undefined, save: () => undefined, isAlone: true });
}

/** Safe as a file's name on every system. */
function fileStem(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[-.]+|[-.]+$/g, "")
      .slice(0, 60) || "report"
  );
}
