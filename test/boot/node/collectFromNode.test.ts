import { expect, test } from "vitest";
import { correctedChain } from "../../../src/boot/correctedChain.ts";
import { collectFromNode, type NodeCollection } from "../../../src/boot/node/collectFromNode.ts";
import { collectFromNodes } from "../../../src/boot/node/collectFromNodes.ts";
import { fieldsAt, listAt } from "../../../src/cluster/fields.ts";
import { expectUserError } from "../../fakes/userErrors.ts";
import { fakeNode, keptLogs, machineId, saidInside, type FakeNode } from "./fakeNode.ts";

const agreed: NodeCollection = { namespace: "ns", probeImage: "busybox", mayBePrivileged: () => Promise.resolve(true) };
const refused: NodeCollection = { ...agreed, mayBePrivileged: () => Promise.resolve(false) };
const info = { machineID: machineId, osImage: "Debian GNU/Linux 12 (bookworm)", kernelVersion: "6.1.0-28-cloud-amd64" };
const labels = { "node.kubernetes.io/instance-type": "g6.2xlarge", "eks.amazonaws.com/nodegroup-image": "ami-0a1b2c" };

test("with the kubelet's logs no pod is made, and what they cannot tell is said", async () => {
  const { cluster, done } = fakeNode({ info, labels, logs: keptLogs });
  const { value, problems } = await collectFromNode(cluster, "node-a", agreed, {});
  expect(done).toEqual([]);
  expect(value).toMatchObject({ name: "node-a", sources: ["journal", "os-release"], machine: { osName: info.osImage } });
  expect(value.machine).toMatchObject({ kernelVersion: info.kernelVersion, instanceType: "g6.2xlarge", machineImage: "ami-0a1b2c" });
  expect(problems[0]).toEqual({
    severity: "info",
    message:
      "The kubelet's log endpoint, without a pod told of this boot. It cannot see: which unit waits for which, what units are configured to be, jobs that wait at the moment, and exact times (messages lag behind on a busy machine). A pod on the node's D-Bus can.",
  });
  expect(correctedChain(value, "kubelet.service")?.value.blocker?.why).toBe("restarts");
});

test("ways that lead nowhere are passed over and told, up to the privileged pod, which is removed", async () => {
  const said = { properties: { exitCode: 1, stderr: "Failed to connect to bus: Permission denied\n" }, ...saidInside() };
  const { cluster, done, made } = fakeNode({ info, denied: ["get nodes/proxy"], said });
  const { value, problems } = await collectFromNode(cluster, "node-a", agreed, {});
  expect(done).toEqual([
    "POST pods",
    "exec properties",
    "DELETE pods",
    "POST pods",
    "exec systemctl show *",
    "exec systemctl show",
    "exec something else",
    "exec something else",
    "exec something else",
    "exec journalctl",
    "exec something else",
    "DELETE pods",
  ]);
  expect(value.finishedUs).toBe(18_280_785);
  expect(problems.slice(0, 3).map(({ message }) => message)).toEqual([
    "A privileged pod, in the namespaces of the node's first process told of this boot.",
    expect.stringMatching(
      /^The kubelet's log endpoint, without a pod: not this way\. You may not get nodes\/proxy\. Granted by a ClusterRole/,
    ),
    expect.stringMatching(/^A pod without privileges.*: not this way\..*Failed to connect to bus: Permission denied/),
  ]);
  expect(fieldsAt(made(), "spec")).toMatchObject({ hostPID: true, nodeName: "node-a", activeDeadlineSeconds: 600, restartPolicy: "Never" });
});

test("the pod without privileges has none, and every pod has marks, a deadline and limits", async () => {
  const { cluster, made } = fakeNode({ said: { properties: { exitCode: 1 } } });
  await collectFromNode(cluster, "node-a", { ...agreed, way: "bus" }, {}).catch(() => undefined);
  expect(made()["metadata"]).toMatchObject({
    name: expect.stringMatching(/^coldstart-boot-[0-9a-f]{8}-[0-9a-f]{6}$/) as string,
    labels: { "app.kubernetes.io/managed-by": "coldstart" },
  });
  const spec = fieldsAt(made(), "spec");
  expect(spec).toMatchObject({ securityContext: { runAsUser: 65_534, runAsNonRoot: true }, automountServiceAccountToken: false });
  expect(spec["hostPID"]).toBeUndefined();
  expect(listAt(spec, "containers")[0]).toMatchObject({
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    resources: { limits: { memory: "256Mi" } },
    volumeMounts: [
      { mountPath: "/run/dbus/system_bus_socket", readOnly: true },
      { mountPath: "/node/usr", readOnly: true },
    ],
  });
});

