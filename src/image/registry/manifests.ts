import type { Call } from "../../base/log.ts";
import { readBody } from "../chunks.ts";
import { digestOf, isDigest, verifiedBytes } from "../digest.ts";
import { limitExceeded } from "../errors.ts";
import type { Digest } from "../image.ts";
import { manifestMediaTypes, maxManifestBytes } from "../manifest.ts";
import type { RegistryClient } from "./registryClient.ts";
import { withRetries } from "./retry.ts";

export interface FetchedManifest {
  readonly bytes: Uint8Array;
  /** Of the bytes: a manifest asked for by digest has just that one. */
  readonly digest: Digest;
}

/** A manifest or index by tag or digest, checked against the digest that was asked for or that the registry announced. */
export async function fetchManifest(client: RegistryClient, repository: string, tagOrDigest: string, call: Call): Promise<FetchedManifest> {
  const what = isDigest(tagOrDigest) ? `manifest ${tagOrDigest} in ${repository}` : `tag ${tagOrDigest} in ${repository}`;
  return withRetries(
    client.host,
    async () => {
      const response = await client.get(repository, `manifests/${tagOrDigest}`, what, { accept: manifestMediaTypes.join(", ") }, call);
      const announced = response.header("docker-content-digest");
      const bytes = await readBody(response, maxManifestBytes);
      if (!bytes) throw limitExceeded("The manifest is larger than 16 MiB, which no real one is.", "Check the name of the image.");
      if (isDigest(tagOrDigest)) return { bytes: verifiedBytes(bytes, tagOrDigest, "the manifest"), digest: tagOrDigest };
      if (announced !== undefined && isDigest(announced)) {
        return { bytes: verifiedBytes(bytes, announced, "the manifest"), digest: announced };
      }
      return { bytes, digest: digestOf(bytes) };
    },
    call,
  );
}
