import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nowEpochMs } from "../../../src/base/clock.ts";
import { connectCluster } from "../../../src/cluster/connect.ts";
import { watchWithResume, type ObjectEvent } from "../../../src/cluster/watchObjects.ts";
import { expectUserError } from "../../fakes/userErrors.ts";
import { adminServer, makeNamespace, otherKubeconfig, type OwnNamespace } from "./ownNamespace.ts";

interface Named {
  readonly metadata: { readonly name: string };
}

/** A way to the API server that can be cut: as it looks when the server restarts. */
class Cuttable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => {
      const { hostname, port } = adminServer();
      const upstream = connect(Number(port), hostname);
      for (const end of [socket, upstream]) {
        this.#sockets.add(end);
        end.on("error", () => {});
        end.on("close", () => this.#sockets.delete(end));
      }
      socket.pipe(upstream).pipe(socket);
    });
  }

  static async open(port = 0): Promise<Cuttable> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return new Cuttable(server);
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }
}

let own: OwnNamespace;
beforeAll(async () => void (own = await makeNamespace()));
afterAll(() => own.remove());

const make = (name: string): Promise<unknown> =>
  own.admin.request({ method: "POST", path: own.path("configmaps"), body: { metadata: { name, labels: { test: "watch" } } } }, {});

test("a watch goes on after its way to the server was cut, tells so, and misses nothing of the meantime", async () => {
  let way = await Cuttable.open();
  const kubeconfigPath = otherKubeconfig({ cluster: { server: `https://127.0.0.1:${way.port}` } });
  const cluster = await connectCluster({ kubeconfigPath, allowCommands: false }, {});
  const controller = new AbortController();
  const watch = watchWithResume<Named>(cluster, own.path("configmaps"), { labelSelector: "test=watch" }, { signal: controller.signal });
  await make("before");
  expect(await nextOf(watch)).toMatchObject({ kind: "listed", objects: [{ metadata: { name: "before" } }] });
  const beforeEpochMs = nowEpochMs();
  await make("during");
  const during = await nextOf(watch);
  expect(during).toMatchObject({ kind: "changed", type: "ADDED", object: { metadata: { name: "during" } } });
  if (during.kind === "changed") expect(during.receivedAtEpochMs - beforeEpochMs).toBeGreaterThan(0);
  const { port } = way;
  const waiting = nextOf(watch);
  await way.cut();
  await make("while-cut");
  way = await Cuttable.open(port);
  const events = [await waiting, await nextOf(watch)];
  expect(events).toMatchObject([{ kind: "reconnected" }, { kind: "changed", object: { metadata: { name: "while-cut" } } }]);
  controller.abort(new Error("seen enough"));
  await expect(watch.next()).rejects.toThrow("seen enough");
  await way.cut();
});

test("a watch from long ago is watch-expired", async () => {
  const watch = own.admin.watch(own.path("pods"), { resourceVersion: "1" }, {});
  await expectUserError(watch[Symbol.asyncIterator]().next(), "watch-expired", /List again/);
});

async function nextOf(watch: AsyncGenerator<ObjectEvent<Named>>): Promise<ObjectEvent<Named>> {
  const next = await watch.next();
  if (next.done) throw new Error("the watch ended");
  return next.value;
}
