import { dirname, isAbsolute, join } from "node:path";
import { parseDocument } from "yaml";
import type { Problem, WithProblems } from "../base/text.ts";
import { shown } from "./errors.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textsAt, type Fields } from "./fields.ts";

/** What kubeconfig files say, merged. Holds secrets: it never leaves this room. */
export interface Kubeconfig {
  readonly currentContext?: string;
  readonly contexts: ReadonlyMap<string, KubeconfigContext>;
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>;
  readonly users: ReadonlyMap<string, KubeconfigUser>;
}

/** Names of an entry each; they may be of none that the file has. */
export interface KubeconfigContext {
  readonly cluster: string;
  readonly user?: string;
  readonly namespace?: string;
}

/** Where a cluster is and how its certificate is checked. */
export interface KubeconfigCluster {
  readonly server: string;
  readonly caFile?: string;
  /** Base64 of PEM, as it stands in the file. */
  readonly caData?: string;
  readonly skipTlsVerify: boolean;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  /** What the cluster's extension tells programs that sign in. */
  readonly execConfig?: unknown;
}

/** How to sign in. Holds secrets, which stay within this room. */
export interface KubeconfigUser {
  readonly certFile?: string;
  readonly certData?: string;
  readonly keyFile?: string;
  readonly keyData?: string;
  readonly token?: string;
  /** Goes before `token`, as in kubectl. */
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly impersonate?: Impersonation;
  readonly exec?: ExecProgram;
  readonly authProvider?: { readonly name: string; readonly config: Readonly<Record<string, string>> };
}

/** Whom to act as (`Impersonate-User` and its kin). */
export interface Impersonation {
  readonly user?: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** A program that prints credentials (client.authentication.k8s.io). */
export interface ExecProgram {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly provideClusterInfo: boolean;
  readonly installHint?: string;
  readonly interactiveMode?: string;
}

/**
 * Reads one file's text. Relative paths within it are meant from its folder. Entries without a name or with wrong types are left out and
 * told of; the words of a problem never hold values.
 */
export function parseKubeconfig(text: string, file: string): WithProblems<Kubeconfig> {
  const problems: Problem[] = [];
  const warn = (message: string): number => problems.push({ severity: "warning", message: `${file}: ${message}` });
  const root = fieldsOf(yamlOf(text, () => problems.push({ severity: "error", message: `${file} is no valid YAML.` })));
  const named = <T>(list: string, inner: string, read: (fields: Fields) => T | undefined): Map<string, T> => {
    const found = new Map<string, T>();
    for (const entry of listAt(root, list)) {
      const name = textAt(entry, "name");
      const value = name === undefined ? undefined : read(fieldsAt(entry, inner));
      if (name === undefined) warn(`an entry of ${list} has no name.`);
      else if (value === undefined) warn(`"${shown(name)}" in ${list} is incomplete.`);
      else if (!found.has(name)) found.set(name, value);
    }
    return found;
  };
  const folder = dirname(file);
  const currentContext = textAt(root, "current-context");
  return {
    value: {
      ...(currentContext !== undefined && { currentContext }),
      contexts: named("contexts", "context", contextOf),
      clusters: named("clusters", "cluster", (fields) => clusterOf(fields, folder)),
      users: named("users", "user", (fields) => userOf(fields, folder)),
    },
    problems,
  };
}

/** As kubectl does: of two entries with one name the first file's counts whole, and so does the first current context. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const merged = <T>(of: (config: Kubeconfig) => ReadonlyMap<string, T>): Map<string, T> =>
    new Map(configs.toReversed().flatMap((config) => [...of(config)]));
  const currentContext = configs.find((config) => config.currentContext !== undefined)?.currentContext;
  return {
    ...(currentContext !== undefined && { currentContext }),
    contexts: merged((config) => config.contexts),
    clusters: merged((config) => config.clusters),
    users: merged((config) => config.users),
  };
}

/** Whether signing in runs a program. */
export function usesCommands(user: KubeconfigUser | undefined): boolean {
  if (!user) return false;
  const provider = user.authProvider;
  return user.exec !== undefined || (provider !== undefined && provider.name !== "oidc");
}

function yamlOf(text: string, onError: () => void): unknown {
  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0) {
    onError();
    return undefined;
  }
  try {
    // Aliases in a hostile file could multiply without end.
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    onError();
    return undefined;
  }
}

