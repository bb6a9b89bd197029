import { parseJsonObject } from "../base/json.ts";
import type { CatalogEntry, FileCatalog } from "../facts/fileCatalog.ts";
import type { PackageOwner } from "./inspection.ts";

/**
 * Which package put which file there, from what package managers write down: dpkg (status, `info/*.list`, distroless's `status.d`),
 * apk (`db/installed`), rpm (its database), pip (RECORD, or the top-level names where that is missing) and conda (`conda-meta`), npm (the
 * nearest package.json below `node_modules`), and jars, each a package of its own. A file belongs to at most one package, the first of
 * that order that names it.
 */
export function packagesOf(catalog: FileCatalog): readonly PackageOwner[] {
  const found = new Ownership(catalog);
  debianPackages(found);
  for (const path of apkDatabases) listedPackages(found, "apk", path);
  for (const path of rpmDatabases) listedPackages(found, "rpm", path);
  pythonAndNodePackages(found);
  return found.owners();
}

interface Owner extends PackageOwner {
  readonly paths: string[];
}

/** Collects owners; each file is given away once. */
class Ownership {
  readonly catalog: FileCatalog;
  private readonly all: Owner[] = [];
  private readonly owned = new Set<string>();
  /** Directories as the package names them → as they are in the image (usr-merge: `/lib` is `/usr/lib`). */
  private readonly realFolders = new Map<string, string | undefined>();

  constructor(catalog: FileCatalog) {
    this.catalog = catalog;
  }

  add(manager: PackageOwner["manager"], name: string, version: string): Owner {
    const owner: Owner = { manager, name, version, paths: [] };
    this.all.push(owner);
    return owner;
  }

  /** `path` is absolute and may lead through symlinked folders. */
  give(owner: Owner, path: string): void {
    const slash = path.lastIndexOf("/");
    const folder = path.slice(0, slash);
    let real = this.realFolders.get(folder);
    if (real === undefined && !this.realFolders.has(folder)) {
      real = folder === "" ? "" : this.catalog.resolve(folder)?.path;
      if (real === "/") real = "";
      this.realFolders.set(folder, real);
    }
    if (real === undefined) return;
    const realPath = `${real}${path.slice(slash)}`;
    const entry = this.catalog.get(realPath);
    if (!entry || (entry.type !== "file" && entry.type !== "hardlink") || this.owned.has(realPath)) return;
    this.owned.add(realPath);
    owner.paths.push(realPath);
  }

  /** All that lies below a folder; links out of it are not followed. */
  giveFolder(owner: Owner, folder: string): void {
    const open = [folder];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const entry = this.catalog.get(path);
      if (entry?.type !== "directory") this.give(owner, path);
      else for (const name of this.catalog.list(path)) open.push(`${path}/${name}`);
    }
  }

  text(entry: CatalogEntry | undefined): string | undefined {
    const fact = entry && this.catalog.fact(entry);
    return fact?.kind === "text" ? fact.text : undefined;
  }

  textAt(path: string): string | undefined {
    return this.text(this.catalog.file(path));
  }

  owners(): readonly PackageOwner[] {
    return this.all.filter((owner) => owner.paths.length > 0);
  }
}

const dpkgFolder = "/var/lib/dpkg";

function debianPackages(found: Ownership): void {
  const listed = new Set(found.catalog.list(`${dpkgFolder}/info`));
  const statuses = [found.textAt(`${dpkgFolder}/status`)];
  for (const name of found.catalog.list(`${dpkgFolder}/status.d`)) {
    if (!name.endsWith(".md5sums")) statuses.push(found.textAt(`${dpkgFolder}/status.d/${name}`));
  }
  for (const status of statuses) {
    for (const paragraph of (status ?? "").split(/\n\n+/)) {
      const name = field(paragraph, "Package");
      if (name === undefined) continue;
      const owner = found.add("dpkg", name, field(paragraph, "Version") ?? "");
      const architecture = field(paragraph, "Architecture");
      const list = [`${name}.list`, `${name}:${architecture}.list`].find((file) => listed.has(file));
      for (const path of list === undefined ? [] : lines(found.textAt(`${dpkgFolder}/info/${list}`))) {
        if (path.startsWith("/")) found.give(owner, path);
      }
      // Distroless keeps no lists, but checksums: "<md5>  usr/lib/…".
      for (const line of lines(found.textAt(`${dpkgFolder}/status.d/${name}.md5sums`))) found.give(owner, `/${line.slice(34)}`);
    }
  }
}

const apkDatabases = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];
const rpmDatabases = ["/var/lib/rpm", "/usr/lib/sysimage/rpm"].flatMap((folder) => [`${folder}/rpmdb.sqlite`, `${folder}/Packages.db`]);

/** The form of apk-tools' installed database: `P:` name, `V:` version, `F:` folder, `R:` file in it. */
function listedPackages(found: Ownership, manager: "apk" | "rpm", path: string): void {
  let owner: Owner | undefined;
  let name = "";
  let folder = "";
  for (const line of lines(found.textAt(path))) {
    const value = line.slice(2);
    if (line.startsWith("P:")) name = value;
    else if (line.startsWith("V:")) owner = found.add(manager, name, value);
    else if (line.startsWith("F:")) folder = value;
    else if (line.startsWith("R:") && owner) found.give(owner, `/${folder === "" ? "" : `${folder}/`}${value}`);
  }
}

