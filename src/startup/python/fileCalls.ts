import { openAccounts, openLocale } from "../libc.ts";
import { folderOf } from "../paths.ts";
import type { ImportWalk } from "./importWalk.ts";
import type { SpecialCall, SpecialHandler } from "./specialCalls.ts";

/** Calls of the standard library that open files or load libraries, each with what its source says it reads. */
export const fileCalls: Readonly<Record<string, SpecialHandler>> = {
  CDLL: loadLibrary,
  PyDLL: loadLibrary,
  LoadLibrary: loadLibrary,
  dlopen: loadLibrary,
  find_library: findLibrary,
  add_type: readMimeTypes,
  guess_type: readMimeTypes,
  guess_extension: readMimeTypes,
  guess_all_extensions: readMimeTypes,
  getaddrinfo: resolveName,
  gethostbyname: resolveName,
  gethostbyname_ex: resolveName,
  getfqdn: resolveName,
  create_connection: resolveName,
  urlopen: resolveName,
  platform: readPlatform,
  libc_ver: readPlatform,
  architecture: readPlatform,
  processor: readPlatform,
  freedesktop_os_release: (at) => open(at, ["/etc/os-release", "/usr/lib/os-release"]),
  where: readAuthorities,
  contents: readAuthorities,
  setlocale: ({ imports, probability }) => openLocale(imports.command, imports.walk, "all", imports.command.probability * probability),
  getpwnam: readAccounts,
  getpwuid: readAccounts,
  getgrnam: readAccounts,
  getgrgid: readAccounts,
  getuser: readAccounts,
  getsource: readSource,
  getsourcelines: readSource,
  files: readResource,
  open_text: readResource,
  open_binary: readResource,
  read_text: readResource,
  read_binary: readResource,
  get_data: readResource,
  define_import_structure: readFolderSources,
};

function open({ imports, probability, place, call }: SpecialCall, paths: readonly string[]): void {
  for (const path of paths) imports.open(path, "py-known", probability * 0.9, `${place} calls ${call.name}`);
}

function loadLibrary({ imports, probability, first, place, scope }: SpecialCall): void {
  if (typeof first === "string" && first.includes(".so")) loadByName({ imports, probability, place }, first);
  else if (first === undefined) loadBundled({ imports, probability, place, scope });
}

const fewLibraries = 4;

/** A package that works out which library to load ships it in a folder of its own: `xgboost/lib/libxgboost.so`. */
function loadBundled({ imports, probability, place, scope }: Pick<SpecialCall, "imports" | "probability" | "place" | "scope">): void {
  const { catalog } = imports.walk;
  const spec = imports.finder.find(scope.name.split(".", 1)[0] ?? "");
  if (spec?.kind !== "package") return;
  const folders = new Set([folderOf(scope.module.path), folderOf(spec.path)].flatMap((folder) => [folder, `${folder}/lib`]));
  const paths = [...folders].flatMap((folder) =>
    catalog.list(folder).flatMap((name) => (/^lib[\w.+-]+\.so(\.\d+)*$/.test(name) ? [`${folder}/${name}`] : [])),
  );
  if (paths.length > fewLibraries) return;
  for (const path of paths) loadByName({ imports, probability: probability * (paths.length === 1 ? 0.9 : 0.7), place }, path);
}

function loadByName({ imports, probability, place }: Pick<SpecialCall, "imports" | "probability" | "place">, name: string): void {
  const { walk, command } = imports;
  const paths = name.includes("/")
    ? [name]
    : [
        "/usr/local/lib",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/lib",
        "/usr/lib64",
        "/usr/lib",
        `${imports.layout.prefix}/lib`,
      ].map((folder) => `${folder}/${name}`);
  const path = paths.find((one) => walk.catalog.file(one) !== undefined);
  if (path !== undefined)
    walk.elf.load(command, path, "py-library-load", probability * command.probability * 0.9, `${place} → ${name}`, imports.libraries);
}

/** ctypes.util.find_library asks ldconfig, then a compiler; what it finds is loaded next. */
function findLibrary(at: SpecialCall): void {
  const { imports, first, probability, place } = at;
  const { walk, command } = imports;
  if (typeof first !== "string" || !/^[\w.+-]{1,60}$/.test(first)) return;
  const folders = ["/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib"];
  for (const program of ["/sbin/ldconfig", "/usr/sbin/ldconfig"])
    if (walk.catalog.file(program) !== undefined) {
      walk.run({ ...command, argv: [program, "-p"], probability: command.probability * probability * 0.85, startedBy: place });
      walk.open("/etc/ld.so.cache", "linker", command.probability * probability * 0.85, place);
      break;
    }
  for (const folder of folders) {
    const name = walk.catalog.list(folder).find((one) => one.startsWith(`lib${first}.so.`));
    if (name === undefined) continue;
    loadByName(at, `${folder}/${name}`);
    return;
  }
}

