import { folderOf, joinPath, nameOf, textOf } from "../paths.ts";
import { globPaths } from "../glob.ts";
import { openArguments, optionValue } from "../servers/arguments.ts";
import type { Command, Runtime, StartupWalk } from "../walk.ts";

/** What the kernel application loads while it starts, beyond its boot script (kernel.erl, logger, code server; OTP 24 to 27). */
const kernelModules =
  "application application_controller application_master code code_server erl_distribution erl_signal_handler erpc error_handler error_logger file file_io_server file_server global global_group heart inet inet_config inet_db inet_gethost_native inet_parse inet_udp kernel kernel_config kernel_refc logger logger_backend logger_config logger_filters logger_formatter logger_h_common logger_handler_watcher logger_olp logger_proxy logger_server logger_simple_h logger_std_h logger_sup net_kernel os raw_file_io rpc standard_error user user_sup".split(
    " ",
  );
const stdlibModules =
  "erl_anno erl_eval erl_features erl_lint erl_parse erl_scan ets filename gb_sets gb_trees gen gen_event gen_server io_lib lists maps orddict ordsets peer proc_lib proplists queue rand supervisor supervisor_bridge timer unicode binary beam_lib c string io_lib_format".split(
    " ",
  );

/** The Erlang machine: its emulator, boot script and the modules that both name. Applications in releases load all their modules. */
export const erlangRuntime: Runtime = {
  name: "erlang",
  matches: (programName) => /^(?:erlexec|beam\.smp|beam)$/.test(programName),
  start(command, executable, _invokedPath, walk) {
    const { catalog } = walk;
    const bin = folderOf(executable);
    const root = command.env.get("ROOTDIR") ?? folderOf(folderOf(bin));
    const chance = command.probability;
    const every = `every start of ${executable}`;
    if (nameOf(executable) === "erlexec")
      walk.run({ ...command, argv: [`${bin}/beam.smp`, ...command.argv.slice(1)], startedBy: executable });
    else {
      for (const name of ["erl_child_setup", "inet_gethost"])
        if (catalog.file(`${bin}/${name}`)) walk.run({ ...command, argv: [`${bin}/${name}`], probability: chance * (name === "inet_gethost" ? 0.6 : 0.97), startedBy: executable }); // prettier-ignore
      startMachine(root, every, command, walk);
    }
  },
};

