import { UserError } from "../base/errors.ts";

/** A regular expression of the plan took too long for one line of the application's words. */
export function patternTooSlow(pattern: string, limitMs: number, cause: unknown): UserError {
  return new UserError(
    "limit-exceeded",
    `The regular expression /${pattern}/ took more than ${limitMs} ms for one text.`,
    "Write it without repeats within repeats, such as (a+)+.",
    { cause },
  );
}

/** The privileged pod on the node could not do its work. */
export function probeFailed(node: string, why: string): UserError {
  return new UserError(
    "probe-failed",
    `The probe on node ${node} failed: ${why}.`,
    "Choose another probe image (it needs sh, nsenter and, where the node has none, ctr), or run without the probe at coldness L0.",
  );
}

export function noNode(what: string, known: readonly string[]): UserError {
  return new UserError(
    "no-gpu-node",
    `${what}.`,
    known.length > 0
      ? `There are: ${known.slice(0, 10).join(", ")}${known.length > 10 ? ", …" : ""}. "coldstart clusters" shows their GPUs.`
      : '"coldstart clusters" shows the nodes and their GPUs; a benchmark does not make a new node.',
  );
}

/** A level of coldness needs root on the node, and the user has not agreed to that. */
export function consentMissing(level: string): UserError {
  return new UserError(
    "consent-missing",
    `Coldness ${level} needs a privileged pod on the node, which removes the images of the plan there and drops its page cache.`,
    "Allow it with --allow-privileged, or run at coldness L0, where nobody knows how cold a start was.",
  );
}
