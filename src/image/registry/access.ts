import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Call } from "../../base/log.ts";
import { sendHttp } from "../http.ts";
import type { RegistryAccess } from "../image.ts";
import { networkFailure } from "../../base/networkFailure.ts";
import { apiHost } from "../reference.ts";
import type { ImageSettings } from "../settings.ts";

/**
 * How to reach a registry by the settings. On this machine alone both ways are tried: TLS first, as Docker does;
 * everywhere else plain HTTP must be configured.
 */
export async function registryAccess(host: string, settings: ImageSettings, call: Call): Promise<RegistryAccess> {
  const access: RegistryAccess = {
    host: apiHost(host),
    plainHttp: listed(settings.plainHttpHosts, host),
    caFile: ofHost(settings.caFiles, host) ?? engineCaFile(host) ?? ofHost(settings.caFiles, "*"),
    dockerConfigFile: settings.dockerConfigFile,
    proxy: settings.proxy,
    timeoutMs: settings.timeoutMs,
  };
  if (access.plainHttp || !isThisMachine(host)) return access;
  return { ...access, plainHttp: !(await speaksTls(access, call)) };
}

export function isThisMachine(host: string): boolean {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || /^127(?:\.\d{1,3}){3}$/.test(name) || name === "[::1]";
}

const probeTimeoutMs = 5_000;

async function speaksTls(access: RegistryAccess, call: Call): Promise<boolean> {
  const timeoutMs = Math.min(access.timeoutMs, probeTimeoutMs);
  try {
    const response = await sendHttp(
      { caFile: access.caFile, timeoutMs },
      { method: "GET", url: new URL(`https://${access.host}/v2/`), headers: {} },
      call.signal,
    );
    await response.discard();
    return true;
  } catch (error) {
    call.signal?.throwIfAborted();
    const failure = networkFailure(error);
    if (!failure) throw error;
    // A certificate that is not trusted is TLS all the same; what does not answer at all is told by the real request.
    return !failure.isProtocolError && failure.kind !== "timeout";
  }
}

/** Where Docker and Podman keep the authorities of single registries. */
function engineCaFile(host: string): string | undefined {
  if (!/^[A-Za-z0-9.:_[\]-]+$/.test(host) || host.startsWith(".")) return undefined;
  for (const folder of ["/etc/docker/certs.d", "/etc/containers/certs.d"]) {
    const path = join(folder, host);
    const file = namesIn(path).find((name) => name.endsWith(".crt"));
    if (file !== undefined) return join(path, file);
  }
  return undefined;
}

/** Empty also for what is no folder or may not be read. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function listed(hosts: readonly string[], host: string): boolean {
  return hosts.includes(host) || hosts.includes(host.replace(/:\d+$/, ""));
}

function ofHost(files: Readonly<Record<string, string>>, host: string): string | undefined {
  return [host, host.replace(/:\d+$/, "")].flatMap((key) => (Object.hasOwn(files, key) ? (files[key] ?? []) : []))[0];
}
