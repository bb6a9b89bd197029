import { formatBytes } from "../base/format.ts";
import { UserError } from "../base/errors.ts";

/** Errors of reading a layer's bytes; those of finding the image are in `errors.ts`. */

export function layerUnreadable(what: string, cause?: unknown): UserError {
  return new UserError(
    "layer-unreadable",
    `A layer cannot be read: ${what}.`,
    "The layer is damaged or no layer at all. Pull or build the image again; if that does not help, the builder wrote it wrongly.",
    cause === undefined ? undefined : { cause },
  );
}

export function layerTooLarge(limitBytes: number): UserError {
  return new UserError(
    "limit-exceeded",
    `A layer unpacks to more than ${formatBytes(limitBytes)}, which no honest layer of its size does.`,
    "Do not run this image before you know where it comes from: it may be made to fill disks.",
  );
}

export function tooManyEntries(limit: string): UserError {
  return new UserError(
    "limit-exceeded",
    `A layer has more than ${limit}, more than Coldstart keeps in memory.`,
    "Inspect an image with fewer files; such a layer would be slow to unpack on every node, too.",
  );
}
