import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { folderOf, joinPath, nameOf, textOf } from "../paths.ts";
import { openArguments } from "../servers/arguments.ts";
import type { Command, Runtime, StartupWalk } from "../walk.ts";

/** `R_DEFAULT_PACKAGES`, and what they and the compiler of functions need (R's `library/base/R/Rprofile`). */
const defaultPackages = ["base", "methods", "datasets", "utils", "grDevices", "graphics", "stats", "compiler"];

/** What loading a package opens (`loadNamespace`, `lazyLoad`), below its folder. */
const packageFiles: readonly (readonly [file: (name: string) => string, probability: number])[] = [
  [() => "Meta/package.rds", 0.97],
  [() => "Meta/nsInfo.rds", 0.97],
  [() => "Meta/features.rds", 0.9],
  [(name) => `R/${name}`, 0.97],
  [(name) => `R/${name}.rdx`, 0.97],
  [(name) => `R/${name}.rdb`, 0.95],
  [() => "R/sysdata.rdx", 0.9],
  [() => "data/Rdata.rdx", 0.8],
];

/** Packages that listen or answer by another one which only their functions name. */
const servesWith: Readonly<Record<string, readonly string[]>> = { plumber: ["httpuv", "swagger"], RestRserve: ["Rserve"] };

/** R itself (`bin/exec/R`), which Rscript and the script `R` start: packages by name. */
export const rRuntime: Runtime = {
  name: "r",
  matches: (programName, executable) => /^(?:R|Rscript)$/.test(programName) || /\/bin\/exec\/R$/.test(executable),
  start(command, executable, _invokedPath, walk) {
    if (nameOf(executable) === "Rscript") {
      startR(command, walk);
      return;
    }
    const home = command.env.get("R_HOME") ?? folderOf(folderOf(folderOf(executable)));
    const { catalog } = walk;
    const every = `every start of ${executable}`;
    for (const path of ["etc/Renviron", "etc/Renviron.site", "etc/Rprofile.site", "etc/ldpaths"])
      walk.open(`${home}/${path}`, "config", command.probability * 0.95, every);
    // `utils` looks up the system's name while it loads (`.osVersion`), by a shell.
    walk.open("/etc/os-release", "r-package", command.probability * 0.85, every);
    walk.run({ ...command, argv: ["/bin/sh", "-c", "uname -a"], probability: command.probability * 0.8, startedBy: executable });
    for (const path of ["base.rdx", "base.rdb", "base", "Rprofile"])
      walk.open(`${home}/library/base/R/${path}`, "r-package", command.probability * 0.97, every);
    const libraries = [...(command.env.get("R_LIBS") ?? "").split(":"), ...(command.env.get("R_LIBS_SITE") ?? "").split(":"), "/usr/local/lib/R/site-library", "/usr/lib/R/site-library", `${home}/site-library`, `${home}/library`].filter(Boolean); // prettier-ignore
    const queue = defaultPackages.map((name) => ({ name, probability: 0.98, evidence: every }));
    queue.push(...packagesOfScripts(command, walk));
    const seen = new Set<string>();
    for (let next = queue.shift(); next !== undefined && seen.size < 2000; next = queue.shift()) {
      if (seen.has(next.name)) continue;
      const folder = libraries
        .map((library) => `${library}/${next?.name ?? ""}`)
        .find((path) => catalog.resolve(path)?.type === "directory");
      if (folder === undefined) continue;
      seen.add(next.name);
      openPackage(folder, next, command, walk);
      for (const name of [...imports(catalog, folder), ...(Object.hasOwn(servesWith, next.name) ? (servesWith[next.name] ?? []) : [])]) queue.push({ name, probability: next.probability * 0.97, evidence: `${next.name} imports ${name}` }); // prettier-ignore
    }
    openArguments(command, walk);
    walk.flag({
      code: "partly-followed-runtime",
      message:
        "R packages are followed by the names that stand in scripts and in their descriptions; what they read by themselves is not known.",
    });
  },
};

/** `Rscript app.R` executes `R --no-echo --no-restrict --file=app.R`, a shell script (Rscript.c). */
function startR(command: Command, walk: StartupWalk): void {
  const at = command.argv.findIndex((word, index) => index > 0 && !word.startsWith("-"));
  const code = command.argv.indexOf("-e");
  const homes = ["/usr/lib/R", "/usr/local/lib/R", "/usr/lib64/R", "/opt/R"];
  const program = homes.map((home) => `${home}/bin/R`).find((path) => walk.catalog.file(path)) ?? "R";
  const words = code > 0 ? ["-e", command.argv[code + 1] ?? ""] : at > 0 ? [`--file=${command.argv[at] ?? ""}`, "--args", ...command.argv.slice(at + 1)] : []; // prettier-ignore
  walk.run({ ...command, argv: [program, "--no-echo", "--no-restrict", ...words], startedBy: "Rscript" });
  // The script passes a file's name on through `sed`; what it executes is known.
  const home = folderOf(folderOf(program));
  const env = new Map([
    ...command.env,
    ["R_HOME", home],
    ["LD_LIBRARY_PATH", [`${home}/lib`, command.env.get("LD_LIBRARY_PATH") ?? ""].join(":")],
  ]);
  walk.run({ ...command, env, argv: [`${home}/bin/exec/R`, "--no-echo", "--no-restrict", ...words], startedBy: program });
}

