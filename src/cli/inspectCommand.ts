import { statSync } from "node:fs";
import type { Call } from "../base/log.ts";
import { UserError } from "../base/errors.ts";
import type { Measure } from "../startup/startupSet.ts";
import { reportOf } from "../results/reportOf.ts";
import { inspectDockerfile } from "./inspectDockerfile.ts";
import { optionsOf, settingsOf } from "./imageArguments.ts";
import type { InspectArguments } from "./inspectArguments.ts";
import { inspected } from "./inspected.ts";
import { printReport } from "./printReport.ts";
import { tracedPart } from "./tracedPart.ts";

const measures: Readonly<Record<string, Measure>> = {
  files: "openedFiles",
  bytes: "wholeBytes",
  pages: "pageBytes",
  chunks: "chunkBytes",
};

export async function inspectCommand(given: InspectArguments, call: Call): Promise<void> {
  const measure = Object.hasOwn(measures, given.measure) ? measures[given.measure] : undefined;
  if (!measure) throw new UserError("bad-usage", `There is no measure "${given.measure}".`, "Use files, bytes, pages or chunks.");
  const options = optionsOf(given);
  const settings = settingsOf(given);
  if (isFile(given.subject)) {
    await inspectDockerfile({ given, options, settings, measure }, call);
    return;
  }
  const inspection = await inspected(given.subject, { ...options, settings }, call);
  const report = { ...reportOf(inspection, Date.now()), ...(await tracedPart(inspection, given, call)) };
  if (given.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(printReport(report, { measure, top: given.top }));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
