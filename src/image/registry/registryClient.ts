import type { Call } from "../../base/log.ts";
import { readBody } from "../chunks.ts";
import { imageNotFound, registryFailed, registryUnauthorized, shown } from "../errors.ts";
import { sendHttp, type HttpResponse, type HttpRoute } from "../http.ts";
import type { RegistryAccess } from "../image.ts";
import { isObject } from "../manifest.ts";
import { Authorizer } from "./authorizer.ts";
import { parseChallenges } from "./challenge.ts";
import { lookUpCredentials } from "./keychain.ts";
import { throwIfBusy } from "./retry.ts";

const maxRedirects = 10;

/**
 * GET requests to one registry (OCI distribution-spec v1.1) with authorization and redirects. It does not try again: callers
 * do, by `withRetries` or by resuming.
 */
export class RegistryClient {
  /** As people write it. */
  readonly host: string;
  readonly #base: URL;
  readonly #route: HttpRoute;
  readonly #plainHttp: boolean;
  readonly #authorizer: Authorizer;

  constructor(access: RegistryAccess) {
    this.host = access.host === "registry-1.docker.io" ? "docker.io" : access.host;
    this.#plainHttp = access.plainHttp;
    this.#base = new URL(`${access.plainHttp ? "http" : "https"}://${access.host}/`);
    this.#route = { caFile: access.caFile, proxy: access.proxy, timeoutMs: access.timeoutMs };
    this.#authorizer = new Authorizer({
      host: this.host,
      plainHttp: access.plainHttp,
      route: this.#route,
      credentials: (repository, call) => lookUpCredentials(this.host, repository, access.dockerConfigFile, call),
    });
  }

  /**
   * The answer with status 200 or 206; its body must be read or discarded. `path` is what follows `/v2/REPOSITORY/`, `what` names it in errors.
   * Throws UserErrors, `BusyError` and errors of the network.
   */
  async get(repository: string, path: string, what: string, headers: Readonly<Record<string, string>>, call: Call): Promise<HttpResponse> {
    const url = new URL(`/v2/${repository}/${path}`, this.#base);
    let authorization = await this.#authorizer.header(repository, call);
    let response = await this.#follow(repository, url, headers, authorization, call);
    if (response.fromRegistry && response.status === 401) {
      const challenges = parseChallenges(response.headerValues("www-authenticate"));
      await response.discard();
      authorization = await this.#authorizer.answer(repository, challenges, authorization, call);
      response = await this.#follow(repository, url, headers, authorization, call);
    }
    if (response.status === 200 || response.status === 206) return response;
    await throwIfBusy(response);
    throw await this.#errorFor(response, repository, what);
  }

  /** By hand, since each hop decides anew whether it may see the credentials. */
  async #follow(
    repository: string,
    start: URL,
    headers: Readonly<Record<string, string>>,
    authorization: string | undefined,
    call: Call,
  ): Promise<HttpResponse & { readonly fromRegistry: boolean }> {
    const seen = new Set<string>();
    let url = start;
    for (let hop = 0; hop <= maxRedirects; hop++) {
      if (seen.has(url.href)) throw registryFailed(this.host, "it redirects in a circle");
      seen.add(url.href);
      const fromRegistry = url.origin === this.#base.origin;
      const response = await sendHttp(
        this.#route,
        { method: "GET", url, headers: fromRegistry && authorization !== undefined ? { ...headers, authorization } : headers },
        call.signal,
      );
      if (![301, 302, 303, 307, 308].includes(response.status)) return Object.assign(response, { fromRegistry });
      const location = response.header("location") ?? "";
      await response.discard();
      if (location === "" || !URL.canParse(location, url.href)) throw registryFailed(this.host, "it redirects to no address");
      url = new URL(location, url);
      url.username = "";
      url.password = "";
      if (url.protocol !== "https:" && !(url.protocol === "http:" && this.#plainHttp)) {
        throw registryFailed(this.host, `it redirects ${repository} to ${shown(url.protocol)}//${shown(url.host)}, which is not encrypted`);
      }
    }
    throw registryFailed(this.host, `it redirects more than ${maxRedirects} times`);
  }

  async #errorFor(response: HttpResponse & { fromRegistry: boolean }, repository: string, what: string): Promise<Error> {
    const { status } = response;
    const said = await readErrors(response);
    if (!response.fromRegistry && (status === 401 || status === 403)) {
      return registryFailed(this.host, `its storage does not hand out ${what} (status ${status})`);
    }
    if (status === 401) return registryUnauthorized(this.host, repository, "it does not accept the credentials, or there is no such image");
    if (status === 403) return registryUnauthorized(this.host, repository, said.message ?? "access is denied");
    if (status === 404) {
      const missing = said.code === "NAME_UNKNOWN" ? `no repository ${repository}` : what;
      return imageNotFound(`The registry ${this.host} has ${missing.startsWith("no ") ? missing : `no ${missing}`}.`);
    }
    return registryFailed(this.host, `it answers a request for ${what} with status ${status}${said.message ? ` (${said.message})` : ""}`);
  }
}

const clients = new Map<string, RegistryClient>();

/** The client of this thread, so that tokens and connections are shared. */
export function registryClient(access: RegistryAccess): RegistryClient {
  const key = JSON.stringify([access.host, access.plainHttp, access.caFile, access.dockerConfigFile, access.proxy, access.timeoutMs]);
  let client = clients.get(key);
  if (!client) {
    client = new RegistryClient(access);
    clients.set(key, client);
  }
  return client;
}

/** The first error of the distribution-spec's error body, if there is one. */
async function readErrors(response: HttpResponse): Promise<{ code?: string; message?: string }> {
  try {
    const bytes = await readBody(response, 256 * 1024);
    const body: unknown = bytes && JSON.parse(Buffer.from(bytes).toString("utf8"));
    const first: unknown = isObject(body) && Array.isArray(body["errors"]) ? body["errors"][0] : undefined;
    if (!isObject(first)) return {};
    return {
      ...(typeof first["code"] === "string" && { code: first["code"] }),
      ...(typeof first["message"] === "string" && first["message"] !== "" && { message: shown(first["message"]) }),
    };
  } catch {
    return {};
  }
}
