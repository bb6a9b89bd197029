import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BenchEvent } from "../../../src/bench/benchRun.ts";
import type { Mark, Observation } from "../../../src/bench/observation.ts";
import type { Arm, BenchPlan } from "../../../src/bench/plan.ts";
import { listOwned } from "../../../src/cluster/cleanup.ts";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { connectCluster } from "../../../src/cluster/connect.ts";
import { expectUserError } from "../../fakes/userErrors.ts";
import { makeNamespace, otherKubeconfig, type OwnNamespace } from "../cluster/ownNamespace.ts";
import { apiServer, clusterImages, kubectl, startCluster, tinyImage } from "../parts/cluster.ts";
import { signalPart } from "../parts/clusterProcess.ts";
import { containersGone } from "../parts/nodeImages.ts";
import { poll } from "../parts/process.ts";
import { armOn, benched, benchPlan, health, inShort, trialNode, type Benched, type PlanParts } from "./benchRuns.ts";

/** What goes wrong in the middle of a run on a real cluster: the trial says what it was, the run goes on, nothing stays, and the next trial is fine. */

let cluster: Cluster;
let own: OwnNamespace;
beforeAll(async () => {
  cluster = await startCluster(2);
  await clusterImages("py-httpserver");
  own = await makeNamespace();
  await containersGone(trialNode);
});
afterAll(() => own.remove());

interface RanParts extends Omit<PlanParts, "namespace"> {
  readonly namespace?: string;
  readonly as?: Cluster;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: BenchEvent) => void;
}

/** Runs a plan and sees to it that nothing of it is left, whatever happened. */
async function ran({ as = cluster, signal, onEvent, ...parts }: RanParts): Promise<Benched> {
  const plan: BenchPlan = benchPlan({ namespace: own.name, ...parts });
  const result = await benched(plan, as, { ...(onEvent && { onEvent }), ...(signal && { signal }) });
  expect(await listOwned(cluster, { runId: result.run.id }, {})).toEqual([]);
  return result;
}

async function nextIsFine(): Promise<void> {
  const { run, trials } = await ran({});
  expect([run.ending.kind, ...trials.map(inShort)]).toEqual(["complete", "ready, L3"]);
}

/** The tiny image with another command; the plan's question goes to port 8080. */
function armRunning(name: string, script: string, changes: Partial<Arm> = {}): Arm {
  const podPatch = { spec: { containers: [{ name: "main", command: ["sh", "-c", script] }] } };
  return { ...armOn("overlayfs", tinyImage), name, podPatch, ...changes };
}

const never = "sleep 300";

/** Does something once, when a trial has come to a mark. */
function atMark(
  mark: Mark,
  act: (trialId: string) => Promise<unknown>,
): { onEvent: (event: BenchEvent) => void; done(): Promise<unknown> } {
  let acting: Promise<unknown> | undefined;
  return {
    onEvent(event) {
      if (event.kind === "observed" && event.observation.mark === mark) acting ??= act(event.trialId);
    },
    async done() {
      expect(acting, `a trial came to ${mark}`).toBeDefined();
      return acting;
    },
  };
}

const podsOf = (trialId: string): string => `coldstart.dev/trial=${trialId}`;

test("what a pod does wrong is its trial's failure, and the run goes on", async () => {
  const arms = [
    armRunning("crashes", "exit 3"),
    armRunning("is silent", never),
    armRunning("is no program", "", { podPatch: { spec: { containers: [{ name: "main", command: ["/nothing"] }] } } }),
    { ...armOn("overlayfs", tinyImage), name: "is missing", image: "10.201.0.2:5000/nothing:1" },
    { ...armOn("overlayfs", tinyImage), name: "is fine" },
  ];
  const { run, trials } = await ran({ arms, coldness: "L0", trialTimeoutMs: 6_000 });
  expect(run.ending).toEqual({ kind: "complete" });
  expect(Object.fromEntries(trials.map((trial) => [trial.arm, inShort(trial).split(",")[0]]))).toEqual({
    crashes: "failed: container-crashed",
    "is silent": "timed-out",
    "is no program": "failed: container-create",
    "is missing": "failed: image-pull",
    "is fine": "ready",
  });
});

