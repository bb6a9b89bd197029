import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import type { Problem, WithProblems } from "../base/text.ts";
import { contextNotFound, kubeconfigUnreadable, noCurrentContext } from "./errors.ts";
import {
  mergeKubeconfigs,
  parseKubeconfig,
  usesCommands,
  type Kubeconfig,
  type KubeconfigCluster,
  type KubeconfigUser,
} from "./kubeconfig.ts";
import { redacted } from "./redact.ts";

/** Where a cluster is looked for. */
export interface ClusterSource {
  /** One file. Absent: the files of KUBECONFIG, else `~/.kube/config`, else the service account of the pod that this runs in. */
  readonly kubeconfigPath?: string;
  /** Absent: the current context. */
  readonly context?: string;
  /** Whether programs that the kubeconfig names may be run to sign in; false in an untrusted workspace. */
  readonly allowCommands: boolean;
}

/** A context as it stands in the kubeconfig; nothing was connected. */
export interface ClusterContext {
  readonly name: string;
  /** Address of the API server, without credentials; undefined when the context names a cluster that is not there. */
  readonly server: string | undefined;
  readonly user: string | undefined;
  readonly namespace: string;
  readonly isCurrent: boolean;
  /** Signing in runs a program that the kubeconfig names. */
  readonly usesCommands: boolean;
}

const inClusterContext = "in-cluster";
const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Contexts in the order of the files. Throws `kubeconfig-unreadable` only when there is none that can be read. */
export async function listContexts(source: ClusterSource): Promise<WithProblems<readonly ClusterContext[]>> {
  const { value: config, problems } = await readKubeconfig(source);
  const contexts = [...config.contexts].map(([name, context]) => ({
    name,
    server: shownServer(config.clusters.get(context.cluster)),
    user: context.user,
    namespace: context.namespace ?? "default",
    isCurrent: name === config.currentContext,
    usesCommands: usesCommands(config.users.get(context.user ?? "")),
  }));
  return { value: contexts, problems };
}

/** One context with the cluster and the user that it names. Holds secrets. */
export interface ResolvedContext {
  readonly name: string;
  readonly namespace: string;
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
}

/** Reads the kubeconfig for one context, the current one when none is named. Throws `UserError` when it, its cluster or its user is missing. */
export async function resolveContext(source: ClusterSource): Promise<ResolvedContext> {
  const { value: config } = await readKubeconfig(source);
  const names = [...config.contexts.keys()];
  const name = source.context ?? config.currentContext;
  if (name === undefined) throw noCurrentContext(names);
  const context = config.contexts.get(name);
  if (!context) throw contextNotFound(name, names);
  const cluster = config.clusters.get(context.cluster);
  if (!cluster)
    throw kubeconfigUnreadable(`The context "${name}" names a cluster that the kubeconfig does not have, or whose server is no address.`);
  const user = context.user === undefined ? {} : config.users.get(context.user);
  if (!user) throw kubeconfigUnreadable(`The context "${name}" names a user that the kubeconfig does not have.`);
  return { name, namespace: context.namespace ?? "default", cluster, user };
}

/** The cluster's address for people: a password in it is hidden. */
export function shownServer(cluster: KubeconfigCluster | undefined): string | undefined {
  return cluster && redacted(cluster.server).replace("[hidden]@", "");
}

async function readKubeconfig(source: ClusterSource): Promise<WithProblems<Kubeconfig>> {
  if (source.kubeconfigPath !== undefined) return readFiles([resolve(source.kubeconfigPath)], true);
  const listed = (process.env["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  const files = listed.length > 0 ? [...new Set(listed.map((path) => resolve(path)))] : [join(homedir(), ".kube", "config")];
  const found = await readFiles(files, false);
  if (found.value.contexts.size > 0 || found.problems.length > 0) return found;
  const own = await serviceAccountConfig();
  if (own) return { value: own, problems: [] };
  if (found.value.clusters.size > 0) return found;
  throw kubeconfigUnreadable(
    `No kubeconfig was found: ${files.join(", ")}.`,
    "Name one with --kubeconfig or the setting coldstart.kubernetes.kubeconfig, set KUBECONFIG, or sign in with your cloud's command line, which writes it.",
  );
}

/** In a list, files that are not there are passed over, as kubectl does. */
async function readFiles(files: readonly string[], mustExist: boolean): Promise<WithProblems<Kubeconfig>> {
  const configs: Kubeconfig[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    let text: string;
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" && !mustExist) continue;
      throw kubeconfigUnreadable(
        `The kubeconfig ${file} cannot be read (${code ?? "unknown error"}).`,
        "Check the path and the file's permissions.",
      );
    }
    const parsed = parseKubeconfig(text, file);
    if (parsed.problems.some(({ severity }) => severity === "error"))
      throw kubeconfigUnreadable(`The kubeconfig ${file} is no valid YAML.`);
    configs.push(parsed.value);
    problems.push(...parsed.problems);
  }
  return { value: mergeKubeconfigs(configs), problems };
}

/** What Kubernetes gives every pod that may speak to it; undefined outside of one. */
async function serviceAccountConfig(): Promise<Kubeconfig | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
  if (!host || !port) return undefined;
  const namespace = await readFile(join(serviceAccountFolder, "namespace"), "utf8").catch(() => undefined);
  if (namespace === undefined) return undefined;
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    currentContext: inClusterContext,
    contexts: new Map([
      [inClusterContext, { cluster: inClusterContext, user: inClusterContext, namespace: namespace.trim() || "default" }],
    ]),
    clusters: new Map([[inClusterContext, { server, caFile: join(serviceAccountFolder, "ca.crt"), skipTlsVerify: false }]]),
    users: new Map([[inClusterContext, { tokenFile: join(serviceAccountFolder, "token") }]]),
  };
}