interface Wanted {
  readonly name: string;
  readonly probability: number;
  readonly evidence: string;
}

function packagesOfScripts(command: Command, walk: StartupWalk): Wanted[] {
  const found: Wanted[] = [];
  const words = command.argv.slice(1);
  const named = words.flatMap((word, index) => (word.startsWith("--file=") ? [word.slice(7)] : words[index - 1] === "-f" ? [word] : []));
  const queue = named.map((path) => joinPath(command.cwd, path));
  const code = words[words.indexOf("-e") + 1] ?? "";
  if (words.includes("-e")) {
    for (const [, name = ""] of code.matchAll(/\b(?:library|require)\(\s*["']?([A-Za-z][\w.]*)/g)) found.push({ name, probability: 0.95, evidence: "-e" }); // prettier-ignore
    for (const [, name = ""] of code.matchAll(/\b([A-Za-z][\w.]*)::/g)) found.push({ name, probability: 0.95, evidence: "-e" });
    for (const [path = ""] of code.matchAll(/(?<=["'])[\w./-]+\.[rR](?=["'])/g)) queue.push(joinPath(command.cwd, path));
  }
  const seen = new Set<string>();
  for (let path = queue.shift(); path !== undefined && seen.size < 500; path = queue.shift()) {
    const entry = walk.catalog.file(path);
    if (!entry || seen.has(entry.path)) continue;
    seen.add(entry.path);
    walk.open(path, "r-source", command.probability * 0.95, `started by ${command.startedBy}`);
    const fact = walk.catalog.fact(entry);
    if (fact?.kind !== "source") continue;
    for (const load of fact.loads) {
      const evidence = `${nameOf(path)}:${load.line} → ${load.name}`;
      if (load.how === "module") found.push({ name: load.name, probability: load.lazy ? 0.6 : 0.95, evidence });
      else if (load.how === "path") {
        queue.push(joinPath(command.cwd, load.name), joinPath(folderOf(path), load.name));
        walk.open(joinPath(command.cwd, load.name), "r-source", command.probability * 0.8, evidence);
      }
    }
  }
  return found;
}

function openPackage(folder: string, { name, probability, evidence }: Wanted, command: Command, walk: StartupWalk): void {
  // Packages of data have no code of their own.
  const hasCode = walk.catalog.file(`${folder}/R/${name}.rdx`) !== undefined;
  for (const [file, chance] of packageFiles) {
    const path = `${folder}/${file(name)}`;
    if (hasCode || !file(name).startsWith("R/")) walk.open(path, "r-package", probability * chance * command.probability, evidence);
  }
  const library = `${folder}/libs/${name}.so`;
  if (walk.catalog.file(library)) walk.elf.load(command, library, "r-package", probability * 0.97 * command.probability, evidence);
}

/**
 * What the package's name space imports, and what it depends on. Without a NAMESPACE the `Imports` of its DESCRIPTION, of which
 * some are only loaded when a function uses them (`x::f`). Those that are only needed to compile are left out.
 */
function imports(catalog: FileCatalog, folder: string): readonly string[] {
  const text = (textOf(catalog, `${folder}/DESCRIPTION`) ?? "").replace(/\n[ \t]+/g, " ");
  const namespace = textOf(catalog, `${folder}/NAMESPACE`);
  if (namespace !== undefined) {
    const names = new Set<string>();
    const code = namespace.replace(/#.*$/gm, "");
    for (const [, list = ""] of code.matchAll(/\bimport\(([^)]*)\)/g))
      for (const [name] of list.replace(/\bexcept\s*=.*$/s, "").matchAll(/[A-Za-z][\w.]*/g)) names.add(name);
    for (const [, name = ""] of code.matchAll(/\bimport(?:From|ClassesFrom|MethodsFrom)\(\s*["']?([A-Za-z][\w.]*)/g)) names.add(name);
    return [...names];
  }
  return [...text.matchAll(/^(?:Depends|Imports):(.*)$/gm)]
    .flatMap(([, list = ""]) => list.split(","))
    .map((one) => one.replace(/\(.*$/, "").trim())
    .filter((name) => name !== "" && name !== "R");
}
