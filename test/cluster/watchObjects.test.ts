import { afterEach, beforeEach, expect, test } from "vitest";
import { connectCluster } from "../../src/cluster/connect.ts";
import { collectObjects } from "../../src/cluster/lists.ts";
import { watchWithResume, type ObjectEvent } from "../../src/cluster/watchObjects.ts";
import { cutOff, events, hanging, HostileApiServer, json, type Answer } from "../fakes/hostileApiServer.ts";
import { expectUserError } from "../fakes/userErrors.ts";

let server: HostileApiServer;
beforeEach(async () => void (server = await HostileApiServer.start()));
afterEach(() => server.stop());

interface Named {
  readonly metadata: { readonly name: string };
}

const object = (name: string, resourceVersion: string): Named => ({ metadata: { name, resourceVersion } as Named["metadata"] });
const page = (resourceVersion: string, names: readonly string[], next?: string) =>
  json(200, { metadata: { resourceVersion, continue: next }, items: names.map((name) => object(name, resourceVersion)) });
const changed = (type: string, name: string, resourceVersion: string) => ({ type, object: object(name, resourceVersion) });
const expired = events({ type: "ERROR", object: { code: 410, reason: "Expired" } });

/** What the first so many events were, in short. */
async function shortly(count: number, maxOutageMs?: number): Promise<string[]> {
  const cluster = await connectCluster({ kubeconfigPath: server.kubeconfig(), allowCommands: false }, {});
  const seen: string[] = [];
  for await (const event of watchWithResume<Named>(
    cluster,
    "/api/v1/pods",
    { labelSelector: "a=b" },
    {},
    maxOutageMs === undefined ? {} : { maxOutageMs },
  )) {
    seen.push(inShort(event));
    if (seen.length === count) break;
  }
  return seen;
}

function inShort(event: ObjectEvent<Named>): string {
  if (event.kind === "listed") return `listed ${event.objects.map(({ metadata }) => metadata.name).join("+")}`;
  return event.kind === "changed" ? `${event.type} ${event.object.metadata.name}` : "reconnected";
}

const versions = (): (string | null)[] => server.requests.map(({ url }) => new URL(url, "http://x").searchParams.get("resourceVersion"));

test("a list comes first, in one piece however many pages it has; then changes; the next watch begins where the last one ended", async () => {
  server.answer(
    page("5", ["a"], "more"),
    page("5", ["b"]),
    events(changed("ADDED", "c", "7"), changed("BOOKMARK", "", "9")),
    events(changed("DELETED", "a", "10")),
  );
  expect(await shortly(3)).toEqual(["listed a+b", "ADDED c", "DELETED a"]);
  expect(versions()).toEqual([null, null, "5", "9"]);
  expect(server.requests.every(({ url }) => url.includes("labelSelector=a%3Db"))).toBe(true);
});

test("a watch that is too old begins anew with a list", async () => {
  server.answer(page("5", ["a"]), expired, page("8", ["b"]), events(changed("MODIFIED", "b", "9")));
  expect(await shortly(3)).toEqual(["listed a", "listed b", "MODIFIED b"]);
  expect(versions()).toEqual([null, "5", null, "8"]);
});

test("a lost server is waited for, told of, and asked on from the last event", async () => {
  server.answer(
    page("5", ["a"]),
    cutOff(`${JSON.stringify(changed("ADDED", "b", "6"))}\n`),
    json(503, {}),
    page("7", []),
    events(changed("ADDED", "c", "8")),
  );
  expect(await shortly(4)).toEqual(["listed a", "ADDED b", "reconnected", "ADDED c"]);
  expect(versions().at(-1)).toBe("6");
});

const added = `${JSON.stringify(changed("ADDED", "b", "6"))}\n`;

