import type { Duplex } from "node:stream";
import { delay } from "../base/abort.ts";
import { nowEpochMs } from "../base/clock.ts";
import { parseJsonObject } from "../base/json.ts";
import type { Call } from "../base/log.ts";
import { ApiLink, readText, type OpenAnswer } from "./apiLink.ts";
import { execIn, openPortOf, streamsEndOf } from "./channels.ts";
import type { ApiAnswer, ApiQuery, ApiRequest, Cluster, ExecCall, ExecResult, LogLine, PodName, WatchEvent } from "./cluster.ts";
import { resolveContext, type ClusterSource } from "./contexts.ts";
import { deadline } from "./deadline.ts";
import { clusterUnreachable, commandsNotAllowed, isApiFailure, notKubernetes, watchExpired } from "./errors.ts";
import { fieldsAt, textAt } from "./fields.ts";
import { usesCommands } from "./kubeconfig.ts";
import { parseLogLine } from "./logLine.ts";
import { podPath } from "./podPath.ts";
import { stampedLines } from "./stampedLines.ts";

const defaultTimeoutMs = 30_000;
const maxAnswerBytes = 256 * 1024 * 1024;
const maxExchangeBytes = 64 * 1024;
const maxEventBytes = 16 * 1024 * 1024;
const maxLogLineBytes = 1024 * 1024;

/**
 * Connects to the cluster of a context and signs in; nothing else is asked. Throws `untrusted-workspace` before anything runs when signing in
 * needs a program and commands are not allowed, `kubeconfig-unreadable`, `context-not-found`, `cluster-unauthorized`.
 */
export async function connectCluster(source: ClusterSource, call: Call): Promise<Cluster> {
  const context = await resolveContext(source);
  if (!source.allowCommands && usesCommands(context.user)) throw commandsNotAllowed(context.name);
  const link = new ApiLink(context);
  await link.session(call);
  call.log?.debug("Signed in", { context: context.name, server: link.server });
  return new ConnectedCluster(link);
}

class ConnectedCluster implements Cluster {
  readonly context: string;
  readonly namespace: string;
  readonly server: string;
  readonly #link: ApiLink;

  constructor(link: ApiLink) {
    this.#link = link;
    this.context = link.context.name;
    this.namespace = link.context.namespace;
    this.server = link.server;
  }

  /** What is no JSON is given as text. */
  async request<T>(request: ApiRequest, call: Call): Promise<T> {
    using limit = deadline(request.timeoutMs ?? defaultTimeoutMs, call.signal);
    const limited = { ...call, signal: limit.signal };
    try {
      const answer = await this.#link.sendForSuccess(request, limited);
      const text = await readText(answer.body, maxAnswerBytes);
      return this.#value(answer, text, request) as T;
    } catch (error) {
      throw this.#failure(error, limit.isOver, call);
    }
  }

  async exchange(request: ApiRequest, call: Call): Promise<ApiAnswer> {
    using limit = deadline(request.timeoutMs ?? defaultTimeoutMs, call.signal);
    const sentAtEpochMs = nowEpochMs();
    let answer: OpenAnswer;
    try {
      answer = await this.#link.send(request, { ...call, signal: limit.signal }, { mayRenew: false });
    } catch (error) {
      throw this.#failure(error, limit.isOver, call);
    }
    const answeredAtEpochMs = nowEpochMs();
    const { status, headers } = answer;
    // The body of an application may never end, or break off: what is there by then is what it said.
    const body = await readText(answer.body, maxExchangeBytes).catch(() => "");
    call.signal?.throwIfAborted();
    return { status, headers, body, sentAtEpochMs, answeredAtEpochMs };
  }

  async *download(request: ApiRequest, call: Call): AsyncGenerator<Uint8Array> {
    using limit = deadline(request.timeoutMs ?? defaultTimeoutMs, call.signal);
    try {
      const answer = await this.#link.sendForSuccess(request, { ...call, signal: limit.signal });
      for await (const bytes of answer.body as AsyncIterable<Uint8Array>) {
        limit.renew();
        yield bytes;
        // Whoever reads may take their time.
        limit.renew();
      }
    } catch (error) {
      throw this.#failure(error, limit.isOver, call);
    }
  }

