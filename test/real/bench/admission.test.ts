import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { BenchPlan } from "../../../src/bench/plan.ts";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { readNode } from "../../../src/cluster/nodes.ts";
import { makeNamespace, type OwnNamespace } from "../cluster/ownNamespace.ts";
import { clusterImages, startCluster, tinyImage } from "../parts/cluster.ts";
import { clearImages, containersGone } from "../parts/nodeImages.ts";
import { poll } from "../parts/process.ts";
import { armOn, benched, benchPlan, inShort, trialNode, type Benched, type PlanParts } from "./benchRuns.ts";

/** That a benchmark holds on clusters whose admission changes its pods, and where the registry is asked for an image that is there. */

const policies = "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies";
const bindings = "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings";

let cluster: Cluster;
let own: OwnNamespace;
beforeAll(async () => {
  cluster = await startCluster(2);
  await clusterImages();
  own = await makeNamespace();
  await containersGone(trialNode);
  await clearImages(trialNode);
});
afterEach(() => clearImages(trialNode));
afterAll(() => own.remove());

const ran = (parts: Omit<PlanParts, "namespace">): Promise<Benched> => benched(benchPlan({ namespace: own.name, ...parts }), cluster);
const told = ({ run }: Benched): string => run.problems.map(({ message }) => message).join("\n");

test("a policy puts a mirror in place of the registry: the node is made cold for what really runs", async () => {
  const name = `coldstart-mirror-${own.name}`;
  const image = "registry.invalid/tiny:1";
  const policy = {
    metadata: { name },
    spec: {
      failurePolicy: "Fail",
      reinvocationPolicy: "Never",
      matchConstraints: {
        resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": own.name } },
      },
      matchConditions: [{ name: "mirrored", expression: 'object.spec.containers[0].image.startsWith("registry.invalid/")' }],
      mutations: [
        {
          patchType: "JSONPatch",
          jsonPatch: { expression: `[JSONPatch{op: "replace", path: "/spec/containers/0/image", value: "${tinyImage}"}]` },
        },
      ],
    },
  };
  await own.admin.request({ method: "POST", path: policies, body: policy }, {});
  try {
    await own.admin.request({ method: "POST", path: bindings, body: { metadata: { name }, spec: { policyName: name } } }, {});
    const pod = { metadata: { name: "asked" }, spec: { containers: [{ name: "main", image }] } };
    await poll("the policy to hold", async () => {
      const answer = await own.admin.request<{ spec: { containers: { image: string }[] } }>(
        { method: "POST", path: own.path("pods"), query: { dryRun: "All" }, body: pod },
        {},
      );
      return answer.spec.containers[0]?.image === tinyImage;
    });
    const found = await ran({ arms: [{ ...armOn("overlayfs", tinyImage), image }], trialsPerArm: 2 });
    expect(found.trials.map(inShort)).toEqual(["ready, L3", "ready, L3"]);
    expect(told(found)).toContain(`The cluster's admission runs ${tinyImage} in place of ${image}.`);
  } finally {
    await own.admin.request({ method: "DELETE", path: `${bindings}/${name}` }, {}).catch(() => {});
    await own.admin.request({ method: "DELETE", path: `${policies}/${name}` }, {});
  }
});

test("a LimitRange's defaults are told once", async () => {
  const body = { metadata: { name: "small" }, spec: { limits: [{ type: "Container", default: { cpu: "500m", memory: "256Mi" } }] } };
  await own.admin.request({ method: "POST", path: own.path("limitranges"), body }, {});
  try {
    const found = await ran({ coldness: "L0", trialsPerArm: 2 });
    expect(told(found).match(/gives main a limit of 500m cpu and a limit of 256Mi memory/g)).toHaveLength(1);
  } finally {
    await own.admin.request({ method: "DELETE", path: own.path("limitranges/small") }, {});
  }
});

test("at L0 an image that is there and is asked for each time is warm, also the first time", async () => {
  const arms: BenchPlan["arms"] = [{ ...armOn("overlayfs", tinyImage), pullPolicy: "Always" }];
  await kubeletTellsOf(tinyImage, false);
  const first = await ran({ coldness: "L0", arms, trialsPerArm: 2 });
  expect(first.trials.map((trial) => [inShort(trial), trial.pull?.alreadyPresent])).toEqual([
    ["ready, L0", false],
    ["ready, L0, warm", false],
  ]);
  await kubeletTellsOf(tinyImage, true);
  expect((await ran({ coldness: "L0", arms })).trials.map(inShort)).toEqual(["ready, L0, warm"]);
}, 180_000);

/** A kubelet looks for images each 30 s, and writes what it knows into its node's status later still. */
async function kubeletTellsOf(image: string, isThere: boolean): Promise<void> {
  const tells = async (): Promise<boolean> =>
    ((await readNode(cluster, trialNode, {})).images ?? []).some(({ names }) => names.includes(image));
  await poll(`the kubelet to tell that ${image} is ${isThere ? "" : "not "}there`, async () => (await tells()) === isThere, 60_000);
}
