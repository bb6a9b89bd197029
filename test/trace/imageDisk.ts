import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { sharedBlobs } from "../bench/corpus.ts";
import { must, run } from "../real/parts/process.ts";
import { accountOf, type Account } from "./account.ts";

/** The parts of an OCI image configuration that say what is run. */
export interface RunConfig {
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Env?: readonly string[] | null;
  readonly WorkingDir?: string;
  readonly User?: string;
}

/** An image as a read-only file system in one file. */
export interface ImageDisk {
  readonly file: string;
  readonly config: RunConfig;
  readonly account: Account;
}

/**
 * Makes an erofs disk of the only image in an OCI layout. Uncompressed and without data beside inodes, so that each page of a file
 * is read from the disk exactly when the file's page is wanted.
 *
 * @param storageConf settings of the containers storage to unpack it in; an image that is there already is not unpacked again
 */
export async function makeImageDisk(layout: string, storageConf: string, folder: string): Promise<ImageDisk> {
  const env = { CONTAINERS_STORAGE_CONF: storageConf, BUILDAH_ISOLATION: "chroot" };
  const { configDigest, config } = readLayout(layout);
  const id = configDigest.replace("sha256:", "");
  const known = (await run(["buildah", "inspect", "--type", "image", id], { env })).exitCode === 0;
  const name = `localhost/coldstart-trace:${process.pid}-${folder.slice(-6).toLowerCase()}`;
  if (!known) {
    const shared = existsSync(join(layout, "blobs", "sha256")) ? [] : ["--src-shared-blob-dir", sharedBlobs];
    await must(["skopeo", "copy", "-q", ...shared, `oci:${layout}`, `containers-storage:${name}`], { env });
  }
  let container = "";
  try {
    container = await must(["buildah", "from", "--pull-never", known ? id : name], { env });
    const root = await must(["buildah", "mount", container], { env });
    const account = accountOf(root, config.User ?? "");
    await mkdir(folder, { recursive: true });
    const file = join(folder, "image.erofs");
    await must(["mkfs.erofs", "--quiet", "-E", "noinline_data", file, root], { env });
    return { file, config, account };
  } finally {
    if (container) await must(["buildah", "rm", container], { env });
    if (!known) await must(["buildah", "rmi", name], { env });
  }
}

function readLayout(layout: string): { configDigest: string; config: RunConfig } {
  const own = join(layout, "blobs");
  const blob = (digest: string): unknown => {
    const below = digest.replace(":", "/");
    return JSON.parse(readFileSync(existsSync(join(own, below)) ? join(own, below) : join(sharedBlobs, below), "utf8"));
  };
  const index = JSON.parse(readFileSync(join(layout, "index.json"), "utf8")) as { manifests: readonly { digest: string }[] };
  const [first] = index.manifests;
  if (!first || index.manifests.length > 1) throw new Error(`${layout} holds ${index.manifests.length} images; one is wanted.`);
  const manifest = blob(first.digest) as { config?: { digest: string } };
  if (!manifest.config) throw new Error(`${layout} holds images of several platforms; one is wanted.`);
  return { configDigest: manifest.config.digest, config: (blob(manifest.config.digest) as { config?: RunConfig }).config ?? {} };
}
