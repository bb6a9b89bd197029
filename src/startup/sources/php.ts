import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { elfFactOf } from "../elf.ts";
import { openLocale } from "../libc.ts";
import { globPaths } from "../glob.ts";
import { folderOf, joinPath, nameOf, textOf } from "../paths.ts";
import { openArguments, optionValue } from "../servers/arguments.ts";
import { followConfig } from "../servers/configFiles.ts";
import { unknownWord, type Command, type Runtime, type StartupWalk } from "../walk.ts";
import { resolvePath, SourceGraph, type SourceResolver } from "./sourceGraph.ts";

/** PHP on the command line and as FastCGI process manager: settings, extensions, and scripts by their includes. */
export const phpRuntime: Runtime = {
  name: "php",
  matches: (programName) => /^(?:php[\d.]*|php-fpm[\d.]*|php-cgi[\d.]*|phpdbg)$/.test(programName),
  start(command, executable, _invokedPath, walk) {
    const isServer = /fpm/.test(nameOf(executable)) || /fpm/.test(command.argv[0] as string);
    const places = phpPlaces(executable, command, walk);
    const settings = openSettings(places, executable, command, walk);
    openExtensions(settings, places, command, walk);
    openCtype(command, walk);
    walk.open("/usr/share/zoneinfo/zone.tab", "timezone", command.probability * 0.7, `${executable} lists time zones`);
    const preload = settings.get("opcache.preload")?.[0];
    if (preload !== undefined) follow([joinPath("/", preload)], "ready", "opcache.preload", command, walk);
    if (isServer) {
      const configs = fpmConfigs(places, command, walk.catalog);
      followConfig(configs, `${executable} reads its configuration`, command.probability * 0.97, command, walk);
      followRequest(command, walk);
    } else startScript(command, walk);
    walk.flag(partlyFollowed);
  },
};

/** PHP within Apache: its settings and extensions, and the script that answers. */
export function startApachePhp(command: Command, walk: StartupWalk): void {
  const { catalog } = walk;
  const enabled = [...globPaths(catalog, "/etc/apache2/mods-enabled/php*.load"), ...globPaths(catalog, "/etc/apache2/conf.d/php*module.conf"), ...globPaths(catalog, "/etc/httpd/conf.modules.d/*php*.conf")]; // prettier-ignore
  const module = enabled.map((path) => /^\s*LoadModule\s+php\S*\s+"?(\S*?)"?\s*$/m.exec(textOf(catalog, path) ?? "")?.[1]).find((path) => path !== undefined); // prettier-ignore
  if (module === undefined) return;
  const places = phpPlaces(module, command, walk, "apache2");
  openExtensions(openSettings(places, "apache2handler", command, walk), places, command, walk);
  openCtype(command, walk);
  walk.open("/usr/share/zoneinfo/zone.tab", "timezone", command.probability * 0.7, `${module} lists time zones`);
  followRequest(command, walk);
  walk.flag(partlyFollowed);
}

/** Since version 8.1 character classes are those of `C.UTF-8` (zend_reset_lc_ctype_locale), whatever the environment says. */
function openCtype(command: Command, walk: StartupWalk): void {
  openLocale({ ...command, env: new Map([["LC_ALL", "C.UTF-8"]]) }, walk, "ctype", command.probability * 0.9);
}

const partlyFollowed = {
  code: "partly-followed-runtime",
  message: "PHP code is followed by names that stand in it; what an autoloader finds for names that are made is not known.",
};

/** The front controller. Whoever asks a web server of the same image whether it is ready is mostly answered by it. */
function followRequest(command: Command, walk: StartupWalk): void {
  const { catalog } = walk;
  const programs = ["/usr/sbin/nginx", "/usr/sbin/apache2", "/usr/sbin/httpd", "/usr/local/apache2/bin/httpd", "/usr/bin/caddy", "/usr/local/bin/frankenphp"]; // prettier-ignore
  const hasWebServer = programs.some((path) => catalog.file(path));
  const controllers = frontControllers(command, catalog);
  follow(controllers, hasWebServer ? "ready" : "firstRequest", "the front controller answers the first request", command, walk, hasWebServer ? 0.7 : 0.95); // prettier-ignore
}

/** Where this PHP looks for its settings and extensions. */
interface PhpPlaces {
  readonly configFolders: readonly string[];
  readonly scanFolders: readonly string[];
  readonly extensionFolders: readonly string[];
}

