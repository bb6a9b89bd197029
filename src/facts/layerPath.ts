/** No kernel opens a longer path in one call (PATH_MAX in linux/limits.h). */
const maxPathLength = 4096;

/**
 * The absolute, normalised path of a tar member's name or of a hard link's target: `./usr//bin/` becomes `/usr/bin`.
 * Undefined when the name leaves the root by `..`, is too long or holds a NUL: nothing could unpack it.
 */
export function layerPath(name: string): string | undefined {
  let start = 0;
  let end = name.length;
  while (name.startsWith("./", start)) start += 2;
  while (start < end && name.charCodeAt(start) === 47) start++;
  while (end > start && name.charCodeAt(end - 1) === 47) end--;
  if (end - start > maxPathLength) return undefined;
  const plain = `/${name.slice(start, end)}`;
  if (plain.includes("\0")) return undefined;
  if (!plain.includes("//") && !plain.includes("/.")) return plain;
  const parts: string[] = [];
  for (const part of plain.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return `/${parts.join("/")}`;
}

const whiteoutPrefix = ".wh.";
const whiteoutMetaPrefix = ".wh..wh.";
const opaqueName = ".wh..wh..opq";

/**
 * What a path means in a layer (OCI image-spec, layer.md, "Whiteouts"). `ignored`: bookkeeping that is never unpacked, of the
 * AUFS driver or of eStargz. `invalid`: a whiteout of nothing.
 */
export type PathMeaning =
  { readonly kind: "plain" } | { readonly kind: "whiteout" | "opaque"; readonly path: string } | { readonly kind: "ignored" | "invalid" };

const plainMeaning: PathMeaning = { kind: "plain" };

export function pathMeaning(path: string): PathMeaning {
  const slash = path.lastIndexOf("/");
  if (slash === 0 && estargzNames.has(path)) return { kind: "ignored" };
  if (!path.startsWith(whiteoutPrefix, slash + 1)) {
    return path.startsWith(`/${whiteoutMetaPrefix}`) ? { kind: "ignored" } : plainMeaning;
  }
  const parent = path.slice(0, slash);
  const name = path.slice(slash + 1);
  if (name === opaqueName) return { kind: "opaque", path: parent === "" ? "/" : parent };
  if (name.startsWith(whiteoutMetaPrefix)) return { kind: "ignored" };
  const hidden = name.slice(whiteoutPrefix.length);
  if (hidden === "" || hidden === "." || hidden === "..") return { kind: "invalid" };
  return { kind: "whiteout", path: `${parent}/${hidden}` };
}

/** Entries that eStargz adds to a layer for itself (stargz-snapshotter, docs/estargz.md). */
const estargzNames: ReadonlySet<string> = new Set(["/.prefetch.landmark", "/.no.prefetch.landmark", "/stargz.index.json"]);
