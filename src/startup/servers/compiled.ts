import { elfFactOf } from "../elf.ts";
import { isEverydayTool } from "../libc.ts";
import type { CatalogEntry } from "../../facts/fileCatalog.ts";
import { folderOf, joinPath, nameOf } from "../paths.ts";
import { openedThreshold } from "../startupSet.ts";
import { unknownWord, type Command, type Runtime, type StartupWalk } from "../walk.ts";
import { openArguments } from "./arguments.ts";
import { followConfig, type ConfigSyntax } from "./configFiles.ts";

/** Common tools of entry scripts that open nothing but what they are told. */
const tools = new Set(
  "gosu su-exec tini dumb-init curl wget jq yq openssl git tar gzip unzip xz ps kill pgrep pkill mount hostname ip nc ss netstat dig host getent id whoami chown chgrp date ls stat install useradd usermod groupmod addgroup adduser psql pg_isready redis-cli mysql mysqladmin envsubst consul-template wait4ports".split(
    " ",
  ),
);

const configName = /\.(?:conf|cnf|cfg|ini|ya?ml|toml|json)$/;

/**
 * Paths written into a program that exist in the image: most are its configuration, the more so when they bear its name or
 * suffix. Scripts and programs among them are tools that it may start.
 */
export function openNamedFiles(command: Command, executable: string, walk: StartupWalk): void {
  const own = nameOf(executable).replace(/d$/, "");
  const paths = elfFactOf(walk.catalog, executable)?.filePaths ?? [];
  const configFolders = new Set(
    paths.filter((path) => configName.test(path) && path.startsWith("/etc/") && walk.catalog.file(path)).map(folderOf),
  );
  configFolders.delete("/etc");
  for (const path of paths) {
    const entry = walk.catalog.file(path);
    if (!entry || walk.catalog.fact(entry)?.kind === "elf") continue;
    const isOwn = (own.length >= 3 && path.includes(own)) || configFolders.has(folderOf(path));
    const isConfig = configName.test(path);
    const chance = isOwn && isConfig ? 0.9 : isOwn ? 0.5 : path.startsWith("/etc/") && isConfig ? 0.6 : 0.25;
    const evidence = `${executable} names ${path} inside`;
    if (isConfig && chance > openedThreshold) followConfig([path], evidence, command.probability * chance, command, walk);
    else walk.open(path, "named", command.probability * chance, evidence);
  }
}

/** Variables of every image and of language runtimes; what they name is not the program's own configuration. */
const systemVariables = /^(?:PATH|HOME|PWD|SHELL|TZ|LANG|LC_\w+|LD_\w+|TERM|HOSTNAME|.*_HOME|SSL_CERT_\w+|DEBIAN_FRONTEND|NVIDIA_\w+)$/;

/** Configuration files that the environment or an argument names, as most services take it (`APP_CONFIG=/etc/app.toml`, `--config=/etc/app.yml`). */
function followNamedConfigs(command: Command, walk: StartupWalk): void {
  const { catalog } = walk;
  const isConfig = (path: string): boolean => configName.test(path) && catalog.file(path) !== undefined;
  for (const word of command.argv.slice(1)) {
    const path = joinPath(command.cwd, word.slice(word.indexOf("=") + 1));
    if (!word.includes(unknownWord) && isConfig(path)) followConfig([path], `${nameOf(command.argv[0] as string)} ${word}`, command.probability * 0.9, command, walk, followed); // prettier-ignore
  }
  for (const [name, value] of command.env) {
    if (systemVariables.test(name) || value.length > 1000) continue;
    const path = joinPath(command.cwd, value);
    if (isConfig(path)) followConfig([path], `${name} in the environment`, command.probability * 0.8, command, walk, followed);
    else if (value.startsWith("/") && catalog.file(value) && catalog.fact(catalog.file(value) as CatalogEntry)?.kind !== "elf")
      walk.open(value, "named", command.probability * 0.5, `${name} in the environment`);
  }
}

/** Programs that are written for a service read the folders that its configuration names, templates and migrations mostly. */
const followed: ConfigSyntax = { opensFolders: true };

/** The last row: any other program. Files that it names inside itself are not known, which is said for a service. */
export const compiledRuntime: Runtime = {
  name: "program",
  matches: () => true,
  start(command, executable, _invokedPath, walk) {
    openArguments(command, walk);
    followNamedConfigs(command, walk);
    const name = nameOf(command.argv[0] as string);
    if (command.probability < 0.3 || tools.has(name) || isEverydayTool(name) || /^(busybox|toybox|coreutils)$/.test(nameOf(executable)))
      return;
    openNamedFiles(command, executable, walk);
    openUsualConfig(command, executable, walk);
    flagOpaque(executable, walk);
  },
};

/** A server that is told of no configuration reads the one that bears its name; the path may stand in a library of its own. */
function openUsualConfig(command: Command, executable: string, walk: StartupWalk): void {
  if (!elfFactOf(walk.catalog, executable)?.libraryCalls?.some((name) => name === "listen" || starting.includes(name))) return;
  if (command.argv.slice(1).some((word) => configName.test(word))) return;
  const own = nameOf(executable);
  for (const name of new Set([own, own.replace(/d$/, "")]))
    for (const folder of [`/etc/${name}`, "/etc", `/usr/local/etc/${name}`])
      for (const suffix of ["conf", "cfg", "yml", "yaml", "toml", "ini"])
        followConfig([`${folder}/${name}.${suffix}`], `${executable} has its name`, command.probability * 0.7, command, walk);
}

/** Functions of the C library that start programs. */
const starting = ["execv", "execve", "execvp", "execl", "execlp", "posix_spawn", "posix_spawnp", "popen", "system"];

/** Says that a program may open more than is known: a large one, a server, and one that can start others. */
export function flagOpaque(executable: string, walk: StartupWalk): void {
  const elf = elfFactOf(walk.catalog, executable);
  const calls = elf?.libraryCalls ?? [];
  const starts = calls.some((name) => starting.includes(name));
  if (!elf || (elf.load.textBytes < 300_000 && !starts && !calls.includes("listen"))) return;
  walk.flag({
    code: "opaque-program",
    message: starts
      ? `${executable} is a compiled program that can start others; what those are, and the files that it opens by itself, is not known beyond its configuration.`
      : `${executable} is a compiled program; beside its libraries and arguments, the files that it opens by itself are not known.`,
  });
}
