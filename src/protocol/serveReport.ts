import { z } from "zod/mini";
import { servingEnd, type ServingEnd, type ServingReport } from "./channel.ts";
import { checkCallOf, type CheckedCall, type Frame } from "./frames.ts";
import { exportFormats, mostTrialsAsked, type ReportEvents, type ReportMethodName, type ReportMethods } from "./reportMessages.ts";

export type ReportServer = ServingEnd<ReportEvents>;

const shortText = z.string().check(z.maxLength(1000));

/** The arguments of each method; a row that is missing here does not compile. */
const argumentsOf = {
  ready: z.tuple([]),
  trials: z.tuple([z.array(shortText).check(z.maxLength(mostTrialsAsked))]),
  cancelRun: z.tuple([]),
  exportAs: z.tuple([z.enum(exportFormats)]),
  openImageReport: z.tuple([shortText]),
  chooseReport: z.tuple([]),
  startBenchmark: z.tuple([]),
  readAgain: z.tuple([]),
  showLog: z.tuple([]),
} satisfies Record<ReportMethodName, z.ZodMiniType>;

/** The extension's side of a report's page. */
export function serveReport(methods: ReportMethods, post: (frame: Frame) => void, report: ServingReport): ReportServer {
  return servingEnd<ReportMethods, ReportEvents>(checkReportCall, methods, post, report);
}

export function checkReportCall(message: unknown): CheckedCall<ReportMethodName> | undefined {
  return checkCallOf<ReportMethodName>(argumentsOf, message);
}
