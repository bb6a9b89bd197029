/** The door to saved reports, opened by `await import`. */
export { redactedRun } from "../../bench/redactedRun.ts";
export { verdictOf } from "../../bench/verdict.ts";
export { currentTrialsOf, runningState } from "../../protocol/liveBench.ts";
export { trialDetailOf } from "../../protocol/panelBench.ts";
export { panelDocumentOf } from "../../protocol/panelDocument.ts";
export { serveReport } from "../../protocol/serveReport.ts";
export { compareDocuments } from "../../results/compare/documentsComparison.ts";
export { documentOf, documentVersion, measuredAtEpochMs } from "../../results/document.ts";
export { readReportFile, writeDocument, writeWhole } from "../../results/documentFile.ts";
export { readEarlierRuns } from "../../results/earlierRuns.ts";
export { readDocument } from "../../results/readDocument.ts";
export { measuredProvisioning } from "../../results/measuredProvisioning.ts";
export { openedFilePage } from "../../results/fileRows.ts";