test.each<[why: string, node: FakeNode, collection: NodeCollection, code: Parameters<typeof expectUserError>[1], words: RegExp]>([
  ["Talos", { info: { osImage: "Talos (v1.9.2)" } }, agreed, "boot-unreadable", /Talos \(v1\.9\.2\) has an init of its own and no systemd/],
  ["Windows", { info: { osImage: "Windows Server 2022" } }, agreed, "boot-unreadable", /no systemd/],
  [
    "no journal on disk",
    { logs: { "journal/": "<pre></pre>" } },
    { ...agreed, way: "logs" },
    "boot-unreadable",
    /no journal below.*--way bus/s,
  ],
  ["no /var/log/journal", {}, { ...agreed, way: "logs" }, "boot-unreadable", /serves no \/var\/log\/journal/],
  [
    "another boot's journal",
    { info: { ...info, bootID: machineId }, logs: keptLogs },
    { ...agreed, way: "logs" },
    "boot-unreadable",
    /nothing of the boot/,
  ],
  ["no proxy", { denied: ["get nodes/proxy"] }, { ...agreed, way: "logs" }, "cluster-forbidden", /may not get nodes\/proxy/],
  [
    "no exec",
    { denied: ["create pods/exec"] },
    { ...agreed, way: "bus" },
    "cluster-forbidden",
    /may not create pods\/exec in ns\..*--tier boot-pod/s,
  ],
  [
    "no pods",
    { denied: ["create pods", "delete pods"] },
    { ...agreed, way: "probe" },
    "cluster-forbidden",
    /may not create, delete pods in ns/,
  ],
  ["no consent", {}, { ...refused, way: "probe" }, "consent-missing", /root there.*--allow-privileged/s],
  [
    "no admission",
    { admission: 'violates PodSecurity "restricted"' },
    { ...agreed, way: "bus" },
    "probe-failed",
    /refused in namespace ns\. .*violates PodSecurity/,
  ],
  [
    "no D-Bus",
    { podStatus: {}, events: { message: "hostPath type check failed: /run/dbus/system_bus_socket is not a socket file" } },
    { ...agreed, way: "bus" },
    "boot-unreadable",
    /tells nothing of its boot: it has no \/run\/dbus\/system_bus_socket/,
  ],
  [
    "no image",
    { podStatus: { containerStatuses: [{ state: { waiting: { reason: "ErrImagePull", message: "not found" } } }] } },
    { ...agreed, way: "bus" },
    "probe-failed",
    /image cannot be started \(ErrImagePull: not found\).*--probe-image/s,
  ],
  [
    "another init",
    { said: { systemctl: { exitCode: 1, stderr: "System has not been booted with systemd as init system (PID 1). Can't operate.\n" } } },
    { ...agreed, way: "probe" },
    "boot-unreadable",
    /tells nothing of its boot: its first process is no systemd/,
  ],
  [
    "nothing at all",
    { admission: "denied the request: no" },
    refused,
    "node-unasked",
    /\nThe kubelet's log.*\nA pod without.*\nA privileged pod.*nobody has agreed/s,
  ],
])("%s is told in words, and no pod is left", async (_, node, collection, code, words) => {
  const { cluster, done } = fakeNode(node);
  await expectUserError(collectFromNode(cluster, "node-a", collection, {}), code, words);
  expect(done.filter((what) => what === "DELETE pods")).toHaveLength(done.filter((what) => what === "POST pods").length);
});

test("a cancelled collection removes its pod and tries no other way", async () => {
  const cancel = new AbortController();
  const { cluster, done } = fakeNode({ logs: {}, said: {} });
  const asking = { ...cluster, exec: () => Promise.reject(new Error(String(cancel.abort()))) };
  await expect(collectFromNode(asking, "node-a", agreed, { signal: cancel.signal })).rejects.toMatchObject({ name: "AbortError" });
  expect(done).toEqual(["POST pods", "DELETE pods"]);
});

test("of several nodes those that tell nothing are left out and named; without any the reasons are told", async () => {
  const { cluster } = fakeNode({ info, logs: keptLogs });
  const boots = await collectFromNodes(cluster, ["node-a", "gone", "node-a"], agreed, {});
  expect(boots.map(({ value }) => value.name)).toEqual(["node-a", "node-a"]);
  expect(boots[0]?.problems.at(-1)?.message).toMatch(/^gone is left out: .*nothing at/);
  await expectUserError(collectFromNodes(cluster, ["gone"], agreed, {}), "cluster-not-found", /gone/);
  await expectUserError(collectFromNodes(cluster, ["gone", "lost"], agreed, {}), "node-unasked", /gone, lost\.\n/);
});
