import { elfFactOf } from "../elf.ts";
import { isEverydayTool } from "../libc.ts";
import { folderOf, nameOf } from "../paths.ts";
import { openedThreshold } from "../startupSet.ts";
import type { Command, Runtime, StartupWalk } from "../walk.ts";
import { openArguments } from "./arguments.ts";
import { followConfig } from "./configFiles.ts";

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

/** The last row: any other program. Files that it names inside itself are not known, which is said for a service. */
export const compiledRuntime: Runtime = {
  name: "program",
  matches: () => true,
  start(command, executable, _invokedPath, walk) {
    openArguments(command, walk);
    const name = nameOf(command.argv[0] as string);
    if (command.probability < 0.3 || tools.has(name) || isEverydayTool(name) || /^(busybox|toybox|coreutils)$/.test(nameOf(executable)))
      return;
    openNamedFiles(command, executable, walk);
    const elf = elfFactOf(walk.catalog, executable);
    if (!elf || elf.load.textBytes < 300_000) return;
    walk.flag({
      code: "opaque-program",
      message: `${executable} is a compiled program; beside its libraries and arguments, the files that it opens by itself are not known.`,
    });
  },
};
