import { posix } from "node:path";
import type { Call } from "../../base/log.ts";
import { memberName } from "../archive.ts";
import { readAll } from "../chunks.ts";
import { digestParts } from "../digest.ts";
import { parseArchiveManifest } from "../dockerArchive.ts";
import { imageUnreadable, limitExceeded } from "../errors.ts";
import type { DaemonAccess, Layer } from "../image.ts";
import { maxManifestBytes } from "../manifest.ts";
import { readTar } from "../tar.ts";
import { DaemonClient } from "./daemonClient.ts";

/** Podman writes the whole archive to disk before its first byte comes. */
const archiveTimeoutMs = 600_000;

/**
 * The layers of one image out of the one archive that an engine streams, in the archive's order. Most engines name a layer's member by
 * its diffID; where they do not, the archive's manifest tells, which comes last: then the archive is read a second time.
 */
export async function* streamDaemonLayers(
  daemon: DaemonAccess,
  imageName: string,
  layers: readonly Layer[],
  call: Call,
): AsyncGenerator<{ readonly layer: Layer; readonly bytes: AsyncIterable<Uint8Array> }> {
  const client = new DaemonClient(daemon, archiveTimeoutMs);
  const remaining = new Map(layers.map((layer) => [layer.diffId, layer]));
  const links = new Map<string, string>();
  let byMember = new Map([...remaining.values()].flatMap((layer) => usualMembers(layer).map((member) => [member, layer] as const)));
  for (let pass = 0; pass < 2; pass++) {
    for await (const { header, content } of readTar(await client.imageArchive(imageName, call), call)) {
      const name = memberName(header.name);
      const layer = byMember.get(name);
      if (header.type === "symlink") {
        if (links.size > 10_000)
          throw limitExceeded("The engine's archive has too many links.", "Name a registry instead, with docker://.");
        links.set(name, memberName(posix.join(posix.dirname(name), header.linkName)));
      } else if (name === "manifest.json") {
        const bytes = await readAll(content, maxManifestBytes);
        if (bytes) byMember = membersByManifest(bytes, remaining.values(), links);
      } else if (layer && header.type === "file" && remaining.delete(layer.diffId)) {
        yield { layer, bytes: content };
      }
      if (remaining.size === 0) return;
    }
  }
  const [missing] = remaining.values();
  throw imageUnreadable(`the engine's archive lacks layer ${(missing?.index ?? 0) + 1}`);
}

/** Podman's name and that of Docker 25 and later with its own storage. */
function usualMembers(layer: Layer): readonly string[] {
  const { algorithm, hex } = digestParts(layer.diffId);
  return [`${hex}.tar`, `blobs/${algorithm}/${hex}`];
}

function membersByManifest(bytes: Uint8Array, layers: Iterable<Layer>, links: ReadonlyMap<string, string>): Map<string, Layer> {
  const entries = parseArchiveManifest(bytes);
  const members = new Map<string, Layer>();
  for (const layer of layers) {
    const listed = entries.map((entry) => entry.layers[layer.index]).find((member) => member !== undefined);
    if (listed === undefined) continue;
    let member = memberName(listed);
    for (let hop = 0; hop < 10; hop++) member = links.get(member) ?? member;
    members.set(member, layer);
  }
  return members;
}
