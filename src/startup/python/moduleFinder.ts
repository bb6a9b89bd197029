import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { folderOf, nameOf } from "../paths.ts";
import { isAlwaysBuiltin, isBuiltinUnlessFile, isFrozen } from "./interpreterModules.ts";
import type { PythonLayout } from "./layout.ts";

/** What `import name` would find. */
export type ModuleSpec =
  | { readonly kind: "builtin" }
  /** `path` is the source that the frozen code was made of: it is not opened, but tells what it imports. */
  | { readonly kind: "frozen"; readonly path: string; readonly folders: readonly string[] }
  | { readonly kind: "package"; readonly path: string; readonly folders: readonly string[] }
  | { readonly kind: "module"; readonly path: string }
  | { readonly kind: "extension"; readonly path: string; readonly folders: readonly string[] }
  | { readonly kind: "namespace"; readonly folders: readonly string[] };

/** What depends on the image and the search path only, kept for the next estimate of the same image. */
interface Remembered {
  readonly names: Map<string, ReadonlySet<string>>;
  /** By interpreter and search path, then by module name. */
  readonly found: Map<string, Map<string, ModuleSpec | undefined>>;
}

/** Modules that have no file: their parent puts them into `sys.modules` (CPython 3.13's Lib/collections/__init__.py). */
const madeByParent = new Set(["collections.abc", "os.path"]);

const remembered = new WeakMap<FileCatalog, Remembered>();
const longestName = 300;

/** Finds modules as the path-based finder does, without executing anything; remembers what it found. */
export class ModuleFinder {
  private readonly catalog: FileCatalog;
  private readonly layout: PythonLayout;
  private readonly memory: Remembered;
  private found: Map<string, ModuleSpec | undefined>;
  /** `sys.path`, which a program may extend. */
  readonly searchPath: string[];

  constructor(catalog: FileCatalog, layout: PythonLayout) {
    this.catalog = catalog;
    this.layout = layout;
    this.searchPath = [...layout.searchPath];
    let memory = remembered.get(catalog);
    if (memory === undefined) remembered.set(catalog, (memory = { names: new Map(), found: new Map() }));
    this.memory = memory;
    this.found = this.foundSoFar();
  }

  /** Names everything that what is found depends on, beside the image. */
  get key(): string {
    const mapped = [...this.mapped].map(([name, path]) => `${name}=${path}`);
    return [this.layout.minor, this.layout.standardLibrary, ...this.searchPath, ...mapped].join("\n");
  }

  private foundSoFar(): Map<string, ModuleSpec | undefined> {
    let found = this.memory.found.get(this.key);
    if (found === undefined) this.memory.found.set(this.key, (found = new Map<string, ModuleSpec | undefined>()));
    return found;
  }

  private readonly children = new Map<string, Map<string, string | undefined>>();

  /** The full name of a module in a package; undefined when the package has none of that name. */
  submodule(parent: string, name: string): string | undefined {
    let known = this.children.get(parent);
    if (known === undefined) this.children.set(parent, (known = new Map<string, string | undefined>()));
    const before = known.get(name);
    if (before !== undefined || known.has(name)) return before;
    const full = `${parent}.${name}`;
    const found = this.find(full) === undefined ? undefined : full;
    known.set(name, found);
    return found;
  }

  /** Puts a folder in front, as `sys.path.insert(0, …)`. */
  prepend(folder: string): void {
    if (this.searchPath.includes(folder)) return;
    this.searchPath.unshift(folder);
    this.children.clear();
    this.found = this.foundSoFar();
  }

  append(folder: string): void {
    if (this.searchPath.includes(folder)) return;
    this.searchPath.push(folder);
    this.children.clear();
    this.found = this.foundSoFar();
  }

  private readonly mapped = new Map<string, string>();

  /** Tells where a module lies that the path does not lead to: its folder, or its file. */
  map(name: string, path: string): void {
    this.mapped.set(name, path);
    this.found = this.foundSoFar();
  }

  find(name: string): ModuleSpec | undefined {
    const known = this.found.get(name);
    if (known !== undefined || this.found.has(name)) return known;
    const spec = name.length > longestName ? undefined : this.search(name);
    this.found.set(name, spec);
    return spec;
  }

  private search(name: string): ModuleSpec | undefined {
    if (isAlwaysBuiltin(name))
      return (
        this.inFolders(
          name,
          this.layout.searchPath.filter((folder) => folder.endsWith("/lib-dynload")),
        ) ?? { kind: "builtin" }
      );
    if (isFrozen(name, this.layout.minor)) return this.frozen(name);
    const dot = name.lastIndexOf(".");
    if (dot < 0) return this.inFolders(name, this.searchPath) ?? (isBuiltinUnlessFile(name) ? { kind: "builtin" } : this.whereMapped(name));
    if (this.mapped.has(name)) return this.whereMapped(name);
    const parent = this.find(name.slice(0, dot));
    if (parent === undefined || !("folders" in parent)) return undefined;
    return this.inFolders(name.slice(dot + 1), parent.folders) ?? (madeByParent.has(name) ? { kind: "builtin" } : this.bundled(name));
  }

