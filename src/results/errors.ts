import { UserError } from "../base/errors.ts";

const forms =
  "Coldstart reads its own reports (*.coldstart.json, or the output of coldstart inspect --json), the summary that fastpull prints or its JSON, results.json of SOCI's benchmark and hello-bench results of stargz-snapshotter.";

export function reportUnreadable(name: string, why: string, cause?: unknown): UserError {
  return new UserError(
    "report-unreadable",
    `${name} cannot be read as a report: ${why}.`,
    forms,
    cause === undefined ? undefined : { cause },
  );
}

export function reportCutOff(name: string, cause: unknown): UserError {
  return new UserError(
    "report-unreadable",
    `${name} ends in the middle: it was cut off, or is still being written.`,
    "Copy it again from where it was made; a report that Coldstart writes appears whole or not at all.",
    { cause },
  );
}

export function reportNewer(name: string, version: number, known: number): UserError {
  return new UserError(
    "report-newer",
    `${name} is a report of version ${version}, this Coldstart knows up to version ${known}.`,
    "Update Coldstart, or make the report again with this one.",
  );
}

export function reportTooLarge(name: string, limit: string): UserError {
  return new UserError(
    "limit-exceeded",
    `${name} is larger than ${limit}, more than a report of 10,000 trials and an image of 100,000 files.`,
    "It is probably another file. If it is not, make a report for each image or run.",
  );
}

export function reportUnwritable(path: string, cause: unknown): UserError {
  return new UserError(
    "file-unreadable",
    `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    "Check the path and its permissions, and that the disk has room.",
    { cause },
  );
}
