import { globPaths } from "../glob.ts";
import { joinPath } from "../paths.ts";
import { openArguments } from "../servers/arguments.ts";
import { unknownWord, type Command, type Runtime, type StartupWalk } from "../walk.ts";
import { resolvePath, SourceGraph, type SourceResolver } from "./sourceGraph.ts";

/** Lua and LuaJIT: the script, and the modules that it requires by names that stand in the text. */
export const luaRuntime: Runtime = {
  name: "lua",
  matches: (programName) => /^(?:lua[\d.]*|luajit[\d.-]*)$/.test(programName),
  start(command, _executable, _invokedPath, walk) {
    const words = command.argv.slice(1);
    const graph = new SourceGraph(walk, command, luaResolver(command, walk), "lua-require");
    let script: string | undefined;
    for (let at = 0; at < words.length; at++) {
      const word = words[at] as string;
      if (word === "-l")
        graph.addLoad({ how: "module", name: words[++at] ?? "", line: 1 }, joinPath(command.cwd, "x"), 0.97, `-l ${words[at] ?? ""}`); // prettier-ignore
      else if (word === "-e") at++;
      else if (!word.startsWith("-")) {
        script = word;
        break;
      }
    }
    if (script !== undefined && !script.includes(unknownWord))
      graph.add(joinPath(command.cwd, script), 1, `started by ${command.startedBy}`);
    graph.follow();
    openArguments(command, walk);
    walk.flag({
      code: "partly-followed-runtime",
      message: "Lua code is followed by the names that stand in it; what it loads by computed names is not known.",
    });
  },
};

/** `package.path` and `package.cpath` (luaconf.h), with what the environment and the code put before them; `?` is the module's name. */
function luaResolver(command: Command, walk: StartupWalk): SourceResolver {
  const { catalog } = walk;
  const version = /(5\.\d)/.exec(command.argv[0] as string)?.[1];
  const versions = version === undefined ? ["5.1", "5.4", "5.3", "5.2"] : [version];
  const written = ["LUA_PATH", "LUA_CPATH", ...versions.flatMap((one) => [`LUA_PATH_${one.replace(".", "_")}`, `LUA_CPATH_${one.replace(".", "_")}`])]; // prettier-ignore
  const own = written.flatMap((name) => (command.env.get(name) ?? "").split(";")).filter((one) => one.includes("?"));
  const libraries = globPaths(catalog, "/usr/lib/*-linux-gnu*/lua");
  const usual = versions.flatMap((one) => [
    ...["/usr/local/share/lua", "/usr/share/lua"].flatMap((root) => [`${root}/${one}/?.lua`, `${root}/${one}/?/init.lua`]),
    ...["/usr/local/lib/lua", "/usr/lib/lua"].flatMap((root) => [
      `${root}/${one}/?.lua`,
      `${root}/${one}/?/init.lua`,
      `${root}/${one}/?.so`,
    ]),
    ...libraries.map((root) => `${root}/${one}/?.so`),
  ]);
  const templates = [
    ...own,
    ...usual,
    "./?.lua",
    "./?/init.lua",
    "./?.so",
    ...versions.map((one) => `/usr/local/lib/lua/${one}/loadall.so`),
  ];
  return {
    extend(load) {
      if (load.how === "folder" && !templates.includes(load.name)) templates.unshift(load.name);
    },
    resolve(load, from) {
      if (load.how !== "module") return load.how === "path" ? resolvePath(load, from, command, walk, [""]) : [];
      const name = load.name.replaceAll(".", "/");
      // A compiled module may hold several: `socket.core` is also searched as `socket`.
      for (const candidate of new Set([name, name.split("/")[0] as string]))
        for (const template of templates) {
          const path = joinPath(
            command.cwd,
            template.replaceAll("?", () => candidate),
          );
          if ((candidate === name || path.endsWith(".so")) && catalog.file(path)) return [path];
        }
      return [];
    },
  };
}
