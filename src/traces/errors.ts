import { UserError } from "../base/errors.ts";

const forms =
  "Coldstart reads records of ctr-remote, lists for Nydus, SOCI and overlaybd, logs of fanotify, fatrace, opensnoop and strace, and its own truth.txt.";

export function traceUnreadable(path: string, why: string, cause?: unknown): UserError {
  return new UserError("file-unreadable", `The trace ${path} cannot be read: ${why}.`, forms, cause === undefined ? undefined : { cause });
}

export function traceTooLarge(path: string, limit: string): UserError {
  return new UserError(
    "limit-exceeded",
    `The trace ${path} is larger than ${limit}.`,
    "Record only until the container is ready, and only the calls that open files (strace -f -e trace=%file,%process).",
  );
}

/** Overlaybd's recorded traces hold offsets in a block device, not files. */
export function blockTrace(path: string): UserError {
  return new UserError(
    "file-unreadable",
    `The trace ${path} holds positions in overlaybd's layers, which no longer tell which files they belonged to.`,
    "Record with fanotify, fatrace or strace, or give the priority list instead.",
  );
}
