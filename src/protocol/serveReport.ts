import { z } from "zod/mini";
import { exportFormats } from "../results/exportForms.ts";
import { chartNames } from "../results/pictures/chartNames.ts";
import { servingEnd, type ServingEnd, type ServingReport } from "./channel.ts";
import { checkCallOf, fileQuery, type CheckedCall, type Frame } from "./frames.ts";
import { mostPictureCharacters, mostReportsCompared, mostTrialsAsked } from "./reportMessages.ts";
import type { ReportEvents, ReportMethodName, ReportMethods } from "./reportMessages.ts";

export type ReportServer = ServingEnd<ReportEvents>;

const shortText = z.string().check(z.maxLength(1000));

const chartChoice = z.strictObject({
  name: z.enum(chartNames),
  trialId: z.optional(shortText),
  arm: z.optional(shortText),
  slowdown: z.optional(z.number().check(z.gte(0), z.lte(1000))),
  provisioningMs: z.optional(z.number().check(z.gte(0), z.lte(1e9))),
  boot: z.optional(z.int().check(z.gte(0))),
});

/** The arguments of each method; a row that is missing here does not compile. */
const argumentsOf = {
  ready: z.tuple([]),
  trials: z.tuple([z.array(shortText).check(z.maxLength(mostTrialsAsked))]),
  files: z.tuple([fileQuery]),
  cancelRun: z.tuple([]),
  exportAs: z.tuple([z.enum(exportFormats)]),
  exportChart: z.tuple([chartChoice]),
  picture: z.tuple([chartChoice]),
  savePicture: z.tuple([z.string().check(z.maxLength(mostPictureCharacters), z.regex(/^[A-Za-z0-9+/]+={0,2}$/)), z.enum(chartNames)]),
  history: z.tuple([]),
  compare: z.tuple([z.array(z.string().check(z.maxLength(4000))).check(z.minLength(1), z.maxLength(mostReportsCompared))]),
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
