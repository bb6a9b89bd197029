import { callingEnd, type CallingEnd, type OnEvent } from "./channel.ts";
import type { Frame } from "./frames.ts";
import type { ReportEvents, ReportMethodName, ReportMethods } from "./reportMessages.ts";

export type ReportLink = CallingEnd<ReportMethods>;

/** A method that is missing here does not compile. */
const names: Readonly<Record<ReportMethodName, true>> = {
  ready: true,
  trials: true,
  files: true,
  cancelRun: true,
  exportAs: true,
  exportChart: true,
  picture: true,
  savePicture: true,
  history: true,
  compare: true,
  openImageReport: true,
  chooseReport: true,
  startBenchmark: true,
  readAgain: true,
  showLog: true,
};

/** The side of a report's page. */
export function callReportHost(post: (frame: Frame) => void, onEvent: OnEvent<ReportEvents>): ReportLink {
  return callingEnd<ReportMethods, ReportEvents>(names, post, onEvent);
}
