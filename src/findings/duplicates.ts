import type { CatalogEntry } from "../facts/fileCatalog.ts";
import type { PackageOwner } from "../inspect/inspection.ts";
import type { Draft } from "./draft.ts";
import type { ImageView } from "./imageView.ts";
import { baseName, largeLibraryBytes } from "./largeFiles.ts";

/** Weights that are in the image twice: one content in two places, or one model in several formats of one folder. */
export function weightsDrafts(view: ImageView): Draft[] {
  return [...sameContent(view.files.weights, view), ...otherFormats(view.files.weights, view)];
}

function sameContent(candidates: readonly CatalogEntry[], view: ImageView): Draft[] {
  const bySize = new Map<number, CatalogEntry[]>();
  for (const entry of candidates) {
    const same = bySize.get(entry.sizeBytes);
    if (same) same.push(entry);
    else bySize.set(entry.sizeBytes, [entry]);
  }
  const drafts: Draft[] = [];
  for (const group of bySize.values()) {
    const left = [...group].sort(
      (a, b) => Number(view.openedBytes.has(b.path)) - Number(view.openedBytes.has(a.path)) || a.layerIndex - b.layerIndex,
    );
    while (left.length > 1) {
      const kept = left.shift() as CatalogEntry;
      const copies = left.filter((other) => isCopy(kept, other, view));
      for (const copy of copies) {
        left.splice(left.indexOf(copy), 1);
        drafts.push({
          code: "duplicate-weights",
          title: `The same weights are in the image twice (${kept.path} and ${copy.path})`,
          advice: "Keep one of them and let a symbolic link stand for the other.",
          layerIndex: copy.layerIndex,
          files: [copy],
        });
      }
    }
  }
  return drafts;
}

/** Equal sizes alone say little: fine-tuned models have the size of the model that they come from. */
function isCopy(a: CatalogEntry, b: CatalogEntry, { inspection }: ImageView): boolean {
  const [first, second] = [a, b].map((entry) => {
    // A layer known by its table of contents has no such facts, and asking would fetch them.
    if (inspection.layerFacts[entry.layerIndex]?.basis !== "contents") return undefined;
    const fact = inspection.catalog.fact(entry);
    return fact?.kind === "weights" ? fact.crc32 : undefined;
  });
  return first !== undefined && first === second;
}

/**
 * The formats in which Hugging Face's tools store one model, most wanted first: `from_pretrained` of transformers and diffusers takes
 * the first that is there and that its framework can read.
 */
const modelFormats: readonly RegExp[] = [
  /^(?:diffusion_pytorch_)?model(?:\.fp16)?(?:-\d{5}-of-\d{5})?\.safetensors$/,
  /^(?:pytorch_model|diffusion_pytorch_model)(?:\.fp16)?(?:-\d{5}-of-\d{5})?\.bin$/,
  /^tf_model(?:-\d{5}-of-\d{5})?\.h5$/,
  /^flax_model(?:-\d{5}-of-\d{5})?\.msgpack$/,
  /^rust_model\.ot$/,
  /^consolidated(?:\.\d+)?\.(?:safetensors|pth)$/,
];

function otherFormats(candidates: readonly CatalogEntry[], view: ImageView): Draft[] {
  const byFolder = new Map<string, Map<number, CatalogEntry[]>>();
  for (const entry of candidates) {
    const format = modelFormats.findIndex((pattern) => pattern.test(baseName(entry.path)));
    if (format < 0) continue;
    const formats = byFolder.get(folderOf(entry.path)) ?? new Map<number, CatalogEntry[]>();
    byFolder.set(folderOf(entry.path), formats);
    const files = formats.get(format);
    if (files) files.push(entry);
    else formats.set(format, [entry]);
  }
  return [...byFolder].flatMap(([folder, formats]): Draft[] => {
    if (formats.size < 2) return [];
    const inOrder = [...formats].sort((a, b) => a[0] - b[0]).map(([, files]) => files);
    const isOpened = (files: readonly CatalogEntry[]): boolean => files.some(({ path }) => view.openedBytes.has(path));
    const kept = inOrder.find(isOpened) ?? inOrder[0] ?? [];
    // What startup opens is in use, whatever else lies there.
    return inOrder
      .filter((files) => files !== kept && !isOpened(files))
      .map((files): Draft => {
        const [name, keptName] = [baseName(files[0]?.path ?? ""), baseName(kept[0]?.path ?? "")];
        return {
          code: "duplicate-weights",
          title: `The model in ${folder} is there in two formats (${name} beside ${keptName})`,
          advice: `Leave ${name} out of the image: ${isOpened(kept) ? `startup loads ${keptName}` : `loaders take ${keptName} where both are there`}.`,
          layerIndex: files[0]?.layerIndex ?? 0,
          files,
        };
      });
  });
}

