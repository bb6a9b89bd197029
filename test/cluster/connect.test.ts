import { chmodSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Log } from "../../src/base/log.ts";
import type { Cluster, WatchEvent } from "../../src/cluster/cluster.ts";
import { connectCluster } from "../../src/cluster/connect.ts";
import { cutOff, events, HostileApiServer, json, text, type Answer } from "../fakes/hostileApiServer.ts";
import { expectUserError } from "../fakes/userErrors.ts";

let server: HostileApiServer;
/** Everything that was logged. */
let logged: unknown[];
const log: Log = Object.fromEntries(
  ["debug", "info", "warn", "error"].map((level) => [level, (...words: unknown[]) => logged.push(words)]),
) as never;

beforeEach(async () => {
  server = await HostileApiServer.start();
  logged = [];
});
afterEach(() => server.stop());

const connect = (user?: string, allowCommands = false): Promise<Cluster> =>
  connectCluster({ kubeconfigPath: server.kubeconfig(user), allowCommands }, { log });
const get = (cluster: Cluster, path = "/api/v1/nodes"): Promise<unknown> =>
  cluster.request({ method: "GET", path, timeoutMs: 5000 }, { log });

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

test.each<[what: string, answer: Answer, words: RegExp]>([
  ["a sign-in page of a proxy", text(200, "text/html", "<html>sign in</html>"), /no Kubernetes API \(it sent a web page\)/],
  ["JSON that ends too early", text(200, "application/json", '{"items": ['), /cut off or no JSON/],
  ["a connection that breaks", cutOff('{"items": ['), /dropped the connection|too early/],
  ["silence", () => {}, /did not answer in time/],
])("%s is cluster-unreachable", async (_, answer, words) => {
  const cluster = await connect();
  server.answer(answer, answer);
  const asked = cluster.request({ method: "GET", path: "/api/v1/nodes", timeoutMs: 300 }, {});
  await expectUserError(asked, "cluster-unreachable", words);
});

test("nothing listens there", async () => {
  const cluster = await connect();
  await server.stop();
  await expectUserError(get(cluster), "cluster-unreachable", /nothing listens there/);
  server = await HostileApiServer.start();
});

test("a busy server is asked again when it says so, and what changed something is not repeated", async () => {
  const cluster = await connect();
  server.answer(json(429, { message: "later" }, { "retry-after": "0" }), json(200, { fine: true }));
  expect(await get(cluster)).toEqual({ fine: true });
  server.answer(json(503, { message: "starting" }, { "retry-after": "0" }));
  const before = server.requests.length;
  await expectUserError(cluster.request({ method: "POST", path: "/x", body: {} }, {}), "cluster-refused", /too busy: starting/);
  expect(server.requests.length).toBe(before + 1);
});

