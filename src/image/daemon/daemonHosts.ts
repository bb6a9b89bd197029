import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { isObject } from "../manifest.ts";

/** A container engine that may listen somewhere. */
export interface DaemonHost {
  /** `unix:///run/podman/podman.sock`, `tcp://host:2376`, `npipe:////./pipe/docker_engine`. */
  readonly host: string;
  /** Folder with `ca.pem`, `cert.pem` and `key.pem`. */
  readonly certFolder?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where to look for engines. What the user set counts alone, in Docker's order: the setting, DOCKER_HOST, the context;
 * else all usual sockets that exist, Docker's first.
 */
export async function daemonHosts(
  setting: string | undefined,
  env: Environment = process.env,
  home = homedir(),
): Promise<readonly DaemonHost[]> {
  if (setting) return [{ host: setting }];
  if (env["DOCKER_HOST"]) {
    const certFolder = env["DOCKER_TLS_VERIFY"] ? env["DOCKER_CERT_PATH"] || join(home, ".docker") : undefined;
    return [{ host: env["DOCKER_HOST"], certFolder }];
  }
  const context = await contextHost(env["DOCKER_CONFIG"] || join(home, ".docker"), env["DOCKER_CONTEXT"]);
  if (context) return [context];
  const hosts = usualSockets(env, home)
    .filter((path) => existsSync(path))
    .map((path) => ({ host: path.startsWith("\\\\") ? `npipe://${path.replaceAll("\\", "/")}` : `unix://${path}` }));
  const podmanHost = env["CONTAINER_HOST"];
  return podmanHost ? [...hosts, { host: podmanHost }] : hosts;
}

function usualSockets(env: Environment, home: string): readonly string[] {
  if (process.platform === "win32") return ["\\\\.\\pipe\\docker_engine", "\\\\.\\pipe\\podman-machine-default"];
  const runtime = env["XDG_RUNTIME_DIR"] || (process.getuid ? `/run/user/${process.getuid()}` : undefined);
  return [
    "/var/run/docker.sock",
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    join(home, ".docker/run/docker.sock"),
    join(home, ".docker/desktop/docker.sock"),
    join(home, ".colima/default/docker.sock"),
    join(home, ".orbstack/run/docker.sock"),
    join(home, ".rd/docker.sock"),
    ...(runtime ? [join(runtime, "podman/podman.sock")] : []),
    "/run/podman/podman.sock",
    join(home, ".local/share/containers/podman/machine/podman.sock"),
  ];
}

/** The endpoint of `docker context use`; undefined for the context `default` and when nothing readable is there. */
async function contextHost(configFolder: string, fromEnvironment: string | undefined): Promise<DaemonHost | undefined> {
  const config = await readJson(join(configFolder, "config.json"));
  const name = fromEnvironment || config?.["currentContext"];
  if (typeof name !== "string" || name === "" || name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  const meta = await readJson(join(configFolder, "contexts", "meta", id, "meta.json"));
  const endpoints = meta?.["Endpoints"];
  const docker = isObject(endpoints) ? endpoints["docker"] : undefined;
  const host = isObject(docker) ? docker["Host"] : undefined;
  if (typeof host !== "string" || host === "") return undefined;
  const certFolder = join(configFolder, "contexts", "tls", id, "docker");
  return { host, certFolder: existsSync(certFolder) ? certFolder : undefined };
}

async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const json: unknown = JSON.parse(await readFile(path, "utf8"));
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