/** The folders are compiled in, so they stand in the program; the usual ones follow. */
function phpPlaces(executable: string, command: Command, walk: StartupWalk, embedded?: string): PhpPlaces {
  const { catalog } = walk;
  const isFolder = (path: string): boolean => catalog.resolve(path)?.type === "directory";
  const named = (elfFactOf(catalog, executable)?.filePaths ?? []).filter(isFolder);
  const sapi = embedded ?? (/fpm/.test(nameOf(executable)) ? "fpm" : /cgi/.test(nameOf(executable)) ? "cgi" : "cli");
  const configs = [
    ...named.filter((path) => catalog.file(`${path}/php.ini`)),
    ...globPaths(catalog, `/etc/php/*/${sapi}`),
    ...globPaths(catalog, "/etc/php[0-9]*"),
    "/usr/local/etc/php",
    `${folderOf(folderOf(executable))}/etc`,
    "/etc",
  ];
  const config = configs.find((path) => isFolder(path) && (catalog.file(`${path}/php.ini`) ?? isFolder(`${path}/conf.d`)));
  const scan = command.env.get("PHP_INI_SCAN_DIR")?.split(":");
  return {
    configFolders: [command.env.get("PHPRC"), config].filter((path) => path !== undefined),
    scanFolders: scan ?? [...named.filter((path) => /\/(?:conf|php)\.d$/.test(path)), ...(config === undefined ? [] : [`${config}/conf.d`, `${config}/php.d`])], // prettier-ignore
    extensionFolders: [
      ...named.filter((path) => catalog.list(path).some((name) => name.endsWith(".so"))),
      ...globPaths(catalog, "/usr/local/lib/php/extensions/*"),
      ...globPaths(catalog, "/usr/lib/php/20*"),
      ...globPaths(catalog, "/usr/lib/php[0-9]*/modules"),
      "/usr/lib64/php/modules",
    ],
  };
}

type Settings = ReadonlyMap<string, readonly string[]>;

function openSettings(places: PhpPlaces, executable: string, command: Command, walk: StartupWalk): Settings {
  const values = new Map<string, string[]>();
  if (command.argv.includes("-n")) return values;
  const written = optionValue(command.argv, "-c");
  const main = [written && joinPath(command.cwd, written), ...places.configFolders.flatMap((folder) => [`${folder}/php-${nameOf(executable).replace(/[\d.]+$/, "")}.ini`, `${folder}/php.ini`])]; // prettier-ignore
  const first = main.find((path) => path !== undefined && walk.catalog.file(path));
  const scanned = places.scanFolders.flatMap((folder) => globPaths(walk.catalog, `${folder}/*.ini`));
  for (const path of new Set([...(first === undefined ? [] : [first]), ...scanned])) {
    walk.open(path, "config", command.probability * 0.97, `${executable} reads its settings`);
    for (const [, name = "", value = ""] of (textOf(walk.catalog, path) ?? "").matchAll(/^[ \t]*([\w.]+)[ \t]*=[ \t]*"?([^"\n;]*)/gm)) {
      const list = values.get(name);
      if (list) list.push(value.trim());
      else values.set(name, [value.trim()]);
    }
  }
  return values;
}

function openExtensions(settings: Settings, places: PhpPlaces, command: Command, walk: StartupWalk): void {
  const folder = settings.get("extension_dir")?.[0];
  const folders = [...(folder?.startsWith("/") ? [folder] : []), ...places.extensionFolders];
  for (const key of ["extension", "zend_extension"])
    for (const name of settings.get(key) ?? []) {
      const file = name.endsWith(".so") ? name : `${name}.so`;
      const path = file.startsWith("/") ? file : folders.map((one) => `${one}/${file}`).find((one) => walk.catalog.file(one));
      if (path !== undefined && walk.catalog.file(path))
        walk.elf.load(command, path, "php-extension", command.probability * 0.97, `${key} = ${name}`);
    }
}

function fpmConfigs(places: PhpPlaces, command: Command, catalog: FileCatalog): readonly string[] {
  const written = optionValue(command.argv, "-y", "--fpm-config");
  if (written !== undefined) return [joinPath(command.cwd, written)];
  const candidates = [...places.configFolders.flatMap((folder) => [`${folder}/php-fpm.conf`, `${folderOf(folder)}/php-fpm.conf`]), "/usr/local/etc/php-fpm.conf", "/etc/php-fpm.conf"]; // prettier-ignore
  const first = candidates.find((path) => catalog.file(path));
  // The official image includes its pools by a path below the prefix.
  return first === undefined ? [] : [first, ...globPaths(catalog, `${folderOf(first)}/php-fpm.d/*.conf`)];
}

