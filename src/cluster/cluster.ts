import type { Duplex } from "node:stream";
import type { Call } from "../base/log.ts";

/**
 * One context of a kubeconfig, connected. Everything else in the engine speaks to Kubernetes through this, so that credentials,
 * proxies and certificates are known in `connect.ts` only. Failures are the `UserError`s of `errors.ts`.
 */
export interface Cluster {
  /** Name of the kubeconfig's context; `in-cluster` inside a pod without one. */
  readonly context: string;
  /** The namespace that the context sets; `default` when it sets none. */
  readonly namespace: string;
  /** Address of the API server; holds no credentials. */
  readonly server: string;
  /** One request to the API. Answers other than 2xx throw `apiFailure`. */
  request<T>(request: ApiRequest, call: Call): Promise<T>;
  /** One request whose answer is taken as it is, whatever its status: for a pod behind the API server's proxy. Throws only when the API server itself cannot be reached. */
  exchange(request: ApiRequest, call: Call): Promise<ApiAnswer>;
  /** The bytes of an answer as they come, for what is large or no text. Waits at most `timeoutMs` for each piece. */
  download(request: ApiRequest, call: Call): AsyncIterable<Uint8Array>;
  /** One watch request; ends when the server closes it. An `ERROR` event throws (410 Gone: `code` is `watch-expired`). */
  watch<T>(path: string, query: ApiQuery, call: Call): AsyncIterable<WatchEvent<T>>;
  /** A container's output line by line as it is written, with the runtime's own stamp; ends with the container. `onOpen`: from now on lines come as they are written. */
  followLog(pod: PodName, container: string, call: Call & { readonly onOpen?: (openedAtEpochMs: number) => void }): AsyncIterable<LogLine>;
  /**
   * Waits for the end of a running container's output, which is its own end to the ms, by attaching to it (and dropping what it says). This machine's clock then; undefined when the connection broke before. Rejects when the container does not run.
   */
  outputEnd(pod: PodName, container: string, call: Call): Promise<number | undefined>;
  /** Runs a program in a container and waits for it. Aborting leaves it to itself unless `endsWithConnection` is set. */
  exec(pod: PodName, container: string, argv: readonly string[], call: ExecCall): Promise<ExecResult>;
  /** A connection to a port of the pod, forwarded by the API server and the kubelet. */
  openPort(pod: PodName, port: number, call: Call): Promise<Duplex>;
}

/** One request to the API server. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the API server's root, `/api/v1/nodes`; parts must be encoded. */
  readonly path: string;
  readonly query?: ApiQuery;
  /** Sent as JSON, or as it is when it is a string. */
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: JSON is parsed, anything else is text. */
  readonly as?: "text";
  /** Absent: 30 s. */
  readonly timeoutMs?: number;
}

/** A query by names; undefined ones are left out. */
export type ApiQuery = Readonly<Record<string, string | number | boolean | undefined>>;

/** An answer of any status, of the API server or of what it stands before. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** At most its first 64 KiB. */
  readonly body: string;
  /** This machine's clock when the request left and when the answer's headers were there. */
  readonly sentAtEpochMs: number;
  readonly answeredAtEpochMs: number;
}

/** One change of a watch. `BOOKMARK` holds nothing but how far the watch has come. */
export interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: T;
  /** This machine's clock when the event's bytes were there. */
  readonly receivedAtEpochMs: number;
}

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** One line of a container's output, without its end. */
export interface LogLine {
  readonly text: string;
  /** The container runtime's stamp, on the node's clock, in ms with a fraction; undefined when the line had none. */
  readonly writtenAtEpochMs: number | undefined;
  readonly receivedAtEpochMs: number;
}

/** How a program in a container is run. */
export interface ExecCall extends Call {
  /** Written to the program, which then sees the end of its input. Absent: it has no input. */
  readonly stdin?: string;
  /** The program is killed when the call is aborted or the connection lost. Needs `sh` and `cat` in the container; not together with `stdin`. */
  readonly endsWithConnection?: boolean;
  /** More output than this ends the program, and the result has what came before. Absent: it is an error beyond 32 MiB. */
  readonly keepBytes?: number;
  /** Pieces of standard output as they come, with this machine's clock when they were here; a piece may end within a line. */
  readonly onStdout?: (piece: string, receivedAtEpochMs: number) => void;
}

/** How a program in a container ended. A code other than 0 is a result, not an error. */
export interface ExecResult {
  /** 0 when its output was cut. */
  readonly exitCode: number;
  /** There was more output than the call keeps. Absent: this is all. */
  readonly isCut?: true;
  readonly stdout: string;
  readonly stderr: string;
}
