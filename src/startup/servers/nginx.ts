import { globPaths, hasGlob } from "../glob.ts";
import { openAccounts } from "../libc.ts";
import { folderOf, joinPath, nameOf, textOf } from "../paths.ts";
import type { Command, Runtime, StartupWalk } from "../walk.ts";
import { optionValue } from "./arguments.ts";

/** Directives whose first argument is a file that nginx opens while it reads its configuration. */
const fileDirectives = new Set([
  "ssl_certificate",
  "ssl_certificate_key",
  "ssl_trusted_certificate",
  "ssl_client_certificate",
  "ssl_dhparam",
  "ssl_password_file",
  "ssl_session_ticket_key",
  "proxy_ssl_certificate",
  "proxy_ssl_certificate_key",
  "proxy_ssl_trusted_certificate",
  "geoip_country",
  "geoip_city",
  "geoip2",
  "init_by_lua_file",
  "init_worker_by_lua_file",
  "js_import",
  "js_include",
  "perl_require",
  "modsecurity_rules_file",
  "access_log",
  "error_log",
]);

const maxIncludes = 500;

/** nginx, OpenResty and Angie: the configuration with all it includes, modules, certificates, and the page a probe asks for. */
export const nginxRuntime: Runtime = {
  name: "nginx",
  matches: (programName) =>
    programName === "nginx" || programName === "nginx-debug" || programName === "openresty" || programName === "angie",
  start(command, executable, _invokedPath, walk) {
    const configuration = mainConfiguration(command, walk);
    openAccounts(command, walk, command.probability, true);
    if (configuration === undefined) return;
    const folder = folderOf(configuration);
    const prefixes = [optionValue(command.argv, "-p"), "/usr/share/nginx", folder, folderOf(folder), folderOf(folderOf(executable))].filter(
      (prefix) => prefix !== undefined,
    );
    const queue: { path: string; by: string }[] = [{ path: configuration, by: nameOf(executable) }];
    const seen = new Set<string>();
    while (queue.length > 0 && seen.size < maxIncludes) {
      const { path, by } = queue.shift() as { path: string; by: string };
      if (seen.has(path)) continue;
      seen.add(path);
      walk.open(path, "config", command.probability, by);
      for (const { name, values, line } of directives(textOf(walk.catalog, path) ?? "")) {
        const value = values[0];
        if (value === undefined || value.includes("$")) continue;
        const evidence = `${path}:${line} → ${name} ${value}`;
        if (name === "include") {
          for (const found of placed(walk, folder, value)) queue.push({ path: found, by: evidence });
        } else if (name === "load_module") {
          const found = prefixes.map((prefix) => joinPath(prefix, value)).find((candidate) => walk.catalog.file(candidate));
          if (found !== undefined) walk.elf.load(command, found, "server", command.probability, evidence);
        } else if (fileDirectives.has(name)) {
          for (const found of placed(walk, folder, value)) walk.open(found, "server", command.probability, evidence);
        } else if (name === "root") {
          for (const index of ["index.html", "index.htm"])
            if (
              walk.open(
                joinPath(joinPath(folder, value), index),
                "server",
                command.probability * 0.5,
                `${evidence}, the page that a readiness probe asks for`,
              )
            )
              break;
        }
      }
    }
  },
};

function mainConfiguration(command: Command, walk: StartupWalk): string | undefined {
  const written = optionValue(command.argv, "-c");
  const prefix = optionValue(command.argv, "-p");
  if (written !== undefined) return joinPath(prefix ?? "/etc/nginx", written);
  const places = [
    "/etc/nginx/nginx.conf",
    "/usr/local/openresty/nginx/conf/nginx.conf",
    "/usr/local/nginx/conf/nginx.conf",
    "/etc/angie/angie.conf",
  ];
  return [...(prefix === undefined ? [] : [joinPath(prefix, "conf/nginx.conf")]), ...places].find((path) => walk.catalog.file(path));
}

function placed(walk: StartupWalk, folder: string, path: string): readonly string[] {
  const absolute = joinPath(folder, path);
  return hasGlob(absolute) ? globPaths(walk.catalog, absolute) : [absolute];
}

interface Directive {
  readonly name: string;
  readonly values: readonly string[];
  /** From 1. */
  readonly line: number;
}

/** The directives of a configuration, blocks flattened: nginx's own quoting, `#` starts a comment only between words. */
export function directives(text: string): readonly Directive[] {
  const found: Directive[] = [];
  let words: string[] = [];
  let line = 1;
  for (const [token] of text.matchAll(
    /\n|#[^\n]*|"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|[;{}]|(?:[^\s;{}"'#\\]|\\[^])(?:[^\s;{}\\]|\\[^])*/g,
  )) {
    if (token === ";" || token === "{" || token === "}") {
      const [name, ...values] = words;
      if (name !== undefined) found.push({ name, values, line });
      words = [];
    } else if (token !== "\n" && !token.startsWith("#")) words.push(/^["']/.test(token) ? token.slice(1, -1) : token);
    for (const char of token) if (char === "\n") line++;
  }
  return found;
}
