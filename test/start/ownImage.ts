import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { sha256, tinyTar, type TinyMember } from "../fakes/tinyImage.ts";

/**
 * An image of Coldstart's own command line, as an OCI layout: this Node with the libraries that it needs, and what the build made. Made without root,
 * without container tools and without a registry, so that there is something real to inspect on any machine. Returns its name.
 */
export function makeOwnImage(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  const blobs = join(folder, "blobs", "sha256");
  mkdirSync(blobs, { recursive: true });
  const put = (mediaType: string, bytes: Buffer): { mediaType: string; digest: string; size: number } => {
    const digest = sha256(bytes);
    writeFileSync(join(blobs, digest.slice("sha256:".length)), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const tars = [tinyTar(nodeFiles()), tinyTar(applicationFiles())];
  const config = {
    architecture: "amd64",
    os: "linux",
    config: { Entrypoint: ["/usr/local/bin/node", "/app/dist/cli/main.js"], Cmd: ["--help"], WorkingDir: "/app" },
    rootfs: { type: "layers", diff_ids: tars.map((tar) => sha256(tar)) },
    history: [{ created_by: "COPY node /usr/local/bin/" }, { created_by: "COPY dist /app/dist" }],
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: put("application/vnd.oci.image.config.v1+json", Buffer.from(JSON.stringify(config))),
    layers: tars.map((tar) => put("application/vnd.oci.image.layer.v1.tar+gzip", gzipSync(tar, { level: 1 }))),
  };
  const described = put(manifest.mediaType, Buffer.from(JSON.stringify(manifest)));
  const tag = { "org.opencontainers.image.ref.name": "latest" };
  writeFileSync(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [{ ...described, annotations: tag }] }));
  writeFileSync(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  return `oci:${folder}:latest`;
}

function nodeFiles(): readonly TinyMember[] {
  const node = { name: "usr/local/bin/node", content: readFileSync(process.execPath), mode: 0o755 };
  return [node, ...libraries().map((path) => ({ name: path.slice(1), content: readFileSync(path), mode: 0o755 }))];
}

/** What Node is linked with, where the system can tell. */
function libraries(): readonly string[] {
  try {
    const told = execFileSync("ldd", [process.execPath], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return [...told.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path]) => path ?? "");
  } catch {
    return [];
  }
}

function applicationFiles(): readonly TinyMember[] {
  const built = readdirSync("dist", { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".js"));
  const name = (path: string): string => `app/${path.replaceAll("\\", "/")}`;
  return ["package.json", ...built.map((path) => join("dist", path))].map((path) => ({ name: name(path), content: readFileSync(path) }));
}
