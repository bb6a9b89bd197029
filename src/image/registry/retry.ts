import { delay } from "../../base/abort.ts";
import { isUserError } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import { registryFailed, registryUnreachable } from "../errors.ts";
import type { HttpResponse } from "../http.ts";
import { isCertificateFailure, networkFailure } from "../../base/networkFailure.ts";

/** A status that may be another one a moment later: 429 and 5xx. */
export class BusyError extends Error {
  override readonly name = "BusyError";
  readonly status: number;
  /** As the server asked by Retry-After. */
  readonly waitMs: number | undefined;

  constructor(status: number, waitMs: number | undefined) {
    super(`status ${status}`);
    this.status = status;
    this.waitMs = waitMs;
  }
}

const maxAttempts = 5;
/** Silence costs the whole timeout each time. */
const maxTimeouts = 2;
const firstWaitMs = 200;
/** Longer than this nobody waits in front of a screen. */
const maxWaitMs = 60_000;

/** Counts the failures in a row of one piece of work and waits longer after each. */
export class Patience {
  readonly #host: string;
  #attempts = 0;
  #timeouts = 0;
  #hadProgress = false;

  constructor(host: string) {
    this.#host = host;
  }

  /** There was progress: the next failure is a first one. */
  reset(): void {
    this.#attempts = 0;
    this.#timeouts = 0;
    this.#hadProgress = true;
  }

  /** Waits before the next try, or throws what the user is to read. */
  async afterFailure(error: unknown, call: Call): Promise<void> {
    call.signal?.throwIfAborted();
    if (isUserError(error)) throw error;
    this.#attempts++;
    if (error instanceof BusyError) {
      const waitMs = error.waitMs ?? this.#backOffMs();
      if (this.#attempts >= maxAttempts || waitMs > maxWaitMs) throw this.#busy(error);
      call.log?.debug("the registry is busy", { host: this.#host, status: error.status, waitMs });
      await delay(waitMs, call.signal);
      return;
    }
    const failure = networkFailure(error);
    if (!failure) throw error;
    if (failure.kind === "timeout") this.#timeouts++;
    // What worked a moment ago may be starting anew.
    const isLasting = failure.kind === "lasting" && !this.#hadProgress;
    if (isLasting || this.#attempts >= maxAttempts || this.#timeouts >= maxTimeouts) {
      throw unreachable(this.#host, error);
    }
    call.log?.debug("a request failed and is tried again", { host: this.#host, why: failure.why });
    await delay(this.#backOffMs(), call.signal);
  }

  /** Doubles, with a random part so that several threads do not come back at once. */
  #backOffMs(): number {
    return firstWaitMs * 2 ** (this.#attempts - 1) * (0.75 + Math.random() / 2);
  }

  #busy(error: BusyError): Error {
    if (error.status !== 429) return registryFailed(this.#host, `it answers with status ${error.status}`);
    const wait = error.waitMs === undefined ? "" : `, and asks to wait ${Math.ceil(error.waitMs / 1000)} s`;
    return registryFailed(this.#host, `it says that there were too many requests${wait}`);
  }
}

/** Tries the whole of a piece of work again while that may help. */
export async function withRetries<T>(host: string, work: () => Promise<T>, call: Call): Promise<T> {
  const patience = new Patience(host);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      await patience.afterFailure(error, call);
    }
  }
}

/** Throws `BusyError` for a status worth waiting for. */
export async function throwIfBusy(response: HttpResponse): Promise<void> {
  const { status } = response;
  if (status !== 429 && status !== 408 && !(status >= 500 && status !== 501 && status !== 505)) return;
  await response.discard();
  throw new BusyError(status, parseRetryAfter(response.header("retry-after")));
}

/** Seconds or a date (RFC 9110, section 10.2.3); undefined when absent or neither. */
export function parseRetryAfter(value: string | undefined, nowEpochMs = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowEpochMs);
}

/** The error for a failure of the network that no further try mends. */
export function unreachable(host: string, error: unknown): Error {
  const failure = networkFailure(error);
  if (!failure) return error as Error;
  const hint = isCertificateFailure(error)
    ? "If the registry has certificates of its own, give their authority's file in the settings or with --ca-file."
    : undefined;
  return registryUnreachable(host, failure.why, error, hint);
}
