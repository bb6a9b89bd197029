import { resolve } from "node:path";
import type { Call } from "../base/log.ts";
import { openArchive, type Archive } from "./archive.ts";
import type { BlobStore } from "./blobStore.ts";
import { digestParts } from "./digest.ts";
import type { Digest, Image, Platform } from "./image.ts";
import { openLayout } from "./ociLayout.ts";
import type { ImageReference } from "./reference.ts";

/** Opens a tar of an OCI layout, plain or compressed. */
export async function openOciArchive(
  reference: ImageReference & { transport: "oci-archive" },
  wanted: Platform | undefined,
  call: Call,
): Promise<Image> {
  const archive = await openArchive(resolve(reference.path), call);
  return openLayout(reference, archiveStore(archive), `OCI archive ${reference.path}`, wanted, call);
}

function archiveStore(archive: Archive): BlobStore {
  const name = (digest: Digest): string => {
    const { algorithm, hex } = digestParts(digest);
    return `blobs/${algorithm}/${hex}`;
  };
  return {
    readFile: (path, maxBytes) => archive.read(path, maxBytes),
    readBlob: (digest, maxBytes) => archive.read(name(digest), maxBytes),
    blobSource: async (digest) => archive.source(name(digest)),
  };
}