/** mimetypes.init() reads the lists of `knownfiles`. */
function readMimeTypes(at: SpecialCall): void {
  open(at, ["/etc/mime.types", "/etc/httpd/mime.types", "/etc/apache2/mime.types", "/usr/local/etc/mime.types"]);
}

/** A name that is no address is looked up by the C library; Python encodes it with IDNA. */
function resolveName(at: SpecialCall): void {
  const { imports, probability, place, call } = at;
  open(at, ["/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf"]);
  for (const module of ["encodings.idna", "stringprep", "unicodedata"])
    imports.importModule(module, probability * 0.8, "py-known", `${place} calls ${call.name}`);
}

/** platform.libc_ver reads the interpreter itself, processor and platform ask `uname -p`. */
function readPlatform({ imports, call, probability, place }: SpecialCall): void {
  const { command, walk } = imports;
  const name = call.name.slice(call.name.lastIndexOf(".") + 1);
  if (name === "processor")
    walk.run({ ...command, argv: ["uname", "-p"], probability: command.probability * probability * 0.8, startedBy: place });
}

/** certifi keeps its authorities beside itself; a path to them is asked for to load them. */
function readAuthorities({ imports, probability, place }: SpecialCall): void {
  const spec = imports.finder.find("certifi");
  if (spec?.kind === "package") imports.open(`${folderOf(spec.path)}/cacert.pem`, "py-known", probability * 0.85, `${place} → certifi`);
}

function readAccounts({ imports, probability }: SpecialCall): void {
  openAccounts(imports.command, imports.walk, imports.command.probability * probability * 0.9);
}

/** `inspect.getsource(name)` reads the file that defines it. */
function readSource({ imports, scope, positional, probability, place, call }: SpecialCall): void {
  const name = positional[0]?.kind === "name" ? positional[0].name : undefined;
  const path = name === undefined ? undefined : imports.names.definingFile(name, scope);
  if (path !== undefined) imports.open(path, "py-source", probability * 0.9, `${place} calls ${call.name}`);
}

/** importlib.resources and pkgutil.get_data: a package, then the name of a file in it. */
function readResource(at: SpecialCall): void {
  const { imports, scope, call, positional, first, probability, place } = at;
  const isFiles = call.name.endsWith("files");
  if (isFiles || /resources/.test(call.name))
    imports.importModule("importlib.readers", probability * 0.8, "py-known", `${place} calls ${call.name}`);
  const argument = positional[0];
  const owner =
    typeof first === "string" && first !== ""
      ? first
      : argument?.kind === "name"
        ? imports.names.packageNamed(argument.name, scope)
        : undefined;
  const spec = owner === undefined ? undefined : imports.finder.find(owner);
  const second = positional[1]?.kind === "constant" ? positional[1].value : undefined;
  if (spec !== undefined && "folders" in spec && typeof second === "string")
    for (const folder of spec.folders) imports.open(`${folder}/${second}`, "py-path", probability * 0.9, `${place} → ${second}`);
  if (!isFiles || spec === undefined || !("folders" in spec)) return;
  const data = spec.folders.flatMap((folder) => dataFilesIn(imports, folder));
  if (data.length <= fewDataFiles) for (const path of data) imports.open(path, "py-path", probability * 0.7, `${place} → ${owner ?? ""}`);
}

/** A package with few files beside its code keeps what is read of it there. */
const fewDataFiles = 3;

function dataFilesIn({ walk: { catalog } }: ImportWalk, folder: string): readonly string[] {
  return catalog
    .list(folder)
    .filter((name) => !/\.(py[cidx]?|so|pxd|md|rst)$|^(py\.typed|__pycache__)$/.test(name))
    .map((name) => `${folder}/${name}`)
    .filter((path) => catalog.file(path) !== undefined);
}

/** transformers since 4.48 finds the names of a folder's modules by reading their sources. */
function readFolderSources({ imports, scope, probability, place, first }: SpecialCall): void {
  const { catalog } = imports.walk;
  const visit = (folder: string, depth: number): void => {
    for (const name of catalog.list(folder).slice(0, 1000)) {
      const path = `${folder}/${name}`;
      // What its authors generate modules from is left out (`modular_*.py`).
      if (name.endsWith(".py") && name !== "__init__.py" && !name.startsWith("modular_"))
        imports.open(path, "py-source", probability * 0.9, `${place} reads the sources beside it`);
      else if (depth < 2 && !name.startsWith("__") && catalog.resolve(path)?.type === "directory") visit(path, depth + 1);
    }
  };
  const start = typeof first === "string" && first.startsWith("/") ? first : scope.module.path;
  visit(catalog.resolve(start)?.type === "directory" ? start : folderOf(start), 0);
}