  /** setuptools and pkg_resources offer what they bundle in `_vendor` under the name `extern` (pkg_resources/extern/__init__.py). */
  private bundled(name: string): ModuleSpec | undefined {
    const [, owner, inner] = /^(\w+)\.extern\.([\w.]+)$/.exec(name) ?? [];
    return owner === undefined || inner === undefined ? undefined : this.find(`${owner}._vendor.${inner}`);
  }

  private whereMapped(name: string): ModuleSpec | undefined {
    const path = this.mapped.get(name);
    return path === undefined ? undefined : this.inFolders(nameOf(path).replace(/\.py$/, ""), [folderOf(path)]);
  }

  private frozen(name: string): ModuleSpec {
    const base = `${this.layout.standardLibrary}/${(name === "os.path" ? "posixpath" : name).replaceAll(".", "/")}`;
    return { kind: "frozen", path: `${base}.py`, folders: [base] };
  }

  private inFolders(leaf: string, folders: readonly string[]): ModuleSpec | undefined {
    const namespaces: string[] = [];
    for (const folder of folders) {
      const names = this.namesIn(folder);
      if (names.has(leaf)) {
        const path = `${folder}/${leaf}`;
        const inside = this.namesIn(path);
        const init =
          inside.size === 0
            ? undefined
            : (["__init__.py", "__init__.pyc"].find((one) => inside.has(one)) ?? this.extensionIn(inside, "__init__"));
        if (init !== undefined)
          return init.endsWith(".so")
            ? { kind: "extension", path: `${path}/${init}`, folders: [path] }
            : { kind: "package", path: `${path}/${init}`, folders: [path] };
        if (this.catalog.resolve(path)?.type === "directory") namespaces.push(path);
      }
      const extension = this.extensionIn(names, leaf);
      if (extension !== undefined) return { kind: "extension", path: `${folder}/${extension}`, folders: [] };
      if (names.has(`${leaf}.py`)) return { kind: "module", path: `${folder}/${leaf}.py` };
      if (names.has(`${leaf}.pyc`)) return { kind: "module", path: `${folder}/${leaf}.pyc` };
    }
    return namespaces.length > 0 ? { kind: "namespace", folders: namespaces } : undefined;
  }

  /** `EXTENSION_SUFFIXES` in their order, whatever the machine: one image has only one. */
  private extensionIn(names: ReadonlySet<string>, leaf: string): string | undefined {
    for (const machine of extensionMachines) {
      const tagged = `${leaf}.cpython-3${this.layout.minor}${machine}.so`;
      if (names.has(tagged)) return tagged;
    }
    return [`${leaf}.abi3.so`, `${leaf}.so`].find((name) => names.has(name));
  }

  private namesIn(folder: string): ReadonlySet<string> {
    let names = this.memory.names.get(folder);
    if (names === undefined) this.memory.names.set(folder, (names = new Set(this.catalog.list(folder))));
    return names;
  }

  /** Names of the submodules in a package's folders, for prefixes that only running would complete. */
  submodules(name: string): readonly string[] {
    const spec = this.find(name);
    if (spec === undefined || !("folders" in spec)) return [];
    return spec.folders.flatMap((folder) =>
      [...this.namesIn(folder)].flatMap((entry) => {
        const leaf = /^([A-Za-z_]\w*)(\.py)?$/.exec(entry)?.[1];
        return leaf === undefined || leaf === "__init__" || leaf === "__pycache__" ? [] : [leaf];
      }),
    );
  }

  /** The entries of a folder on the search path: distributions' metadata lie there. */
  entriesOf(folder: string): ReadonlySet<string> {
    return this.namesIn(folder);
  }

  /** Other folders on the path that pip installed into (`--target`), told by their metadata. */
  private installFolders(): readonly string[] {
    this.targets ??= this.searchPath.filter((folder) => [...this.namesIn(folder)].some((name) => name.endsWith(".dist-info")));
    return this.targets;
  }

  private targets: readonly string[] | undefined;

  /** Whether a file belongs to the application rather than to the standard library or an installed package. */
  isApplication(path: string): boolean {
    if (/\/(site-packages|dist-packages)\//.test(path)) return false;
    if (path.startsWith(`${this.layout.standardLibrary}/`) || this.layout.sites.some((site) => folderOf(path).startsWith(site)))
      return false;
    return !this.installFolders().some((folder) => path.startsWith(`${folder}/`));
  }
}

const extensionMachines = ["x86_64-linux-gnu", "aarch64-linux-gnu", "x86_64-linux-musl", "aarch64-linux-musl", "arm-linux-gnueabihf", "arm-linux-musleabihf", "i386-linux-gnu", "i386-linux-musl", "powerpc64le-linux-gnu", "powerpc64le-linux-musl", "s390x-linux-gnu", "s390x-linux-musl", "riscv64-linux-gnu", "riscv64-linux-musl"].map((machine) => `-${machine}`); // prettier-ignore
