import { globPaths, hasGlob } from "../glob.ts";
import { joinPath, textOf } from "../paths.ts";
import { startApachePhp } from "../sources/php.ts";
import type { Command, Runtime, StartupWalk } from "../walk.ts";
import { openArguments, optionValue } from "./arguments.ts";
import { flagOpaque, openNamedFiles } from "./compiled.ts";
import { followConfig } from "./configFiles.ts";

/** A server that reads one configuration file: which option names it, and where it is when none does. */
interface Configured {
  readonly options: readonly string[];
  readonly defaults: readonly string[];
  /** Lines that name further files: one capture group is the path, globs allowed. */
  readonly includes?: RegExp;
  /** Whether starts of it were recorded: what is known of it is all that it opens. */
  readonly isRecorded?: true;
  /** What it reads whatever its configuration says; globs allowed. */
  readonly reads?: readonly string[];
  /** A database's files, where the image has some already. */
  readonly dataFolder?: {
    readonly option: string;
    /** In the first configuration that sets it: one capture group. */
    readonly setting: RegExp;
    readonly defaults: readonly string[];
    /** Of paths below it: what every start opens. */
    readonly files: RegExp;
  };
}

const apacheIncludes =
  /^[ \t]*(?:Include|IncludeOptional|LoadModule\s+\S+|SSLCertificateFile|SSLCertificateKeyFile|TypesConfig|MIMEMagicFile)\s+"?([^"\s]+)/gim;

/** MySQL and MariaDB: settings, character sets, and the tables that a data folder of the image has (of the server, not of users). */
const mysql: Configured = {
  isRecorded: true,
  options: ["--defaults-file"],
  defaults: ["/etc/my.cnf", "/etc/mysql/my.cnf"],
  includes: /^!include(?:dir)?\s+(\S+)/gm,
  reads: ["/usr/share/mysql/charsets/Index.xml"],
  dataFolder: {
    option: "--datadir",
    setting: /^\s*datadir\s*=\s*(\S+)/m,
    defaults: ["/var/lib/mysql"],
    files:
      /^(?:aria_log(?:_control|\.\d+)|ib_buffer_pool|ib_logfile\d+|ibdata\d+|undo\d+|mysql\/(?:columns_priv|db|event|func|global_priv|plugin|procs_priv|proxies_priv|roles_mapping|servers|tables_priv|time_zone\w*)\.(?:MA[DI]|frm|MY[DI])|mysql\/(?:gtid_slave_pos|innodb_(?:index|table)_stats|transaction_registry)\.ibd|mysql\.ibd|auto\.cnf|binlog\.index|(?:ca|server-cert|server-key)\.pem)$/,
  },
};

const servers: Readonly<Record<string, Configured>> = {
  mysqld: mysql,
  mariadbd: mysql,
  envoy: { options: ["-c", "--config-path"], defaults: ["/etc/envoy/envoy.yaml"] },
  haproxy: {
    isRecorded: true,
    options: ["-f"],
    defaults: ["/usr/local/etc/haproxy/haproxy.cfg", "/etc/haproxy/haproxy.cfg"],
    // Since 2.6 its own HTTP client loads OpenSSL's default folder of authorities (httpclient.ssl.ca-file).
    reads: ["/etc/ssl/certs/*"],
  },
  httpd: {
    options: ["-f"],
    defaults: ["/usr/local/apache2/conf/httpd.conf", "/etc/httpd/conf/httpd.conf"],
    includes: apacheIncludes,
    isRecorded: true,
  },
  apache2: { options: ["-f"], defaults: ["/etc/apache2/apache2.conf"], includes: apacheIncludes, isRecorded: true },
  caddy: { options: ["--config", "-conf"], defaults: ["/etc/caddy/Caddyfile"] },
  traefik: {
    options: ["--configFile", "--configfile"],
    defaults: ["/etc/traefik/traefik.yml", "/etc/traefik/traefik.yaml", "/etc/traefik/traefik.toml"],
  },
  prometheus: { options: ["--config.file"], defaults: ["prometheus.yml"] },
  grafana: { options: ["--config"], defaults: ["/etc/grafana/grafana.ini", "/usr/share/grafana/conf/defaults.ini"] },
  "grafana-server": { options: ["--config"], defaults: ["/etc/grafana/grafana.ini", "/usr/share/grafana/conf/defaults.ini"] },
  mongod: { options: ["-f", "--config"], defaults: [] },
  memcached: { options: [], defaults: [] },
  squid: { options: ["-f"], defaults: ["/etc/squid/squid.conf"] },
  varnishd: { options: ["-f"], defaults: ["/etc/varnish/default.vcl"] },
  mosquitto: { options: ["-c"], defaults: [] },
  coredns: { options: ["-conf"], defaults: ["Corefile"] },
  telegraf: { options: ["--config"], defaults: ["/etc/telegraf/telegraf.conf"] },
  vector: { options: ["--config", "-c"], defaults: ["/etc/vector/vector.yaml", "/etc/vector/vector.toml"] },
  supervisord: { options: ["-c", "--configuration"], defaults: ["/etc/supervisord.conf", "/etc/supervisor/supervisord.conf"] },
  rsyslogd: { options: ["-f"], defaults: ["/etc/rsyslog.conf"] },
  sshd: { options: ["-f"], defaults: ["/etc/ssh/sshd_config"] },
};

export const configuredRuntime: Runtime = {
  name: "configured server",
  matches: (programName) => Object.hasOwn(servers, programName),
  start(command, executable, _invokedPath, walk) {
    const server = servers[(command.argv[0] as string).replace(/^.*\//, "")] as Configured;
    const written = optionValue(command.argv, ...server.options);
    const first = written === undefined ? server.defaults.filter((path) => walk.catalog.file(joinPath(command.cwd, path))) : [written];
    const paths = first.map((path) => joinPath(command.cwd, path));
    const root = paths[0]?.replace(/\/(conf|conf\.d)?\/?[^/]*$/, "") ?? "/";
    followConfig(paths, `${executable} reads its configuration`, command.probability * 0.95, command, walk, {
      ...(server.includes && { includes: server.includes, root }),
    });
    openNamedFiles(command, executable, walk);
    for (const path of server.reads ?? [])
      for (const found of hasGlob(path) ? globPaths(walk.catalog, path) : [path])
        walk.open(found, "server", command.probability * 0.9, `every start of ${executable}`);
    if (server.dataFolder) openDataFolder(server.dataFolder, paths, command, walk);
    openArguments(command, walk);
    if (server.includes === apacheIncludes) startApachePhp(command, walk);
    if (!server.isRecorded) flagOpaque(executable, walk);
  },
};

function openDataFolder(
  data: NonNullable<Configured["dataFolder"]>,
  configs: readonly string[],
  command: Command,
  walk: StartupWalk,
): void {
  const { catalog } = walk;
  const set = configs.map((path) => data.setting.exec(textOf(catalog, path) ?? "")?.[1]).find((path) => path !== undefined);
  const folder = [optionValue(command.argv, data.option), set, ...data.defaults].find(
    (path) => path !== undefined && catalog.resolve(path)?.type === "directory",
  );
  if (folder === undefined) return;
  const names = catalog
    .list(folder)
    .flatMap((name) =>
      catalog.file(`${folder}/${name}`)
        ? [name]
        : name === "mysql"
          ? catalog.list(`${folder}/${name}`).map((file) => `${name}/${file}`)
          : [],
    );
  for (const name of names)
    if (data.files.test(name))
      walk.open(`${folder}/${name}`, "server", command.probability * 0.9, `the server opens its data in ${folder}`);
}
