import { accountOf } from "../entrypoint.ts";
import { globPaths } from "../glob.ts";
import { folderOf, joinPath, nameOf, textOf } from "../paths.ts";
import { splitWords } from "../wrappers.ts";
import type { Command, StartupWalk } from "../walk.ts";
import { optionValue } from "./arguments.ts";

/** How sure it is that a supervisor starts a service before the container counts as ready. */
const startedProbability = 0.95;

/** What supervisors, releases and installers start and read beside being programs themselves. In any language, hence apart from the runtimes. */
export function runSupervised(command: Command, path: string, walk: StartupWalk): void {
  const name = nameOf(path);
  if (name === "supervisord") for (const service of supervisorPrograms(command, walk)) walk.run(service);
  else if (path === "/init" || name === "s6-svscan") runServices(s6Services, command, path, walk);
  else if (name === "runsvdir")
    runServices([`${command.argv.find((word) => word.startsWith("/")) ?? "/etc/service"}/*/run`], command, path, walk);
  else if (/^(?:mariadb-install-db|mysql_install_db)$/.test(name)) readSystemTables(command, path, walk);
  else if (folderOf(path).endsWith("/bin")) runRelease(command, path, walk);
}

/** The installer of MariaDB pipes the tables' definitions, which lie in a folder that it finds by searching, into the server. */
function readSystemTables(command: Command, path: string, walk: StartupWalk): void {
  for (const file of [
    "mysql_system_tables.sql",
    "mysql_system_tables_data.sql",
    "mysql_performance_tables.sql",
    "mysql_sys_schema.sql",
    "maria_add_gis_sp_bootstrap.sql",
    "fill_help_tables.sql",
  ])
    // prettier-ignore
    for (const folder of ["/usr/share/mysql", "/usr/share/mariadb", "/usr/local/mysql/share"])
      walk.open(`${folder}/${file}`, "server", command.probability * 0.95, `${path} defines the system's tables`);
  walk.run({ ...command, argv: ["cat"], startedBy: path });
}

/**
 * The start script of a release in Erlang or Elixir (`bin/name start`, of `mix release`, rebar3 and relx). The scripts put the
 * command together from what they read; what they end in is known: the release's own Erlang with its boot script.
 */
function runRelease(command: Command, path: string, walk: StartupWalk): void {
  const { catalog } = walk;
  const root = folderOf(folderOf(catalog.file(path)?.path ?? path));
  const data = textOf(catalog, `${root}/releases/start_erl.data`);
  const [, erts, version] = /^(\S+)\s+(\S+)/.exec(data ?? "") ?? [];
  if (erts === undefined || version === undefined || !/^(?:start|foreground|console|daemon)/.test(command.argv[1] ?? "")) return;
  const release = `${root}/releases/${version}`;
  for (const name of ["start_erl.data", "COOKIE"]) walk.open(`${root}/releases/${name}`, "config", command.probability * 0.95, path);
  for (const name of ["env.sh", "elixir", "vm.args", "sys.config", "runtime.exs"])
    walk.open(`${release}/${name}`, "config", command.probability * 0.93, `${path} starts the release`);
  const emulator = [`${root}/erts-${erts}/bin/erlexec`, `/usr/lib/erlang/erts-${erts}/bin/erlexec`].find((one) => catalog.file(one));
  const boot = [`${release}/start`, `${release}/${nameOf(path)}`].find((one) => catalog.file(`${one}.boot`));
  if (emulator !== undefined && boot !== undefined)
    walk.run({
      ...command,
      argv: [emulator, "-mode", command.env.get("RELEASE_MODE") ?? "embedded", "-boot", boot, "-config", `${release}/sys`],
      probability: command.probability * 0.97,
      startedBy: path,
    });
}

const s6Services = ["/etc/cont-init.d/*", "/etc/services.d/*/run", "/etc/s6-overlay/s6-rc.d/*/run", "/etc/s6-overlay/s6-rc.d/*/up"];

/** s6-overlay and runit: folders with one script per service; what `/init` is given runs after them. */
function runServices(patterns: readonly string[], command: Command, path: string, walk: StartupWalk): void {
  for (const pattern of patterns)
    for (const script of globPaths(walk.catalog, pattern))
      walk.run({
        ...command,
        argv: [script],
        cwd: folderOf(script),
        probability: command.probability * startedProbability,
        startedBy: path,
      });
  if (path === "/init" && command.argv.length > 1) walk.run({ ...command, argv: command.argv.slice(1), startedBy: path });
}

const supervisorConfigs = ["supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf", "/etc/supervisor/supervisord.conf"];

/** The programs of supervisord's configuration (supervisord.org/configuration) that start by themselves. */
function supervisorPrograms(command: Command, walk: StartupWalk): Command[] {
  const { catalog } = walk;
  const written = optionValue(command.argv, "-c", "--configuration");
  const first = (written === undefined ? supervisorConfigs : [written])
    .map((path) => joinPath(command.cwd, path))
    .find((path) => catalog.file(path));
  const queue = first === undefined ? [] : [first];
  const seen = new Set<string>();
  const programs: Command[] = [];
  for (let path = queue.shift(); path !== undefined && seen.size < 200; path = queue.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    walk.open(path, "config", command.probability, "supervisord reads its configuration");
    for (const [section, settings] of sections(textOf(catalog, path) ?? "")) {
      if (section === "include") {
        for (const pattern of (settings.get("files") ?? "").split(/\s+/))
          queue.push(...globPaths(catalog, joinPath(folderOf(path), pattern)));
      } else if (section.startsWith("program:") && settings.get("autostart") !== "false") {
        const argv = splitWords(
          (settings.get("command") ?? "").replace(/%\(ENV_(\w+)\)s/g, (_, name: string) => command.env.get(name) ?? ""),
        );
        const user = settings.get("user");
        if (argv.length > 0)
          programs.push({
            ...command,
            argv,
            env: new Map([...command.env, ...environment(settings.get("environment") ?? "")]),
            cwd: joinPath(command.cwd, settings.get("directory") ?? "."),
            uid: user === undefined ? command.uid : accountOf(catalog, user).uid,
            probability: command.probability * startedProbability,
            startedBy: `${path} [${section}]`,
          });
      }
    }
  }
  return programs;
}

/** An INI file as Python's configparser reads it: `;` and `#` start comments, indented lines continue. */
function sections(text: string): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  let settings = new Map<string, string>();
  let last = "";
  for (const line of text.split("\n")) {
    const section = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (section !== undefined) {
      settings = new Map();
      found.set(section, settings);
    } else if (/^\s+\S/.test(line) && last !== "") settings.set(last, `${settings.get(last) ?? ""} ${withoutComment(line)}`);
    else if (!/^\s*([;#]|$)/.test(line)) {
      const at = line.search(/[=:]/);
      last = at > 0 ? line.slice(0, at).trim() : "";
      if (last !== "") settings.set(last, withoutComment(line.slice(at + 1)));
    }
  }
  return found;
}

function withoutComment(text: string): string {
  const at = text.search(/\s;/);
  return (at < 0 ? text : text.slice(0, at)).trim();
}

function environment(text: string): [string, string][] {
  return [...text.matchAll(/(\w+)=("[^"]*"|'[^']*'|[^,]*)/g)].map(([, name = "", value = ""]) => [
    name,
    value.replace(/^(["'])(.*)\1$/, "$2"),
  ]);
}