describe("the cluster has no place for it", () => {
  test("the node is cordoned", async () => {
    await kubectl("cordon", trialNode);
    const { trials } = await ran({ coldness: "L0" }).finally(() => kubectl("uncordon", trialNode));
    expect(trials.map(inShort)).toEqual(["failed: unschedulable, L0"]);
    expect(trials[0]?.outcome).toMatchObject({ message: expect.stringContaining("unschedulable") as string });
  });

  test("another pod holds the node's GPU", async () => {
    const resources = { limits: { "nvidia.com/gpu": "1" } };
    const spec = { nodeName: trialNode, terminationGracePeriodSeconds: 0, containers: [{ name: "c", image: tinyImage, resources }] };
    await own.admin.request({ method: "POST", path: own.path("pods"), body: { metadata: { name: "gpu-holder" }, spec } }, {});
    try {
      const { trials } = await ran({ coldness: "L0", gpuCount: 1 });
      expect(trials.map(inShort)).toEqual(["failed: unschedulable, L0"]);
      expect(trials[0]?.outcome).toMatchObject({ message: expect.stringContaining("nvidia.com/gpu") as string });
    } finally {
      await kubectl("-n", own.name, "delete", "pod", "gpu-holder", "--grace-period=0", "--force");
    }
    await nextIsFine();
  });
});

describe("the cluster does not let it", () => {
  test("the namespace's quota is used up", async () => {
    const body = { metadata: { name: "none" }, spec: { hard: { pods: "0" } } };
    await own.admin.request({ method: "POST", path: own.path("resourcequotas"), body }, {});
    try {
      await poll("the quota to count", () => quotaIsKnown());
      expect((await ran({ coldness: "L0" })).trials.map(inShort)).toEqual(["failed: quota, L0"]);
      await expectUserError(ran({}), "cluster-refused", /quota is used up.*Choose another namespace/s);
    } finally {
      await own.admin.request({ method: "DELETE", path: own.path("resourcequotas/none") }, {});
    }
  });

  test("the namespace takes no privileged pods", async () => {
    const other = await makeNamespace();
    try {
      await kubectl("label", "namespace", other.name, "pod-security.kubernetes.io/enforce=baseline");
      await expectUserError(
        ran({ namespace: other.name }),
        "probe-failed",
        /violates PodSecurity "baseline.*privileged.*another namespace.*L0/s,
      );
      await kubectl("label", "--overwrite", "namespace", other.name, "pod-security.kubernetes.io/enforce=restricted");
      expect((await ran({ namespace: other.name, coldness: "L0" })).trials.map(inShort)).toEqual(["failed: admission, L0"]);
    } finally {
      await other.remove();
    }
  });

  test("the user may not", async () => {
    const token = await own.serviceAccountToken("reader");
    const user = { token };
    const reader = await connectCluster({ kubeconfigPath: otherKubeconfig({ user, namespace: own.name }), allowCommands: false }, {});
    await expectUserError(ran({ as: reader, coldness: "L0" }), "cluster-forbidden", /You may not .*pods.*Role/s);
    const name = `coldstart-test-reader-${own.name}`;
    await kubectl("create", "clusterrole", name, "--verb=get,list,watch", "--resource=pods,pods/log,events,nodes");
    try {
      await kubectl("create", "clusterrolebinding", name, `--clusterrole=${name}`, `--serviceaccount=${own.name}:reader`);
      await poll("the role to count", () =>
        reader.request({ method: "GET", path: own.path("pods") }, {}).then(
          () => true,
          () => false,
        ),
      );
      await expectUserError(ran({ as: reader, coldness: "L0" }), "cluster-forbidden", /You may not create.*pods.*Role/s);
    } finally {
      await kubectl("delete", "clusterrole,clusterrolebinding", name);
    }
  });
});