test("an aborted request rejects with the signal's reason", async () => {
  const cluster = await connect();
  server.answer(() => {});
  const controller = new AbortController();
  const asked = cluster.request({ method: "GET", path: "/x" }, { signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
});

test("who asks is not the caller's to say; other headers are", async () => {
  const cluster = await connect("{token: tok-1234}");
  server.answer(json(200, {}));
  const headers = { Authorization: "Bearer other", "Impersonate-User": "root", Host: "else.where", "x-mine": "1" };
  await cluster.exchange({ method: "GET", path: "/x", headers }, {});
  expect(server.requests[0]?.headers).toMatchObject({ authorization: "Bearer tok-1234", "x-mine": "1" });
  expect(server.requests[0]?.headers.host).toMatch(/^127/);
  expect(server.requests[0]?.headers["impersonate-user"]).toBeUndefined();
});

test("an application's answer is taken as it is: any status, cut off, or without an end", async () => {
  const cluster = await connect();
  server.answer(text(503, "text/plain", "not yet"), cutOff("half"), (_, response) => response.writeHead(200).write("drip"));
  const ask = { method: "GET", path: "/proxy", timeoutMs: 300 } as const;
  expect(await cluster.exchange(ask, {})).toMatchObject({ status: 503, body: "not yet" });
  expect(await cluster.exchange(ask, {})).toMatchObject({ status: 200 });
  const endless = await cluster.exchange(ask, {});
  expect(endless.status).toBe(200);
  expect(endless.answeredAtEpochMs).toBeGreaterThanOrEqual(endless.sentAtEpochMs);
  server.answer(text(200, "text/plain", "y".repeat(200_000)));
  expect((await cluster.exchange(ask, {})).body.length).toBe(65_536);
});

test("a watch passes events on, leaves out what is none, and tells errors", async () => {
  const cluster = await connect();
  const added = { type: "ADDED", object: { metadata: { name: "a" } } };
  server.answer(events(added, { type: "NEW-KIND" }, "text", { type: "BOOKMARK", object: {} }));
  const seen: WatchEvent<unknown>[] = await collect(cluster.watch("/api/v1/pods", {}, { log }));
  expect(seen.map(({ type }) => type)).toEqual(["ADDED", "BOOKMARK"]);
  expect(server.requests.at(-1)?.url).toBe("/api/v1/pods?watch=true");
  server.answer(events({ type: "ERROR", object: { code: 410, message: "too old" } }));
  await expectUserError(collect(cluster.watch("/api/v1/pods", {}, {})), "watch-expired", /too old to go on/);
  server.answer(events({ type: "ERROR", object: { code: 500, message: "etcd is gone" } }));
  await expectUserError(collect(cluster.watch("/api/v1/pods", {}, {})), "cluster-refused", /etcd is gone/);
  server.answer(cutOff(`${JSON.stringify(added)}\n`));
  await expectUserError(collect(cluster.watch("/api/v1/pods", {}, {})), "cluster-unreachable", /./);
});

test("a log waits for its container to start", async () => {
  const cluster = await connect();
  const waiting = json(400, { message: 'container "m" in pod "p" is waiting to start: ContainerCreating' });
  server.answer(waiting, waiting, text(200, "text/plain", "2026-11-28T00:00:00.5Z one\n2026-11-28T00:00:01Z two"));
  const lines = await collect(cluster.followLog({ namespace: "n", name: "p" }, "m", {}));
  expect(lines.map((line) => line.text)).toEqual(["one", "two"]);
  server.answer(json(404, { message: 'pods "p" not found' }));
  await expectUserError(collect(cluster.followLog({ namespace: "n", name: "p" }, "m", {})), "cluster-not-found", /"p" not found/);
});

test("a server that refuses a WebSocket is asked for its reason, which starts nothing", async () => {
  const cluster = await connect();
  const refusal = {
    kind: "Status",
    reason: "Forbidden",
    message: 'pods "p" is forbidden: User "u" cannot create resource "pods/exec" in API group "" in the namespace "n"',
  };
  server.answer(json(403, refusal), json(403, refusal));
  await expectUserError(cluster.exec({ namespace: "n", name: "p" }, "m", ["true"], {}), "cluster-forbidden", /pods\/exec/);
  server.answer(text(400, "text/plain", "no upgrade"), json(400, { message: "you must Upgrade" }));
  await expectUserError(cluster.openPort({ namespace: "n", name: "p" }, 80, {}), "cluster-unreachable", /WebSockets/);
});

/** A program that signs in and leaves a trace of having run. */
function plugin(body: string): { readonly user: string; readonly hasRun: () => boolean } {
  const folder = mkdtempSync(join(tmpdir(), "plugin-"));
  const program = join(folder, "login");
  writeFileSync(program, `#!/bin/sh\ntouch ${folder}/ran\n${body}\n`);
  chmodSync(program, 0o755);
  return {
    user: `{exec: {apiVersion: client.authentication.k8s.io/v1, command: ${program}, env: [{name: PLANTED, value: planted-env-value}]}}`,
    hasRun: () => existsSync(join(folder, "ran")),
  };
}

test("in an untrusted workspace the program of a kubeconfig is not run", async () => {
  const { user, hasRun } = plugin("exit 0");
  await expectUserError(connect(user, false), "untrusted-workspace", /"hostile" signs in with a program/);
  await expectUserError(connect("{auth-provider: {name: gcp, config: {cmd-path: /bin/true}}}", false), "untrusted-workspace", /program/);
  expect(hasRun()).toBe(false);
  expect(server.requests).toEqual([]);
});

test("a token that the server no longer takes is renewed once", async () => {
  const { user } = plugin(`n=$(cat $0.n 2>/dev/null || echo 0); n=$((n+1)); echo $n >$0.n
echo "{\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"planted-token-$n\\"}}"`);
  const cluster = await connect(user, true);
  server.answer(json(401, { message: "Unauthorized" }), json(200, { fine: true }));
  expect(await get(cluster)).toEqual({ fine: true });
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer planted-token-1", "Bearer planted-token-2"]);
  server.answer(json(401, {}), json(401, {}));
  await expectUserError(get(cluster), "cluster-unauthorized", /does not know these credentials/);
});

test.each<[what: string, body: string, words: RegExp]>([
  ["fails", "echo planted-output >&2; echo planted-output; exit 3", /ended with exit code 3/],
  ["prints nonsense", "echo planted-output", /printed no credentials/],
  ["prints no token", `echo '{"status": {"secret": "planted-output"}}'`, /printed no credentials/],
])("a program that %s: what it wrote is not told", async (_, body, words) => {
  const connecting = connect(plugin(body).user, true);
  await expectUserError(connecting, "cluster-unauthorized", words);
  expectNoSecret(await connecting.catch((error: unknown) => error));
});

test("a program that is not there is named, with the hint that the kubeconfig gives", async () => {
  const user = "{exec: {command: coldstart-no-such-program, installHint: Install it from example.com}}";
  await expectUserError(connect(user, true), "cluster-unauthorized", /"coldstart-no-such-program" cannot be run.*example\.com/s);
});

test("a server that repeats what it was sent does not get secrets into a message", async () => {
  const { user } = plugin(`echo '{"status":{"token":"planted-token-abc"}}'`);
  const cluster = await connect(user, true);
  const body = { kind: "Pod", spec: { containers: [{ env: [{ name: "KEY", value: "planted-pod-value" }] }] } };
  const echo: Answer = (request, response, sent) =>
    json(422, { message: `${request.headers.authorization} sent ${sent} planted-env-value` })(request, response, sent);
  server.answer(echo, (request, response, sent) =>
    text(500, "text/plain", `${request.headers.authorization} ${sent}`)(request, response, sent),
  );
  for (let round = 0; round < 2; round++) {
    const asked = cluster.request({ method: "POST", path: "/api/v1/namespaces/n/pods", body }, { log });
    await expectUserError(asked, "cluster-refused", /\[hidden\]/);
    expectNoSecret(await asked.catch((error: unknown) => error));
  }
});

function expectNoSecret(error: unknown): void {
  const everything = inspect([error, logged], { depth: 12, showHidden: true, maxStringLength: Infinity });
  expect(everything).not.toContain("planted-");
}
