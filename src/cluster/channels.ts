import { Duplex } from "node:stream";
import type * as Undici from "undici";
import { nowEpochMs } from "../base/clock.ts";
import type { Call } from "../base/log.ts";
import type { ApiQuery, ExecCall, ExecResult } from "./cluster.ts";
import { readText, type ApiLink } from "./apiLink.ts";
import { ApiFailure, clusterUnreachable, shown } from "./errors.ts";
import { parseJsonObject } from "../base/json.ts";
import { fieldsAt, listAt, textAt } from "./fields.ts";
import { redacted } from "./redact.ts";
import { loadUndici } from "./session.ts";

/**
 * Programs and ports over WebSockets whose messages begin with the number of a channel
 * (https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets). client-node's own classes
 * are not used: they tell no reason when the server refuses, and a server could close this process's standard output through them.
 */

const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

/** More output than this ends the program. */
const maxOutputBytes = 32 * 1024 * 1024;

/**
 * Container runtimes let a program run on when who started it is gone; only its standard input ends. So that end is waited for beside the
 * program, which is then ended with its whole session where there is `setsid`. What is in the background must not hold the output open.
 */
const watchedProgram = `exec 3<&0
command -v setsid >/dev/null 2>&1 && set -- setsid "$@"
"$@" </dev/null 3<&- &
p=$!
{ cat <&3; kill -9 -$p || kill -9 $p; } >/dev/null 2>&1 &
k=$!
exec 3<&-
wait $p
s=$?
kill $k 2>/dev/null
exit $s`;

/** Runs a program over the API's own WebSocket (`v5.channel.k8s.io`, older servers `v4`) and gathers its output; see `Cluster.exec`. */
export async function execIn(link: ApiLink, path: string, query: ApiQuery, argv: readonly string[], call: ExecCall): Promise<ExecResult> {
  const withStdin = call.stdin !== undefined;
  const endsWithConnection = call.endsWithConnection === true && !withStdin;
  const url = link.url(path, { ...query, stdout: true, stderr: true, ...((withStdin || endsWithConnection) && { stdin: true }) });
  for (const arg of endsWithConnection ? ["sh", "-c", watchedProgram, "sh", ...argv] : argv) url.searchParams.append("command", arg);
  const socket = await openSocket(link, url, ["v5.channel.k8s.io", "v4.channel.k8s.io"], call);
  const output: Buffer[][] = [[], []];
  let sizeBytes = 0;
  let status: string | undefined;
  let tooMuch = false;
  socket.onMessage((number, data) => {
    if (number === channel.status) status = data.toString("utf8");
    else if (number === channel.stdout || number === channel.stderr) {
      sizeBytes += data.length;
      tooMuch ||= sizeBytes > (call.keepBytes ?? maxOutputBytes);
      if (tooMuch) socket.close();
      else output[number - 1]?.push(data);
      if (number === channel.stdout) call.onStdout?.(data.toString("utf8"), nowEpochMs());
    }
  });
  if (withStdin) {
    if (socket.protocol !== "v5.channel.k8s.io") {
      socket.close();
      throw refused("This cluster cannot end a program's standard input: it is older than Kubernetes 1.30.");
    }
    const input = Buffer.from(call.stdin ?? "");
    // The API server takes messages of 32 KiB and more only since 1.31.
    for (let at = 0; at < input.length; at += 16_384) socket.send(channel.stdin, input.subarray(at, at + 16_384));
    socket.send(channel.close, Buffer.from([channel.stdin]));
  }
  await socket.closed(call);
  const text = (): Pick<ExecResult, "stdout" | "stderr"> => ({ stdout: textOf(output[0]), stderr: textOf(output[1]) });
  if (tooMuch && call.keepBytes !== undefined) return { exitCode: 0, isCut: true, ...text() };
  if (tooMuch) throw refused(`The program wrote more than ${maxOutputBytes / 1024 / 1024} MiB.`);
  if (status === undefined) throw clusterUnreachable(link.server, "the connection was lost while a program ran in a container");
  const exitCode = exitCodeOf(status);
  if (exitCode === undefined) {
    const said = redacted(textAt(parseJsonObject(status), "message") ?? "", (await link.session(call)).secrets);
    throw refused(`The program ${shown(argv[0] ?? "")} could not be run: ${shown(said, 600)}`);
  }
  return { exitCode, ...text() };
}

/** From the status channel's words; undefined when the program did not run to its end. */
export function exitCodeOf(status: string): number | undefined {
  const said = parseJsonObject(status);
  if (textAt(said, "status") === "Success") return 0;
  const cause = listAt(fieldsAt(said, "details"), "causes").find((entry) => textAt(entry, "reason") === "ExitCode");
  const code = Number(textAt(cause, "message"));
  return Number.isInteger(code) ? code : undefined;
}

/** This machine's clock when the node said that the attached container's streams had ended; undefined when the connection broke before. */
export async function streamsEndOf(link: ApiLink, path: string, query: ApiQuery, call: Call): Promise<number | undefined> {
  const socket = await openSocket(link, link.url(path, query), ["v5.channel.k8s.io", "v4.channel.k8s.io"], call);
  let endedAtEpochMs: number | undefined;
  socket.onMessage((number) => {
    if (number === channel.status) endedAtEpochMs ??= nowEpochMs();
  });
  await socket.closed(call);
  return endedAtEpochMs;
}

