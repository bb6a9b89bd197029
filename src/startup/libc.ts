import type { ElfFact } from "../facts/fileFact.ts";
import { isMusl } from "./elf.ts";
import { folderOf, nameOf, textOf } from "./paths.ts";
import type { Command, StartupWalk } from "./walk.ts";

/**
 * Files that programs open through the C library and OpenSSL without naming them: locale, time zone, accounts, the
 * resolver's and OpenSSL's configuration. Which program asks for what is a table of observations.
 */
interface LibcUse {
  /** `setlocale(LC_ALL, "")`. */
  readonly locale?: "all" | "ctype";
  /** `getpwuid` and the like. */
  readonly accounts?: number;
  readonly timezone?: number;
}

const everyday: LibcUse = { locale: "all" };
const nothing: LibcUse = {};

/** Tools that set the locale and read nothing else. */
const everydayTools =
  "mkdir chmod mv cp rm ln sed grep egrep find envsubst dirname basename cat env nproc sort tr cut head tail touch readlink realpath mktemp wc awk gawk mawk tee uname xargs sleep seq test printf echo printenv";

const programs: Readonly<Record<string, LibcUse>> = {
  ...Object.fromEntries(everydayTools.split(" ").map((name) => [name, everyday])),
  bash: { locale: "all" },
  dash: nothing,
  busybox: nothing,
  ls: { locale: "all", accounts: 0.4 },
  date: { locale: "all", timezone: 1 },
  id: { locale: "all", accounts: 0.9 },
  whoami: { locale: "all", accounts: 1 },
  chown: { locale: "all", accounts: 0.9 },
  chgrp: { locale: "all", accounts: 0.9 },
  install: { locale: "all", accounts: 0.5 },
  useradd: { locale: "all", accounts: 1 },
  usermod: { locale: "all", accounts: 1 },
  groupmod: { locale: "all", accounts: 1 },
  getent: { locale: "all", accounts: 1 },
  stat: { locale: "all", accounts: 0.5, timezone: 0.5 },
  postgres: { locale: "all", accounts: 1, timezone: 1 },
  initdb: { locale: "all", accounts: 1, timezone: 1 },
  locale: { locale: "all" },
  nginx: { accounts: 1, timezone: 1 },
  "redis-server": { locale: "ctype", timezone: 1 },
  "valkey-server": { locale: "ctype", timezone: 1 },
  apache2: { accounts: 1, timezone: 1 },
  httpd: { accounts: 1, timezone: 1 },
  mysqld: { accounts: 1, timezone: 1, locale: "all" },
  mariadbd: { accounts: 1, timezone: 1, locale: "all" },
  haproxy: { accounts: 0.9, timezone: 1 },
  java: { accounts: 0.8, timezone: 0.9 },
  node: { timezone: 0.9 },
  ruby: { locale: "ctype", timezone: 0.8 },
  perl: { timezone: 0.7 },
  R: { locale: "all", timezone: 0.9, accounts: 0.8 },
  gosu: nothing,
  tini: nothing,
  "dumb-init": nothing,
};

export const localeCategories = ["LC_ADDRESS", "LC_COLLATE", "LC_CTYPE", "LC_IDENTIFICATION", "LC_MEASUREMENT", "LC_MESSAGES/SYS_LC_MESSAGES", "LC_MONETARY", "LC_NAME", "LC_NUMERIC", "LC_PAPER", "LC_TELEPHONE", "LC_TIME"] as const; // prettier-ignore

export function isEverydayTool(name: string): boolean {
  return programs[name] === everyday;
}

/** Called for every program; language runtimes add their own. */
export function openLibcFiles(command: Command, executable: string, elf: ElfFact | undefined, walk: StartupWalk): void {
  if (!elf || isMusl(elf.interpreter) || (elf.interpreter === undefined && elf.needed.length === 0)) return;
  const name = nameOf(command.argv[0] as string);
  const use = programs[name] ?? programs[nameOf(executable)] ?? (isInterpreter(name) ? nothing : useByCalls(elf, command.uid));
  if (use.locale) openLocale(command, walk, use.locale, command.probability);
  const drops = elf.libraryCalls?.includes("initgroups") === true || elf.libraryCalls?.includes("getgrnam") === true;
  if (use.accounts) openAccounts(command, walk, use.accounts * command.probability, drops && command.uid === 0);
  if (use.timezone) openTimezone(command, walk, use.timezone * command.probability);
  if (elf.libraryCalls?.includes("getaddrinfo"))
    walk.open("/etc/gai.conf", "name", 0.4 * command.probability, `${nameOf(command.argv[0] as string)} asks for addresses`);
  if (!isInterpreter(name)) openOpenssl(command, executable, walk);
}

/** What a program that no row knows asks of the C library, by the functions that it imports. */
function useByCalls(elf: ElfFact, uid: number): LibcUse {
  const calls = new Set(elf.libraryCalls);
  const drops = calls.has("initgroups") || calls.has("getpwnam") || calls.has("getpwnam_r");
  const asks = calls.has("getpwuid") || calls.has("getpwuid_r");
  const time = ["localtime", "localtime_r", "tzset", "mktime", "strftime"].some((name) => calls.has(name));
  return {
    ...(calls.has("setlocale") && { locale: "all" as const }),
    // Servers that look a name up do so to give root's rights away.
    accounts: drops && uid === 0 ? 0.8 : asks ? 0.5 : 0,
    timezone: time ? 0.7 : 0.2,
  };
}

/** Runtimes whose own rules say when they read the time zone or OpenSSL's configuration. */
function isInterpreter(name: string): boolean {
  return /^(python[\d.]*|pypy\d*|perl)$/.test(name);
}

