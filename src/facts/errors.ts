import { UserError } from "../base/errors.ts";

export function workerOutOfMemory(): UserError {
  return new UserError(
    "limit-exceeded",
    "A layer needs more memory than Coldstart allows for one.",
    "Inspect an image with fewer or smaller files; a layer that needs this much is unusual and may be made to do harm.",
  );
}

export function cacheUnwritable(dir: string, cause: unknown): UserError {
  return new UserError(
    "cache-unwritable",
    `The cache folder ${dir} cannot be cleared: ${cause instanceof Error ? cause.message : String(cause)}.`,
    "Check its permissions, or choose another folder with COLDSTART_CACHE_DIR.",
    { cause },
  );
}
