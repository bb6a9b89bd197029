import type { FileCatalog } from "../../facts/fileCatalog.ts";
import type { JavaScriptLoad } from "../../facts/javascript/javaScriptFact.ts";
import type { Command } from "../walk.ts";

/** Packages that look for a package's compiled addon. */
const finders = new Set([
  "bindings",
  "node-gyp-build",
  "node-gyp-build-optional-packages",
  "@mapbox/node-pre-gyp",
  "node-pre-gyp",
  "prebuild-install",
  "pkg-prebuilds",
]);

export function asksForAddon(load: JavaScriptLoad): boolean {
  return load.kind === "require" && finders.has(load.specifier);
}

/** The addons of a package where those finders look: what was compiled here first, then what came prebuilt for this platform. */
export function addonFiles(catalog: FileCatalog, packageFolder: string, command: Command): readonly string[] {
  for (const folder of ["build/Release", "build", "lib/binding", "build-tmp-napi-v3"]) {
    const found = addonsIn(catalog, `${packageFolder}/${folder}`, folder === "lib/binding" ? 2 : 0);
    if (found.length > 0) return found;
  }
  const prebuilds = `${packageFolder}/prebuilds`;
  const isMusl = catalog.list("/lib").some((name) => name.startsWith("ld-musl-"));
  const platforms = catalog.list(prebuilds).filter((name) => name.startsWith("linux") && name.includes(architectureOf(catalog, command)));
  return platforms
    .flatMap((platform) => (platform.endsWith(".node") ? [`${prebuilds}/${platform}`] : addonsIn(catalog, `${prebuilds}/${platform}`, 0)))
    .filter((path) => !(isMusl ? path.includes("glibc") : path.includes("musl")));
}

function addonsIn(catalog: FileCatalog, folder: string, depth: number): string[] {
  return catalog.list(folder).flatMap((name) => {
    // Beside the addon stands what its own tests load.
    if (name.endsWith(".node") && !name.startsWith("test")) return [`${folder}/${name}`];
    return depth > 0 ? addonsIn(catalog, `${folder}/${name}`, depth - 1) : [];
  });
}

/** Node's name of the architecture that the executable was built for. */
function architectureOf(catalog: FileCatalog, command: Command): string {
  const path = command.argv[0] ?? "";
  const entry = catalog.file(path.includes("/") ? path : "/usr/bin/node") ?? catalog.file("/usr/local/bin/node");
  const fact = entry && catalog.fact(entry);
  return fact?.kind === "elf" && fact.machine === 183 ? "arm64" : "x64";
}
