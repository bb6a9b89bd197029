import type { Readable } from "node:stream";
import type * as Undici from "undici";
import { delay } from "../base/abort.ts";
import { parseJsonObject } from "../base/json.ts";
import type { Call } from "../base/log.ts";
import { networkFailure } from "../base/networkFailure.ts";
import type { ApiQuery, ApiRequest } from "./cluster.ts";
import { shownServer, type ResolvedContext } from "./contexts.ts";
import { apiFailure, clusterUnreachable, type ApiFailure } from "./errors.ts";
import { textAt } from "./fields.ts";
import { redacted, secretsOfBody } from "./redact.ts";
import { loadUndici, Sessions, type Session } from "./session.ts";

/** An answer of which only the headers are there. Its body must be read or destroyed. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

/** Requests to one API server: credentials added, failures told without secrets. */
export class ApiLink {
  readonly context: ResolvedContext;
  /** For people; holds no credentials. */
  readonly server: string;
  readonly #sessions: Sessions;

  constructor(context: ResolvedContext) {
    this.context = context;
    this.server = shownServer(context.cluster) ?? "";
    this.#sessions = new Sessions(context);
  }

  session(call: Call, refused?: Session): Promise<Session> {
    return this.#sessions.session(call, refused);
  }

  url(path: string, query?: ApiQuery): URL {
    const url = new URL(this.context.cluster.server + path);
    url.username = "";
    url.password = "";
    for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined) url.searchParams.append(key, String(value));
    return url;
  }

  /**
   * Sends it once, and once more when the connection was found closed or the credentials had run out. Throws what the signal says, or
   * `cluster-unreachable`; every status is an answer.
   */
  async send(request: ApiRequest, call: Call, options: { readonly mayRenew: boolean }): Promise<OpenAnswer> {
    const session = await this.session(call);
    const answer = await this.#sendWith(session, request, call, request.method === "GET");
    if (answer.status !== 401 || !options.mayRenew || !session.canRenew) return answer;
    discard(answer.body);
    return this.#sendWith(await this.session(call, session), request, call, false);
  }

  /** Like `send` for answers that only 2xx is good for, and waits a little when the server asks for it. Throws `apiFailure`. */
  async sendForSuccess(request: ApiRequest, call: Call): Promise<OpenAnswer> {
    for (let attempt = 0; ; attempt++) {
      const answer = await this.send(request, call, { mayRenew: true });
      if (answer.status >= 200 && answer.status < 300) return answer;
      const failure = await this.failureOf(request, answer, call);
      const waitSeconds = failure.retryAfterSeconds ?? (failure.status === 429 ? 1 : undefined);
      // 429 was not begun; other statuses only of requests that change nothing.
      const mayRepeat = failure.status === 429 || (failure.status === 503 && request.method === "GET");
      if (!mayRepeat || waitSeconds === undefined || attempt >= 4) throw failure;
      await delay(Math.min(waitSeconds, 5) * 1000, call.signal);
    }
  }

  async failureOf(request: Pick<ApiRequest, "method" | "path" | "body">, answer: OpenAnswer, call: Call): Promise<ApiFailure> {
    const text = await readText(answer.body, 64 * 1024).catch(() => "");
    return this.failureOfStatus(request, answer.status, text, await this.session(call), answer.headers["retry-after"]);
  }

  failureOfStatus(
    request: Pick<ApiRequest, "method" | "path" | "body">,
    status: number,
    text: string,
    session: Session,
    retryAfter?: string,
  ): ApiFailure {
    const said = parseJsonObject(text);
    const message = textAt(said, "message") ?? (said ? "" : text.slice(0, 600));
    const seconds = Number(retryAfter);
    return apiFailure(this.context.name, `${request.method} ${request.path}`, {
      status,
      reason: textAt(said, "reason") ?? "",
      message: redacted(message, [...session.secrets, ...secretsOfBody(request.body)]),
      retryAfterSeconds: retryAfter !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined,
    });
  }

  /** The network's failure in words; the signal's reason when it was aborted. Anything else is a bug and stays as it is. */
  failure(error: unknown, call: Call): Error {
    if (call.signal?.aborted) return call.signal.reason as Error;
    const failure = networkFailure(error);
    if (failure) return clusterUnreachable(this.server, failure.why);
    return error as Error;
  }

  async #sendWith(session: Session, request: ApiRequest, call: Call, mayRepeat: boolean): Promise<OpenAnswer> {
    const { request: send } = await loadUndici();
    const body = request.body === undefined ? undefined : typeof request.body === "string" ? request.body : JSON.stringify(request.body);
    try {
      const answer: Undici.Dispatcher.ResponseData = await send(this.url(request.path, request.query), {
        dispatcher: session.dispatcher,
        method: request.method,
        headers: {
          accept: "application/json",
          "user-agent": "coldstart",
          ...ownHeaders(request.headers),
          ...(body !== undefined && { "content-type": request.contentType ?? "application/json" }),
          ...session.headers,
        },
        ...(body !== undefined && { body }),
        ...(call.signal && { signal: call.signal }),
      });
      return { status: answer.statusCode, headers: flat(answer.headers), body: answer.body };
    } catch (error) {
      const isStale = networkFailure(error)?.kind === "transient";
      if (isStale && mayRepeat && !call.signal?.aborted) return this.#sendWith(session, request, call, false);
      throw this.failure(error, call);
    }
  }
}

/** Reads at most so many bytes as text. Of a longer body the rest is read on for a while, so that the connection can be used again. */
export async function readText(body: Readable, maxBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let kept = 0;
  let seen = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (kept < maxBytes) {
      const piece = chunk.length > maxBytes - kept ? chunk.subarray(0, maxBytes - kept) : chunk;
      parts.push(piece);
      kept += piece.length;
    }
    seen += chunk.length;
    if (seen > maxBytes + 1024 * 1024) break;
  }
  return Buffer.concat(parts).toString("utf8");
}

function discard(body: Readable): void {
  body.on("error", () => {});
  body.resume();
}

/** Who asks, and how the connection is used, is not the caller's to say: the API server would take it for itself. */
function ownHeaders(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const reserved = /^(?:authorization|impersonate-.*|host|connection|content-length|transfer-encoding|upgrade|proxy-.*)$/i;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !reserved.test(name)));
}

function flat(headers: Undici.Dispatcher.ResponseData["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}
