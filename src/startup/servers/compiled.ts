import { elfFactOf } from "../elf.ts";
import { isEverydayTool } from "../libc.ts";
import { nameOf } from "../paths.ts";
import type { Runtime } from "../walk.ts";
import { openArguments } from "./arguments.ts";

/** Common tools of entry scripts that open nothing but what they are told. */
const tools = new Set(
  "gosu su-exec tini dumb-init curl wget jq yq openssl git tar gzip unzip xz ps kill pgrep pkill mount hostname ip nc ss netstat dig host getent id whoami chown chgrp date ls stat install useradd usermod groupmod addgroup adduser psql pg_isready redis-cli mysql mysqladmin envsubst consul-template wait4ports".split(
    " ",
  ),
);

/** The last row: any other program. Files that it names inside itself are not known, which is said for a service. */
export const compiledRuntime: Runtime = {
  name: "program",
  matches: () => true,
  start(command, executable, _invokedPath, walk) {
    openArguments(command, walk);
    const name = nameOf(command.argv[0] as string);
    if (command.probability < 0.3 || tools.has(name) || isEverydayTool(name) || /^(busybox|toybox|coreutils)$/.test(nameOf(executable)))
      return;
    const elf = elfFactOf(walk.catalog, executable);
    if (!elf || elf.load.textBytes < 300_000) return;
    walk.flag({
      code: "opaque-program",
      message: `${executable} is a compiled program; beside its libraries and arguments, the files that it opens by itself are not known.`,
    });
  },
};
