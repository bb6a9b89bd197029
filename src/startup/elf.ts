import type { CatalogEntry, FileCatalog } from "../facts/fileCatalog.ts";
import type { ElfFact } from "../facts/fileFact.ts";
import { folderOf, joinPath, nameOf, textOf } from "./paths.ts";
import type { ElfLoader, StartupWalk } from "./walk.ts";

/** What the dynamic linker knows of an image before any program starts. Depends on the catalog only. */
interface LinkerSetup {
  /** soname → paths in the order of `/etc/ld.so.cache` (ldconfig puts the preferred one first). */
  readonly cache: ReadonlyMap<string, readonly string[]>;
  readonly elf: Map<CatalogEntry, ElfFact | null>;
  readonly closures: Map<string, readonly LoadedObject[]>;
  readonly preload: readonly string[];
}

/** A file that the linker maps, and the file that asked for it (empty for the first). */
export interface LoadedObject {
  readonly path: string;
  readonly neededBy: string;
}

interface Pending {
  readonly path: string;
  /** Where it was found, before symlinks: `$ORIGIN` is this file's folder (dl-object.c). */
  readonly foundPath: string;
  readonly neededBy: string;
  /** RPATHs of the objects that asked for it, nearest first; glibc ignores them for an object with RUNPATH. */
  readonly inheritedRpath: readonly string[];
}

const setups = new WeakMap<FileCatalog, LinkerSetup>();
const maxObjects = 2000;

/** Names that glibc or musl gives `$LIB` and the default folders, by `e_machine`. */
const machines: Readonly<
  Record<number, { readonly triplet: string; readonly platform: string; readonly lib: string; readonly musl: string }>
> = {
  3: { triplet: "i386-linux-gnu", platform: "i686", lib: "lib", musl: "i386" },
  21: { triplet: "powerpc64le-linux-gnu", platform: "power8", lib: "lib64", musl: "powerpc64le" },
  22: { triplet: "s390x-linux-gnu", platform: "z13", lib: "lib64", musl: "s390x" },
  40: { triplet: "arm-linux-gnueabihf", platform: "v7l", lib: "lib", musl: "armhf" },
  62: { triplet: "x86_64-linux-gnu", platform: "x86_64", lib: "lib64", musl: "x86_64" },
  183: { triplet: "aarch64-linux-gnu", platform: "aarch64", lib: "lib64", musl: "aarch64" },
  243: { triplet: "riscv64-linux-gnu", platform: "riscv64", lib: "lib64", musl: "riscv64" },
};

/** The ELF fact of a path; undefined when it is no ELF file. Remembered per image: facts are decoded only once. */
export function elfFactOf(catalog: FileCatalog, path: string): ElfFact | undefined {
  const entry = catalog.file(path);
  if (!entry) return undefined;
  const known = setupOf(catalog).elf;
  let fact = known.get(entry);
  if (fact === undefined) {
    const any = catalog.fact(entry);
    fact = any?.kind === "elf" ? any : null;
    known.set(entry, fact);
  }
  return fact ?? undefined;
}

export function isMusl(interpreter: string | undefined): boolean {
  return interpreter !== undefined && nameOf(interpreter).startsWith("ld-musl");
}

/** The dynamic linker's search as ld.so(8) and musl's dynlink.c describe it, breadth first. */
export function linkClosure(
  catalog: FileCatalog,
  path: string,
  env: ReadonlyMap<string, string>,
  loaded?: ReadonlyMap<string, string>,
): readonly LoadedObject[] {
  const setup = setupOf(catalog);
  const libraryPath = env.get("LD_LIBRARY_PATH") ?? "";
  const preload = env.get("LD_PRELOAD") ?? "";
  const key = loaded ? undefined : `${path}\n${libraryPath}\n${preload}`;
  const remembered = key === undefined ? undefined : setup.closures.get(key);
  if (remembered) return remembered;
  const closure = search(catalog, setup, path, libraryPath, preload, loaded);
  if (key !== undefined) setup.closures.set(key, closure);
  return closure;
}