/** Where web servers and frameworks have the script that answers everything; the first that is there. */
function frontControllers(command: Command, catalog: FileCatalog): readonly string[] {
  const configs = ["/etc/nginx/conf.d/*.conf", "/etc/nginx/sites-enabled/*", "/etc/nginx/http.d/*.conf", "/etc/apache2/sites-enabled/*.conf"].flatMap((pattern) => globPaths(catalog, pattern)); // prettier-ignore
  const roots = configs.flatMap((path) => [...(textOf(catalog, path) ?? "").matchAll(/^\s*(?:root|DocumentRoot)\s+"?([^\s;"]+)/gm)].map(([, root = ""]) => root)); // prettier-ignore
  const folders = [...roots, command.cwd, "/var/www/html", "/var/www", "/app", "/srv", ...globPaths(catalog, "/var/www/*")];
  const path = folders.flatMap((folder) => ["index.php", "public/index.php", "web/index.php"].map((name) => joinPath(folder, name))).find((one) => catalog.file(one)); // prettier-ignore
  return path === undefined ? [] : [path];
}

function startScript(command: Command, walk: StartupWalk): void {
  const words = command.argv.slice(1);
  const root = optionValue(command.argv, "-t");
  const isBuiltInServer = words.includes("-S");
  let script: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === "-r") break;
    if (/^-[cdzSt]$/.test(word)) at++;
    else if (word === "-f" || !word.startsWith("-")) {
      script = word === "-f" ? words[at + 1] : word;
      break;
    }
  }
  if (script !== undefined && !script.includes(unknownWord)) {
    const moment = isBuiltInServer ? "firstRequest" : "ready";
    follow([joinPath(command.cwd, script)], moment, `started by ${command.startedBy}`, command, walk);
    // Laravel's `artisan serve` starts PHP's own server on the public folder.
    if (nameOf(script) === "artisan") follow([joinPath(command.cwd, "public/index.php")], "firstRequest", "artisan serve", command, walk);
  } else if (isBuiltInServer) {
    const folder = joinPath(command.cwd, root ?? ".");
    follow([`${folder}/index.php`], "firstRequest", "the first request asks for it", command, walk);
  }
  openArguments(command, walk, 0.5);
}

function follow(
  paths: readonly string[],
  moment: "ready" | "firstRequest",
  evidence: string,
  command: Command,
  walk: StartupWalk,
  probability = 0.95,
): void {
  const resolver = phpResolver(command, walk);
  const graph = new SourceGraph(walk, command, resolver, "php-include", { moment, lazyLikelihood: () => 0.4 });
  for (const path of paths) {
    graph.add(path, probability, evidence);
    const vendor = joinPath(folderOf(path), "vendor");
    for (const folder of [vendor, joinPath(folderOf(path), "../vendor")]) {
      knowComposer(folder, resolver, walk);
      // What Composer's loader always reads, mostly with the first line of the program.
      if (walk.catalog.file(`${folder}/autoload.php`))
        for (const name of ["autoload_real", "ClassLoader", "autoload_static", "platform_check"])
          graph.add(`${folder}/composer/${name}.php`, probability * 0.93, "Composer's loader");
    }
  }
  graph.follow();
}

/** The table of namespaces is only followed when the loader is not optimized, but says the same then. */
function knowComposer(vendor: string, resolver: SourceResolver, walk: StartupWalk): void {
  const path = `${vendor}/composer/autoload_psr4.php`;
  const entry = walk.catalog.file(path);
  const fact = entry && walk.catalog.fact(entry);
  if (fact?.kind === "source") for (const load of fact.loads) if (load.how === "namespace") resolver.extend?.(load, path);
}

/** Paths as they are written, and classes by the namespaces of Composer (PSR-4). */
function phpResolver(command: Command, walk: StartupWalk): SourceResolver {
  const namespaces = new Map<string, string[]>();
  const { catalog } = walk;
  return {
    extend(load, from) {
      if (load.how !== "namespace") return;
      const [prefix = "", folder = ""] = load.name.split("=");
      const path = joinPath(folderOf(from), folder);
      const folders = namespaces.get(prefix);
      if (!folders) namespaces.set(prefix, [path]);
      else if (!folders.includes(path)) folders.push(path);
    },
    resolve(load, from) {
      if (load.how === "path") {
        // `include_path` of Debian's and PEAR's packages.
        const found = [...resolvePath(load, from, command, walk, [""]), joinPath(folderOf(from), load.name), `/usr/share/php/${load.name}`];
        return found.filter((path) => catalog.file(path)).slice(0, 1);
      }
      if (load.how !== "class") return resolvePath(load, from, command, walk, [""]);
      // The longest namespace that is known goes first.
      for (let end = load.name.lastIndexOf("\\"); end > 0; end = load.name.lastIndexOf("\\", end - 1)) {
        const rest = load.name.slice(end + 1).replaceAll("\\", "/");
        for (const folder of namespaces.get(load.name.slice(0, end + 1)) ?? [])
          if (catalog.file(`${folder}/${rest}.php`)) return [`${folder}/${rest}.php`];
      }
      return [];
    },
  };
}