/** Marks that the kubelet stamped before they could have been by their arrival here. The nodes' clock is this machine's. */
function contradictions(observations: readonly Observation[]): readonly string[] {
  const arrivals = observations.filter(({ source }) => source === "pod-watch" || source === "event-watch");
  const stamps = observations.filter(({ source }) => source === "pod-status" || source === "event-stamp");
  return arrivals.flatMap(({ mark, source, earliestEpochMs }) =>
    stamps
      .filter((stamp) => stamp.mark === mark && stamp.latestEpochMs < earliestEpochMs)
      .map((stamp) => `${mark} by ${source} is ${earliestEpochMs - stamp.latestEpochMs} ms after its stamp`),
  );
}

async function quotaIsKnown(): Promise<boolean> {
  const quota = await own.admin.request<{ status?: { hard?: object } }>({ method: "GET", path: own.path("resourcequotas/none") }, {});
  return quota.status?.hard !== undefined;
}

describe("somebody meddles", () => {
  test("a trial's pod is evicted, another one removed", async () => {
    const acts: Promise<unknown>[] = [];
    const { run, trials } = await ran({
      arms: [armRunning("evicted", never), armRunning("removed", never)],
      coldness: "L0",
      onEvent(event) {
        if (event.kind !== "observed" || event.observation.mark !== "started" || event.observation.source !== "event-watch") return;
        acts.push(meddle(event.trialId));
      },
    });
    await Promise.all(acts);
    expect(run.ending).toEqual({ kind: "complete" });
    expect(Object.fromEntries(trials.map((trial) => [trial.arm, inShort(trial).split(",")[0]]))).toEqual({
      evicted: "failed: evicted",
      removed: "failed: pod-deleted",
    });
  });

  async function meddle(trialId: string): Promise<void> {
    const [arm, name = ""] = (
      await kubectl(
        "-n",
        own.name,
        "get",
        "pods",
        "-l",
        podsOf(trialId),
        "-o",
        "jsonpath={.items[0].metadata.annotations.coldstart\\.dev/arm} {.items[0].metadata.name}",
      )
    ).split(" ");
    if (arm === "removed") await kubectl("-n", own.name, "delete", "pod", name, "--wait=false");
    else {
      const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace: own.name } };
      await own.admin.request({ method: "POST", path: own.path(`pods/${name}/eviction`), body }, {});
    }
  }

  test("the probe pod is removed: the trial keeps what was seen, the next one has a new probe", async () => {
    const meddling = atMark("started", () =>
      kubectl("-n", own.name, "delete", "pods", "-l", "coldstart.dev/run,!coldstart.dev/trial", "--grace-period=0", "--force"),
    );
    const { run, trials } = await ran({ trialsPerArm: 2, onEvent: meddling.onEvent });
    await meddling.done();
    expect([run.ending.kind, ...trials.map(inShort)]).toEqual(["complete", "ready, L3", "ready, L3"]);
    expect(trials[0]?.problems.map(({ message }) => message).join()).toMatch(/is not known/);
    expect(trials[1]?.laziness).toMatchObject({ snapshotter: "overlayfs" });
  });
});

