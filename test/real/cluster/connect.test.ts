import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { connect as connectTcp, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Log } from "../../../src/base/log.ts";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { connectCluster } from "../../../src/cluster/connect.ts";
import { expectUserError } from "../../fakes/userErrors.ts";
import { kubeconfigFile } from "../parts/cluster.ts";
import { temporaryFolder } from "../parts/process.ts";
import { adminUser, makeNamespace, otherKubeconfig, type OwnNamespace } from "./ownNamespace.ts";

let own: OwnNamespace;
let token: string;
const logged: unknown[] = [];
const log: Log = Object.fromEntries(
  ["debug", "info", "warn", "error"].map((level) => [level, (...words: unknown[]) => logged.push(words)]),
) as never;

beforeAll(async () => {
  own = await makeNamespace();
  token = await own.serviceAccountToken("reader");
});
afterAll(() => own.remove());

const connect = (kubeconfigPath: string, allowCommands = false): Promise<Cluster> =>
  connectCluster({ kubeconfigPath, allowCommands }, { log });

/** Whom the API server takes us for. */
async function whoAmI(cluster: Cluster): Promise<{ username?: string; groups?: string[] }> {
  const review = await cluster.request<{ status: { userInfo: { username?: string; groups?: string[] } } }>(
    { method: "POST", path: "/apis/authentication.k8s.io/v1/selfsubjectreviews", body: {} },
    { log },
  );
  return review.status.userInfo;
}

const reader = (): string => `system:serviceaccount:${own.name}:reader`;

test("a client certificate, from data and from files", async () => {
  expect(await whoAmI(await connect(kubeconfigFile))).toMatchObject({ username: "admin" });
});

test("a token, and a token file that goes before it", async () => {
  expect((await whoAmI(await connect(otherKubeconfig({ user: { token } })))).username).toBe(reader());
  const tokenFile = join(temporaryFolder("token"), "token");
  writeFileSync(tokenFile, `${token}\n`);
  expect((await whoAmI(await connect(otherKubeconfig({ user: { tokenFile, token: "wrong" } })))).username).toBe(reader());
});

test("another person's rights, with groups", async () => {
  const user = { ...adminUser(), as: "jane", "as-groups": ["team-a", "system:authenticated"] };
  const me = await whoAmI(await connect(otherKubeconfig({ user })));
  expect(me.username).toBe("jane");
  expect(me.groups).toEqual(["team-a", "system:authenticated"]);
});

/** A program that prints the credential, and leaves a trace of having run with what it was told. */
function plugin(credential: object): { readonly exec: object; readonly seen: () => string | undefined } {
  const folder = temporaryFolder("plugin");
  const program = join(folder, "login");
  writeFileSync(join(folder, "credential"), JSON.stringify({ kind: "ExecCredential", status: credential }));
  writeFileSync(program, `#!/bin/sh\nprintf '%s' "$KUBERNETES_EXEC_INFO" >${folder}/seen\ncat ${folder}/credential\n`);
  chmodSync(program, 0o755);
  const seen = join(folder, "seen");
  return {
    exec: { apiVersion: "client.authentication.k8s.io/v1", command: program, interactiveMode: "Never", provideClusterInfo: true },
    seen: () => (existsSync(seen) ? readFileSync(seen, "utf8") : undefined),
  };
}

test("a program that signs in is told of the cluster; in an untrusted workspace it is not run", async () => {
  const { exec, seen } = plugin({ token });
  const kubeconfig = otherKubeconfig({ user: { exec } });
  await expectUserError(connect(kubeconfig), "untrusted-workspace", /signs in with a program/);
  expect(seen()).toBeUndefined();
  const cluster = await connect(kubeconfig, true);
  expect((await whoAmI(cluster)).username).toBe(reader());
  expect(JSON.parse(seen() ?? "")).toMatchObject({
    kind: "ExecCredential",
    spec: { interactive: false, cluster: { server: cluster.server } },
  });
});

test("KUBECONFIG may list several files, and one that is missing is passed over", async () => {
  const [first, second] = [otherKubeconfig({ user: { token } }), kubeconfigFile];
  vi.stubEnv("KUBECONFIG", `${first}:/nonexistent/config:${second}`);
  try {
    expect((await whoAmI(await connectCluster({ allowCommands: false }, {}))).username).toBe(reader());
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a token that is wrong is cluster-unauthorized, and is not told", async () => {
  const cluster = await connect(otherKubeconfig({ user: { token: "planted-wrong-token" } }));
  const asked = cluster.request({ method: "GET", path: "/api/v1/nodes" }, { log });
  await expectUserError(asked, "cluster-unauthorized", /does not know these credentials/);
  const everything = inspect([await asked.catch((error: unknown) => error), logged], {
    depth: 12,
    showHidden: true,
    maxStringLength: Infinity,
  });
  expect(everything).not.toContain("planted-");
  expect(everything).not.toContain(token);
});

test.each<[what: string, cluster: object, code: "cluster-unreachable" | undefined, words: RegExp]>([
  [
    "an authority that did not sign the server's certificate",
    { "certificate-authority-data": undefined },
    "cluster-unreachable",
    /certificate is not trusted/,
  ],
  ["no check at all", { "certificate-authority-data": undefined, "insecure-skip-tls-verify": true }, undefined, /./],
  ["the name that the certificate bears", { "tls-server-name": "kubernetes.default.svc" }, undefined, /./],
  ["a name that it does not bear", { "tls-server-name": "else.example" }, "cluster-unreachable", /certificate is not trusted/],
  ["a port where nobody listens", { server: "https://127.0.0.1:1" }, "cluster-unreachable", /nothing listens there/],
])("with %s", async (_, changes, code, words) => {
  const asked = connect(otherKubeconfig({ cluster: changes })).then(whoAmI);
  if (code) await expectUserError(asked, code, words);
  else expect((await asked).username).toBe("admin");
});

test("a proxy of the kubeconfig is used for requests, watches and programs alike, and its password is not told", async () => {
  const tunnels: string[] = [];
  const proxy: Server = createHttpServer();
  const sockets = new Set<Socket>();
  proxy.on("connection", (socket: Socket) => sockets.add(socket));
  proxy.on("connect", (request, socket, head) => {
    tunnels.push(`${request.url} ${request.headers["proxy-authorization"]}`);
    const [host, port] = (request.url ?? "").split(":");
    const upstream = connectTcp(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [upstream, socket]) end.on("error", () => {});
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const pod = await own.startPod("proxied", "sleep 600");
  const cluster = await connect(otherKubeconfig({ cluster: { "proxy-url": `http://me:planted-word@${address}` } }));
  expect((await whoAmI(cluster)).username).toBe("admin");
  expect((await cluster.exec(pod, "main", ["echo", "hi"], {})).stdout).toBe("hi\n");
  expect(tunnels.length).toBeGreaterThanOrEqual(2);
  expect(new Set(tunnels)).toEqual(new Set([`127.0.0.1:16443 Basic ${Buffer.from("me:planted-word").toString("base64")}`]));
  const closed = new Promise((resolve) => proxy.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
  const lost = connect(otherKubeconfig({ cluster: { "proxy-url": `http://me:planted-word@${address}` } })).then(whoAmI);
  await expectUserError(lost, "cluster-unreachable", /./);
  expect(inspect([await lost.catch((error: unknown) => error), logged], { depth: 12, maxStringLength: Infinity })).not.toContain(
    "planted-",
  );
});