/** glibc's setlocale: the compiled folders of the locale, or the archive; nothing at all for the C locale. */
export function openLocale(command: Command, walk: StartupWalk, extent: "all" | "ctype", probability: number): void {
  const locale = command.env.get("LC_ALL") || (extent === "ctype" && command.env.get("LC_CTYPE")) || command.env.get("LANG") || "";
  if (locale === "" || locale === "C" || locale === "POSIX") return;
  const evidence = `${nameOf(command.argv[0] as string)} with ${locale}`;
  walk.open("/usr/lib/locale/locale-archive", "locale", probability * 0.9, evidence);
  const folder = localeFolder(walk, locale);
  if (!folder) return;
  const categories = extent === "all" ? localeCategories : ["LC_CTYPE"];
  for (const category of categories) walk.open(`${folder}/${category}`, "locale", probability * 0.95, evidence);
  openGconv(walk, probability * 0.95, evidence);
}

/** The charset modules' cache, read when a locale's charset is not ASCII. */
export function openGconv(walk: StartupWalk, probability: number, evidence: string): void {
  for (const folder of ["/usr/lib/x86_64-linux-gnu/gconv", "/usr/lib/aarch64-linux-gnu/gconv", "/usr/lib64/gconv", "/usr/lib/gconv"]) {
    if (walk.open(`${folder}/gconv-modules.cache`, "locale", probability, evidence)) return;
  }
}

/** `en_US.UTF-8` lies in `en_US.utf8` (normalised codeset), `C.UTF-8` in `C.utf8` or `C.UTF-8`. */
function localeFolder(walk: StartupWalk, locale: string): string | undefined {
  const [language = "", codeset = ""] = locale.split("@")[0]?.split(".") ?? [];
  const normalised = codeset.toLowerCase().replace(/[^a-z0-9]/g, "");
  return [`${language}.${normalised}`, `${language}.${codeset}`, locale, language]
    .map((name) => `/usr/lib/locale/${name}`)
    .find((path) => walk.catalog.resolve(path)?.type === "directory");
}

/**
 * getpwnam and getgrnam (nsswitch.conf(5)): `files` reads passwd and group; services that stand before it are loaded as
 * libraries. Before glibc 2.34 `files` was a library too.
 */
export function openAccounts(command: Command, walk: StartupWalk, probability: number, group = false): void {
  const evidence = `${nameOf(command.argv[0] as string)} looks up a user`;
  walk.open("/etc/nsswitch.conf", "account", probability, evidence);
  walk.open("/etc/passwd", "account", probability, evidence);
  if (group) walk.open("/etc/group", "account", probability, evidence);
  const libc = libcFolders.map((folder) => walk.catalog.file(`${folder}/libc.so.6`)).find((entry) => entry !== undefined);
  if (!libc) return;
  const isOld = Number(/\/libc-2\.(\d+)\.so$/.exec(libc.path)?.[1] ?? 99) < 34;
  for (const service of nameServices(walk)) {
    if (service !== "files" || isOld)
      loadNameService(service, folderOf(libc.path), command, walk, probability * (service === "files" ? 0.95 : 0.7));
    if (service === "files") break;
  }
}

const libcFolders = ["/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/lib64", "/lib"];

function nameServices(walk: StartupWalk): string[] {
  const line = /^[ \t]*passwd:([^\n#]*)/m.exec(textOf(walk.catalog, "/etc/nsswitch.conf") ?? "")?.[1] ?? "files";
  return line
    .replace(/\[[^\]]*\]/g, "")
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 10);
}

function loadNameService(service: string, folder: string, command: Command, walk: StartupWalk, probability: number): void {
  const library = `${folder}/libnss_${service}.so.2`;
  if (walk.catalog.file(library)) walk.elf.load(command, library, "account", probability, `passwd: ${service} in /etc/nsswitch.conf`);
}

export function openTimezone(command: Command, walk: StartupWalk, probability: number): void {
  const zone = command.env.get("TZ")?.replace(/^:/, "");
  const evidence = `${nameOf(command.argv[0] as string)} reads the time zone`;
  if (zone === undefined) walk.open("/etc/localtime", "timezone", probability, evidence);
  else if (/^[\w+/-]+$/.test(zone))
    walk.open(zone.startsWith("/") ? zone : `/usr/share/zoneinfo/${zone}`, "timezone", probability, evidence);
}

/** OpenSSL 1.1 and 3 load their configuration when the library is initialised. */
function openOpenssl(command: Command, executable: string, walk: StartupWalk): void {
  const library = walk.elf.closure(executable, command.env).find((path) => /\/libcrypto\.so[^/]*$/.test(path));
  if (library) openOpensslConfig(command, walk, library, command.probability * 0.85);
}

/** The compiled-in folder is the distribution's, or lies beside the library (conda, a private build). */
export function openOpensslConfig(command: Command, walk: StartupWalk, libcrypto: string, probability: number): void {
  const evidence = `${nameOf(command.argv[0] as string)} starts OpenSSL`;
  const written = command.env.get("OPENSSL_CONF");
  const own = `${folderOf(folderOf(libcrypto))}/ssl/openssl.cnf`;
  const places = written
    ? [written]
    : ["/usr/lib/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf", "/etc/ssl/openssl.cnf", "/etc/ssl1.1/openssl.cnf"];
  for (const path of libcrypto.startsWith("/usr/lib") || libcrypto.startsWith("/lib") ? places : [own, ...places]) {
    if (walk.open(path, "openssl", probability, evidence)) return;
  }
}
