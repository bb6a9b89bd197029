import { statSync } from "node:fs";
import type { Call } from "../base/log.ts";
import { UserError } from "../base/errors.ts";
import { parsePlatform } from "../image/platform.ts";
import type { InspectOptions } from "../inspect/inspection.ts";
import { defaultEngineSettings, type EngineSettings } from "../inspect/settings.ts";
import type { Measure } from "../startup/startupSet.ts";
import { reportOf } from "../results/reportOf.ts";
import { inspectDockerfile } from "./inspectDockerfile.ts";
import { entrypointWords } from "./entrypointWords.ts";
import type { InspectArguments } from "./inspectArguments.ts";
import { inspected } from "./inspected.ts";
import { printReport } from "./printReport.ts";

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
  const report = reportOf(inspection, Date.now());
  if (given.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(printReport(report, { measure, top: given.top }));
}

function optionsOf(given: InspectArguments): InspectOptions {
  return {
    chunkSizeBytes: given.chunk,
    ...(given.platform !== undefined && { platform: parsePlatform(given.platform) }),
    ...(given.entrypoint !== undefined && { entrypoint: entrypointWords(given.entrypoint) }),
  };
}

function settingsOf(given: InspectArguments): EngineSettings {
  const defaults = defaultEngineSettings();
  return {
    image: {
      ...defaults.image,
      plainHttpHosts: given.plainHttp ?? defaults.image.plainHttpHosts,
      caFiles: given.caFile ? Object.fromEntries(given.caFile.map(hostAndFile)) : defaults.image.caFiles,
      ...(given.daemon !== undefined && { daemonHost: given.daemon }),
      ...(given.timeout !== undefined && { timeoutMs: given.timeout * 1000 }),
    },
    facts: {
      ...defaults.facts,
      preferTableOfContents: given.toc,
      ...(given.cacheDir !== undefined && { cacheDir: given.cacheDir }),
    },
  };
}

function hostAndFile(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) throw new UserError("bad-usage", `"${text}" does not say which registry the file is for.`, "Write --ca-file HOST=FILE.");
  return [text.slice(0, at), text.slice(at + 1)];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
