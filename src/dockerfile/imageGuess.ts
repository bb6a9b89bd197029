import { basename, dirname, join, normalize } from "node:path/posix";
import { parse as parseYaml } from "yaml";
import { bakeTargets } from "./bakeFile.ts";
import type { DescribedBuild } from "./describedBuild.ts";

/** An image that is probably built from a Dockerfile. */
export interface ImageGuess {
  /** As it can be opened: `registry.example/shop/api:dev`. */
  readonly name: string;
  /** `service api in compose.yaml`. */
  readonly reason: string;
  /** The stage that it is built from, where one is named. */
  readonly target?: string;
}

const composeNames = [
  "compose.yaml",
  "compose.yml",
  "docker-compose.yaml",
  "docker-compose.yml",
  "compose.override.yaml",
  "compose.override.yml",
  "docker-compose.override.yml",
];
const bakeNames = ["docker-bake.hcl", "docker-bake.json", "docker-bake.override.hcl", "docker-bake.override.json"];

/** Compose files often lie at the top of a repository, Dockerfiles in a service's folder. */
const maxFoldersUp = 3;
/** Larger files are left alone. */
const maxFileLength = 1024 * 1024;

/**
 * Which images a Dockerfile builds, by the compose and bake files beside it and in the folders above; surest first.
 * `readFile` gives undefined for what is not there.
 */
export function guessImages(dockerfilePath: string, readFile: (path: string) => string | undefined): readonly ImageGuess[] {
  const dockerfile = normalize(dockerfilePath.replaceAll("\\", "/"));
  const guesses = new Map<string, ImageGuess>();
  let folder = dirname(dockerfile);
  for (let up = 0; up <= maxFoldersUp; up++) {
    for (const name of [...composeNames, ...bakeNames]) {
      const text = readFile(join(folder, name));
      if (text === undefined || text.length > maxFileLength) continue;
      const builds = name.includes("bake") ? bakeTargets(text, name.endsWith(".json")) : composeBuilds(text, folder);
      for (const { image, context, dockerfile: named, label, target } of builds) {
        // Docker's own rule: relative to the context, which is relative to the file.
        const path = isAbsolute(named) ? named : join(isAbsolute(context) ? context : join(folder, context), named);
        if (normalize(path) !== dockerfile || !isImageName(image) || guesses.has(image)) continue;
        guesses.set(image, { name: image, reason: `${label} in ${name}`, ...(target !== undefined && { target }) });
      }
    }
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  return [...guesses.values()];
}

function composeBuilds(text: string, folder: string): readonly DescribedBuild[] {
  const document = asRecord(readYaml(text));
  const project =
    asString(document["name"]) ??
    basename(folder)
      .toLowerCase()
      .replace(/[^a-z0-9_-]/g, "");
  const builds: DescribedBuild[] = [];
  for (const [name, value] of Object.entries(asRecord(document["services"]))) {
    const service = asRecord(value);
    const build = typeof service["build"] === "string" ? { context: service["build"] } : service["build"];
    if (build === undefined || build === null || typeof build !== "object") continue;
    const fields = asRecord(build);
    const target = asString(fields["target"]);
    builds.push({
      // Without `image`, compose names it after project and service.
      image: interpolate(asString(service["image"]) ?? `${project}-${name}`),
      context: interpolate(asString(fields["context"]) ?? "."),
      dockerfile: interpolate(asString(fields["dockerfile"]) ?? "Dockerfile"),
      label: `service ${name}`,
      ...(target !== undefined && { target }),
    });
  }
  return builds;
}

function readYaml(text: string): unknown {
  try {
    // Aliases can multiply: a bomb of them ends as an error.
    return parseYaml(text, { maxAliasCount: 100, logLevel: "silent" });
  } catch {
    return undefined;
  }
}

/** Defaults of `${TAG:-dev}`; a variable without one makes the name unusable. */
function interpolate(text: string): string {
  return text.replace(/\$\{(\w+):?-([^}]*)\}/g, (_, _name: string, fallback: string) => fallback);
}

function isAbsolute(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:\//.test(path);
}

function isImageName(name: string): boolean {
  return name.length <= 512 && /^[a-z0-9][\w.\-/:@]*$/i.test(name);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
