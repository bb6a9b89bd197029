import { listOwned } from "../../../src/cluster/cleanup.ts";
import type { Cluster } from "../../../src/cluster/cluster.ts";
import { kubeconfigFile, probeImage, startCluster, tinyImage } from "../parts/cluster.ts";
import { poll } from "../parts/process.ts";

/** The cluster that `test/cluster/up` made. */
export interface BenchCluster {
  readonly kubeconfigPath: string;
  readonly context: string;
  /** `COLDSTART_TEST_NODE` chooses another one where several runs share the cluster. */
  readonly node: string;
  readonly registryHost: string;
  /** A web server that answers on 8080 at once. */
  readonly image: string;
  readonly probeImage: string;
  /** Names of pods that runs created and that are still there. */
  leftPods(): Promise<readonly string[]>;
  /** Makes a Deployment of that image that runs no pod of its own. */
  deploy(name: string): Promise<void>;
  /** Removes the test's own namespace. */
  close(): Promise<void>;
}

export async function benchCluster(): Promise<BenchCluster> {
  const cluster = await startCluster();
  await makeNamespace(cluster);
  return {
    kubeconfigPath: kubeconfigFile,
    context: cluster.context,
    node: process.env["COLDSTART_TEST_NODE"] ?? "node-a",
    registryHost: tinyImage.slice(0, tinyImage.indexOf("/")),
    image: tinyImage,
    probeImage,
    leftPods: async () => (await listOwned(cluster, { namespace: benchNamespace }, {})).map(({ name }) => name),
    deploy: async (name) => {
      const labels = { app: name };
      const container = {
        name: "web",
        image: tinyImage,
        env: [{ name: "TOKEN", value: plantedSecret }],
        readinessProbe: { httpGet: { path: "/health", port: 8080 }, periodSeconds: 1 },
      };
      const template = { metadata: { labels }, spec: { containers: [container] } };
      const body = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name },
        spec: { replicas: 0, selector: { matchLabels: labels }, template },
      };
      await cluster.request({ method: "POST", path: `/apis/apps/v1/namespaces/${benchNamespace}/deployments`, body }, {});
    },
    close: () => cluster.request({ method: "DELETE", path: `/api/v1/namespaces/${benchNamespace}` }, {}),
  };
}

async function makeNamespace(cluster: Cluster): Promise<void> {
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: benchNamespace } };
  // That of a run before may still be going away.
  await poll("the namespace", async () => {
    const { status } = await cluster.exchange({ method: "POST", path: "/api/v1/namespaces", body }, {});
    if (status === 201) return true;
    const found = await cluster.exchange({ method: "GET", path: `/api/v1/namespaces/${benchNamespace}` }, {});
    return found.status === 200 && !found.body.includes('"deletionTimestamp"');
  });
}

/** In the environment of the Deployment; must show nowhere. */
export const plantedSecret = "hunter2-planted-secret";

/** Of this test alone, so that other runs on the cluster are not taken for its own. */
export const benchNamespace = "coldstart-vscode";