export function elfLoader(catalog: FileCatalog, walk: () => StartupWalk): ElfLoader {
  return {
    closure: (path, env, loaded) => linkClosure(catalog, path, env, loaded).map((object) => object.path),
    load(command, path, rule, probability, evidence, loaded) {
      const objects = linkClosure(catalog, path, command.env, loaded);
      for (const { path: object, neededBy } of objects)
        walk().open(object, rule, probability, neededBy === "" ? evidence : `needed by ${neededBy}`);
      const interpreter = elfFactOf(catalog, path)?.interpreter;
      if (interpreter !== undefined && !isMusl(interpreter)) openGlibcFiles(walk(), probability, path);
      // musl reads its list of folders once a library is searched that is not the C library itself.
      else if (interpreter !== undefined && objects.length > 2)
        walk().open(`/etc/${nameOf(interpreter).replace(/\.so\.1$/, ".path")}`, "linker", probability, `${path} is linked with musl`);
      return objects.map((object) => object.path);
    },
  };
}

/** What glibc's ld.so reads for every dynamically linked program. */
function openGlibcFiles(walk: StartupWalk, probability: number, path: string): void {
  walk.open("/etc/ld.so.cache", "linker", probability, `${path} is linked with glibc`);
  walk.open("/etc/ld.so.preload", "linker", probability, `${path} is linked with glibc`);
}

function setupOf(catalog: FileCatalog): LinkerSetup {
  let setup = setups.get(catalog);
  if (!setup) {
    const cache = new Map<string, string[]>();
    for (const line of (textOf(catalog, "/etc/ld.so.cache") ?? "").split("\n")) {
      const at = line.indexOf(" ");
      if (at <= 0) continue;
      const paths = cache.get(line.slice(0, at));
      if (paths) paths.push(line.slice(at + 1));
      else cache.set(line.slice(0, at), [line.slice(at + 1)]);
    }
    const preload = (textOf(catalog, "/etc/ld.so.preload") ?? "").split(/[\s:]+/).filter(Boolean);
    setup = { cache, elf: new Map(), closures: new Map(), preload };
    setups.set(catalog, setup);
  }
  return setup;
}

function search(
  catalog: FileCatalog,
  setup: LinkerSetup,
  path: string,
  libraryPath: string,
  preload: string,
  loaded: ReadonlyMap<string, string> | undefined,
): readonly LoadedObject[] {
  const first = catalog.file(path);
  if (!first) return [];
  const main = elfFactOf(catalog, first.path);
  const objects: LoadedObject[] = [];
  const seen = new Set<string>();
  /** soname or asked-for name → path: what is mapped already is not searched again. */
  const names = new Map(loaded);
  const queue: Pending[] = [{ path: first.path, foundPath: path, neededBy: "", inheritedRpath: [] }];
  const musl = isMusl(main?.interpreter) || (main?.interpreter === undefined && hasMusl(catalog));
  if (main?.interpreter !== undefined) {
    const interpreter = catalog.file(main.interpreter);
    if (interpreter) {
      queue.push({ path: interpreter.path, foundPath: main.interpreter, neededBy: first.path, inheritedRpath: [] });
      names.set(nameOf(main.interpreter), interpreter.path);
    }
    for (const library of [...preload.split(/[\s:]+/), ...setup.preload]) {
      if (library !== "") ask(library, queue[0] as Pending, main);
    }
  }

  function ask(name: string, by: Pending, fact: ElfFact): void {
    if (musl && /^lib(c|pthread|rt|m|dl|util|xnet|c\.musl-\w+)\.(so|so\.\d+)$/.test(name)) return;
    const mapped = names.get(name);
    if (mapped !== undefined) {
      if (!seen.has(mapped)) queue.push({ path: mapped, foundPath: mapped, neededBy: by.path, inheritedRpath: by.inheritedRpath });
      return;
    }
    const rpath = fact.runpath === undefined || musl ? expand(fact.rpath, by, fact) : [];
    const runpath = expand(fact.runpath, by, fact);
    const before = fact.runpath === undefined || musl ? [...rpath, ...by.inheritedRpath] : [];
    const environment = libraryPath.split(/[:;]/).filter(Boolean);
    const folders = musl ? [...environment, ...runpath, ...before] : [...before, ...environment, ...runpath];
    const found = name.includes("/")
      ? usable(catalog, joinPath("/", substitute(name, by, fact)), fact)
      : (findIn(catalog, folders, name, fact) ??
        (musl ? undefined : findCached(catalog, setup, name, fact)) ??
        findIn(catalog, musl ? muslFolders(catalog, fact) : defaultFolders(fact), name, fact));
    if (!found) return;
    names.set(name, found.entry.path);
    const soname = elfFactOf(catalog, found.entry.path)?.soname;
    if (soname !== undefined && !names.has(soname)) names.set(soname, found.entry.path);
    queue.push({
      path: found.entry.path,
      foundPath: found.path,
      neededBy: by.path,
      inheritedRpath: musl ? [...runpath, ...before] : before,
    });
  }

  for (let at = 0; at < queue.length && objects.length < maxObjects; at++) {
    const next = queue[at] as Pending;
    if (seen.has(next.path)) continue;
    seen.add(next.path);
    objects.push({ path: next.path, neededBy: next.neededBy });
    const fact = elfFactOf(catalog, next.path);
    if (!fact) continue;
    for (const name of fact.needed) ask(name, next, fact);
  }
  return objects;
}