function pythonAndNodePackages(found: Ownership): void {
  const nodePackages = new Map<string, Owner>();
  const nodeFiles: string[] = [];
  const unlisted: string[] = [];
  const jars: string[] = [];
  for (const entry of found.catalog.files()) {
    const { path } = entry;
    if (path.endsWith(".dist-info/RECORD")) pythonPackage(found, path);
    else if (path.endsWith(".dist-info/METADATA") || path.endsWith(".egg-info/PKG-INFO")) unlisted.push(path);
    else if (path.endsWith(".jar") || path.endsWith(".war")) jars.push(path);
    else if (path.endsWith(".json") && path.includes("/conda-meta/")) condaPackage(found, entry);
    const folder = nodePackageFolder(path);
    if (folder === undefined) continue;
    nodeFiles.push(path);
    if (path === `${folder}/package.json`) {
      const facts = parseJsonObject(found.text(entry) ?? "");
      const name = facts?.["name"];
      const version = facts?.["version"];
      if (typeof name === "string") nodePackages.set(folder, found.add("npm", name, typeof version === "string" ? version : ""));
    }
  }
  for (const path of nodeFiles) {
    const owner = nodePackages.get(nodePackageFolder(path) ?? "");
    if (owner) found.give(owner, path);
  }
  for (const path of unlisted) pythonPackageByNames(found, path);
  for (const path of jars) jarPackage(found, path);
}

/** Named by its file, as Maven does: `spring-core-6.1.3.jar`; a name without a version leaves that to the manifest. */
function jarPackage(found: Ownership, path: string): void {
  const stem = path.slice(path.lastIndexOf("/") + 1, path.lastIndexOf("."));
  const parts = /^(.+?)-(\d[\w.+-]*)$/.exec(stem);
  const manifest = parts ? "" : (found.textAt(path) ?? "");
  const version = parts?.[2] ?? field(manifest, "Implementation-Version") ?? field(manifest, "Bundle-Version") ?? "";
  found.give(found.add("jar", parts?.[1] ?? stem, version), path);
}

/**
 * A package whose installer kept no RECORD (Debian's, `setup.py install`): setuptools' list of installed files, or all below the names
 * that can be imported. What another package manager owns already stays with it.
 */
function pythonPackageByNames(found: Ownership, metadataPath: string): void {
  const info = metadataPath.slice(0, metadataPath.lastIndexOf("/"));
  if (found.catalog.get(`${info}/RECORD`)) return;
  const site = info.slice(0, info.lastIndexOf("/"));
  const metadata = found.textAt(metadataPath) ?? "";
  const name = field(metadata, "Name");
  if (name === undefined) return;
  const owner = found.add("pip", name, field(metadata, "Version") ?? "");
  found.giveFolder(owner, info);
  const installed = found.textAt(`${info}/installed-files.txt`);
  if (installed !== undefined) {
    for (const line of lines(installed)) if (line !== "") found.give(owner, joined(info, line));
    return;
  }
  const topLevel = lines(found.textAt(`${info}/top_level.txt`)).filter((line) => /^[\w-]+$/.test(line));
  for (const module of topLevel.length > 0 ? topLevel : [name.replace(/[-.]+/g, "_")]) {
    found.give(owner, `${site}/${module}.py`);
    found.giveFolder(owner, `${site}/${module}`);
  }
}

/** PEP 376: each line is `path,hash,size`, the path relative to the folder that holds the `.dist-info`, quoted if it has a comma. */
function pythonPackage(found: Ownership, recordPath: string): void {
  const info = recordPath.slice(0, recordPath.lastIndexOf("/"));
  const site = info.slice(0, info.lastIndexOf("/"));
  const stem = info.slice(site.length + 1, -".dist-info".length);
  const metadata = found.textAt(`${info}/METADATA`) ?? "";
  const dash = stem.indexOf("-");
  const owner = found.add(
    "pip",
    field(metadata, "Name") ?? (dash < 0 ? stem : stem.slice(0, dash)),
    field(metadata, "Version") ?? stem.slice(dash + 1),
  );
  for (const line of lines(found.textAt(recordPath))) {
    const file = line.startsWith('"') ? line.slice(1, line.indexOf('"', 1)) : line.slice(0, Math.max(line.indexOf(","), 0));
    if (file !== "") found.give(owner, file.startsWith("/") ? file : joined(site, file));
  }
}

function condaPackage(found: Ownership, entry: CatalogEntry): void {
  const facts = parseJsonObject(found.text(entry) ?? "");
  const files = facts?.["files"];
  if (!facts || typeof facts["name"] !== "string" || !Array.isArray(files)) return;
  const prefix = entry.path.slice(0, entry.path.indexOf("/conda-meta/"));
  const version = facts["version"];
  const owner = found.add("conda", facts["name"], typeof version === "string" ? version : "");
  for (const file of files) if (typeof file === "string") found.give(owner, joined(prefix, file));
}

/** `/app/node_modules/@scope/name/lib/x.js` → `/app/node_modules/@scope/name`; the innermost one. */
function nodePackageFolder(path: string): string | undefined {
  const at = path.lastIndexOf("/node_modules/");
  if (at < 0) return undefined;
  const start = at + "/node_modules/".length;
  let end = path.indexOf("/", start);
  if (path[start] === "@" && end >= 0) end = path.indexOf("/", end + 1);
  return end < 0 ? undefined : path.slice(0, end);
}

function joined(folder: string, relative: string): string {
  if (!relative.includes("./")) return `${folder}/${relative}`;
  const parts = folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function field(paragraph: string, name: string): string | undefined {
  return new RegExp(`^${name}: *(.*)$`, "m").exec(paragraph)?.[1]?.trim();
}

function lines(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(/\r?\n/);
}
