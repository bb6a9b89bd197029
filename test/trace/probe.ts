/**
 * Runs inside the network of a container: `probe.ts PROBE-JSON` says `ready` on a line once the container is ready; after a line on
 * its standard input it sends the first request and says `answered STATUS`. `failed REASON` instead when that cannot be done.
 */
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { Probe } from "../bench/corpus.ts";

const probe = JSON.parse(process.argv[2] ?? "") as Probe;
const timeoutMs = (probe.timeout ?? 120) * 1000;
const host = "127.0.0.1";

async function statusOf(
  method: string,
  path: string,
  body: string | null,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const sent = request({
    host,
    port: probe.port,
    method,
    path,
    agent: false,
    headers: { ...(body !== null && { "Content-Type": "application/json" }), ...headers },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answered = new Promise<number>((resolve, reject) => {
    sent.once("error", reject);
    sent.once("response", (response) => {
      response.once("error", reject);
      response.once("end", () => resolve(response.statusCode ?? 0));
      response.resume();
    });
  });
  sent.end(body ?? undefined);
  return answered;
}

async function accepts(): Promise<boolean> {
  const socket = connect({ host, port: probe.port ?? 0 });
  const signal = AbortSignal.timeout(2000);
  try {
    await once(socket, "connect", { signal });
    if (probe.send === undefined) return true;
    socket.write(probe.send);
    await once(socket, "data", { signal });
    return true;
  } finally {
    socket.destroy();
  }
}

async function isReady(): Promise<boolean> {
  try {
    if (probe.type === "tcp") return await accepts();
    const status = await statusOf("GET", probe.path ?? "/", null);
    return status >= 200 && status < 500;
  } catch {
    return false; // nobody listens yet
  }
}

const deadline = performance.now() + timeoutMs;
while (!(await isReady())) {
  if (performance.now() > deadline) {
    console.log(`failed it is not ready after ${timeoutMs / 1000} s`);
    process.exit();
  }
  await delay(50);
}
console.log("ready");
await once(createInterface(process.stdin), "line");
if (probe.request) {
  const [method, path, body, headers] = probe.request;
  try {
    const status = await statusOf(method, path, body, headers);
    console.log(status < 400 ? `answered ${status}` : `failed ${method} ${path} was answered with ${status}`);
  } catch (error) {
    console.log(`failed ${method} ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
process.exit();