describe("a part of the cluster goes away", () => {
  test("the registry is silent", async () => {
    const { trials } = await ran({
      trialTimeoutMs: 5_000,
      onEvent(event) {
        if (event.kind !== "phase") return;
        if (event.phase === "starting") signalPart("registry", "SIGSTOP");
        if (event.phase === "removing") signalPart("registry", "SIGCONT");
      },
    }).finally(() => signalPart("registry", "SIGCONT"));
    expect(trials.map(inShort)).toEqual(["timed-out, L3"]);
    await nextIsFine();
  });

  test("the API server restarts in mid-trial: its marks are as wide as the outage, and the run goes on", async () => {
    const outage = atMark("created", async () => {
      await apiServer("stop");
      await apiServer("start");
    });
    // However slowly the server ends, the application is not ready before.
    const arms = [armRunning("slow", "sleep 1; exec httpd -f -p 8080 -h /www")];
    const { run, trials } = await ran({ arms, trialsPerArm: 2, onEvent: outage.onEvent });
    await outage.done();
    expect([run.ending.kind, ...trials.map(inShort)]).toEqual(["complete", "ready, L3, cluster-reconnected", "ready, L3"]);
    expect(trials.flatMap(({ observations }) => contradictions(observations))).toEqual([]);
  });

  test("the node is lost", async () => {
    const kubelet = trialNode.replace("node-", "kubelet-");
    const { trials } = await ran({
      arms: [armRunning("lost", never)],
      coldness: "L0",
      onEvent(event) {
        // The pod's status has told that it runs, so the cluster takes its readiness back with the node's.
        if (event.kind === "observed" && event.observation.mark === "started" && event.observation.source === "pod-watch")
          signalPart(kubelet, "SIGSTOP");
        if (event.kind === "phase" && event.phase === "removing") signalPart(kubelet, "SIGCONT");
      },
    }).finally(() => signalPart(kubelet, "SIGCONT"));
    expect(trials.map(({ outcome }) => outcome)).toMatchObject([{ kind: "failed", reason: "node-lost" }]);
    await kubectl("wait", "--for=condition=Ready", `node/${trialNode}`, "--timeout=60s");
    await nextIsFine();
  });
});

describe("the user cancels", () => {
  type When = (event: BenchEvent) => boolean;
  const phase =
    (name: string): When =>
    (event) =>
      event.kind === "phase" && event.phase === name;
  // Its pull takes seconds.
  const big = { arms: [armOn("overlayfs", "py-httpserver")], readiness: { kind: "http", question: health(8000, "/") } } as const;
  const pulls: When = (event) => event.kind === "observed" && event.observation.mark === "pull-start";
  test.each<[string, Pick<PlanParts, "arms" | "readiness">, When, string]>([
    ["while the node is made cold", {}, phase("cooling"), "cancelled, L0, less-cold"],
    ["while the image is pulled", big, pulls, "cancelled, L3"],
    ["while laziness is proved", {}, phase("proving"), "cancelled, L3"],
    ["while the pod is removed", {}, phase("removing"), "ready, L3"],
  ])("%s", async (_name, parts, when, expected) => {
    const cancel = new AbortController();
    const { run, trials } = await ran({
      ...parts,
      trialsPerArm: 3,
      signal: cancel.signal,
      onEvent: (event) => {
        if (when(event)) cancel.abort(new DOMException("The user cancelled", "AbortError"));
      },
    });
    expect([run.ending.kind, trials.map(inShort).join("; ")]).toEqual(["cancelled", expected]);
  });

  test("before anything is made, and while the probe starts", async () => {
    const cancel = new AbortController();
    const cancelled = (): void => cancel.abort(new DOMException("The user cancelled", "AbortError"));
    const early = ran({ signal: cancel.signal, onEvent: cancelled });
    await expect(early).rejects.toThrow("The user cancelled");
    const late = new AbortController();
    const run = ran({ signal: late.signal });
    await poll("the probe's pod", async () => (await listOwned(cluster, { namespace: own.name }, {})).length > 0);
    late.abort(new DOMException("The user cancelled", "AbortError"));
    expect((await run).run).toMatchObject({ ending: { kind: "cancelled" }, trials: [] });
    expect(await listOwned(cluster, { namespace: own.name }, {})).toEqual([]);
  });

  test("and the next run is fine", nextIsFine);

  test("a limit of time ends a run like a cancellation, under its own name", async () => {
    const { run, trials } = await ran({ arms: [armRunning("is silent", never)], coldness: "L0", limits: { maxDurationMs: 3_000 } });
    expect(run.ending).toEqual({ kind: "limit", message: "The limit of 3.0 s was reached." });
    expect(trials.map(({ outcome }) => outcome.kind)).toEqual(["cancelled"]);
  });
});
