import type { Call } from "../../base/log.ts";
import { foreignLine } from "../../base/foreignText.ts";
import { isUserError } from "../../base/errors.ts";
import { isApiFailure } from "../../cluster/errors.ts";

/** One question to the application and what came of it, on this machine's clock. */
export interface Attempt {
  readonly sentAtEpochMs: number;
  /** When the answer began, or the failure was known. */
  readonly answeredAtEpochMs: number;
  /** Set where the instant of the answer is not known exactly: an open port shows by no refusal having come. */
  readonly latestAnswerEpochMs?: number;
  readonly verdict: Verdict;
  /** `HTTP 503`, `connection refused`. */
  readonly what: string;
}

/**
 * `not-ready` is the word of the application or of its closed port, so proof for the moment of the question. `unknown`: the question did
 * not get there, which says nothing of the application.
 */
export type Verdict = "ready" | "not-ready" | "unknown";

/** Never throws but for cancellation and for what makes further questions senseless (a missing permission, a bad pattern). */
export type Ask = (call: Call) => Promise<Attempt>;

export interface Answer {
  readonly verdict: Verdict;
  readonly what: string;
}

/** What the error of a connection into the pod says of the application: a port that refuses or cuts is not ready; others are not its doing. */
export function answerOfError(error: unknown): Answer {
  const said = error instanceof Error ? error.message : String(error);
  // The API server's own trouble; an error that the node sent through a tunnel has no status.
  const isFromCluster = isUserError(error) && !(isApiFailure(error) && error.status === 0);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const verdict = !isFromCluster && isFromApplication(said, code) ? "not-ready" : "unknown";
  const what = verdict === "not-ready" && refusal.test(said) ? "connection refused" : foreignLine(said === "" ? code : said);
  return { verdict, what };
}

const refusal = /connection refused|failed to connect to localhost:/i;

/** Words of containerd (`sandbox_portforward_linux.go`), of CRI-O's socat, of the API server's proxy, and of Node's own sockets. */
function isFromApplication(said: string, code: string): boolean {
  if (refusal.test(said)) return true;
  if (/connection reset|broken pipe|\bEOF\b|socket hang up|malformed HTTP|server gave HTTP response/i.test(said)) return true;
  return /^(?:ECONNRESET|EPIPE|HPE_.*|ERR_HTTP2_.*|ERR_SSL_.*|EPROTO|ERR_STREAM_PREMATURE_CLOSE)$/.test(code);
}