function startMachine(root: string, every: string, command: Command, walk: StartupWalk): void {
  const { catalog } = walk;
  const chance = command.probability;
  const written = optionValue(command.argv, "-boot");
  const boots = [...(written === undefined ? [] : [joinPath(command.cwd, `${written}.boot`), `${root}/bin/${written}.boot`]), `${root}/bin/start.boot`, ...globPaths(catalog, `${root}/releases/*/start.boot`)]; // prettier-ignore
  const boot = boots.find((path) => catalog.file(path));
  const folders: string[] = [];
  const modules = new Set<string>();
  if (boot !== undefined) {
    walk.open(boot, "erlang", chance * 0.98, every);
    for (const line of (textOf(catalog, boot) ?? "").split("\n")) {
      const [word, ...rest] = line.split(" ");
      if (word === "path")
        folders.push(rest.join(" ").replace("$ROOT", () => root).replace(/\$[A-Z_]+/, () => `${root}/lib`)); // prettier-ignore
      else if (word === "load" && (modules.size === 0 || isEmbedded(command))) for (const one of rest) modules.add(one);
    }
  }
  const all = [...new Set([...folders, ...globPaths(catalog, `${root}/lib/{kernel,stdlib}-*/ebin`), ...globPaths(catalog, `${root}/lib/*/ebin`)])]; // prettier-ignore
  const placeOf = (module: string): string | undefined =>
    all.map((folder) => `${folder}/${module}.beam`).find((path) => catalog.file(path));
  for (const [names, likelihood] of [
    [modules, 0.97],
    [kernelModules, 0.9],
    [stdlibModules, 0.8],
  ] as const)
    // prettier-ignore
    for (const module of names) {
      const path = placeOf(module);
      if (path !== undefined) walk.open(path, "erlang", chance * likelihood, every);
    }
  for (const option of ["-pa", "-pz"])
    for (const [index, word] of command.argv.entries())
      if (word === option) all.unshift(joinPath(command.cwd, command.argv[index + 1] ?? ""));
  for (const folder of (command.env.get("ERL_LIBS") ?? "").split(":").filter(Boolean))
    all.unshift(...globPaths(catalog, `${folder}/*/ebin`));
  startApplications(all, command, walk);
  for (const option of ["-s", "-run", "-eval"]) {
    const value = optionValue(command.argv, option);
    for (const [, module = ""] of (value ?? "").matchAll(option === "-eval" ? /\b([a-z]\w*):\w+\(/g : /^([a-z]\w*)/g)) {
      const path = placeOf(module);
      if (path !== undefined) walk.open(path, "erlang", chance * 0.95, `${option} ${module}`);
    }
  }
  for (const option of ["-config", "-args_file"]) {
    const value = optionValue(command.argv, option);
    for (const suffix of ["", ".config"])
      if (value !== undefined) walk.open(joinPath(command.cwd, value + suffix), "config", chance * 0.95, option);
  }
  for (const path of ["/etc/host.conf", "/etc/nsswitch.conf", "/etc/protocols"]) walk.open(path, "name", chance * 0.6, every);
  openArguments(command, walk);
  walk.flag({
    code: "unsupported-runtime",
    message: "Erlang loads modules when they are first called; beyond those that every start loads they are not followed.",
  });
}

/** Applications that are named or belong to the program's own folders, with those that they need; a started one loads most of its modules. */
function startApplications(folders: readonly string[], command: Command, walk: StartupWalk): void {
  const { catalog } = walk;
  const placeOf = (name: string): string | undefined => folders.find((folder) => catalog.file(`${folder}/${name}.app`));
  const words = command.argv.join(" ");
  const own = folders
    .filter((folder) => !/\/erlang\/lib\//.test(folder))
    .flatMap((folder) =>
      catalog
        .list(folder)
        .filter((name) => name.endsWith(".app"))
        .map((name) => name.slice(0, -4)),
    );
  const named = [...words.matchAll(/(?:ensure_all_started|start)\(\[?([a-z]\w*)/g)].map(([, name = ""]) => name);
  const started = [...words.matchAll(/-(?:s|run) ([a-z]\w*)/g)].map(([, name = ""]) => name);
  const queue = [...named, ...own, ...started];
  const seen = new Set(["kernel", "stdlib"]);
  for (let name = queue.shift(); name !== undefined && seen.size < 200; name = queue.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const folder = placeOf(name);
    if (folder === undefined) continue;
    const text = textOf(catalog, `${folder}/${name}.app`) ?? "";
    walk.open(`${folder}/${name}.app`, "erlang", command.probability * 0.9, `application ${name}`);
    const listOf = (key: string): string[] =>
      [...(new RegExp(`\\{\\s*${key}\\s*,\\s*\\[([^\\]]*)\\]`).exec(text)?.[1] ?? "").matchAll(/'?([\w.@-]+)'?/g)].map(
        ([, one = ""]) => one,
      );
    // Without a module that starts it an application is a library, loaded when it is called.
    const isLibrary = !isEmbedded(command) && !/\{\s*mod\s*,/.test(text);
    const moment = isLibrary ? "firstRequest" : "ready";
    for (const module of listOf("modules")) {
      const path = `${folder}/${module}.beam`;
      if (catalog.file(path)) walk.open(path, "erlang", command.probability * 0.55, `application ${name}`, { moment });
    }
    // Natively implemented functions are loaded by the module of the same name.
    for (const library of globPaths(catalog, `${folder}/../priv/lib/${name}*.so`).filter(
      (path) => !/_(?:callback|test\w*)\.so$/.test(path),
    ))
      walk.elf.load(command, library, "erlang", command.probability * (isLibrary ? 0.4 : 0.6), `application ${name}`);
    queue.push(...listOf("applications"));
  }
}

/** Releases load every module that their boot script names; otherwise those that come first. */
function isEmbedded(command: Command): boolean {
  return optionValue(command.argv, "-mode") === "embedded";
}
