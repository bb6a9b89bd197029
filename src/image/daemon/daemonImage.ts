import * as z from "zod/mini";
import { isUserError } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import { assembleImage } from "../assemble.ts";
import { imageConfigOf, platformOf, runConfigSchema } from "../config.ts";
import { isDigest } from "../digest.ts";
import { daemonUnreachable, imageNotFound, imageUnreadable, shown } from "../errors.ts";
import type { DaemonAccess, Digest, Image, Platform } from "../image.ts";
import { checked, isObject } from "../manifest.ts";
import type { ImageSettings } from "../settings.ts";
import { DaemonClient } from "./daemonClient.ts";
import { daemonHistory } from "./daemonHistory.ts";
import { daemonHosts, type DaemonHost } from "./daemonHosts.ts";

/** A dead socket must not hold up a name that the registry knows. */
const pingTimeoutMs = 5_000;

/**
 * The image as the first engine has it that has it. Throws `daemon-unreachable` when none answers, `image-not-found` when none
 * of those that answer has it.
 */
export async function openDaemonImage(name: string, wanted: Platform | undefined, settings: ImageSettings, call: Call): Promise<Image> {
  const hosts = await daemonHosts(settings.daemonHost);
  const silent: Error[] = [];
  const without: string[] = [];
  for (const host of hosts) {
    try {
      const label = await new DaemonClient(host, Math.min(settings.timeoutMs, pingTimeoutMs)).label(call);
      const image = await imageOf(name, host, label, wanted, settings, call);
      if (image) return image;
      without.push(label);
    } catch (error) {
      if (!isUserError(error) || error.code !== "daemon-unreachable") throw error;
      call.log?.debug("an engine does not answer", { host: host.host, message: error.message });
      silent.push(error);
    }
  }
  if (without.length > 0) {
    throw imageNotFound(
      `${[...new Set(without)].join(" and ")} ${without.length > 1 ? "have" : "has"} no image ${shown(name)}.`,
      "Pull or build it, or check the name.",
    );
  }
  throw silent[0] ?? daemonUnreachable("none of the usual sockets of Docker and Podman exists");
}

const imageSchema = z.object({
  Id: z.string(),
  Created: z.nullish(z.string()),
  Os: z.nullish(z.string()),
  Architecture: z.nullish(z.string()),
  Variant: z.nullish(z.string()),
  Config: z.nullish(runConfigSchema),
  RootFS: z.object({ Layers: z.nullish(z.array(z.string())) }),
});

async function imageOf(
  name: string,
  host: DaemonHost,
  label: DaemonAccess["label"],
  wanted: Platform | undefined,
  settings: ImageSettings,
  call: Call,
): Promise<Image | undefined> {
  const client = new DaemonClient(host, settings.timeoutMs);
  const json = await client.imageJson(name, "json", call);
  if (json === undefined) return undefined;
  const raw = checked(imageSchema, isObject(json) ? json : {}, "the engine's answer");
  const diffIds = (raw.RootFS.Layers ?? []).map(digestFrom);
  const history = await client.imageJson(name, "history", call).catch((error: unknown) => {
    // Only the match of instructions to layers hangs on it.
    if (isUserError(error)) return undefined;
    throw error;
  });
  const daemon: DaemonAccess = { ...host, label };
  return assembleImage(
    { reference: `docker-daemon:${name}`, origin: "docker-daemon", originLabel: label, configDigest: digestFrom(raw.Id) },
    {
      platform: platformOf(raw.Os, raw.Architecture, raw.Variant),
      config: imageConfigOf(raw.Config ?? {}, raw.Created, daemonHistory(history, diffIds.length)),
      diffIds,
    },
    diffIds.map(() => ({
      mediaType: "application/vnd.docker.image.rootfs.diff.tar",
      annotations: {},
      source: { kind: "daemon" as const, daemon, imageName: raw.Id, member: undefined },
    })),
    wanted,
  );
}

/** Podman's answers lack the algorithm at times. */
function digestFrom(text: string): Digest {
  const digest = text.includes(":") ? text : `sha256:${text}`;
  if (!isDigest(digest)) throw imageUnreadable(`the engine names a digest that is none: ${shown(text)}`);
  return digest;
}