function expand(list: string | undefined, by: Pending, fact: ElfFact): string[] {
  return (list ?? "")
    .split(":")
    .filter(Boolean)
    .map((folder) => substitute(folder, by, fact));
}

function substitute(path: string, by: Pending, fact: ElfFact): string {
  const machine = machines[fact.machine];
  return path
    .replace(/\$(ORIGIN\b|\{ORIGIN\})/g, () => folderOf(by.neededBy === "" ? by.path : by.foundPath))
    .replace(/\$(LIB\b|\{LIB\})/g, () => (machine ? `lib/${machine.triplet}` : "lib"))
    .replace(/\$(PLATFORM\b|\{PLATFORM\})/g, () => machine?.platform ?? "");
}

function findIn(catalog: FileCatalog, folders: readonly string[], name: string, fact: ElfFact): Found | undefined {
  for (const folder of folders) {
    const found = usable(catalog, joinPath("/", `${folder}/${name}`), fact);
    if (found) return found;
  }
  return undefined;
}

function findCached(catalog: FileCatalog, setup: LinkerSetup, name: string, fact: ElfFact): Found | undefined {
  for (const path of setup.cache.get(name) ?? []) {
    const found = usable(catalog, path, fact);
    if (found) return found;
  }
  return undefined;
}

interface Found {
  readonly entry: CatalogEntry;
  readonly path: string;
}

/** The linker goes on searching when a file is for another machine; what is not known yet is taken to fit. */
function usable(catalog: FileCatalog, path: string, wantedBy: ElfFact): Found | undefined {
  const entry = catalog.file(path);
  if (!entry) return undefined;
  const fact = elfFactOf(catalog, entry.path);
  if (fact ? fact.machine !== wantedBy.machine : entry.sizeBytes === 0) return undefined;
  return { entry, path };
}

/** `/lib/<triplet>` is Debian's multi-arch; others use lib64 and lib. */
function defaultFolders(fact: ElfFact): readonly string[] {
  const machine = machines[fact.machine];
  const multiarch = machine ? [`/lib/${machine.triplet}`, `/usr/lib/${machine.triplet}`] : [];
  return machine?.lib === "lib64" ? [...multiarch, "/lib64", "/usr/lib64", "/lib", "/usr/lib"] : [...multiarch, "/lib", "/usr/lib"];
}

function muslFolders(catalog: FileCatalog, fact: ElfFact): readonly string[] {
  const name = machines[fact.machine]?.musl ?? "";
  const written = textOf(catalog, `/etc/ld-musl-${name}.path`);
  return written === undefined ? ["/lib", "/usr/local/lib", "/usr/lib"] : written.split(/[\n:]/).filter(Boolean);
}

const muslImages = new WeakMap<FileCatalog, boolean>();

/** A library names no interpreter, so the image tells: musl's loader is there and glibc's is not. */
function hasMusl(catalog: FileCatalog): boolean {
  let musl = muslImages.get(catalog);
  if (musl === undefined) {
    const names = [...catalog.list("/lib"), ...catalog.list("/lib64")];
    musl = names.some((name) => name.startsWith("ld-musl-")) && !names.some((name) => name.startsWith("ld-linux"));
    muslImages.set(catalog, musl);
  }
  return musl;
}
