import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { HttpQuestion } from "../../../src/bench/plan.ts";
import { askFirst } from "../../../src/bench/readiness/askFirst.ts";
import type { Attempt } from "../../../src/bench/readiness/attempt.ts";
import { grpcAsk } from "../../../src/bench/readiness/grpc.ts";
import { httpAsk } from "../../../src/bench/readiness/http.ts";
import { askPod, type PodRoutes } from "../../../src/bench/readiness/podHttp.ts";
import { tcpAsk } from "../../../src/bench/readiness/tcp.ts";
import type { ApiAnswer } from "../../../src/cluster/cluster.ts";
import { denied, portCluster } from "./portCluster.ts";

/** The applications are real servers on ports of this machine. */

const open: { close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function portOf(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  open.push({
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const serve = (listener: RequestListener): Promise<number> => portOf(createServer(listener));

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const port = await serve(() => {});
  open.pop()?.close();
  return port;
}

const pod = { namespace: "default", name: "p" };
const question = (port: number, more: Partial<HttpQuestion> = {}): HttpQuestion => ({
  scheme: "http",
  port,
  path: "/health",
  method: "GET",
  headers: {},
  ...more,
});

const target = { pod, lagBoundMs: 25, patienceMs: 60_000 };

function routes(hasAddress = false): PodRoutes {
  return { pod, closed: new Set(), hasAddress: () => hasAddress, proxy: "untried" };
}

async function said(attempt: Promise<Attempt>): Promise<string> {
  const { verdict, what, sentAtEpochMs, answeredAtEpochMs } = await attempt;
  expect(answeredAtEpochMs).toBeGreaterThanOrEqual(sentAtEpochMs);
  return `${verdict}: ${what}`;
}

test("HTTP through a tunnel: status, body, request, refusal, and what is no HTTP", async () => {
  const asked: string[] = [];
  const port = await serve((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers["x-a"] ?? ""} ${request.headers.host}`);
    response.statusCode = request.url === "/busy" ? 503 : 200;
    response.end("status: ok\n");
  });
  const ask = (more: Partial<HttpQuestion> = {}) => said(httpAsk(question(port, more), routes(), portCluster())({}));
  expect(await ask()).toBe("ready: HTTP 200");
  expect(await ask({ path: "/busy" })).toBe("not-ready: HTTP 503");
  expect(await ask({ path: "/busy", statuses: [503] })).toBe("ready: HTTP 503");
  expect(await ask({ statuses: [204] })).toBe("not-ready: HTTP 200");
  expect(await ask({ bodyPattern: "ok$" })).toBe("not-ready: HTTP 200 with another body");
  expect(await ask({ bodyPattern: "status: (ok|fine)" })).toBe("ready: HTTP 200");
  expect(await ask({ method: "POST", path: "/v1?a=b", headers: { "x-a": "1" }, body: "{}" })).toBe("ready: HTTP 200");
  expect(asked.at(-1)).toBe(`POST /v1?a=b 1 localhost:${port}`);
  expect(await said(httpAsk(question(await closedPort()), routes(), portCluster())({}))).toBe("not-ready: connection refused");
  const rude = await portOf(createTcpServer((socket) => socket.end("hello\n")));
  expect(await said(httpAsk(question(rude), routes(), portCluster())({}))).toMatch(/^not-ready: Parse Error/);
  const silent = await portOf(createTcpServer((socket) => socket.end()));
  expect(await said(httpAsk(question(silent), routes(), portCluster())({}))).toBe("not-ready: socket hang up");
  expect(await said(httpAsk(question(port, { scheme: "https" }), routes(), portCluster())({}))).toMatch(/^not-ready: /);
});

test("an application that takes the connection and is silent is given up after the time", async () => {
  const port = await serve(() => {});
  const outcome = await askPod(question(port), routes(), portCluster(), { timeoutMs: 30, withBody: false });
  expect(outcome).toMatchObject({ kind: "none", why: { verdict: "not-ready", what: "no answer within 30 ms" } });
});

test("cancelling ends a question by the signal's reason", async () => {
  const stop = new AbortController();
  const port = await serve(() => stop.abort(new Error("enough")));
  await expect(httpAsk(question(port), routes(), portCluster())({ signal: stop.signal })).rejects.toThrow("enough");
});

test("an endless body is cut, and is not waited for where only the status counts", async () => {
  const port = await serve((_request, response) => {
    response.write("x".repeat(100_000));
  });
  expect(await said(httpAsk(question(port), routes(), portCluster())({}))).toBe("ready: HTTP 200");
  expect(await said(httpAsk(question(port, { bodyPattern: "^x+$" }), routes(), portCluster())({}))).toBe("ready: HTTP 200");
});

function proxied(status: number, body: string, type = "application/json"): () => ApiAnswer {
  return () => ({ status, body, headers: { "content-type": type }, sentAtEpochMs: 1, answeredAtEpochMs: 2 });
}

function statusObject(message: string, code: number): string {
  return JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", message, code });
}

test.each([
  [proxied(200, "ok", "text/plain"), "ready: HTTP 200"],
  [proxied(503, "starting", "text/plain"), "not-ready: HTTP 503"],
  [proxied(503, '{"kind":"Status"}'), "not-ready: HTTP 503"],
  // Recorded on the test cluster, Kubernetes 1.36.3.
  [
    proxied(503, statusObject("error trying to reach service: dial tcp 10.202.0.10:8080: connect: connection refused", 503)),
    "not-ready: connection refused",
  ],
  [proxied(400, statusObject("address not allowed", 400)), "unknown: address not allowed"],
  [
    proxied(503, statusObject("error trying to reach service: dial tcp 10.0.0.1:80: i/o timeout", 503)),
    "unknown: error trying to reach service: dial tcp 10.0.0.1:80: i/o timeout",
  ],
])("through the API server's proxy: %#", async (exchange, expected) => {
  expect(await said(httpAsk(question(8080), routes(true), portCluster(exchange))({}))).toBe(expected);
});

test("a proxy that does not reach the pods, or is not permitted, gives way to the tunnel, and the other way round", async () => {
  const port = await serve((_request, response) => response.end("ok"));
  const deaf = httpAsk(question(port), routes(true), portCluster(proxied(503, statusObject("dial tcp: i/o timeout", 503))));
  expect([await said(deaf({})), await said(deaf({}))]).toEqual(["unknown: dial tcp: i/o timeout", "ready: HTTP 200"]);
  const forbidden = httpAsk(question(port), routes(true), portCluster());
  expect([await said(forbidden({})), await said(forbidden({}))]).toEqual([expect.stringContaining("unknown: pods"), "ready: HTTP 200"]);
  const noTunnel = { ...portCluster(proxied(200, "ok")), openPort: () => Promise.reject(denied("pods/portforward")) };
  const other = httpAsk(question(port), routes(), noTunnel);
  expect([await said(other({})), await said(other({}))]).toEqual([expect.stringContaining("unknown: pods"), "ready: HTTP 200"]);
  const neither = httpAsk(question(port), routes(), { ...portCluster(), openPort: () => Promise.reject(denied("pods/portforward")) });
  await neither({});
  await expect(neither({})).rejects.toThrow("cannot create resource");
});

const cut = "error trying to reach service: read tcp 10.0.0.2:40102->10.2.0.7:8000: read: connection reset by peer";
const refusal = "error trying to reach service: dial tcp 10.2.0.7:8000: connect: connection refused";
const never = (): Promise<ApiAnswer> => new Promise(() => {});

/**
 * Where the API server cannot reach pods, its own attempt ends after 30 s only: GKE's private clusters open 443 and 10250 to it (linkerd2#1981,
 * sighupio/module-policy#28), network policies drop its packets. Istio's STRICT mTLS resets plain connections (istio#27169, istio#31319).
 */
test.each<[string, (() => Promise<ApiAnswer> | ApiAnswer)[], string[]]>([
  ["silence is no word of the application", [never], ["unknown: no answer within 100 ms", "ready: HTTP 200"]],
  ["nor is a cut", [proxied(503, statusObject(cut, 503))], [`unknown: ${cut}`, "ready: HTTP 200"]],
  [
    "nor is one after a refusal, as of a mesh's proxy that was not up yet",
    [proxied(503, statusObject(refusal, 503)), proxied(503, statusObject(cut, 503))],
    ["not-ready: connection refused", `unknown: ${cut}`, "ready: HTTP 200"],
  ],
  [
    "they are once it has answered",
    [proxied(503, "starting", "text/plain"), proxied(503, statusObject(cut, 503)), never, proxied(200, "ok")],
    ["not-ready: HTTP 503", `not-ready: ${cut}`, "not-ready: no answer within 100 ms", "ready: HTTP 200"],
  ],
])("a proxy that does not lead to the application: %s", async (_name, exchanges, expected) => {
  const port = await serve((_request, response) => response.end("ok"));
  const known = routes(true);
  const cluster = portCluster((request) => (exchanges.shift() ?? (() => Promise.reject(new Error(request.path))))());
  const found: string[] = [];
  for (let asked = 0; asked < expected.length; asked++) {
    const outcome = await askPod(question(port), known, cluster, { timeoutMs: 100, withBody: false });
    found.push(
      outcome.kind === "none"
        ? `${outcome.why.verdict}: ${outcome.why.what}`
        : `${outcome.answer.status === 200 ? "ready" : "not-ready"}: HTTP ${outcome.answer.status}`,
    );
  }
  expect(found).toEqual(expected);
});

test("while the first question waits at the proxy, the others take the tunnel", async () => {
  const port = await serve((_request, response) => response.end("ok"));
  const known = routes(true);
  const cluster = portCluster(never);
  const first = askPod(question(port), known, cluster, { timeoutMs: 300, withBody: false });
  expect(await askPod(question(port), known, cluster, { timeoutMs: 300, withBody: false })).toMatchObject({
    kind: "answer",
    route: "forward",
  });
  expect(await first).toMatchObject({ kind: "none", why: { verdict: "unknown" } });
  expect([...known.closed]).toEqual(["proxy"]);
});

test("TCP: a refused port is closed; one that stands, speaks first or closes in order is open", async () => {
  const ask = (port: number) => said(tcpAsk(port, pod, portCluster())({}));
  expect(await ask(await closedPort())).toBe("not-ready: connection refused");
  expect(await ask(await portOf(createTcpServer(() => {})))).toBe("ready: port open");
  expect(await ask(await portOf(createTcpServer((socket) => socket.write("220 hello\n"))))).toBe("ready: port open");
});

test("gRPC health: serving, not serving, no such service, no gRPC", async () => {
  const asked: string[] = [];
  const server = createHttp2Server();
  server.on("stream", (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const service = Buffer.concat(chunks).subarray(7).toString();
      asked.push(`${headers[":path"]} ${service}`);
      if (service === "none") {
        stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-status": "5" }, { endStream: true });
        return;
      }
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.from([0, 0, 0, 0, 2, 8, service === "ill" ? 2 : 1]));
    });
  });
  const port = await portOf(server);
  const ask = (service: string) => said(grpcAsk(port, service, pod, portCluster())({}));
  expect(await ask("")).toBe("ready: gRPC SERVING");
  expect(await ask("a".repeat(40))).toBe("ready: gRPC SERVING");
  expect(await ask("ill")).toBe("not-ready: gRPC health NOT_SERVING");
  expect(await ask("none")).toBe("not-ready: gRPC status 5 (no such service)");
  expect(asked).toContain(`/grpc.health.v1.Health/Check ${"a".repeat(40)}`);
  const web = await serve((_request, response) => response.end("ok"));
  expect(await said(grpcAsk(web, "", pod, portCluster())({}))).toMatch(/^not-ready: /);
  expect(await said(grpcAsk(await closedPort(), "", pod, portCluster())({}))).toBe("not-ready: connection refused");
});

test("the first real request is sent again until its answer counts", async () => {
  let count = 0;
  const port = await serve((request, response) => {
    request.resume();
    response.statusCode = ++count < 3 ? 503 : 200;
    response.end("tokens");
  });
  const first = await askFirst(question(port, { method: "POST", body: "{}" }), target, portCluster(), {});
  if (!("observation" in first)) throw new Error(first.what);
  expect(first).toMatchObject({ attempts: 3, observation: { mark: "first-answer", source: "readiness-poll", clock: "client" } });
  expect(first.completeMs).toBeGreaterThanOrEqual(first.firstByteMs);
});

test("a first request that is never answered as wanted ends with its patience", async () => {
  const port = await serve((_request, response) => {
    response.statusCode = 404;
    response.end();
  });
  expect(await askFirst(question(port), { ...target, patienceMs: 200 }, portCluster(), {})).toEqual({ what: "HTTP 404" });
});
