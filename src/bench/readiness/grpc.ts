import { eitherSignal } from "../../base/abort.ts";
import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import { nowEpochMs } from "../../base/clock.ts";
import type { Call } from "../../base/log.ts";
import type { Cluster, PodName } from "../../cluster/cluster.ts";
import { answerOfError, type Answer, type Ask } from "./attempt.ts";
import { attemptTimeoutMs } from "./poll.ts";

/**
 * `grpc.health.v1.Health/Check` (grpc/grpc-proto health.proto) in plain text over HTTP/2, through a tunnel as with `askForwarded`. The two
 * messages have one field each, so they are written and read by hand.
 */
export function grpcAsk(port: number, service: string, pod: PodName, cluster: Cluster): Ask {
  return async (call) => {
    const sentAtEpochMs = nowEpochMs();
    const limit = AbortSignal.timeout(attemptTimeoutMs);
    const signal = eitherSignal(call.signal, limit);
    try {
      const tunnel = await cluster.openPort(pod, port, { ...call, signal });
      // It may break with no one listening any more, which is no one's failure.
      tunnel.on("error", () => {});
      const session = connect(`http://localhost:${port}`, { createConnection: () => tunnel });
      try {
        const answer = await check(session, service, new Promise((_, reject) => tunnel.once("error", reject)), { signal });
        return { sentAtEpochMs, answeredAtEpochMs: nowEpochMs(), ...answer };
      } finally {
        session.destroy();
        tunnel.destroy();
      }
    } catch (error) {
      call.signal?.throwIfAborted();
      const why: Answer = limit.aborted ? { verdict: "not-ready", what: `no answer within ${attemptTimeoutMs} ms` } : answerOfError(error);
      return { sentAtEpochMs, answeredAtEpochMs: nowEpochMs(), ...why };
    }
  };
}

async function check(session: ClientHttp2Session, service: string, broken: Promise<never>, { signal }: Call): Promise<Answer> {
  const failed = new Promise<never>((_, reject) => session.on("error", reject));
  const stream = session.request(
    {
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      te: "trailers",
    },
    { ...(signal && { signal }) },
  );
  stream.end(frame(checkRequest(service)));
  const said = new Promise<Answer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let lengthBytes = 0;
    let status: string | undefined;
    const note = ({ "grpc-status": told }: IncomingHttpHeaders): void => {
      if (typeof told === "string") status = told;
    };
    stream.on("response", note);
    stream.on("trailers", note);
    stream.on("data", (chunk: Buffer) => {
      lengthBytes += chunk.length;
      if (lengthBytes <= maxAnswerBytes) chunks.push(chunk);
    });
    stream.on("error", reject);
    stream.on("end", () => resolve(answerOf(status, Buffer.concat(chunks))));
  });
  return Promise.race([said, failed, broken]);
}

const maxAnswerBytes = 4096;

/** `HealthCheckRequest { string service = 1; }`; an empty string is left out. */
function checkRequest(service: string): Buffer {
  const name = Buffer.from(service, "utf8");
  return name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a]), varint(name.length), name]);
}

/** From the trailer `grpc-status` and the body, one message `HealthCheckResponse { ServingStatus status = 1; }`. */
function answerOf(grpcStatus: string | undefined, body: Buffer): Answer {
  if (grpcStatus !== "0") {
    const known: Readonly<Record<string, string>> = {
      "5": " (no such service)",
      "12": " (the server has no health service)",
      "14": " (unavailable)",
    };
    return { verdict: "not-ready", what: `gRPC status ${(grpcStatus ?? "missing").slice(0, 20)}${known[grpcStatus ?? ""] ?? ""}` };
  }
  const isCompressed = body[0] !== 0;
  const message = body.subarray(5, 5 + (body.length >= 5 ? body.readUInt32BE(1) : 0));
  const status = message.length === 0 ? 0 : message[0] === 0x08 ? message[1] : undefined;
  if (isCompressed || status === undefined) return { verdict: "not-ready", what: "gRPC answer of another form" };
  return status === 1
    ? { verdict: "ready", what: "gRPC SERVING" }
    : { verdict: "not-ready", what: `gRPC health ${servingStatuses[status] ?? status}` };
}

const servingStatuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

/** gRPC's length-prefixed message, uncompressed. */
function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
