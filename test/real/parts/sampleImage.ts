import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { keptFolder } from "./cache.ts";
import { containerTools, copyImage, type ContainerTools } from "./images.ts";
import { must } from "./process.ts";

export const sampleFolder = join(import.meta.dirname, "..", "..", "sample");
export const baseName = "localhost/python:3.11-bookworm";
export const sampleName = "localhost/tickets:dev";

/** The tools with the storage that holds the sample image and its build cache. */
export function sampleTools(): ContainerTools {
  return containerTools(keptFolder("containers"));
}

/** Makes what the sample's FROM names, from Debian packages: no registry of base images is needed. */
export async function makeBaseImage(tools: ContainerTools): Promise<void> {
  if (await exists(tools, baseName)) return;
  const root = join(keptFolder("base"), "root");
  await unmountBelow(root); // a debootstrap that was killed leaves /proc there
  rmSync(root, { recursive: true, force: true });
  await must(["debootstrap", "--variant=minbase", "--include=ca-certificates,python3,python3-venv", "bookworm", root, debianMirror()]);
  for (const waste of ["var/cache/apt/archives", "var/lib/apt/lists"]) rmSync(join(root, waste), { recursive: true, force: true });
  const container = await tools.buildah("from", "scratch");
  await tools.buildah("copy", "-q", container, root, "/");
  await tools.buildah("config", "--cmd", '["python3"]', "--env", "LANG=C.UTF-8", container);
  await tools.buildah("commit", "-q", "--rm", container, baseName);
  rmSync(root, { recursive: true, force: true });
}

/** Builds the sample's Dockerfile; seconds when nothing changed. Returns the image's name in the tools' storage. */
export async function buildSampleImage(tools: ContainerTools): Promise<string> {
  // The machine's certificates, for one behind a proxy that re-signs: pip of Debian trusts what stands there.
  const certificates = "/etc/ssl/certs/ca-certificates.crt";
  const mount = existsSync(certificates) ? ["-v", `${certificates}:${certificates}:ro`] : [];
  await tools.buildah(
    "bud",
    "-q",
    "--layers",
    "--format",
    "oci",
    ...mount,
    "-t",
    sampleName,
    "-f",
    join(sampleFolder, "Dockerfile"),
    sampleFolder,
  );
  return sampleName;
}

export interface SampleFiles {
  /** An OCI layout with gzip layers, as `coldstart inspect` takes it: `oci:FOLDER:dev`. */
  readonly layout: string;
  readonly layoutFolder: string;
}

/** The sample image on disk; made when the image has changed. */
export async function sampleFiles(tools: ContainerTools): Promise<SampleFiles> {
  const imageId = await tools.buildah("inspect", "--type", "image", "--format", "{{.FromImageID}}", sampleName);
  const home = keptFolder("layouts");
  const folder = join(home, imageId);
  const files = { layoutFolder: join(folder, "layout"), layout: `oci:${join(folder, "layout")}:dev` };
  if (existsSync(folder)) return files;
  for (const old of readdirSync(home)) rmSync(join(home, old), { recursive: true });
  const unfinished = keptFolder("layouts", "unfinished");
  await copyImage(tools, sampleName, `oci:${unfinished}/layout:dev`);
  renameSync(unfinished, folder);
  return files;
}

async function exists(tools: ContainerTools, name: string): Promise<boolean> {
  return tools.buildah("inspect", "--type", "image", name).then(
    () => true,
    () => false,
  );
}

async function unmountBelow(folder: string): Promise<void> {
  const mounts = readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).reverse()) await must(["umount", "-l", mount]);
}

/** The mirror that this machine's own packages come from. */
export function debianMirror(): string {
  const sources = "/etc/apt/sources.list.d/debian.sources";
  const own = existsSync(sources) ? /^URIs:\s*(\S+)/m.exec(readFileSync(sources, "utf8"))?.[1] : undefined;
  return own ?? "http://deb.debian.org/debian";
}
