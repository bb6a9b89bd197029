import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Cluster, PodName } from "../../../src/cluster/cluster.ts";
import { isApiFailure } from "../../../src/cluster/errors.ts";
import { kubeconfigFile, startCluster, tinyImage } from "../parts/cluster.ts";
import { poll, temporaryFolder } from "../parts/process.ts";

/** A namespace of the test cluster that goes away with all that is in it. */
export interface OwnNamespace {
  readonly admin: Cluster;
  readonly name: string;
  /** Path of the namespaced API: `pods`. */
  path(resource: string): string;
  /** Runs a shell script in a pod and waits until it does. */
  startPod(name: string, script: string, metadata?: object): Promise<PodName>;
  serviceAccountToken(name: string): Promise<string>;
  remove(): Promise<void>;
}

export async function makeNamespace(): Promise<OwnNamespace> {
  const admin = await startCluster();
  const name = `coldstart-test-${randomBytes(4).toString("hex")}`;
  const path = (resource: string): string => `/api/v1/namespaces/${name}/${resource}`;
  const post = (where: string, body: unknown): Promise<unknown> => admin.request({ method: "POST", path: where, body }, {});
  await post("/api/v1/namespaces", { metadata: { name } });
  // Pods are refused before the controller has made it.
  await poll("the default service account", () =>
    admin.request({ method: "GET", path: path("serviceaccounts/default") }, {}).catch(() => false as const),
  );
  return {
    admin,
    name,
    path,
    async startPod(podName, script, metadata) {
      const container = { name: "main", image: tinyImage, command: ["sh", "-c", script] };
      const spec = { restartPolicy: "Never", terminationGracePeriodSeconds: 0, activeDeadlineSeconds: 600, containers: [container] };
      await post(path("pods"), { metadata: { name: podName, ...metadata }, spec });
      await poll(`${podName} to run`, async () => {
        const pod = await admin.request<{ status?: { phase?: string } }>({ method: "GET", path: path(`pods/${podName}`) }, {});
        return pod.status?.phase === "Running";
      });
      return { namespace: name, name: podName };
    },
    async serviceAccountToken(account) {
      await post(path("serviceaccounts"), { metadata: { name: account } }).catch((error: unknown) => {
        if (!isApiFailure(error) || error.refusal !== "conflict") throw error;
      });
      const made = (await post(path(`serviceaccounts/${account}/token`), { spec: { expirationSeconds: 3600 } })) as {
        status: { token: string };
      };
      return made.status.token;
    },
    async remove() {
      await admin.request({ method: "DELETE", path: `/api/v1/namespaces/${name}` }, {});
    },
  };
}

/** What a kubeconfig of the test cluster is changed to; fields are those of the file. */
export interface KubeconfigParts {
  readonly user?: object;
  readonly cluster?: object;
  readonly namespace?: string;
}

/** Writes a kubeconfig for the test cluster with another user, or with changes of the cluster; gives its path. Its context is `other`. */
export function otherKubeconfig(parts: KubeconfigParts): string {
  const path = join(temporaryFolder("kubeconfig"), "config");
  writeFileSync(
    path,
    stringify({
      "current-context": "other",
      contexts: [{ name: "other", context: { cluster: "c", user: "u", namespace: parts.namespace } }],
      clusters: [{ name: "c", cluster: { ...readAdmin().clusters[0].cluster, ...parts.cluster } }],
      users: [{ name: "u", user: parts.user ?? adminUser() }],
    }),
    { mode: 0o600 },
  );
  return path;
}

/** The administrator's entry of the kubeconfig, with its key. */
export function adminUser(): object {
  return readAdmin().users[0].user;
}

/** Address of the test cluster's API server. */
export function adminServer(): URL {
  return new URL(readAdmin().clusters[0].cluster.server);
}

interface AdminFile {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
  readonly users: readonly [{ readonly user: object }];
}

function readAdmin(): AdminFile {
  return parse(readFileSync(kubeconfigFile, "utf8")) as AdminFile;
}
