import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { sha256, tinyTar } from "../../fakes/tinyImage.ts";

/** Writes an OCI layout with one image, tagged `1`: a script that is its entrypoint. Needs no container tool. */
export function writeTinyLayout(folder: string): void {
  const blobs = join(folder, "blobs", "sha256");
  mkdirSync(blobs, { recursive: true });
  const blob = (bytes: Buffer, mediaType: string): { mediaType: string; digest: string; size: number } => {
    const digest = sha256(bytes);
    writeFileSync(join(blobs, digest.replace("sha256:", "")), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const tar = tinyTar([
    { name: "app/", flag: "5", mode: 0o755 },
    { name: "app/start", content: "#!/app/start\n", mode: 0o755 },
    { name: "app/unread", content: "x".repeat(10_000) },
  ]);
  const config = {
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    config: { Entrypoint: ["/app/start"] },
    rootfs: { type: "layers", diff_ids: [sha256(tar)] },
    history: [{ created_by: "COPY app /app" }],
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: blob(json(config), "application/vnd.oci.image.config.v1+json"),
    layers: [blob(gzipSync(tar), "application/vnd.oci.image.layer.v1.tar+gzip")],
  };
  const tagged = { ...blob(json(manifest), manifest.mediaType), annotations: { "org.opencontainers.image.ref.name": "1" } };
  writeFileSync(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [tagged] }));
  writeFileSync(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
