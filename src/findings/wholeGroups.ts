import type { CatalogEntry } from "../facts/fileCatalog.ts";
import { isBuildPackage } from "./buildTools.ts";
import { Groups, shownNames, type Draft } from "./draft.ts";
import { layerKeywords, type ImageView } from "./imageView.ts";
import type { PackageCache } from "./packageCaches.ts";
import type { StrayKind } from "./strayFiles.ts";

/** Caches of package managers. One of which startup opens a file is no mere cache, and is left out. */
export function cacheDrafts(view: ImageView): Draft[] {
  const groups = new Groups<PackageCache>(view);
  const inUse = new Set<PackageCache>();
  for (const [cache, entry] of view.files.caches) {
    groups.add(cache, entry);
    if (view.openedBytes.has(entry.path)) inUse.add(cache);
  }
  return groups
    .drafts(({ title, advice, remedy }, _files, layerIndex) => ({
      code: "package-cache",
      title: isBase(view, layerIndex) ? `${title} in the base image` : `${title} left in the image`,
      advice: isBase(view, layerIndex) ? inBase : advice,
      remedy,
    }))
    .filter(({ remedy }) => ![...inUse].some((cache) => cache.remedy === remedy));
}

const inBase = "They came with the base image: removing them in a later layer frees nothing. Build or choose a base image without them.";

/** Compilers, headers and the like. A package or folder of which startup opens a file is left out as a whole: it is in use. */
export function buildToolDrafts(view: ImageView): Draft[] {
  const { packages, catalog } = view.inspection;
  const groups = new Groups<"tools">(view);
  const nameOf = new Map<string, string>();
  for (const owner of packages) {
    if (!isBuildPackage(owner) || owner.paths.some((path) => view.openedBytes.has(path))) continue;
    for (const path of owner.paths) {
      const entry = catalog.get(path);
      if (!entry || !view.files.isUnshared(entry)) continue;
      nameOf.set(path, owner.name);
      groups.add("tools", entry);
    }
  }
  const unlisted = new Map<string, { readonly entry: CatalogEntry; readonly name: string }>();
  for (const [name, entry] of view.files.buildTools) if (!nameOf.has(entry.path)) unlisted.set(entry.path, { entry, name });
  // A package that is no build tool may own headers: Python's own, for example.
  if (unlisted.size > 0) for (const { manager, paths } of packages) if (manager !== "jar") for (const path of paths) unlisted.delete(path);
  const inUse = new Set([...unlisted.values()].filter(({ entry }) => view.openedBytes.has(entry.path)).map(({ name }) => name));
  for (const { entry, name } of unlisted.values()) {
    if (inUse.has(name)) continue;
    nameOf.set(entry.path, name);
    groups.add("tools", entry);
  }
  return groups.drafts((_key, files, layerIndex) => {
    const bytesByName = new Map<string, number>();
    for (const { path, sizeBytes } of files) {
      const name = nameOf.get(path) ?? "";
      bytesByName.set(name, (bytesByName.get(name) ?? 0) + sizeBytes);
    }
    const names = [...bytesByName].sort((a, b) => b[1] - a[1]).map(([name]) => name);
    return {
      code: "build-tools",
      title: `Build tools in the ${isBase(view, layerIndex) ? "base " : ""}image (${shownNames(names)})`,
      advice: isBase(view, layerIndex)
        ? "Build in a stage of its own, and let the last stage stand on a base image without compilers (-slim, -runtime, -jre)."
        : "Build in a stage of its own and copy what was built, or remove the tools in the RUN that installs them. Keep them if the service compiles while it runs.",
    };
  });
}

/** Names that COPY . brings along, in layers that copied something, or cloned it. */
export function strayDrafts(view: ImageView): Draft[] {
  const keywords = layerKeywords(view.inspection);
  const groups = new Groups<StrayKind | "temporary">(view);
  const isLeft = ({ path, layerIndex }: CatalogEntry): boolean => !view.openedBytes.has(path) && !isBase(view, layerIndex);
  for (const entry of view.files.temporary) if (isLeft(entry)) groups.add("temporary", entry);
  for (const [kind, entry] of view.files.strays) {
    const { layerIndex } = entry;
    const keyword = keywords[layerIndex];
    // A first layer that adds a whole root filesystem is no COPY of a context.
    const copied = keyword === "COPY" || (keyword === "ADD" && layerIndex > 0);
    if (isLeft(entry) && (copied || (kind.code === "git-folder" && keyword === "RUN"))) groups.add(kind, entry);
  }
  return groups.drafts((kind, files, layerIndex) => {
    if (kind === "temporary")
      return {
        code: "temporary-files",
        title: "Temporary files left in the image",
        advice: "Remove them in the instruction that makes them, or mount the folder: RUN --mount=type=tmpfs,target=/tmp.",
        remedy: { kind: "append-command", command: removal(files) },
      };
    const roots = rootsOf(kind, files);
    const copied = keywords[layerIndex] !== "RUN";
    return {
      code: kind.code,
      title: `${kind.title} (${shownNames(roots, 2)})`,
      advice: kind.advice,
      ...(copied && { remedy: { kind: "ignore", imagePaths: roots.slice(0, 20) } }),
    };
  });
}

function rootsOf(kind: StrayKind, files: readonly CatalogEntry[]): readonly string[] {
  const bytesByRoot = new Map<string, number>();
  for (const { path, sizeBytes } of files) {
    const root = kind.root.exec(path)?.[0] ?? path;
    bytesByRoot.set(root, (bytesByRoot.get(root) ?? 0) + sizeBytes);
  }
  return [...bytesByRoot].sort((a, b) => b[1] - a[1]).map(([root]) => root);
}

function removal(files: readonly CatalogEntry[]): string {
  const tops = new Set(files.map(({ path }) => /^\/(?:var\/)?tmp\/[^/]+/.exec(path)?.[0] ?? path));
  const plain = [...tops].filter((top) => /^[\w./-]+$/.test(top));
  return plain.length === tops.size && plain.length <= 5 ? `rm -rf ${plain.join(" ")}` : "rm -rf /tmp/* /var/tmp/*";
}

export function isBase({ baseLayerCount }: ImageView, layerIndex: number): boolean {
  return layerIndex < baseLayerCount;
}
