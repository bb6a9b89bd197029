import { randomBytes } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isUserError } from "../base/errors.ts";
import { formatBytes } from "../base/format.ts";
import type { Call } from "../base/log.ts";
import { documentText, type ReportDocument } from "./document.ts";
import { reportTooLarge, reportUnreadable, reportUnwritable } from "./errors.ts";

/** A run of 10,000 trials with an image of 100,000 files is half of it. */
const maxReportBytes = 150_000_000;

/** Writes the document beside its place and renames it there: readers see the old file or the whole new one, also after a power cut. */
export async function writeDocument(path: string, document: ReportDocument): Promise<void> {
  await writeWhole(path, documentText(document));
}

/** The same for any text. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const beside = join(dirname(path), `.coldstart-${randomBytes(6).toString("hex")}.tmp`);
  try {
    const file = await open(beside, "wx", 0o644);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw reportUnwritable(path, cause);
  }
}

/** The text of a report's file; throws `UserError` when there is none, or when it is so large that reading it would stop everything else. */
export async function readReportFile(path: string, call: Call): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > maxReportBytes) throw reportTooLarge(path, formatBytes(maxReportBytes));
    const file = await open(path);
    try {
      return await file.readFile({ encoding: "utf8", ...(call.signal && { signal: call.signal }) });
    } finally {
      await file.close();
    }
  } catch (cause) {
    call.signal?.throwIfAborted();
    if (isUserError(cause)) throw cause;
    throw reportUnreadable(
      path,
      (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : String((cause as Error).message),
      cause,
    );
  }
}
