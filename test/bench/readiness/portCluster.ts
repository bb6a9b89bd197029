import { once } from "node:events";
import { connect } from "node:net";
import type { ApiAnswer, ApiRequest, Cluster } from "../../../src/cluster/cluster.ts";
import { ApiFailure } from "../../../src/cluster/errors.ts";

/**
 * A cluster whose pods' ports are ports of this machine, with the words that containerd 2.4 has for a refused one (recorded on the test
 * cluster). `exchange` stands for the API server's proxy; without it no proxy is permitted.
 */
export function portCluster(
  exchange: (request: ApiRequest) => Promise<ApiAnswer> | ApiAnswer = () => {
    throw denied("pods/proxy");
  },
): Cluster {
  const unused = (): never => {
    throw new Error("No part of readiness uses this.");
  };
  return {
    context: "ports",
    namespace: "default",
    server: "https://127.0.0.1",
    request: unused,
    download: unused,
    watch: unused,
    followLog: unused,
    outputEnd: unused,
    exec: unused,
    exchange: (request, { signal }) => Promise.race([Promise.resolve().then(() => exchange(request)), aborted(signal)]),
    async openPort(_pod, port, { signal }) {
      const socket = connect({ port, host: "127.0.0.1", ...(signal && { signal }) });
      try {
        await once(socket, "connect");
      } catch (cause) {
        signal?.throwIfAborted();
        throw refused(port, cause);
      }
      return socket;
    },
  };
}

export function denied(resource: string): ApiFailure {
  const message = `pods "p" is forbidden: User "u" cannot create resource "${resource}" in API group "" in the namespace "default"`;
  return new ApiFailure("cluster-forbidden", message, "", { status: 403, reason: "Forbidden", message, refusal: "permission" });
}

function refused(port: number, cause: unknown): ApiFailure {
  const message = `Port ${port} of the pod: error forwarding port ${port} to pod ee566e80, uid : failed to execute portforward in network namespace "/run/netns/cni-1": failed to connect to localhost:${port} inside namespace "ee566e80", IPv4: dial tcp4 127.0.0.1:${port}: ${String(cause)}`;
  return new ApiFailure("cluster-refused", message, "", { status: 0, reason: "", message, refusal: "other" });
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true }));
}
