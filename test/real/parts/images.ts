import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { must, temporaryFolder } from "./process.ts";

/** buildah, skopeo and podman with a storage of their own, away from the machine's. */
export interface ContainerTools {
  readonly env: Readonly<Record<string, string>>;
  buildah(...args: string[]): Promise<string>;
  skopeo(...args: string[]): Promise<string>;
}

/**
 * `keptIn` is a folder where the storage stays, so that buildah finds its layer cache again. Without one the storage is
 * temporary and copies whole layers (vfs), because overlay keeps a mount on its folder: only for small images.
 */
export function containerTools(keptIn?: string): ContainerTools {
  const folder = keptIn ?? temporaryFolder("containers");
  mkdirSync(folder, { recursive: true });
  const storageConf = join(folder, "storage.conf");
  writeFileSync(
    storageConf,
    `[storage]\ndriver = "${keptIn ? "overlay" : "vfs"}"\nrunroot = "${folder}/run"\ngraphroot = "${folder}/storage"\n`,
  );
  const env = { CONTAINERS_STORAGE_CONF: storageConf, BUILDAH_ISOLATION: "chroot" };
  return {
    env,
    buildah: (...args) => must(["buildah", ...args], { env }),
    skopeo: (...args) => must(["skopeo", ...args], { env }),
  };
}

export interface SmallImage {
  /** Path in the image → content. */
  readonly files: Readonly<Record<string, string | Buffer>>;
  /** A path listed here may be executed. */
  readonly executable?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes an image from scratch with one layer per entry of `layers` and returns its name in the tools' storage. */
export async function makeImage(tools: ContainerTools, name: string, layers: readonly SmallImage[]): Promise<string> {
  const reference = `localhost/${name}`;
  let from = "scratch";
  for (const layer of layers) {
    const folder = temporaryFolder("context");
    for (const [path, content] of Object.entries(layer.files)) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { mode: layer.executable?.includes(path) ? 0o755 : 0o644 });
    }
    const container = await tools.buildah("from", from);
    await tools.buildah("copy", "-q", container, folder, "/");
    const config = [
      ...(layer.entrypoint ? ["--entrypoint", JSON.stringify(layer.entrypoint)] : []),
      ...(layer.cmd ? ["--cmd", JSON.stringify(layer.cmd)] : []),
      ...Object.entries(layer.env ?? {}).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ];
    if (config.length > 0) await tools.buildah("config", ...config, container);
    await tools.buildah("commit", "-q", "--rm", container, reference);
    from = reference;
  }
  return reference;
}

/** Copies an image out of the tools' storage to any of skopeo's destinations. */
export async function copyImage(tools: ContainerTools, reference: string, destination: string, ...options: string[]): Promise<void> {
  await tools.skopeo("copy", "-q", "--dest-tls-verify=false", ...options, `containers-storage:${reference}`, destination);
}
