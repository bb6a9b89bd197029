import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { isCancelled } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import { isObject } from "../manifest.ts";

/** What proves to a registry who asks. */
export type Credentials =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  /** An OAuth 2 refresh token, as `docker login` keeps for some registries. */
  | { readonly kind: "identity-token"; readonly token: string }
  /** Sent to the registry as it is. */
  | { readonly kind: "registry-token"; readonly token: string };

export interface KeychainAnswer {
  readonly credentials?: Credentials | undefined;
  /** Why stored credentials could not be read; without any secret. */
  readonly trouble?: string | undefined;
}

/** A helper may ask the user to unlock something. */
const helperTimeoutMs = 60_000;
const maxConfigBytes = 4 * 1024 * 1024;

/**
 * Looks where `docker login` and `podman login` put credentials: `credHelpers`, then `credsStore`, then `auths` of each file.
 * A broken helper or file is told, not thrown: public images need no credentials.
 */
export async function lookUpCredentials(
  host: string,
  repository: string,
  dockerConfigFile: string | undefined,
  call: Call,
): Promise<KeychainAnswer> {
  let trouble: string | undefined;
  for (const path of dockerConfigFile === undefined ? usualFiles() : [dockerConfigFile]) {
    const answer = await lookInFile(path, host, repository, call);
    if (answer.credentials) return answer;
    if (answer.trouble !== undefined) call.log?.warn("stored credentials cannot be used", { path, trouble: answer.trouble });
    trouble ??= answer.trouble;
  }
  return { trouble };
}

/** Docker's file first, then those of Podman, Buildah and skopeo (containers-auth.json(5)). */
export function usualFiles(env: Readonly<Record<string, string | undefined>> = process.env, home = homedir()): readonly string[] {
  const files = [env["DOCKER_CONFIG"] ? join(env["DOCKER_CONFIG"], "config.json") : join(home, ".docker", "config.json")];
  if (env["REGISTRY_AUTH_FILE"]) files.push(env["REGISTRY_AUTH_FILE"]);
  if (env["XDG_RUNTIME_DIR"]) files.push(join(env["XDG_RUNTIME_DIR"], "containers", "auth.json"));
  files.push(join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "containers", "auth.json"));
  return files;
}

async function lookInFile(path: string, host: string, repository: string, call: Call): Promise<KeychainAnswer> {
  let config: unknown;
  try {
    const bytes = await readFile(path);
    if (bytes.length > maxConfigBytes) return { trouble: `${path} is too large` };
    config = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || (error as NodeJS.ErrnoException).code === "ENOTDIR") return {};
    // The parser's message quotes the text, which holds secrets.
    return { trouble: `${path} ${error instanceof SyntaxError ? "is no valid JSON" : "cannot be read"}` };
  }
  if (!isObject(config)) return { trouble: `${path} is no valid Docker configuration` };

  let trouble: string | undefined;
  const perHost = findByHost(config["credHelpers"], host);
  for (const helper of [perHost, config["credsStore"]]) {
    if (typeof helper !== "string" || helper === "") continue;
    const answer = await askHelper(helper, host, call);
    if (answer.credentials) return answer;
    trouble ??= answer.trouble;
    if (helper === perHost) break;
  }
  return { credentials: credentialsOf(findForRepository(config["auths"], host, repository)), trouble };
}

/** What the key of an entry comes down to: `https://index.docker.io/v1/` is Docker Hub's. */
function hostOfKey(key: string): string {
  const host = key.replace(/^https?:\/\//, "").replace(/\/(?:v1|v2)?\/?$/, "");
  return host === "index.docker.io" || host === "registry-1.docker.io" ? "docker.io" : host;
}

function findByHost(entries: unknown, host: string): unknown {
  if (!isObject(entries)) return undefined;
  return Object.entries(entries).find(([key]) => hostOfKey(key) === host)?.[1];
}

/** Podman's files may name a part of a registry; the longest that fits wins. */
function findForRepository(entries: unknown, host: string, repository: string): unknown {
  const parts = `${host}/${repository}`.split("/");
  for (let length = parts.length; length > 0; length--) {
    const found = findByHost(entries, parts.slice(0, length).join("/"));
    if (found !== undefined) return found;
  }
  return undefined;
}

function credentialsOf(entry: unknown): Credentials | undefined {
  if (!isObject(entry)) return undefined;
  const text = (name: string): string => (typeof entry[name] === "string" ? entry[name] : "");
  if (text("registrytoken") !== "") return { kind: "registry-token", token: text("registrytoken") };
  if (text("identitytoken") !== "") return { kind: "identity-token", token: text("identitytoken") };
  const decoded = Buffer.from(text("auth"), "base64").toString("utf8").replace(/\0+$/, "");
  const colon = decoded.indexOf(":");
  if (colon > 0) return { kind: "password", username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
  if (text("username") === "") return undefined;
  return { kind: "password", username: text("username"), password: text("password") };
}

/** The protocol of docker-credential-helpers: the server's name on stdin, JSON on stdout. */
async function askHelper(helper: string, host: string, call: Call): Promise<KeychainAnswer> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(helper)) return { trouble: "the credential helper has an impossible name" };
  const program = `docker-credential-${helper}`;
  const server = host === "docker.io" ? "https://index.docker.io/v1/" : host;
  const { execa } = await import("execa");
  const result = await execa(program, ["get"], {
    input: server,
    reject: false,
    timeout: helperTimeoutMs,
    maxBuffer: 1024 * 1024,
    ...(call.signal && { cancelSignal: call.signal }),
  });
  if (isCancelled(result, call.signal) || call.signal?.aborted) throw call.signal?.reason as Error;
  if (result.timedOut) return { trouble: `${program} did not answer in time` };
  if (result.exitCode === undefined) return { trouble: `${program} cannot be run` };
  if (result.exitCode !== 0) {
    return /credentials not found|no credentials/i.test(`${result.stdout}${result.stderr}`) ? {} : { trouble: `${program} failed` };
  }
  try {
    const answer: unknown = JSON.parse(result.stdout);
    if (!isObject(answer) || typeof answer["Secret"] !== "string") return { trouble: `${program} gave no credentials` };
    const username = typeof answer["Username"] === "string" ? answer["Username"] : "";
    if (username === "" && answer["Secret"] === "") return {};
    if (username === "<token>") return { credentials: { kind: "identity-token", token: answer["Secret"] } };
    return { credentials: { kind: "password", username, password: answer["Secret"] } };
  } catch {
    return { trouble: `${program} gave no valid JSON` };
  }
}