/** One forwarded port as a stream. What the node says of a failure, such as a refused connection, destroys it with that error. */
export async function openPortOf(link: ApiLink, path: string, port: number, call: Call): Promise<Duplex> {
  const socket = await openSocket(link, link.url(path, { ports: port }), ["v4.channel.k8s.io"], call);
  // Each channel's first message is the port's number alone.
  const greeted = new Set<number>();
  const onAbort = (): unknown => duplex.destroy(call.signal?.reason as Error);
  const duplex = new Duplex({
    allowHalfOpen: false,
    read() {},
    write(chunk: Buffer, _encoding, done) {
      socket.send(0, chunk);
      socket.drained().then(() => done(), done);
    },
    final(done) {
      socket.drained().then(() => {
        socket.close();
        done();
      }, done);
    },
    destroy(error, done) {
      call.signal?.removeEventListener("abort", onAbort);
      socket.close();
      done(error);
    },
  });
  call.signal?.addEventListener("abort", onAbort, { once: true });
  socket.onMessage((number, data) => {
    if (!greeted.has(number)) greeted.add(number);
    else if (number === 0) duplex.push(data);
    else if (number === 1) duplex.destroy(refused(`Port ${port} of the pod: ${shown(redacted(data.toString("utf8")), 1000)}`));
  });
  void socket.closed({}).then(() => duplex.push(null));
  return duplex;
}

interface ChannelSocket {
  readonly protocol: string;
  send(number: number, data: Uint8Array): void;
  /** Messages that came before are given at once. */
  onMessage(take: (number: number, data: Buffer) => void): void;
  /** Resolves when nothing waits to be sent, or the socket is closed. */
  drained(): Promise<void>;
  close(): void;
  /** Resolves when either side has closed it; aborting closes it. */
  closed(call: Call): Promise<void>;
}

async function openSocket(link: ApiLink, url: URL, protocols: string[], call: Call): Promise<ChannelSocket> {
  const { WebSocket } = await loadUndici();
  const session = await link.session(call);
  const address = new URL(url);
  address.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const headers = Object.entries(session.headers).flatMap(([name, value]) => [value].flat().map((one) => [name, one] as [string, string]));
  const socket = new WebSocket(address, { protocols, dispatcher: session.dispatcher, headers: [...headers, ["user-agent", "coldstart"]] });
  socket.binaryType = "arraybuffer";
  let take: ((number: number, data: Buffer) => void) | undefined;
  const early: Buffer[] = [];
  const give = (message: Buffer): void => {
    if (message.length > 0) take?.(message[0] as number, message.subarray(1));
  };
  socket.addEventListener("message", ({ data }: Undici.MessageEvent) => {
    const message = typeof data === "string" ? Buffer.from(data) : Buffer.from(data as ArrayBuffer);
    if (take) give(message);
    else early.push(message);
  });
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener("close", () => resolve());
    socket.addEventListener("error", () => resolve());
  });
  const onAbort = (): void => socket.close();
  call.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const opened = await Promise.race([
      new Promise<true>((resolve) => socket.addEventListener("open", () => resolve(true))),
      closed.then(() => false as const),
    ]);
    call.signal?.throwIfAborted();
    if (!opened) throw await whyRefused(link, url, call);
  } finally {
    call.signal?.removeEventListener("abort", onAbort);
  }
  return {
    protocol: socket.protocol,
    send: (number, data) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(Buffer.concat([Buffer.from([number]), data]));
    },
    onMessage: (taker) => {
      take = taker;
      for (const message of early.splice(0)) give(message);
    },
    async drained() {
      while (socket.bufferedAmount > 0 && socket.readyState === WebSocket.OPEN) await new Promise((resolve) => setImmediate(resolve));
    },
    close: () => socket.close(),
    async closed({ signal }) {
      const abort = (): void => socket.close();
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
      try {
        await closed;
      } finally {
        signal?.removeEventListener("abort", abort);
      }
      signal?.throwIfAborted();
    },
  };
}

/** A WebSocket keeps the server's reason to itself. The same question without an upgrade starts nothing and gets the reason. */
async function whyRefused(link: ApiLink, url: URL, call: Call): Promise<Error> {
  const path = url.pathname.slice(new URL(link.context.cluster.server).pathname.replace(/\/$/, "").length) + url.search;
  const answer = await link.send({ method: "GET", path }, call, { mayRenew: true });
  const request = { method: "GET", path: path.split("?")[0] ?? "" } as const;
  const text = await readText(answer.body, 64 * 1024);
  if (answer.status === 400 && /upgrade/i.test(text))
    return clusterUnreachable(
      link.server,
      "it does not let WebSockets through",
      "Check proxies and load balancers between here and the cluster.",
    );
  return link.failureOfStatus(request, answer.status, text, await link.session(call));
}

function refused(message: string): ApiFailure {
  return new ApiFailure("cluster-refused", message, "Check the pod and its container.", {
    status: 0,
    reason: "",
    message,
    refusal: "other",
  });
}

function textOf(parts: readonly Buffer[] | undefined): string {
  return Buffer.concat(parts ?? []).toString("utf8");
}
