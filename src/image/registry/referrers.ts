import { isUserError } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import { readBody } from "../chunks.ts";
import { digestParts } from "../digest.ts";
import { registryFailed } from "../errors.ts";
import type { Digest } from "../image.ts";
import { maxManifestBytes, parseManifest, type Descriptor } from "../manifest.ts";
import { fetchManifest } from "./manifests.ts";
import type { RegistryClient } from "./registryClient.ts";
import { withRetries } from "./retry.ts";

const maxPages = 20;

/**
 * What else the registry holds about a manifest: signatures, SOCI indexes, … (distribution-spec v1.1, "Listing Referrers"; for
 * registries without that, the tag `sha256-…` of the referrers tag schema). Empty when there is nothing.
 */
export async function fetchReferrers(
  client: RegistryClient,
  repository: string,
  subject: Digest,
  artifactType: string,
  call: Call,
): Promise<readonly Descriptor[]> {
  const listed = (await fromApi(client, repository, subject, artifactType, call)) ?? (await fromTag(client, repository, subject, call));
  return listed.filter((descriptor) => descriptor.artifactType === artifactType);
}

/** Undefined when the registry lacks the API. */
async function fromApi(
  client: RegistryClient,
  repository: string,
  subject: Digest,
  artifactType: string,
  call: Call,
): Promise<readonly Descriptor[] | undefined> {
  const found: Descriptor[] = [];
  let path: string | undefined = `referrers/${subject}?${new URLSearchParams({ artifactType }).toString()}`;
  for (let page = 0; path !== undefined && page < maxPages; page++) {
    const current: string = path;
    try {
      path = await withRetries(
        client.host,
        async () => {
          const accept = "application/vnd.oci.image.index.v1+json";
          const response = await client.get(repository, current, "list of referrers", { accept }, call);
          const next = nextPage(response.header("link"), repository);
          const bytes = await readBody(response, maxManifestBytes);
          if (!bytes) throw registryFailed(client.host, "its list of referrers is too long");
          const index = parseManifest(bytes, "the list of referrers");
          if (index.kind !== "index") throw registryFailed(client.host, "its list of referrers is none");
          found.push(...index.manifests);
          return next;
        },
        call,
      );
    } catch (error) {
      // Registries without the API answer 404, 400 or 405, or with a page for people.
      const lacksApi = isUserError(error) && ["image-not-found", "registry-failed", "image-unreadable"].includes(error.code);
      if (lacksApi && page === 0) return undefined;
      throw error;
    }
  }
  return found;
}

async function fromTag(client: RegistryClient, repository: string, subject: Digest, call: Call): Promise<readonly Descriptor[]> {
  const { algorithm, hex } = digestParts(subject);
  try {
    const { bytes } = await fetchManifest(client, repository, `${algorithm}-${hex.slice(0, 64)}`, call);
    const index = parseManifest(bytes, "the list of referrers");
    return index.kind === "index" ? index.manifests : [];
  } catch (error) {
    if (isUserError(error) && error.code === "image-not-found") return [];
    throw error;
  }
}

/** The path after `/v2/REPOSITORY/` of `Link: <…>; rel="next"`; only within the same repository. */
function nextPage(link: string | undefined, repository: string): string | undefined {
  const target = /<([^>]{1,4096})>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  if (target === undefined) return undefined;
  const base = `http://registry/v2/${repository}/referrers/`;
  if (!URL.canParse(target, base)) return undefined;
  const url = new URL(target, base);
  const prefix = `/v2/${repository}/`;
  return url.pathname.startsWith(`${prefix}referrers/`) ? `${url.pathname.slice(prefix.length)}${url.search}` : undefined;
}
