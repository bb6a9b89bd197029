import { openAccounts, openGconv, openTimezone } from "../libc.ts";
import { folderOf, joinPath, nameOf, textOf } from "../paths.ts";
import type { Command, Runtime, StartupWalk } from "../walk.ts";
import { optionValue } from "./arguments.ts";
import { followConfig } from "./configFiles.ts";

/** The PostgreSQL server, and initdb, which an entry script runs on an empty data folder. */
export const postgresRuntime: Runtime = {
  name: "postgres",
  matches: (programName) => programName === "postgres" || programName === "initdb" || programName === "postmaster",
  start(command, executable, _invokedPath, walk) {
    const { share, library } = foldersOf(executable, walk);
    const evidence = `${nameOf(executable)} starts`;
    openAccounts(command, walk, command.probability);
    openTimezone(command, walk, command.probability);
    // listen_addresses is "localhost".
    walk.open("/etc/host.conf", "name", command.probability * 0.8, evidence);
    walk.open("/usr/lib/locale/C.utf8/LC_CTYPE", "locale", command.probability * 0.9, evidence);
    openGconv(walk, command.probability * 0.9, evidence);
    for (const path of ["timezonesets/Default", "postgresql.conf.sample"])
      walk.open(`${share}/${path}`, "server", command.probability * (path.endsWith("Default") ? 0.95 : 0.1), evidence);
    if (nameOf(command.argv[0] as string) !== "initdb") openCluster(command, executable, library, walk);
    if (nameOf(command.argv[0] as string) === "initdb") initialise(command, executable, share, library, walk);
  },
};

/** A data folder that the image has already: its settings, and what recovery and the catalogs read. */
function openCluster(command: Command, executable: string, library: string, walk: StartupWalk): void {
  const { catalog } = walk;
  const chance = command.probability * 0.9;
  const settingOf = (text: string, name: string): string | undefined =>
    new RegExp(`^\\s*${name}\\s*=?\\s*'([^'\\n]*)'`, "m").exec(text)?.[1];
  const written = command.argv.map((word) => /^(?:--)?config_file=(.+)$/.exec(word.replace("-", "_"))?.[1]).find(Boolean);
  const named = optionValue(command.argv, "-D") ?? command.env.get("PGDATA");
  const config = written ?? (named && `${named}/postgresql.conf`);
  const text = (config && textOf(catalog, joinPath("/", config))) ?? "";
  const folder = settingOf(text, "data_directory") ?? named;
  const evidence = `${nameOf(executable)} opens its cluster`;
  if (config !== undefined) followConfig([joinPath("/", config)], evidence, chance, command, walk);
  const configFolder = config === undefined ? "" : folderOf(config);
  for (const [setting, name] of [
    ["hba_file", "pg_hba.conf"],
    ["ident_file", "pg_ident.conf"],
  ] as const)
    // prettier-ignore
    walk.open(settingOf(text, setting) ?? `${configFolder}/${name}`, "config", chance, evidence);
  for (const setting of ["ssl_cert_file", "ssl_key_file", "ssl_ca_file"]) {
    const path = settingOf(text, setting);
    if (path?.startsWith("/") === true) walk.open(path, "server", chance, evidence);
  }
  for (const name of (settingOf(text, "shared_preload_libraries") ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean))
    // prettier-ignore
    if (catalog.file(`${library}/${name}.so`)) walk.elf.load(command, `${library}/${name}.so`, "server", chance, `shared_preload_libraries ${name}`);
  if (folder === undefined) return;
  const always =
    /^(?:PG_VERSION|postgresql\.auto\.conf|global\/(?:pg_control|pg_filenode\.map|1262|6100)|pg_xact\/[0-9A-F]{4}|pg_multixact\/offsets\/[0-9A-F]{4}|pg_logical\/replorigin_checkpoint|pg_stat\/pgstat\.stat|pg_wal\/[0-9A-F]{24})$/;
  for (const part of ["", "global", "pg_xact", "pg_multixact/offsets", "pg_logical", "pg_stat", "pg_wal"])
    for (const name of catalog.list(joinPath(folder, part)).slice(0, 200)) {
      const path = part === "" ? name : `${part}/${name}`;
      if (always.test(path)) walk.open(joinPath(folder, path), "server", chance, evidence);
    }
}

/** What initdb.c names with set_input; the last row only until version 14. */
const templates =
  "postgres.bki pg_hba.conf.sample pg_ident.conf.sample postgresql.conf.sample snowball_create.sql information_schema.sql sql_features.txt system_constraints.sql system_functions.sql system_views.sql postgres.description postgres.shdescription conversion_create.sql".split(
    " ",
  );

/** initdb reads its templates and runs the server over them several times (initdb.c); they land in the new cluster. */
function initialise(command: Command, executable: string, share: string, library: string, walk: StartupWalk): void {
  const { catalog } = walk;
  const evidence = "initdb fills the data folder";
  const probability = command.probability * 0.95;
  for (const name of templates) walk.open(`${share}/${name}`, "server", probability, evidence);
  for (const name of ["plpgsql.control", ...catalog.list(`${share}/extension`).filter((file) => /^plpgsql--\d+\.\d+\.sql$/.test(file))])
    walk.open(`${share}/extension/${name}`, "server", probability, evidence);
  for (const name of ["dict_snowball.so", "plpgsql.so"])
    if (catalog.file(`${library}/${name}`)) walk.elf.load(command, `${library}/${name}`, "server", probability, evidence);
  const server = `${folderOf(executable)}/postgres`;
  walk.run({ ...command, argv: [server, "--boot"], startedBy: executable });
  walk.run({ ...command, argv: ["/bin/sh", "-c", "locale -a"], startedBy: executable });
}

/** Debian keeps versions side by side; a private build has share and lib beside bin. */
function foldersOf(executable: string, walk: StartupWalk): { share: string; library: string } {
  const prefix = folderOf(folderOf(executable));
  const version = /\/postgresql\/(\d[\d.]*)\/bin\//.exec(executable)?.[1];
  const isFolder = (path: string): boolean => walk.catalog.resolve(path)?.type === "directory";
  const shares = [
    `/usr/share/postgresql/${version ?? ""}`,
    `${prefix}/share/postgresql`,
    "/usr/share/postgresql",
    "/usr/share/pgsql",
    `${prefix}/share`,
  ];
  const libraries = [`${prefix}/lib`, `${prefix}/lib/postgresql`, "/usr/lib/postgresql", "/usr/lib64/pgsql"];
  return {
    share: shares.find((path) => isFolder(path) && walk.catalog.list(path).includes("postgres.bki")) ?? shares[0] ?? "",
    library: libraries.find((path) => walk.catalog.list(path).includes("plpgsql.so")) ?? libraries[0] ?? "",
  };
}
