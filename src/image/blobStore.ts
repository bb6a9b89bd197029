import type { Digest, LayerSource } from "./image.ts";

/** The files of an OCI layout, wherever they lie: in a folder or in a tar. Undefined always means: not there. */
export interface BlobStore {
  /** A file at the top of the layout. */
  readFile(name: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Unverified. */
  readBlob(digest: Digest, maxBytes: number): Promise<Uint8Array | undefined>;
  blobSource(digest: Digest): Promise<LayerSource | undefined>;
}