  async *watch<T>(path: string, query: ApiQuery, call: Call): AsyncGenerator<WatchEvent<T>> {
    const request = { method: "GET", path, query: { ...query, watch: true } } as const;
    for await (const { text, receivedAtEpochMs } of this.#lines(request, maxEventBytes, call)) {
      const event = parseJsonObject(text);
      const type = textAt(event, "type");
      if (type === "ERROR") throw await this.#watchError(path, event?.["object"], call);
      if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED" && type !== "BOOKMARK") {
        call.log?.warn("An event of a watch has no known type", { path });
        continue;
      }
      yield { type, object: event?.["object"] as T, receivedAtEpochMs };
    }
  }

  async *followLog(pod: PodName, container: string, call: Parameters<Cluster["followLog"]>[2]): AsyncGenerator<LogLine> {
    const request = { method: "GET", path: `${podPath(pod)}/log`, query: { container, follow: true, timestamps: true } } as const;
    for (;;) {
      try {
        for await (const { text, receivedAtEpochMs } of this.#lines(request, maxLogLineBytes, call, call.onOpen))
          yield { ...parseLogLine(text), receivedAtEpochMs };
        return;
      } catch (error) {
        // The container does not run yet; there is no way to wait for it but to ask.
        if (!isApiFailure(error) || error.status !== 400 || !/waiting to start|ContainerCreating|PodInitializing/.test(error.message))
          throw error;
        await delay(50, call.signal);
      }
    }
  }

  exec(pod: PodName, container: string, argv: readonly string[], call: ExecCall): Promise<ExecResult> {
    return execIn(this.#link, `${podPath(pod)}/exec`, { container }, argv, call);
  }

  outputEnd(pod: PodName, container: string, call: Call): Promise<number | undefined> {
    return streamsEndOf(this.#link, `${podPath(pod)}/attach`, { container, stdout: true, stderr: true }, call);
  }

  openPort(pod: PodName, port: number, call: Call): Promise<Duplex> {
    return openPortOf(this.#link, `${podPath(pod)}/portforward`, port, call);
  }

  /** The time limit holds until the headers are there: what is followed may stay silent for long. */
  async *#lines(
    request: ApiRequest,
    maxLineBytes: number,
    call: Call,
    onOpen?: (openedAtEpochMs: number) => void,
  ): ReturnType<typeof stampedLines> {
    const controller = new AbortController();
    const onAbort = (): void => controller.abort(call.signal?.reason);
    if (call.signal?.aborted) onAbort();
    else call.signal?.addEventListener("abort", onAbort, { once: true });
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      controller.abort();
    }, request.timeoutMs ?? defaultTimeoutMs);
    try {
      const answer = await this.#link.sendForSuccess(request, { ...call, signal: controller.signal });
      clearTimeout(timer);
      onOpen?.(nowEpochMs());
      yield* stampedLines(answer.body, maxLineBytes);
    } catch (error) {
      throw this.#failure(error, isOver, call);
    } finally {
      clearTimeout(timer);
      call.signal?.removeEventListener("abort", onAbort);
    }
  }

  #value(answer: OpenAnswer, text: string, { path, as }: ApiRequest): unknown {
    const type = answer.headers["content-type"] ?? "";
    if (type.includes("html") && !path.includes("/proxy")) throw notKubernetes(this.server, "it sent a web page");
    if (as === "text" || !type.includes("json")) return text;
    try {
      return JSON.parse(text);
    } catch {
      throw notKubernetes(this.server, "its answer is cut off or no JSON");
    }
  }

  async #watchError(path: string, status: unknown, call: Call): Promise<Error> {
    const code = Number(fieldsAt(status)["code"]);
    if (code === 410 || textAt(status, "reason") === "Expired") return watchExpired(path);
    return this.#link.failureOfStatus({ method: "GET", path }, code || 500, JSON.stringify(status), await this.#link.session(call));
  }

  #failure(error: unknown, isOver: boolean, call: Call): Error {
    if (call.signal?.aborted) return call.signal.reason as Error;
    if (isOver) return clusterUnreachable(this.server, "it did not answer in time");
    return this.#link.failure(error, call);
  }
}
