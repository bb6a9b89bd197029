import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import * as tls from "node:tls";
import type * as ClientNode from "@kubernetes/client-node";
import type * as Undici from "undici";
import { isCancelled, isUserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import type { ResolvedContext } from "./contexts.ts";
import { kubeconfigUnreadable, shown, signInFailed } from "./errors.ts";
import { runExecProgram } from "./execCredential.ts";
import type { KubeconfigUser } from "./kubeconfig.ts";
import { proxyOfEnvironment } from "./proxies.ts";

/** Signed in: what every request to the API server is sent with. Holds secrets. */
export interface Session {
  readonly dispatcher: Undici.Dispatcher;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** Texts that no message may hold. */
  readonly secrets: readonly string[];
  readonly goodUntilEpochMs: number;
  /** Signing in anew may give other credentials. */
  readonly canRenew: boolean;
}

/** Files and the tokens of providers may have been replaced; client-go looks again after the same time. */
const rereadAfterMs = 60_000;
const expirySlackMs = 5000;

/** Signs in when it is needed and keeps the connections while the certificates stay the same. */
export class Sessions {
  readonly #context: ResolvedContext;
  #current: Promise<Session> | undefined;
  #signedInAs: Session | undefined;
  #agent: { readonly key: string; readonly dispatcher: Undici.Dispatcher } | undefined;

  constructor(context: ResolvedContext) {
    this.#context = context;
  }

  /** `refused`: the session whose credentials the server did not accept; another one is made in its place. */
  async session(call: Call, refused?: Session): Promise<Session> {
    for (;;) {
      call.signal?.throwIfAborted();
      const stale = this.#signedInAs !== undefined && (this.#signedInAs === refused || Date.now() >= this.#signedInAs.goodUntilEpochMs);
      if (stale) {
        this.#current = undefined;
        this.#signedInAs = undefined;
      }
      const signingIn = (this.#current ??= this.#signIn(call));
      try {
        const session = await signingIn;
        if (this.#current === signingIn) this.#signedInAs = session;
        return session;
      } catch (error) {
        if (this.#current === signingIn) this.#current = undefined;
        // Another caller gave up whose signal the program ran under.
        if (!isCancelled(error) || call.signal?.aborted) throw error;
      }
    }
  }

  async #signIn(call: Call): Promise<Session> {
    const { cluster, user } = this.#context;
    const program = user.exec;
    const credential = program && (await runExecProgram(program, this.#context, call));
    const pem = await readMaterial(this.#context);
    const { emptyKubeConfig } = await import("./clientConfig.ts");
    const config = emptyKubeConfig();
    const proxyUrl = cluster.proxyUrl ?? proxyOfEnvironment(cluster.server, process.env);
    const token = credential?.token ?? pem.token;
    const certificate = credential?.certificate ?? pem.certificate;
    const key = credential?.key ?? pem.key;
    config.loadFromClusterAndUser(
      {
        name: "cluster",
        server: cluster.server,
        // Without TLS there is nothing to verify; client-node wants to hear it.
        skipTLSVerify: cluster.skipTlsVerify || cluster.server.startsWith("http:"),
        ...(pem.authorities !== undefined && { caData: base64(pem.authorities) }),
        ...(cluster.tlsServerName !== undefined && { tlsServerName: cluster.tlsServerName }),
      },
      {
        name: "user",
        ...(token !== undefined && { token }),
        ...(certificate !== undefined && { certData: base64(certificate) }),
        ...(key !== undefined && { keyData: base64(key) }),
        ...(user.username !== undefined && { username: user.username, password: user.password ?? "" }),
        ...(user.authProvider !== undefined && { authProvider: { ...user.authProvider, config: { ...user.authProvider.config } } }),
      },
    );
    const options = await optionsOf(config, this.#context);
    const isLasting = program === undefined && user.tokenFile === undefined && user.authProvider === undefined;
    return {
      dispatcher: await this.#dispatcher(options, proxyUrl),
      headers: { ...authorizationOf(options), ...impersonationHeaders(user) },
      secrets: secretsOf(user, [token, key, options.headers]),
      goodUntilEpochMs: program
        ? (credential?.expiresAtEpochMs ?? Number.POSITIVE_INFINITY) - expirySlackMs
        : isLasting
          ? Number.POSITIVE_INFINITY
          : Date.now() + rereadAfterMs,
      canRenew: !isLasting,
    };
  }

  async #dispatcher(options: RequestOptions, proxyUrl: string | undefined): Promise<Undici.Dispatcher> {
    const { ca, cert, key, servername, rejectUnauthorized } = options;
    const given = { ca, cert, key, servername, rejectUnauthorized };
    const connect = {
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null)),
      timeout: 15_000,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    };
    const agentKey = JSON.stringify([connect, proxyUrl]);
    if (this.#agent?.key === agentKey) return this.#agent.dispatcher;
    const { Agent, ProxyAgent } = await loadUndici();
    // Watches stay silent for minutes, so times are limited by each request. One connection for each request under way: HTTP/2 would let a
    // large list delay the events of a watch.
    const common = { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 20_000, allowH2: false };
    const dispatcher =
      proxyUrl === undefined
        ? new Agent({ ...common, connect })
        : new ProxyAgent({ ...common, uri: checkedProxy(proxyUrl), requestTls: connect });
    this.#agent = { key: agentKey, dispatcher };
    return dispatcher;
  }
}

/** Loaded at the first connection, so that activation stays cheap. Bundled and split, a CommonJS package's exports are under `default`. */
export async function loadUndici(): Promise<typeof Undici> {
  const { default: exported } = (await import("undici")) as unknown as { default: typeof Undici };
  return exported;
}

interface Material {
  readonly authorities: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly token: string | undefined;
}

async function readMaterial({ cluster, user }: ResolvedContext): Promise<Material> {
  const [authorities, certificate, key, token] = await Promise.all([
    textOf(cluster.caData, cluster.caFile, "certificate authority"),
    textOf(user.certData, user.certFile, "client certificate"),
    textOf(user.keyData, user.keyFile, "client key"),
    user.tokenFile === undefined ? user.token : textOf(undefined, user.tokenFile, "token"),
  ]);
  return { authorities: authorities ?? systemAuthorities(cluster.server), certificate, key, token: token?.trim() };
}

/** Like kubectl, which trusts what the system trusts where the kubeconfig names no authority; Node has a list of its own. */
function systemAuthorities(server: string): string | undefined {
  if (!server.startsWith("https:")) return undefined;
  return [...tls.getCACertificates("default"), ...tls.getCACertificates("system")].join("\n");
}

/** Data goes before a file, as in kubectl. */
async function textOf(data: string | undefined, file: string | undefined, what: string): Promise<string | undefined> {
  if (data !== undefined) return Buffer.from(data, "base64").toString("utf8");
  if (file === undefined) return undefined;
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw kubeconfigUnreadable(`The ${what} ${shown(file)}, which the kubeconfig names, cannot be read (${code ?? "unknown error"}).`);
  }
}

/** What client-node makes of certificates, tokens and OpenID Connect. */
async function optionsOf(config: ClientNode.KubeConfig, context: ResolvedContext): Promise<RequestOptions> {
  const provider = context.user.authProvider;
  if (provider && provider.name !== "oidc") {
    throw signInFailed(
      context.name,
      `it uses the sign-in "${shown(provider.name)}", which Kubernetes removed in version 1.26`,
      "Write the kubeconfig anew with your cloud's command line: it names a program instead, such as gke-gcloud-auth-plugin or kubelogin.",
    );
  }
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    if (isUserError(error)) throw error;
    // The cause stays out: it may hold tokens.
    throw signInFailed(
      context.name,
      provider ? "the OpenID Connect provider did not renew the token" : "its certificates or keys cannot be used",
    );
  }
  return options;
}

function authorizationOf({ auth, headers }: RequestOptions): Record<string, string> {
  const authorization = (headers as Record<string, unknown> | undefined)?.["Authorization"];
  if (typeof authorization === "string") return { authorization };
  return typeof auth === "string" ? { authorization: `Basic ${base64(auth)}` } : {};
}

/** client-node knows the user only. */
function impersonationHeaders({ impersonate }: KubeconfigUser): Record<string, string | string[]> {
  if (!impersonate) return {};
  return {
    ...(impersonate.user !== undefined && { "impersonate-user": impersonate.user }),
    ...(impersonate.uid !== undefined && { "impersonate-uid": impersonate.uid }),
    ...(impersonate.groups.length > 0 && { "impersonate-group": [...impersonate.groups] }),
    ...Object.fromEntries(
      Object.entries(impersonate.extra).map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`, [...values]]),
    ),
  };
}

function secretsOf(user: KubeconfigUser, made: readonly unknown[]): readonly string[] {
  const programs = Object.values(user.exec?.env ?? {});
  const provider = Object.entries(user.authProvider?.config ?? {}).filter(([key]) => /token|secret/.test(key));
  const headers = made.flatMap((part): unknown[] => (typeof part === "object" && part !== null ? Object.values(part) : [part]));
  const all = [user.token, user.password, user.keyData, ...programs, ...provider.map(([, value]) => value), ...headers];
  return all
    .filter((text): text is string => typeof text === "string" && text !== "")
    .map((text) => text.replace(/^(?:Bearer|Basic) /, ""));
}

function checkedProxy(proxyUrl: string): string {
  if (/^(?:https?|socks5?):\/\//.test(proxyUrl) && URL.canParse(proxyUrl)) return proxyUrl;
  throw kubeconfigUnreadable(
    "The proxy for the cluster is no address of a proxy that Coldstart can use.",
    "Write it as http://, https:// or socks5://host:port.",
  );
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
