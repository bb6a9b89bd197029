import { request, type ClientRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { connect as secure } from "node:tls";
import { nowEpochMs } from "../../base/clock.ts";
import type { Call } from "../../base/log.ts";
import type { Cluster, PodName } from "../../cluster/cluster.ts";
import type { HttpQuestion } from "../plan.ts";

/** An application's whole answer, on this machine's clock. */
export interface HttpAnswer {
  readonly status: number;
  /** Its first 64 KiB; empty when it was not asked for. */
  readonly body: string;
  /** When the attempt began. */
  readonly sentAtEpochMs: number;
  /** When the request itself left, through a tunnel that stood by then. */
  readonly askedAtEpochMs: number;
  /** When the headers were there: the time to the first byte. */
  readonly answeredAtEpochMs: number;
  /** When its last byte was there, or the first 64 KiB of an endless one. Tunnels end up to a second after the application's last byte, which is not counted. */
  readonly completedAtEpochMs: number;
}

export interface HttpCall extends Call {
  readonly timeoutMs: number;
  /** Whether to wait for the answer's body. */
  readonly withBody: boolean;
}

const maxBodyBytes = 65_536;

/**
 * Asks over a connection that the kubelet forwards into the pod's network, where it dials `localhost`. So it works from the sandbox on,
 * also where the API server cannot reach the pods' network; an application that listens on the pod's address only is not heard.
 * As with the kubelet's own probes, certificates are not checked. Rejects with the connection's error.
 */
export async function askForwarded(question: HttpQuestion, pod: PodName, cluster: Cluster, call: HttpCall): Promise<HttpAnswer> {
  const sentAtEpochMs = nowEpochMs();
  const tunnel = await cluster.openPort(pod, question.port, call);
  // The tunnel may break with no one listening any more, which is no one's failure.
  tunnel.on("error", () => {});
  const askedAtEpochMs = nowEpochMs();
  try {
    const answer = await answered(open(question, tunnel, call.signal), tunnel, question.body);
    const answeredAtEpochMs = nowEpochMs();
    const { body, completedAtEpochMs = answeredAtEpochMs } = call.withBody ? await bodyOf(answer) : { body: "" };
    return { status: answer.statusCode ?? 0, body, sentAtEpochMs, askedAtEpochMs, answeredAtEpochMs, completedAtEpochMs };
  } finally {
    tunnel.destroy();
  }
}

function open(question: HttpQuestion, tunnel: Duplex, signal: AbortSignal | undefined): ClientRequest {
  const socket = question.scheme === "https" ? secure({ socket: tunnel, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] }) : tunnel;
  // Without an agent: one would make its own connection, to this machine.
  return request({
    createConnection: () => socket,
    method: question.method,
    path: question.path,
    headers: { host: `localhost:${question.port}`, connection: "close", "user-agent": "coldstart", ...question.headers },
    ...(signal && { signal }),
  });
}

function answered(asked: ClientRequest, tunnel: Duplex, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.on("response", resolve);
    asked.on("error", reject);
    // The tunnel's own error says why (connection refused); the request would only say that its socket closed.
    tunnel.once("error", reject);
    asked.end(body);
  });
}

async function bodyOf(answer: IncomingMessage): Promise<{ readonly body: string; readonly completedAtEpochMs?: number }> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  let completedAtEpochMs: number | undefined;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    completedAtEpochMs = nowEpochMs();
    if (sizeBytes >= maxBodyBytes) break;
  }
  const body = Buffer.concat(chunks).subarray(0, maxBodyBytes).toString("utf8");
  return { body, ...(completedAtEpochMs !== undefined && { completedAtEpochMs }) };
}
