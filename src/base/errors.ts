/** Why the work stopped, as a word that programs can compare. A room makes its errors in its own `errors.ts`. */
export type UserErrorCode =
  | "bad-usage"
  | "bad-reference"
  | "bad-settings"
  | "image-not-found"
  | "image-unreadable"
  | "platform-mismatch"
  | "digest-mismatch"
  | "registry-unauthorized"
  | "registry-unreachable"
  | "registry-failed"
  | "daemon-unreachable"
  | "unsupported-image"
  | "layer-unreadable"
  | "limit-exceeded"
  | "cache-unwritable"
  | "dockerfile-unreadable"
  | "file-unreadable"
  | "untrusted-workspace"
  | "report-newer"
  | "report-unreadable"
  | "kubeconfig-unreadable"
  | "context-not-found"
  | "cluster-unreachable"
  | "cluster-unauthorized"
  | "cluster-forbidden"
  | "cluster-not-found"
  | "cluster-refused"
  | "watch-expired"
  | "node-not-found"
  | "no-gpu-node"
  | "plan-unreadable"
  | "consent-missing"
  | "probe-failed"
  | "run-incomplete"
  | "boot-unreadable"
  | "boot-unfinished"
  | "node-unasked"
  | "ssh-failed";

/**
 * A failure that the user can act on. The message says what happened, the hint what to do.
 * Anything else that is thrown is a bug, except cancellation.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: UserErrorCode;
  readonly hint: string;

  constructor(code: UserErrorCode, message: string, hint: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** Compares by name: `instanceof` fails for errors that cross bundles or worker threads. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === "UserError" && "code" in error && "hint" in error;
}

/** Whether the error is only the echo of a cancellation, which is shown nowhere. */
export function isCancelled(error: unknown, signal?: AbortSignal): boolean {
  if (signal?.aborted && error === signal.reason) return true;
  return error instanceof Error && (error.name === "AbortError" || error.name === "CancelledError" || error.name === "Canceled");
}

/** What a worker thread sends home: structured cloning drops the fields of error classes. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly code?: string | undefined;
  readonly hint?: string | undefined;
}

export function toPlainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const base = { name: error.name, message: error.message, stack: error.stack };
  return isUserError(error) ? { ...base, code: error.code, hint: error.hint } : base;
}

export function fromPlainError(plain: PlainError): Error {
  if (plain.name === "UserError") return new UserError(plain.code as UserErrorCode, plain.message, plain.hint ?? "");
  const error = new Error(plain.message);
  error.name = plain.name;
  if (plain.stack !== undefined) error.stack = plain.stack;
  return error;
}
