import { statSync } from "node:fs";
import type { Call } from "../base/log.ts";
import { UserError } from "../base/errors.ts";
import { parsePlatform } from "../image/platform.ts";
import { inspectImage } from "../inspect/inspect.ts";
import type { Inspection, InspectOptions } from "../inspect/inspection.ts";
import { defaultEngineSettings, type EngineSettings } from "../inspect/settings.ts";
import type { Measure } from "../startup/startupSet.ts";
import { reportOf } from "../results/reportOf.ts";
import { inspectDockerfile } from "./inspectDockerfile.ts";
import { entrypointWords } from "./entrypointWords.ts";
import { printReport } from "./printReport.ts";
import { Progress } from "./progress.ts";

/** The options of `coldstart inspect`, as commander reads them. */
export interface InspectArguments {
  readonly subject: string;
  readonly image?: string;
  readonly target?: string;
  readonly platform?: string;
  readonly entrypoint?: string;
  readonly json?: boolean;
  readonly top: number;
  readonly measure: string;
  readonly chunk: number;
  readonly cacheDir?: string;
  readonly plainHttp?: readonly string[];
  readonly caFile?: readonly string[];
  readonly daemon?: string;
  readonly timeout?: number;
  readonly toc: boolean;
  readonly verbose?: boolean;
}

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

/** Runs an inspection to its end with progress on stderr. */
export async function inspected(
  name: string,
  options: InspectOptions & { readonly settings: EngineSettings },
  call: Call,
): Promise<Inspection> {
  const progress = new Progress();
  try {
    for await (const event of inspectImage(name, options, call)) {
      progress.show(event);
      if (event.kind === "done") return event.inspection;
    }
  } finally {
    progress.clear();
  }
  throw new Error("an inspection ended without a result");
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