/** Two copies or versions of a large library: packages of one name in two places, and shared libraries of one name in two folders. */
export function libraryDrafts(view: ImageView): Draft[] {
  return [...packageCopies(view), ...sharedLibraryCopies(view)];
}

function packageCopies(view: ImageView): Draft[] {
  const byName = new Map<string, PackageOwner[]>();
  for (const owner of view.inspection.packages) {
    const { manager, name, paths } = owner;
    if (manager !== "pip" && manager !== "conda" && manager !== "npm") continue;
    const key = manager === "npm" ? `npm ${topModules(paths[0] ?? "")} ${name}` : name.toLowerCase().replace(/[-_.]+/g, "-");
    const copies = byName.get(key);
    if (copies) copies.push(owner);
    else byName.set(key, [owner]);
  }
  const several = [...byName.values()].filter((owners) => owners.length > 1);
  if (several.length === 0) return [];
  const { catalog } = view.inspection;
  const unshared = (path: string): CatalogEntry[] => {
    const entry = catalog.get(path);
    return entry && view.files.isUnshared(entry) ? [entry] : [];
  };
  return several.flatMap((owners) => {
    const copies = owners
      .map(({ name, version, paths }) => ({
        name,
        version,
        place: placeOf(paths),
        files: paths.flatMap(unshared),
        opened: paths.filter((path) => view.openedBytes.has(path)).length,
      }))
      .filter(({ files }) => files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) >= largeLibraryBytes)
      .sort((a, b) => b.opened - a.opened || b.files.length - a.files.length);
    const [kept] = copies;
    if (!kept || new Set(copies.map(({ place }) => place)).size < 2) return [];
    return copies.slice(1).map((copy): Draft => ({
      code: "duplicate-library",
      title: `${copy.name} is in the image twice (${kept.version} in ${kept.place}, ${copy.version} in ${copy.place})`,
      advice: copyAdvice(kept, copy.opened),
      layerIndex: copy.files[0]?.layerIndex ?? 0,
      files: copy.files,
    }));
  });
}

function copyAdvice(kept: { readonly opened: number; readonly place: string }, openedOfCopy: number): string {
  if (openedOfCopy > 0) return "Startup opens files of both. Let everything use one of them.";
  return kept.opened > 0 ? `Keep the one in ${kept.place}, which is the one that startup opens.` : "Keep one of them.";
}

/** The folder that the package was installed into. */
function placeOf(paths: readonly string[]): string {
  for (const path of paths) {
    const folder = /^.*\/(?:site-packages|dist-packages|node_modules)(?=\/)/.exec(path)?.[0];
    if (folder !== undefined) return folder;
  }
  return folderOf(paths[0] ?? "");
}

/** `/app/node_modules/a/node_modules/b` → `/app`: another application's modules cannot be shared. */
function topModules(path: string): string {
  return path.slice(0, Math.max(0, path.indexOf("/node_modules/")));
}

function sharedLibraryCopies(view: ImageView): Draft[] {
  return [...view.files.libraries].flatMap(([stem, entries]) => {
    const folders = new Set(entries.map(({ path }) => folderOf(path)));
    if (folders.size < 2) return [];
    const isOpened = ({ path }: CatalogEntry): boolean => view.openedBytes.has(path);
    const kept = entries.find(isOpened);
    // Without a copy that is in use there is nothing to say which of them is one too many.
    if (!kept) return [];
    return entries
      .filter((entry) => entry !== kept && !isOpened(entry) && folderOf(entry.path) !== folderOf(kept.path))
      .map((entry): Draft => ({
        code: "duplicate-library",
        title: `${stem} is in the image twice (startup loads ${kept.path}, not ${entry.path})`,
        advice: "Choose one source for it: the base image or system packages, or the one that a Python package brings along.",
        layerIndex: entry.layerIndex,
        files: [entry],
      }));
  });
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
