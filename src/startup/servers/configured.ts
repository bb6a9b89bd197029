import { globPaths, hasGlob } from "../glob.ts";
import { joinPath } from "../paths.ts";
import type { Runtime } from "../walk.ts";
import { openArguments, optionValue } from "./arguments.ts";
import { openNamedFiles } from "./compiled.ts";
import { followConfig } from "./configFiles.ts";

/** A server that reads one configuration file: which option names it, and where it is when none does. */
interface Configured {
  readonly options: readonly string[];
  readonly defaults: readonly string[];
  /** Lines that name further files: one capture group is the path, globs allowed. */
  readonly includes?: RegExp;
  /** What it reads whatever its configuration says; globs allowed. */
  readonly reads?: readonly string[];
}

const apacheIncludes =
  /^[ \t]*(?:Include|IncludeOptional|LoadModule\s+\S+|SSLCertificateFile|SSLCertificateKeyFile|TypesConfig|MIMEMagicFile)\s+"?([^"\s]+)/gim;

const servers: Readonly<Record<string, Configured>> = {
  envoy: { options: ["-c", "--config-path"], defaults: ["/etc/envoy/envoy.yaml"] },
  haproxy: {
    options: ["-f"],
    defaults: ["/usr/local/etc/haproxy/haproxy.cfg", "/etc/haproxy/haproxy.cfg"],
    // Since 2.6 its own HTTP client loads OpenSSL's default folder of authorities (httpclient.ssl.ca-file).
    reads: ["/etc/ssl/certs/*"],
  },
  httpd: { options: ["-f"], defaults: ["/usr/local/apache2/conf/httpd.conf", "/etc/httpd/conf/httpd.conf"], includes: apacheIncludes },
  apache2: { options: ["-f"], defaults: ["/etc/apache2/apache2.conf"], includes: apacheIncludes },
  caddy: { options: ["--config", "-conf"], defaults: ["/etc/caddy/Caddyfile"] },
  traefik: {
    options: ["--configFile", "--configfile"],
    defaults: ["/etc/traefik/traefik.yml", "/etc/traefik/traefik.yaml", "/etc/traefik/traefik.toml"],
  },
  prometheus: { options: ["--config.file"], defaults: ["prometheus.yml"] },
  grafana: { options: ["--config"], defaults: ["/etc/grafana/grafana.ini", "/usr/share/grafana/conf/defaults.ini"] },
  "grafana-server": { options: ["--config"], defaults: ["/etc/grafana/grafana.ini", "/usr/share/grafana/conf/defaults.ini"] },
  mongod: { options: ["-f", "--config"], defaults: [] },
  mysqld: { options: ["--defaults-file"], defaults: ["/etc/my.cnf", "/etc/mysql/my.cnf"], includes: /^!include(?:dir)?\s+(\S+)/gm },
  mariadbd: { options: ["--defaults-file"], defaults: ["/etc/my.cnf", "/etc/mysql/my.cnf"], includes: /^!include(?:dir)?\s+(\S+)/gm },
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
    openArguments(command, walk);
  },
};