test.each<[string, readonly Answer[], boolean, (lostAtEpochMs: number, heardAtEpochMs: number) => boolean]>([
  ["a watch that stood was cut, and the server answers", [cutOff(added, 1200)], false, (lost, heard) => lost > heard + 1000],
  [
    "a watch that stood was cut, and the server does not answer",
    [cutOff(added, 1200), json(503, {})],
    true,
    (lost, heard) => lost === heard,
  ],
  ["the server takes no new watch", [events(changed("ADDED", "b", "6")), cutOff("")], true, (lost, heard) => lost === heard],
])("%s: an outage, from when the server was last heard, or else a cut", async (_name, answers, isOutage, isLostThen) => {
  server.answer(page("5", ["a"]), ...answers, page("7", []));
  const cluster = await connectCluster({ kubeconfigPath: server.kubeconfig(), allowCommands: false }, {});
  let heardAtEpochMs = 0;
  for await (const event of watchWithResume<Named>(cluster, "/api/v1/pods", {}, {})) {
    if (event.kind !== "reconnected") heardAtEpochMs = event.receivedAtEpochMs;
    else {
      expect([event.isOutage, isLostThen(event.lostAtEpochMs, heardAtEpochMs)]).toEqual([isOutage, true]);
      return;
    }
  }
});

test("what waited while one watch took over from another says since when", async () => {
  server.answer(page("5", ["a"]), events(changed("ADDED", "b", "6")), events(changed("ADDED", "c", "7")));
  const cluster = await connectCluster({ kubeconfigPath: server.kubeconfig(), allowCommands: false }, {});
  const waited: (number | undefined)[] = [];
  for await (const event of watchWithResume<Named>(cluster, "/api/v1/pods", {}, {})) {
    if (event.kind === "reconnected") continue;
    waited.push(event.heardUntilEpochMs && event.receivedAtEpochMs - event.heardUntilEpochMs);
    if (waited.length === 3) break;
  }
  expect(waited).toEqual([undefined, undefined, expect.any(Number)]);
  expect(waited[2]).toBeGreaterThan(0);
  expect(server.requests[1]?.url).toContain("timeoutSeconds=15");
});

test("a watch through a dead connection, which the server cannot end, is lost since it was last heard", async () => {
  server.answer(page("5", ["a"]), hanging(changed("ADDED", "b", "6")), page("6", []), events(changed("ADDED", "c", "7")));
  const cluster = await connectCluster({ kubeconfigPath: server.kubeconfig(), allowCommands: false }, {});
  const seen: string[] = [];
  let lostMs = 0;
  for await (const event of watchWithResume<Named>(cluster, "/api/v1/pods", {}, {}, { deadAfterMs: 300 })) {
    seen.push(inShort(event));
    if (event.kind === "reconnected") lostMs = event.foundAtEpochMs - event.lostAtEpochMs;
    if (seen.length === 4) break;
  }
  expect(seen).toEqual(["listed a", "ADDED b", "reconnected", "ADDED c"]);
  expect(lostMs).toBeGreaterThan(250);
});

test("what waiting does not mend is thrown: a missing permission at once, an outage after its time", async () => {
  const denied = { message: 'pods is forbidden: User "u" cannot list resource "pods" in API group "" at the cluster scope' };
  server.answer(json(403, denied));
  await expectUserError(shortly(1), "cluster-forbidden", /ClusterRole/);
  server.answer(page("5", ["a"]), cutOff(""), ...Array<ReturnType<typeof json>>(20).fill(json(500, { message: "no" })));
  await expectUserError(shortly(2, 300), "cluster-refused", /no/);
});

test("a list that grew too old between its pages begins anew, and keeps nothing of the first try", async () => {
  const cluster = await connectCluster({ kubeconfigPath: server.kubeconfig(), allowCommands: false }, {});
  server.answer(page("5", ["a"], "more"), json(410, { reason: "Expired", message: "too old" }), page("6", ["b"], "more"), page("6", ["c"]));
  const kept = await collectObjects(cluster, "/x", {}, (each) => (each as Named).metadata.name, {});
  expect(kept).toEqual({ items: ["b", "c"], resourceVersion: "6" });
});
