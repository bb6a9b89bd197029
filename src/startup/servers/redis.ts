import { joinPath, textOf } from "../paths.ts";
import type { Runtime } from "../walk.ts";
import { openArguments } from "./arguments.ts";

/** Redis, Valkey and KeyDB: the configuration named first, what it includes, and modules. */
export const redisRuntime: Runtime = {
  name: "redis",
  matches: (programName) => /^(redis|valkey|keydb)-(server|sentinel)$/.test(programName),
  start(command, _executable, _invokedPath, walk) {
    const first = command.argv[1];
    const queue = first !== undefined && !first.startsWith("-") ? [joinPath(command.cwd, first)] : [];
    const seen = new Set<string>();
    for (let path = queue.shift(); path !== undefined && seen.size < 100; path = queue.shift()) {
      if (seen.has(path)) continue;
      seen.add(path);
      walk.open(path, "config", command.probability, `${command.argv[0] ?? ""} ${path}`);
      for (const line of (textOf(walk.catalog, path) ?? "").split("\n")) {
        const [, name, value] = /^\s*(include|loadmodule|aclfile|tls-\w+-file|tls-ca-cert-file)\s+"?([^\s"]+)/.exec(line) ?? [];
        if (name === undefined || value === undefined) continue;
        if (name === "include") queue.push(joinPath(command.cwd, value));
        else if (name === "loadmodule")
          walk.elf.load(command, joinPath(command.cwd, value), "server", command.probability, `${path} → loadmodule`);
        else walk.open(joinPath(command.cwd, value), "server", command.probability, `${path} → ${name}`);
      }
    }
    const module = command.argv.indexOf("--loadmodule");
    if (module > 0)
      walk.elf.load(command, joinPath(command.cwd, command.argv[module + 1] ?? ""), "server", command.probability, "--loadmodule");
    openArguments(command, walk);
  },
};
