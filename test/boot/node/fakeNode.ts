import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { ApiRequest, Cluster, ExecResult } from "../../../src/cluster/cluster.ts";
import { apiFailure } from "../../../src/cluster/errors.ts";
import { bytes, sampleFiles } from "../sampleBoots.ts";

const sample = "nspawn-kubelet-crashloop";
export const machineId = "0123456789abcdef0123456789abcdef";
const journal = gunzipSync(readFileSync(join(import.meta.dirname, "..", "..", "fixtures", "boot", `${sample}.regular.journal.gz`)));

export interface FakeNode {
  /** Of `nodeInfo`. */
  readonly info?: object;
  readonly labels?: object;
  /** `get nodes/proxy`. */
  readonly denied?: readonly string[];
  /** Below `/var/log`; a name that ends with a slash is a folder's listing. */
  readonly logs?: Readonly<Record<string, string | Buffer>>;
  /** What pods say, by a word of the command. */
  readonly said?: Readonly<Record<string, Partial<ExecResult>>>;
  /** What a pod's status is; absent: it runs. */
  readonly podStatus?: object;
  readonly events?: object;
  /** In the API server's words; absent: pods are admitted. */
  readonly admission?: string;
}

/** The logs of a machine that keeps its journal on disk. */
export const keptLogs: Readonly<Record<string, string | Buffer>> = {
  "journal/": `<pre>\n<a href="${machineId}/">x</a>\n</pre>`,
  [`journal/${machineId}/`]: '<pre>\n<a href="system.journal">system.journal</a>\n</pre>',
  [`journal/${machineId}/system.journal`]: journal,
};

/** What `systemctl` says in the namespaces of the machine. */
export function saidInside(): Readonly<Record<string, Partial<ExecResult>>> {
  const files = sampleFiles(sample);
  return {
    "systemctl show *": { stdout: files["show-min.txt"] ?? "" },
    "systemctl show": { stdout: files["show-manager.txt"] ?? "" },
    journalctl: { stdout: files["journal.json"] ?? "" },
  };
}

/** A cluster with one node `node-a`, and what was done there: `POST pods`, `exec systemctl …`, `DELETE pods`. */
export function fakeNode(node: FakeNode): { cluster: Cluster; done: string[]; made: () => Record<string, unknown> } {
  const done: string[] = [];
  let made: Record<string, unknown> = {};
  const failure = (status: number, reason: string, message: string): Error => apiFailure("fake", "a request", { status, reason, message });
  const logOf = (path: string): string | Buffer => {
    const found = node.logs?.[path.replace(/^.*\/proxy\/logs\//, "")];
    if (found === undefined) throw failure(404, "NotFound", "404 page not found");
    return found;
  };
  const request = ({ method, path, body }: ApiRequest): unknown => {
    if (path.endsWith("selfsubjectaccessreviews")) {
      const { verb, resource, subresource } = (body as { spec: { resourceAttributes: Record<string, string> } }).spec.resourceAttributes;
      return { status: { allowed: !node.denied?.includes(`${verb} ${resource}${subresource === undefined ? "" : `/${subresource}`}`) } };
    }
    if (path === "/api/v1/nodes/node-a") return { metadata: { labels: node.labels ?? {} }, status: { nodeInfo: node.info ?? {} } };
    if (path.includes("/proxy/logs/")) return logOf(path).toString();
    if (path.endsWith("/events")) return { items: node.events ? [node.events] : [] };
    if (method === "POST" && path.endsWith("/pods")) {
      if (node.admission !== undefined) throw failure(403, "Forbidden", node.admission);
      made = body as Record<string, unknown>;
      done.push("POST pods");
      return made;
    }
    if (method === "DELETE") return void done.push("DELETE pods");
    if (path.includes("/pods/")) return { status: node.podStatus ?? { phase: "Running", containerStatuses: [{ state: { running: {} } }] } };
    throw failure(404, "NotFound", `nothing at ${path}`);
  };
  const cluster = {
    request: async (asked: ApiRequest) => request(asked),
    async *download(asked: ApiRequest) {
      yield* bytes(logOf(asked.path), 50_000);
    },
    exec: async (_pod: unknown, _container: string, argv: readonly string[]): Promise<ExecResult> => {
      const words = argv.join(" ");
      const found = Object.entries(node.said ?? {}).find(([word]) => words.includes(word));
      done.push(`exec ${found?.[0] ?? "something else"}`);
      return { exitCode: found ? 0 : 127, stdout: "", stderr: found ? "" : "sh: not found\n", ...found?.[1] };
    },
  };
  return { cluster: cluster as unknown as Cluster, done, made: () => made };
}
