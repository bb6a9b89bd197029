import * as z from "zod/mini";
import { isCancelled } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import { readBody } from "../chunks.ts";
import { registryFailed, registryUnauthorized } from "../errors.ts";
import type { HttpRequest, HttpRoute } from "../http.ts";
import { sendHttp } from "../http.ts";
import { checked, parseJson } from "../manifest.ts";
import type { Challenge } from "./challenge.ts";
import type { Credentials, KeychainAnswer } from "./keychain.ts";
import { throwIfBusy, withRetries } from "./retry.ts";

/** What the authorization needs to know of the registry. */
export interface AuthorizedRegistry {
  /** As people write it: `docker.io`. */
  readonly host: string;
  readonly plainHttp: boolean;
  readonly route: HttpRoute;
  credentials(repository: string, call: Call): Promise<KeychainAnswer>;
}

interface Authorization {
  readonly header: string;
  /** On `performance.now()`'s clock. */
  readonly expiresAtMs: number;
}

const tokenSchema = z.object({
  token: z.nullish(z.string()),
  access_token: z.nullish(z.string()),
  expires_in: z.nullish(z.number()),
});

/** The token specification's default. */
const defaultLifetimeS = 60;
const maxTokenBytes = 1024 * 1024;

/**
 * Answers a registry's challenges and remembers the answers per repository: basic and bearer tokens
 * (distribution's token authentication specification), anonymous or with stored credentials.
 */
export class Authorizer {
  readonly #registry: AuthorizedRegistry;
  readonly #known = new Map<string, Promise<Authorization>>();
  /** The challenge that the known authorization answered, for renewing it before it expires. */
  readonly #challenges = new Map<string, readonly Challenge[]>();

  constructor(registry: AuthorizedRegistry) {
    this.#registry = registry;
  }

  /** The Authorization header for a request; undefined when none was asked for so far. */
  async header(repository: string, call: Call): Promise<string | undefined> {
    const known = this.#known.get(repository);
    if (!known) return undefined;
    const authorization = await known.catch(() => undefined);
    if (authorization && performance.now() < authorization.expiresAtMs) return authorization.header;
    const challenges = this.#challenges.get(repository);
    return challenges && this.#renew(repository, known, challenges, call);
  }

  /**
   * The header for the same request after a 401. `rejected` is the header that it carried. Throws `registry-unauthorized`
   * when there is nothing better.
   */
  async answer(repository: string, challenges: readonly Challenge[], rejected: string | undefined, call: Call): Promise<string> {
    const known = this.#known.get(repository);
    const authorization = await known?.catch(() => undefined);
    // Another request may have renewed it meanwhile.
    if (authorization && authorization.header !== rejected) return authorization.header;
    this.#challenges.set(repository, challenges);
    return this.#renew(repository, known, challenges, call);
  }

  async #renew(repository: string, old: Promise<Authorization> | undefined, challenges: readonly Challenge[], call: Call): Promise<string> {
    let current = this.#known.get(repository);
    if (!current || current === old) {
      current = this.#authorize(repository, challenges, call);
      this.#known.set(repository, current);
      const started = current;
      started.catch(() => {
        if (this.#known.get(repository) === started) this.#known.delete(repository);
      });
    }
    try {
      return (await current).header;
    } catch (error) {
      // Whoever asked first was cancelled; this request was not.
      if (call.signal?.aborted || !isCancelled(error)) throw error;
      return this.#renew(repository, current, challenges, call);
    }
  }

  async #authorize(repository: string, challenges: readonly Challenge[], call: Call): Promise<Authorization> {
    const { host } = this.#registry;
    const bearer = challenges.find((challenge) => challenge.scheme === "bearer" && challenge.parameters.has("realm"));
    const basic = challenges.find((challenge) => challenge.scheme === "basic");
    const answer = await this.#registry.credentials(repository, call);
    const { credentials } = answer;
    if (credentials?.kind === "registry-token") return { header: `Bearer ${credentials.token}`, expiresAtMs: Infinity };
    if (bearer) return this.#token(repository, bearer, answer, call);
    if (!basic) throw registryUnauthorized(host, repository, "it asks for a way of signing in that Coldstart does not know");
    if (credentials?.kind !== "password") {
      throw registryUnauthorized(host, repository, `it asks to sign in, and ${noCredentials(answer)}`);
    }
    return { header: basicHeader(credentials), expiresAtMs: Infinity };
  }

  async #token(repository: string, challenge: Challenge, answer: KeychainAnswer, call: Call): Promise<Authorization> {
    const { host, route } = this.#registry;
    const request = this.#tokenRequest(repository, challenge, answer.credentials);
    const startMs = performance.now();
    const bytes = await withRetries(
      request.url.host,
      async () => {
        const response = await sendHttp(route, request, call.signal);
        await throwIfBusy(response);
        if (response.status === 200) return readBody(response, maxTokenBytes);
        await response.discard();
        if (response.status >= 400 && response.status < 500) {
          const why = answer.credentials
            ? "it does not accept the stored credentials"
            : `it gives no access to strangers, and ${noCredentials(answer)}`;
          throw registryUnauthorized(host, repository, why);
        }
        throw registryFailed(host, `its token server answers with status ${response.status}`);
      },
      call,
    );
    const token = bytes && checked(tokenSchema, parseJson(bytes, "the token server's answer"), "the token server's answer");
    const text = token?.token || token?.access_token;
    // A line break would end the header.
    if (!token || !text || !/^[\x21-\x7e]+$/.test(text)) throw registryFailed(host, "its token server gave no token");
    const lifetimeMs = (token.expires_in && token.expires_in > 0 ? token.expires_in : defaultLifetimeS) * 1000;
    return { header: `Bearer ${text}`, expiresAtMs: startMs + lifetimeMs - Math.min(10_000, lifetimeMs / 4) };
  }

  #tokenRequest(repository: string, challenge: Challenge, credentials: Credentials | undefined): HttpRequest {
    const { host, plainHttp } = this.#registry;
    const realm = challenge.parameters.get("realm") ?? "";
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    if (!url || (url.protocol !== "https:" && url.protocol !== "http:"))
      throw registryFailed(host, "it names a token server without an address");
    if (url.protocol === "http:" && !plainHttp) throw registryFailed(host, "it names a token server without encryption");
    const service = challenge.parameters.get("service");
    const scope = challenge.parameters.get("scope") || `repository:${repository}:pull`;
    if (credentials?.kind === "identity-token") {
      const form = new URLSearchParams({ grant_type: "refresh_token", client_id: "coldstart", scope, refresh_token: credentials.token });
      if (service !== undefined) form.set("service", service);
      return { method: "POST", url, headers: { "content-type": "application/x-www-form-urlencoded" }, body: form.toString() };
    }
    if (service !== undefined) url.searchParams.set("service", service);
    url.searchParams.set("scope", scope);
    if (credentials?.kind !== "password") return { method: "GET", url, headers: {} };
    url.searchParams.set("account", credentials.username);
    return { method: "GET", url, headers: { authorization: basicHeader(credentials) } };
  }
}

function basicHeader(credentials: Credentials & { kind: "password" }): string {
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;
}

function noCredentials(answer: KeychainAnswer): string {
  return answer.trouble === undefined ? "no credentials are stored for it" : `the stored credentials could not be read: ${answer.trouble}`;
}
