import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReadBoot } from "../../../src/boot/bootChain.ts";
import { correctedChain } from "../../../src/boot/correctedChain.ts";
import { readCloudInitDump } from "../../../src/boot/formats/jsonDocuments.ts";
import { collectFromNode, type NodeCollection } from "../../../src/boot/node/collectFromNode.ts";
import { startBusPod } from "../../../src/boot/node/nodePod.ts";
import { nodeWays, type NodeWay } from "../../../src/boot/node/nodeWay.ts";
import { criticalChainText, timeText } from "../../../src/boot/systemdText.ts";
import { listOwned } from "../../../src/cluster/cleanup.ts";
import { expectUserError } from "../../fakes/userErrors.ts";
import { makeNamespace, type OwnNamespace } from "../cluster/ownNamespace.ts";
import { connectAs, grantTier, removeGrants } from "../cluster/roles.ts";
import { tinyImage } from "../parts/cluster.ts";
import { poll } from "../parts/process.ts";
import { bootNode, onBootNode, startBootNode } from "./bootNode.ts";

let own: OwnNamespace;
let collection: NodeCollection;
const byWay: Partial<Record<NodeWay, ReadBoot>> = {};
let end = async (): Promise<void> => {};
beforeAll(async () => {
  end = await startBootNode();
  own = await makeNamespace();
  collection = { namespace: own.name, probeImage: tinyImage, mayBePrivileged: () => Promise.resolve(true) };
  for (const way of nodeWays) byWay[way] = await collectFromNode(own.admin, bootNode, { ...collection, way }, {});
});
afterAll(async () => {
  await removeGrants(own);
  await own.remove();
  await end();
});

const boot = (way: NodeWay): ReadBoot["value"] => (byWay[way] as ReadBoot).value;
const left = async (): Promise<number> => (await listOwned(own.admin, { namespace: own.name }, {})).length;

test.each(["bus", "probe"] as const)("by %s the node's boot is what systemd-analyze prints on the machine", async (way) => {
  expect(timeText(boot(way)).trim()).toBe(await onBootNode("systemd-analyze", "time"));
  for (const unit of ["kubelet.service", "multi-user.target"])
    expect(criticalChainText(boot(way), unit, 0).trim()).toBe(await onBootNode("systemd-analyze", "critical-chain", "--no-pager", unit));
});

