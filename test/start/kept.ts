import { existsSync, readFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { clusterOwnerFile } from "../real/parts/cluster.ts";
import { cacheFolder } from "../real/parts/cache.ts";
import { must, run } from "../real/parts/process.ts";
import { baseName, debianMirror, sampleName } from "../real/parts/sampleImage.ts";
import type { Folders, Kept, Sources } from "./needs.ts";

/** Looks what is already made; takes a second. */
export async function lookForKept(folders: Folders): Promise<Kept> {
  const missing = (await must(["bash", "test/setup", "--missing"])).split("\n").filter((line) => line !== "");
  const tools = ["debian-packages", "code-server", "go"];
  const inCache = (...parts: string[]): boolean => existsSync(join(cacheFolder, ...parts));
  const images = namesOfImages(join(cacheFolder, "containers", "storage", "overlay-images", "images.json"));
  return {
    debianPackages: !missing.includes("debian-packages"),
    codeServer: !missing.includes("code-server"),
    goToolchain: !missing.includes("go"),
    missingParts: missing.filter((name) => !tools.includes(name)),
    goModules: existsSync(join(folders.goModules, "k8s.io")),
    crates: existsSync(join(folders.cargo, "registry", "src")),
    baseImage: images.includes(baseName),
    sampleImage: images.includes(sampleName),
    sampleLayout: inCache("layouts"),
    pushedSample: inCache("registry", "docker", "registry", "v2", "repositories", "tickets"),
    clusterImages: inCache("cluster", "registry", "tickets.source"),
    nodeDebian: inCache("cluster", "boot-node", "debian-2"),
  };
}

/** What an image store's index calls its images; none where there is no index. */
function namesOfImages(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const images = JSON.parse(readFileSync(file, "utf8")) as readonly { readonly names?: readonly string[] }[];
  return images.flatMap((image) => image.names ?? []);
}

/** Where things are put on this machine. */
export async function lookForFolders(): Promise<Folders> {
  const go = async (name: string, otherwise: string): Promise<string> =>
    process.env[name] ?? ((await output(["go", "env", name])) || join(homedir(), otherwise));
  return {
    cache: cacheFolder,
    npmCache: process.env["npm_config_cache"] ?? join(homedir(), ".npm"),
    goModules: await go("GOMODCACHE", "go/pkg/mod"),
    goBuild: await go("GOCACHE", ".cache/go-build"),
    cargo: process.env["CARGO_HOME"] ?? join(homedir(), ".cargo"),
    temporary: tmpdir(),
    largeTemporary: "/var/tmp",
    clusterState: join(clusterOwnerFile, ".."),
  };
}

/** Where packages come from. */
export async function lookForSources(): Promise<Sources> {
  const proxies = process.env["GOPROXY"] ?? (await output(["go", "env", "GOPROXY"]));
  return {
    debian: debianMirror(),
    npm: (await output(["npm", "config", "get", "registry"])) || "https://registry.npmjs.org/",
    go: proxies.split(/[,|]/)[0] || "https://proxy.golang.org",
    crates: "https://index.crates.io/config.json",
    python: "https://pypi.org/simple/",
  };
}

/** What a command prints; empty where it fails or is not there. */
async function output(argv: readonly string[]): Promise<string> {
  const finished = await run(argv).catch(() => undefined);
  return finished?.exitCode === 0 ? finished.stdout.trim() : "";
}