function contextOf(fields: Fields): KubeconfigContext | undefined {
  const cluster = textAt(fields, "cluster");
  if (cluster === undefined) return undefined;
  return { cluster, ...given({ user: textAt(fields, "user"), namespace: textAt(fields, "namespace") }) };
}

function clusterOf(fields: Fields, folder: string): KubeconfigCluster | undefined {
  const server = textAt(fields, "server");
  if (server === undefined || !/^https?:$/.test(URL.parse(server)?.protocol ?? "")) return undefined;
  const extension = listAt(fields, "extensions").find((entry) => textAt(entry, "name") === "client.authentication.k8s.io/exec");
  return {
    server: server.replace(/\/+$/, ""),
    skipTlsVerify: fields["insecure-skip-tls-verify"] === true,
    ...given({
      caFile: pathAt(fields, "certificate-authority", folder),
      caData: textAt(fields, "certificate-authority-data"),
      tlsServerName: textAt(fields, "tls-server-name"),
      proxyUrl: textAt(fields, "proxy-url"),
    }),
    ...(extension !== undefined && { execConfig: fieldsOf(extension)["extension"] }),
  };
}

function userOf(fields: Fields, folder: string): KubeconfigUser {
  const provider = fieldsAt(fields, "auth-provider");
  const providerName = textAt(provider, "name");
  const exec = execOf(fieldsAt(fields, "exec"), folder);
  const impersonate = impersonationOf(fields);
  return {
    ...given({
      certFile: pathAt(fields, "client-certificate", folder),
      certData: textAt(fields, "client-certificate-data"),
      keyFile: pathAt(fields, "client-key", folder),
      keyData: textAt(fields, "client-key-data"),
      token: textAt(fields, "token"),
      tokenFile: pathAt(fields, "tokenFile", folder),
      username: textAt(fields, "username"),
      password: textAt(fields, "password"),
    }),
    ...(exec && { exec }),
    ...(impersonate && { impersonate }),
    ...(providerName !== undefined && { authProvider: { name: providerName, config: textsAt(provider, "config") } }),
  };
}

function execOf(fields: Fields, folder: string): ExecProgram | undefined {
  const command = textAt(fields, "command");
  if (command === undefined) return undefined;
  const variables = listAt(fields, "env").map((entry) => [textAt(entry, "name") ?? "", textAt(entry, "value") ?? ""] as const);
  return {
    apiVersion: textAt(fields, "apiVersion") ?? "client.authentication.k8s.io/v1",
    // A plain name is looked up in PATH; anything else with a separator is meant from the file's folder.
    command: /[/\\]/.test(command) && !isAbsolute(command) ? join(folder, command) : command,
    args: listAt(fields, "args").filter((arg) => typeof arg === "string"),
    env: Object.fromEntries(variables.filter(([name]) => name !== "")),
    provideClusterInfo: fields["provideClusterInfo"] === true,
    ...given({ installHint: textAt(fields, "installHint"), interactiveMode: textAt(fields, "interactiveMode") }),
  };
}

function impersonationOf(fields: Fields): Impersonation | undefined {
  const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === "string") : []);
  const groups = texts(fields["as-groups"]);
  const extra = Object.fromEntries(Object.entries(fieldsAt(fields, "as-user-extra")).map(([key, value]) => [key, texts(value)]));
  const names = given({ user: textAt(fields, "as"), uid: textAt(fields, "as-uid") });
  return Object.keys(names).length + groups.length + Object.keys(extra).length === 0 ? undefined : { ...names, groups, extra };
}

function pathAt(fields: Fields, key: string, folder: string): string | undefined {
  const path = textAt(fields, key);
  return path === undefined || isAbsolute(path) ? path : join(folder, path);
}

/** Without the fields that are undefined. */
function given<K extends string>(fields: Readonly<Record<K, string | undefined>>): { [P in K]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [P in K]?: string };
}
