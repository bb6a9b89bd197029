import { writeFile } from "node:fs/promises";
import { UserError } from "../base/errors.ts";
import { formatBytes, formatCount } from "../base/format.ts";
import type { Call } from "../base/log.ts";
import { prefetchOf, readTracedStart } from "../inspect/traced.ts";
import type { Inspection } from "../inspect/inspection.ts";
import { withinBudget, type PrefetchFile } from "../traces/prefetchFiles.ts";
import { prefetchFormats } from "../traces/prefetchList.ts";
import { optionsOf, settingsOf, type ImageArguments } from "./imageArguments.ts";
import { inspected } from "./inspected.ts";
import { momentArgument } from "./momentArgument.ts";

/** The options of `coldstart export`, as commander reads them. */
export interface ExportArguments extends ImageArguments {
  readonly image: string;
  readonly format: string;
  readonly moment?: string;
  readonly trace?: string;
  /** Bytes. */
  readonly budget?: number;
  readonly output?: string;
}

/** Writes what the start opens as a list for a lazy loader's prefetch; what a reader should know of it goes to stderr. */
export async function exportCommand(given: ExportArguments, call: Call): Promise<void> {
  const format = prefetchFormats.find(({ name }) => name === given.format);
  if (!format) {
    const names = prefetchFormats.map(({ name }) => name).join(", ");
    throw new UserError("bad-usage", `There is no format "${given.format}".`, `Use one of ${names}.`);
  }
  const inspection = await inspected(given.image, { ...optionsOf(given), settings: settingsOf(given) }, call);
  const all = await filesOf(inspection, given, call);
  const files = given.budget === undefined ? all : withinBudget(all, given.budget, format.bytesOf);
  const list = format.write(files, inspection.image.digest);
  if (given.output === undefined) process.stdout.write(list.text);
  else await written(given.output, list.text);
  const told = [
    `${formatCount(list.files)} files, ${formatBytes(list.bytes)} to fetch, ${given.trace === undefined ? "estimated" : "traced"}. For: ${format.usage}`,
    ...(all.length > files.length
      ? [`${formatCount(all.length - files.length)} files left out to keep within ${formatBytes(given.budget ?? 0)}.`]
      : []),
    ...list.leftOut.map(({ count, reason }) => `${count === 1 ? "1 file" : `${formatCount(count)} files`} left out: ${reason}.`),
  ];
  process.stderr.write(told.map((line) => `${line}\n`).join(""));
}

async function filesOf(inspection: Inspection, given: ExportArguments, call: Call): Promise<readonly PrefetchFile[]> {
  const asked = momentArgument(given.moment);
  const start = given.trace === undefined ? undefined : await readTracedStart(inspection, given.trace, call);
  for (const { message } of start?.traced.problems ?? []) process.stderr.write(`${message}\n`);
  return prefetchOf(inspection, start, asked);
}

async function written(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new UserError(
      "file-unreadable",
      `${path} cannot be written: ${(cause as Error).message}`,
      "Check the path and its permissions.",
      { cause },
    );
  }
}
