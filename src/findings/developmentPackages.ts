import { parseJsonObject } from "../base/json.ts";
import type { CatalogEntry, FileCatalog } from "../facts/fileCatalog.ts";
import { Groups, shownNames, type Draft } from "./draft.ts";
import type { ImageView } from "./imageView.ts";

/**
 * Node packages that an application's package.json names for development only, installed nevertheless. Those of which startup opens a
 * file are left out; what they brought along in turn is not counted.
 */
export function developmentPackageDrafts(view: ImageView): Draft[] {
  const { catalog, packages } = view.inspection;
  const named = new Map<string, ReadonlySet<string>>();
  const groups = new Groups<"development">(view);
  const nameOf = new Map<CatalogEntry, string>();
  for (const { manager, name, paths } of packages) {
    const [first] = paths;
    if (manager !== "npm" || first === undefined) continue;
    const at = first.lastIndexOf(`/node_modules/${name}/`);
    // Packages within packages belong to those, and pnpm's store has a folder for each.
    if (at < 0 || first.indexOf("/node_modules/") !== at) continue;
    const application = first.slice(0, at);
    const forDevelopment = named.get(application) ?? developmentNames(catalog, application);
    named.set(application, forDevelopment);
    if (!forDevelopment.has(name) || paths.some((path) => view.openedBytes.has(path))) continue;
    for (const path of paths) {
      const entry = catalog.get(path);
      if (!entry || !view.files.isUnshared(entry)) continue;
      nameOf.set(entry, name);
      groups.add("development", entry);
    }
  }
  return groups.drafts((_key, files) => {
    const bytesByName = new Map<string, number>();
    for (const entry of files) bytesByName.set(nameOf.get(entry) ?? "", (bytesByName.get(nameOf.get(entry) ?? "") ?? 0) + entry.sizeBytes);
    const names = [...bytesByName].sort((a, b) => b[1] - a[1]).map(([name]) => name);
    return {
      code: "development-packages",
      title: `Packages for development only (${shownNames(names)})`,
      advice: 'Install with "npm ci --omit=dev", or prune in the stage that builds: package.json lists them under devDependencies.',
    };
  });
}

function developmentNames(catalog: FileCatalog, application: string): ReadonlySet<string> {
  const entry = catalog.file(`${application}/package.json`);
  const fact = entry && catalog.fact(entry);
  const object = fact?.kind === "text" ? parseJsonObject(fact.text) : undefined;
  const keys = (field: string): readonly string[] => {
    const value = object?.[field];
    return typeof value === "object" && value !== null ? Object.keys(value) : [];
  };
  // A package may be in both lists: then it is wanted when the service runs.
  const wanted = new Set(["dependencies", "optionalDependencies", "peerDependencies"].flatMap(keys));
  return new Set(keys("devDependencies").filter((name) => !wanted.has(name)));
}
