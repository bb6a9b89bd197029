import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as tls from "node:tls";
import type * as Undici from "undici";
import { badSetting } from "./errors.ts";
import { isCertificateFailure } from "../base/networkFailure.ts";

/**
 * The one file that knows the HTTP library. It makes single requests: redirects, authorization and retries are the callers'.
 */

/** How to reach a server. Equal routes share their connections within a thread. */
export interface HttpRoute {
  /** Unix socket or Windows pipe in place of the URL's host. */
  readonly socketPath?: string | undefined;
  /** PEM file with certificate authorities besides the usual ones. */
  readonly caFile?: string | undefined;
  /** Folder with `ca.pem`, `cert.pem` and `key.pem` of a Docker daemon. */
  readonly certFolder?: string | undefined;
  /** In place of the environment's proxies; NO_PROXY holds for it as well. */
  readonly proxy?: string | undefined;
  /** Trust what the operating system trusts as well; costs reading its store. */
  readonly systemAuthorities?: boolean | undefined;
  /** How long the other side may stay silent: while connecting, before the headers, between pieces of the body. */
  readonly timeoutMs: number;
}

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Value of a header by its lower-case name; of several the first. */
  header(name: string): string | undefined;
  headerValues(name: string): readonly string[];
  /** Once; leaving it early closes the connection. Must be read or discarded. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives up the body, so that the connection is free again. */
  discard(): Promise<void>;
}

/** Servers whose certificates only the operating system's store proves, as behind proxies of companies that re-sign. */
const provenBySystem = new Set<string>();

/** Throws errors of the network, see `networkFailure`, or the signal's reason. */
export async function sendHttp(route: HttpRoute, request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
  const { origin } = request.url;
  const systemAuthorities = provenBySystem.has(origin);
  try {
    return await sendOnce({ ...route, systemAuthorities }, request, signal);
  } catch (error) {
    if (systemAuthorities || !isCertificateFailure(error)) throw error;
    const response = await sendOnce({ ...route, systemAuthorities: true }, request, signal);
    provenBySystem.add(origin);
    return response;
  }
}

async function sendOnce(route: HttpRoute, request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpResponse> {
  signal?.throwIfAborted();
  const [{ request: send }, dispatcher] = await Promise.all([loadUndici(), dispatcherFor(route)]);
  try {
    const response = await send(request.url, {
      dispatcher,
      method: request.method,
      headers: { "user-agent": "coldstart", ...request.headers },
      ...(request.body !== undefined && { body: request.body }),
      ...(signal && { signal }),
    });
    const values = (name: string): readonly string[] => {
      const value = response.headers[name];
      return value === undefined ? [] : typeof value === "string" ? [value] : value;
    };
    return {
      status: response.statusCode,
      header: (name) => values(name)[0],
      headerValues: values,
      body: bodyOf(response.body, signal),
      discard: () => response.body.dump({ limit: 64 * 1024 }).catch(() => {}),
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Loaded at the first request: worker threads that read local layers do without. */
async function loadUndici(): Promise<typeof Undici> {
  // Bundled and split, what a CommonJS package exports is found under `default` alone.
  const { default: exported } = (await import("undici")) as unknown as { default: typeof Undici };
  return exported;
}

async function* bodyOf(body: AsyncIterable<unknown>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk as Uint8Array;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

const dispatchers = new Map<string, Promise<Undici.Dispatcher>>();

function dispatcherFor(route: HttpRoute): Promise<Undici.Dispatcher> {
  const key = JSON.stringify([route.socketPath, route.caFile, route.certFolder, route.proxy, route.systemAuthorities, route.timeoutMs]);
  let dispatcher = dispatchers.get(key);
  if (!dispatcher) {
    dispatcher = makeDispatcher(route);
    // A certificate that could not be read is looked for again next time.
    dispatcher.catch(() => dispatchers.delete(key));
    dispatchers.set(key, dispatcher);
  }
  return dispatcher;
}

async function makeDispatcher(route: HttpRoute): Promise<Undici.Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await loadUndici();
  const timeouts = { headersTimeout: route.timeoutMs, bodyTimeout: route.timeoutMs };
  const timeout = Math.min(route.timeoutMs, 15_000);
  const certificates = await readCertificates(route);
  if (route.socketPath !== undefined) {
    return new Agent({ ...timeouts, connect: { socketPath: route.socketPath, timeout } });
  }
  // Registries gain nothing from HTTP/2 with one download per connection, and its flow control costs throughput.
  const connect = { ...certificates, timeout, allowH2: false };
  const options = { ...timeouts, allowH2: false, connect, requestTls: connect, proxyTls: connect, noProxy: withoutProxy() };
  if (route.proxy === undefined) return new EnvHttpProxyAgent(options);
  if (!/^(?:https?|socks5?):\/\//.test(route.proxy)) {
    throw badSetting("The proxy setting is no address of a proxy.", "Write it as http://host:port, or leave it empty to use HTTPS_PROXY.");
  }
  return new EnvHttpProxyAgent({ ...options, httpProxy: route.proxy, httpsProxy: route.proxy });
}

/** Nothing on this machine is asked for through a proxy, as in Go's and curl's rules. */
function withoutProxy(): string {
  const set = process.env["no_proxy"] ?? process.env["NO_PROXY"] ?? "";
  return `${set},localhost,127.0.0.1,::1`;
}

async function readCertificates(route: HttpRoute): Promise<{ ca?: string[]; cert?: string; key?: string }> {
  if (route.certFolder !== undefined) {
    const folder = route.certFolder;
    const [ca, cert, key] = await Promise.all(["ca.pem", "cert.pem", "key.pem"].map((name) => readPem(join(folder, name))));
    return { ca: [ca as string], cert: cert as string, key: key as string };
  }
  if (route.caFile === undefined && !route.systemAuthorities) return {};
  // Setting `ca` replaces the usual authorities, which redirects to storage elsewhere still need.
  const ca = [...tls.getCACertificates("default")];
  if (route.systemAuthorities) ca.push(...tls.getCACertificates("system"));
  if (route.caFile !== undefined) ca.push(await readPem(route.caFile));
  return { ca };
}

async function readPem(path: string): Promise<string> {
  let pem: string;
  try {
    pem = await readFile(path, "utf8");
  } catch (error) {
    throw badSetting(`The certificate file ${path} cannot be read.`, "Check the path in the settings.", error);
  }
  if (!pem.includes("-----BEGIN "))
    throw badSetting(`${path} is no certificate file.`, "It must be in PEM form, with BEGIN CERTIFICATE lines.");
  return pem;
}