test("each way says of itself what it is and what it cannot see", () => {
  const notes = nodeWays.map((way) => byWay[way]?.problems[0]?.message);
  expect(notes).toEqual([
    expect.stringMatching(/^The kubelet's log endpoint, without a pod told of this boot\. It cannot see: which unit waits for which/),
    expect.stringMatching(/^A pod without privileges, on the node's D-Bus told of this boot\. It cannot see: the journal/),
    "A privileged pod, in the namespaces of the node's first process told of this boot.",
  ]);
});

test("by the kubelet's logs units stand where D-Bus has them, or a little later, and cloud-init's stages are those of its own dump", async () => {
  const times = (way: NodeWay): Map<string, number> =>
    new Map(boot(way).units.flatMap(({ id, activatedUs }) => (activatedUs === undefined ? [] : [[id, activatedUs]])));
  const exact = times("bus");
  const lateUs = [...times("logs")]
    .flatMap(([id, us]) => (id.endsWith(".service") && exact.has(id) ? [us - (exact.get(id) ?? 0)] : []))
    .sort((a, b) => a - b);
  expect(lateUs.length).toBeGreaterThan(10);
  // A message is stamped when journald reads it: never before the unit was active, and on a busy machine some time after.
  expect(lateUs[0]).toBeGreaterThan(-1000);
  expect(lateUs[Math.floor(lateUs.length / 2)]).toBeLessThan(20_000);
  expect(correctedChain(boot("logs"), "kubelet.service")?.value.spans.map(({ unit }) => unit)).toContain("nvidia-driver-install.service");
  const dump = readCloudInitDump(JSON.parse(await onBootNode("cloud-init", "analyze", "dump")) as unknown[]);
  const stages = boot("logs").stages.map(({ name, result }) => [name, result]);
  expect(stages.length).toBeGreaterThan(10);
  expect(stages).toEqual(dump?.map(({ name, result }) => [name, result]));
});

test("a boot whose journal was rotated meanwhile is still whole", async () => {
  await onBootNode("journalctl", "--rotate");
  await onBootNode("journalctl", "--rotate");
  const { value } = await collectFromNode(own.admin, bootNode, { ...collection, way: "logs" }, {});
  expect(value.finishedUs).toBe(boot("logs").finishedUs);
  expect(value.units.length).toBeGreaterThanOrEqual(boot("logs").units.length);
});

test("no pod is left by any way", async () => {
  await poll("no pod to be left", async () => (await left()) === 0);
});

test("the pod on D-Bus may read, and nothing else", async () => {
  const faults = { failed: (why: string) => new Error(why), refused: (why: string) => new Error(why) };
  const settings = { node: bootNode, namespace: own.name, image: tinyImage, runId: "boot-test", faults };
  const pod = await startBusPod(own.admin, settings, {});
  try {
    const ask = async (script: string): Promise<string> => {
      const { stdout, stderr } = await pod.exec(["sh", "-c", `{ ${script}; } 2>&1`], {});
      return stdout + stderr;
    };
    expect(await ask("id -u; id -g")).toBe("65534\n65534\n");
    expect(await ask("grep Cap /proc/self/status | awk '{ print $2 }' | sort -u")).toBe("0000000000000000\n");
    expect(await ask("touch /x; touch /node/usr/x")).toMatch(/\/x: Read-only file system\n.*\/node\/usr\/x: Read-only file system/);
    const loader = "set -- /node/usr/lib/*/ld-linux*.so*; export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket";
    const busctl = '"$1" --library-path "${1%/*}:${1%/*}/systemd" /node/usr/bin/busctl';
    const manager = "org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager";
    expect(await ask(`${loader}; ${busctl} call ${manager} RestartUnit ss kubelet.service replace`)).toMatch(/Access denied/);
    expect(await ask(`${loader}; ${busctl} call ${manager} PowerOff`)).toMatch(/Access denied/);
  } finally {
    await pod.remove({});
  }
});

test("missing permissions are named for each way; with the printed roles the way works", async () => {
  const nobody = await connectAs(own, "nobody");
  const ask = (way?: NodeWay): Promise<ReadBoot> => collectFromNode(nobody, bootNode, { ...collection, way }, {});
  await expectUserError(ask("logs"), "cluster-forbidden", /may not get nodes\/proxy\..*--tier boot /s);
  await expectUserError(
    ask("bus"),
    "cluster-forbidden",
    /may not create, get, list, delete pods in .*; get, create pods\/exec.*--tier boot-pod /s,
  );
  await expectUserError(ask(), "node-unasked", /get nodes\/proxy.*\n.*pods\/exec.*\n.*pods\/exec/);
  await grantTier(own, "boot-pod", "nobody");
  const { value, problems } = await poll("the roles to count", () => ask().catch(() => false as const));
  expect(value.sources).toContain("systemctl show");
  expect(problems[1]?.message).toMatch(/^The kubelet's log endpoint, without a pod: not this way\. You may not get nodes\/proxy/);
});

test("a namespace that takes no such pods is told", async () => {
  const strict = await makeNamespace();
  const body = { metadata: { labels: { "pod-security.kubernetes.io/enforce": "baseline" } } };
  const path = `/api/v1/namespaces/${strict.name}`;
  await own.admin.request({ method: "PATCH", path, body, contentType: "application/merge-patch+json" }, {});
  try {
    for (const way of ["bus", "probe"] as const) {
      const asked = collectFromNode(own.admin, bootNode, { ...collection, way, namespace: strict.name }, {});
      await expectUserError(asked, "probe-failed", /refused in namespace .*violates PodSecurity "baseline/);
    }
  } finally {
    await strict.remove();
  }
});

test("a node without systemd is told by every way, and no pod is left there", async () => {
  const ask = (way: NodeWay): Promise<ReadBoot> => collectFromNode(own.admin, "node-a", { ...collection, way }, {});
  await expectUserError(ask("logs"), "boot-unreadable", /The kubelet of node node-a tells nothing of its boot/);
  await expectUserError(ask("bus"), "boot-unreadable", /node-a tells nothing of its boot: it has no \/run\/dbus\/system_bus_socket/);
  await expectUserError(ask("probe"), "boot-unreadable", /node-a tells/);
  await poll("no pod to be left", async () => (await left()) === 0);
});
