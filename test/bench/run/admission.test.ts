import { expect, test } from "vitest";
import { admittedPod, imageOfArm, learnImages } from "../../../src/bench/run/admission.ts";
import type { RunContext } from "../../../src/bench/run/runContext.ts";
import { RunNode } from "../../../src/bench/run/runNodes.ts";
import type { ApiRequest, Cluster } from "../../../src/cluster/cluster.ts";
import { apiFailure } from "../../../src/cluster/errors.ts";
import { nodeOf, type ClusterNode } from "../../../src/cluster/nodes.ts";
import { samplePlan } from "../plan/planSample.ts";

const sent = {
  spec: {
    containers: [{ name: "app", image: "nginx:1.25", imagePullPolicy: "IfNotPresent", resources: { limits: { "nvidia.com/gpu": 1 } } }],
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
  },
};

/** What every API server adds to every pod (recorded on the test cluster, Kubernetes 1.36). */
const defaults = {
  schedulerName: "default-scheduler",
  dnsPolicy: "ClusterFirst",
  serviceAccountName: "default",
  priority: 0,
  tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }],
};

function answered(app: object, more: object = {}, others: readonly object[] = []): unknown {
  const [own] = sent.spec.containers;
  return { kind: "Pod", spec: { ...sent.spec, ...defaults, ...more, containers: [{ ...own, ...app }, ...others] } };
}

test.each<[string, unknown, string, readonly string[]]>([
  ["a cluster that changes nothing", answered({ terminationMessagePath: "/dev/termination-log" }), "nginx:1.25", []],
  ["an answer that is no pod", {}, "nginx:1.25", []],
  [
    // As with Kyverno's and other webhooks that put a mirror in the place of a registry (tost.dev/blog/kyverno, form3tech-oss/switcheroo).
    "a mirror",
    answered({ image: "docker-remote.imageregistry.yourorg.com/library/nginx:1.25" }),
    "docker-remote.imageregistry.yourorg.com/library/nginx:1.25",
    ["runs docker-remote.imageregistry.yourorg.com/library/nginx:1.25 in place of nginx:1.25"],
  ],
  [
    "Istio",
    answered({}, { initContainers: [{ name: "istio-init" }] }, [{ name: "istio-proxy" }]),
    "nginx:1.25",
    ["adds container istio-proxy, whose start counts in the times", "adds init container istio-init, whose start counts in the times"],
  ],
  [
    "a LimitRange's defaults",
    answered({ resources: { limits: { "nvidia.com/gpu": 1, cpu: "500m", memory: "512Mi" }, requests: { cpu: "100m" } } }),
    "nginx:1.25",
    ["gives app a limit of 500m cpu and a limit of 512Mi memory, which the plan does not say; too little of it makes a start slow"],
  ],
  ["AlwaysPullImages", answered({ imagePullPolicy: "Always" }), "nginx:1.25", ["has the registry asked for the image each time"]],
  [
    "a scheduler and a runtime of its own",
    answered({}, { schedulerName: "volcano", runtimeClassName: "gvisor" }),
    "nginx:1.25",
    ["sets the RuntimeClass gvisor", "sets the scheduler volcano"],
  ],
])("%s", (_name, pod, image, expected) => {
  const admitted = admittedPod(sent, pod, "app");
  expect([admitted.image, admitted.problems.map(({ message }) => message)]).toEqual([
    image,
    expected.map((each) => `The cluster's admission ${each}.`),
  ]);
});

test("what will run is asked for beforehand without making it; what is not answered leaves the plan's image", async () => {
  const asked: ApiRequest[] = [];
  const [overlayfs, stargz] = samplePlan.arms;
  const noDryRun = 'admission webhook "w.example" does not support dry run';
  const cluster = {
    request: (request: ApiRequest) => {
      asked.push(request);
      const { spec } = request.body as { spec: { containers: { image: string }[] } };
      if (spec.containers.some(({ image }) => image === stargz?.image))
        return Promise.reject(apiFailure("c", "POST pods", { status: 400, reason: "BadRequest", message: noDryRun }));
      return Promise.resolve({
        spec: { ...spec, containers: spec.containers.map((each) => ({ ...each, image: "mirror.example/app:1.0" })) },
      });
    },
  } as unknown as Cluster;
  const images = new Map<string, string>();
  const run = { plan: samplePlan, cluster, images, runId: "r1", owned: { labels: {}, annotations: {} } } as unknown as RunContext;
  await learnImages(run, new RunNode(nodeOf({ metadata: { name: "n1" } }, false) as ClusterNode, undefined), {});
  expect(asked.map(({ method, query }) => [method, query])).toEqual(samplePlan.arms.map(() => ["POST", { dryRun: "All" }]));
  expect([overlayfs, stargz].map((arm) => arm && imageOfArm(arm, run))).toEqual(["mirror.example/app:1.0", stargz?.image]);
});
