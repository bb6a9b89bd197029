import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { folderOf, joinPath, nameOf, textOf } from "../paths.ts";
import type { Command, StartupWalk } from "../walk.ts";
import type { PythonArguments } from "./pythonArguments.ts";

/** Where one interpreter looks for modules, as getpath.py and site.py work it out. */
export interface PythonLayout {
  readonly minor: number;
  readonly prefix: string;
  /** The folder with os.py. */
  readonly standardLibrary: string;
  /** `sys.path` in order: script folder, PYTHONPATH, standard library, site-packages, folders from path files. */
  readonly searchPath: readonly string[];
  /** site-packages and dist-packages folders, in order. */
  readonly sites: readonly string[];
  /** `import` lines of path files, which site.py executes. */
  readonly pathFileLines: readonly { readonly path: string; readonly line: string }[];
}

interface Installation {
  readonly minor: number;
  readonly prefix: string;
  readonly standardLibrary: string;
}

/** Undefined when the image has no standard library for this interpreter. Opens pyvenv.cfg and the path files. */
export function findLayout(
  command: Command,
  executable: string,
  invokedPath: string,
  scriptFolder: string | undefined,
  options: PythonArguments,
  walk: StartupWalk,
): PythonLayout | undefined {
  const { catalog } = walk;
  const environment = virtualEnvironment(catalog, invokedPath, walk, command.probability);
  const installation = findInstallation(catalog, executable, environment?.home ?? folderOf(invokedPath), command.env.get("PYTHONHOME"));
  if (installation === undefined) return undefined;
  const { minor, prefix, standardLibrary } = installation;
  const sites = options.skipsSite
    ? []
    : siteFolders(command, installation, environment, options).filter((folder) => isFolder(catalog, folder));
  const fromFiles = pathFiles(sites, walk, command.probability);
  const pythonPath = options.ignoresEnvironment ? [] : (command.env.get("PYTHONPATH") ?? "").split(":").filter(Boolean);
  const dynload = [`${standardLibrary}/lib-dynload`, `${prefix}/lib64/python3.${minor}/lib-dynload`].filter((folder) =>
    isFolder(catalog, folder),
  );
  return {
    minor,
    prefix,
    standardLibrary,
    searchPath: [
      ...new Set([
        ...(scriptFolder === undefined ? [] : [scriptFolder]),
        ...pythonPath.map((folder) => joinPath(command.cwd, folder)),
        standardLibrary,
        ...dynload,
        ...sites,
        ...fromFiles.folders,
      ]),
    ],
    sites,
    pathFileLines: fromFiles.lines,
  };
}

interface VirtualEnvironment {
  readonly prefix: string;
  /** Folder of the interpreter that it was made with. */
  readonly home: string;
  readonly usesSystemSites: boolean;
}

/** pyvenv.cfg lies beside the executable as invoked, or one folder up (PEP 405). */
function virtualEnvironment(
  catalog: FileCatalog,
  invokedPath: string,
  walk: StartupWalk,
  probability: number,
): VirtualEnvironment | undefined {
  for (const folder of [folderOf(invokedPath), folderOf(folderOf(invokedPath))]) {
    const path = `${folder}/pyvenv.cfg`;
    if (catalog.file(path) === undefined) continue;
    walk.open(path, "py-startup", probability, `${invokedPath} belongs to a virtual environment`);
    const text = textOf(catalog, path) ?? "";
    return {
      prefix: folder,
      home: /^\s*home\s*=\s*(.*?)\s*$/im.exec(text)?.[1] ?? folderOf(invokedPath),
      usesSystemSites: /^\s*include-system-site-packages\s*=\s*true/im.test(text),
    };
  }
  return undefined;
}

function findInstallation(
  catalog: FileCatalog,
  executable: string,
  home: string,
  pythonHome: string | undefined,
): Installation | undefined {
  const version = /python3\.(\d+)/.exec(nameOf(executable))?.[1];
  const homeTarget = catalog.resolve(home)?.path ?? home;
  const prefixes = [
    pythonHome,
    folderOf(folderOf(executable)),
    folderOf(homeTarget),
    folderOf(home),
    "/usr/local",
    "/usr",
    "/opt/conda",
    "",
  ];
  for (const prefix of new Set(prefixes.filter((one) => one !== undefined))) {
    for (const lib of ["lib", "lib64"]) {
      const folder = `${prefix === "/" ? "" : prefix}/${lib}`;
      const minors = catalog
        .list(folder)
        .map((name) => /^python3\.(\d+)$/.exec(name)?.[1])
        .filter((minor) => minor !== undefined && (version === undefined || minor === version))
        .map(Number)
        .sort((a, b) => b - a);
      for (const minor of minors) {
        const standardLibrary = `${folder}/python3.${minor}`;
        if (["os.py", "os.pyc"].some((name) => catalog.file(`${standardLibrary}/${name}`) !== undefined))
          return { minor, prefix: prefix === "/" ? "" : prefix, standardLibrary };
      }
    }
  }
  return undefined;
}

/** In the order of site.getsitepackages and Debian's patch of it (dist-packages). */
function siteFolders(
  command: Command,
  { minor, prefix }: Installation,
  environment: VirtualEnvironment | undefined,
  options: PythonArguments,
): readonly string[] {
  const version = `python3.${minor}`;
  const system = [
    `${prefix}/local/lib/${version}/dist-packages`,
    `/usr/local/lib/${version}/dist-packages`,
    `${prefix}/lib64/${version}/site-packages`,
    `${prefix}/lib/${version}/site-packages`,
    `${prefix}/lib/python3/dist-packages`,
    ...(prefix === "/usr" ? [`/usr/local/lib64/${version}/site-packages`, `/usr/local/lib/${version}/site-packages`] : []),
  ];
  const home = command.env.get("HOME");
  const user =
    options.skipsUserSite || home === undefined
      ? []
      : [`${command.env.get("PYTHONUSERBASE") ?? `${home}/.local`}/lib/${version}/site-packages`];
  if (environment === undefined) return [...new Set([...user, ...system])];
  const own = [`${environment.prefix}/lib/${version}/site-packages`, `${environment.prefix}/lib64/${version}/site-packages`];
  return environment.usesSystemSites ? [...new Set([...own, ...user, ...system])] : own;
}

/** Folders and `import` lines of `.pth` files, in name order (site.addsitedir); names that start with a dot are skipped since 3.12. */
function pathFiles(
  sites: readonly string[],
  walk: StartupWalk,
  probability: number,
): Pick<PythonLayout, never> & { folders: string[]; lines: { path: string; line: string }[] } {
  const folders: string[] = [];
  const lines: { path: string; line: string }[] = [];
  for (const site of sites) {
    for (const name of walk.catalog
      .list(site)
      .filter((one) => one.endsWith(".pth"))
      .sort()) {
      const path = `${site}/${name}`;
      walk.open(path, "py-pth", probability, `site reads ${path}`);
      for (const line of (textOf(walk.catalog, path) ?? "").split(/\r?\n/).slice(0, 1000)) {
        if (/^import[ \t]/.test(line)) lines.push({ path, line });
        else if (line.trim() !== "" && !line.startsWith("#")) folders.push(joinPath(site, line.trim()));
      }
    }
  }
  return { folders: folders.filter((folder) => isFolder(walk.catalog, folder)), lines };
}

function isFolder(catalog: FileCatalog, path: string): boolean {
  return catalog.resolve(path)?.type === "directory";
}
