import { afterAll, beforeAll, expect, test } from "vitest";
import { nowEpochMs } from "../../../src/base/clock.ts";
import { connectCluster } from "../../../src/cluster/connect.ts";
import { watchWithResume, type ObjectEvent } from "../../../src/cluster/watchObjects.ts";
import { expectUserError } from "../../fakes/userErrors.ts";
import { apiServer } from "../parts/cluster.ts";
import { cuttableWay } from "../parts/cuttableWay.ts";
import { makeNamespace, otherKubeconfig, type OwnNamespace } from "./ownNamespace.ts";

interface Named {
  readonly metadata: { readonly name: string };
}

let own: OwnNamespace;
beforeAll(async () => void (own = await makeNamespace()));
afterAll(() => own.remove());

const make = (name: string): Promise<unknown> =>
  own.admin.request({ method: "POST", path: own.path("configmaps"), body: { metadata: { name, labels: { test: "watch" } } } }, {});

test("a watch goes on after its way to the server was cut, tells so, and misses nothing of the meantime", async () => {
  const way = await cuttableWay();
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
  const waiting = nextOf(watch);
  const cut = way.cut(700);
  await make("while-cut");
  await cut;
  const events = [await waiting, await nextOf(watch)];
  expect(events).toMatchObject([{ kind: "reconnected" }, { kind: "changed", object: { metadata: { name: "while-cut" } } }]);
  controller.abort(new Error("seen enough"));
  await expect(watch.next()).rejects.toThrow("seen enough");
  await way.close();
});

test("a watch from long ago is watch-expired", async () => {
  // One that has run since the cluster was empty may still know all that ever happened.
  await apiServer("stop");
  await apiServer("start");
  const watch = own.admin.watch(own.path("pods"), { resourceVersion: "1" }, {});
  await expectUserError(watch[Symbol.asyncIterator]().next(), "watch-expired", /List again/);
});

async function nextOf(watch: AsyncGenerator<ObjectEvent<Named>>): Promise<ObjectEvent<Named>> {
  const next = await watch.next();
  if (next.done) throw new Error("the watch ended");
  return next.value;
}
