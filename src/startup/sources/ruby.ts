import type { SourceLoad } from "../../facts/sources/sourceFact.ts";
import { globPaths } from "../glob.ts";
import { openOpensslConfig } from "../libc.ts";
import { folderOf, joinPath, nameOf } from "../paths.ts";
import { openArguments, optionValue } from "../servers/arguments.ts";
import { unknownWord, type Command, type Runtime, type StartupWalk } from "../walk.ts";
import { gemsIn, rubyLayout, type Gems, type RubyLayout } from "./rubyPath.ts";
import { resolvePath, SourceGraph, type SourceResolver } from "./sourceGraph.ts";

/** Servers that load an application by a file that no command line names, and what they load when they serve it. */
const servers: Readonly<Record<string, { readonly files: readonly string[]; readonly modules: readonly string[] }>> = {
  puma: { files: ["config/puma.rb", "config.ru"], modules: ["puma/cli", "rack/handler/puma", "puma/rack/builder", "puma/single"] },
  rackup: { files: ["config.ru"], modules: ["rack/server", "rackup/server"] },
  unicorn: { files: ["config/unicorn.rb", "config.ru"], modules: ["unicorn"] },
  thin: { files: ["config.ru"], modules: ["thin"] },
  falcon: { files: ["config.ru"], modules: ["falcon"] },
  rails: { files: ["bin/rails", "config/puma.rb", "config.ru"], modules: ["puma", "rack/handler/puma"] },
  sidekiq: { files: ["config/environment.rb", "config/sidekiq.yml"], modules: ["sidekiq/cli"] },
};

/** What every start loads beside RubyGems itself (gem_prelude.rb); those of another version are not there. */
const preludes = ["rubygems", "monitor", "rbconfig", "error_highlight", "did_you_mean", "syntax_suggest/core_ext", "enc/encdb", "enc/trans/transdb"]; // prettier-ignore

/** CRuby: the program, RubyGems, and what they require by names that stand in their text. */
export const rubyRuntime: Runtime = {
  name: "ruby",
  matches: (programName, executable) => /^(?:ruby|jruby)[\d.]*$/.test(programName) || /^ruby[\d.]*$/.test(nameOf(executable)),
  start(command, executable, _invokedPath, walk) {
    const layout = rubyLayout(walk.catalog, executable, command);
    if (!layout) {
      walk.flag({ code: "unsupported-runtime", message: `The library of ${executable} was not found, so what Ruby loads is not known.` });
      return;
    }
    const gems = gemsIn(walk.catalog, layout, command);
    const { script, rest, modules, folders } = rubyArguments(command);
    const resolver = rubyResolver(layout, gems, folders, command, walk);
    const program = script === undefined || script.includes(unknownWord) ? undefined : joinPath(command.cwd, script);
    const name = program === undefined ? "" : nameOf(program);
    const own = program === undefined ? undefined : folderOf(folderOf(program));
    const isRails = walk.catalog.file(joinPath(command.cwd, "config/application.rb")) !== undefined;
    // A server's own functions run before it listens.
    const graph = new SourceGraph(walk, command, resolver, "ruby-require", {
      // Most of RubyGems is for installing.
      lazyLikelihood: (path) =>
        /\/rubygems(?:\.rb$|\/)/.test(path)
          ? 0.12
          : Object.hasOwn(servers, name) && new RegExp(`/${name}-[\\d.]+/`).test(path)
            ? 0.7
            : (own !== undefined && path === program) || (isRails && /\/gems\/(?:rail|acti)[a-z]+-[\d.]+\//.test(path))
              ? 0.55
              : undefined,
    });
    const add = (how: SourceLoad["how"], target: string, chance: number, why: string): boolean =>
      graph.addLoad({ how, name: target, line: 1 }, joinPath(command.cwd, "."), chance, why);
    for (const prelude of preludes) add("module", prelude, 0.97, `every start of ${executable}`);
    for (const path of gems.specifications) walk.open(path, "ruby-gem", command.probability * 0.8, "RubyGems looks for gems");
    for (const home of layout.gemHomes)
      for (const file of walk.catalog.list(`${home}/specifications/default`))
        walk.open(`${home}/specifications/default/${file}`, "ruby-gem", command.probability * 0.95, "RubyGems reads the default gems");
    for (const module of modules) add("module", module, 0.98, `-r ${module}`);
    if (program !== undefined) startProgram(program, name, rest, { command, walk, graph, gems, add });
    graph.follow();
    // The library keeps a store of the system's authorities (openssl/ssl.rb, DEFAULT_CERT_STORE).
    const openssl = [...graph.visited.keys()].find((path) => path.endsWith("/openssl.so"));
    const libcrypto = openssl === undefined ? undefined : walk.elf.closure(openssl, command.env).find((path) => /\/libcrypto\.so[^/]*$/.test(path)); // prettier-ignore
    if (libcrypto !== undefined) {
      openOpensslConfig(command, walk, libcrypto, command.probability * 0.85);
      walk.open("/etc/ssl/certs/ca-certificates.crt", "openssl", command.probability * 0.8, "the OpenSSL library of Ruby loads the authorities"); // prettier-ignore
    }
    walk.flag({
      code: "partly-followed-runtime",
      message: "Ruby code is followed by the names that stand in it; what it loads by computed names or by autoload is not known.",
    });
  },
};

interface Start {
  readonly command: Command;
  readonly walk: StartupWalk;
  readonly graph: SourceGraph;
  readonly gems: Gems;
  readonly add: (how: SourceLoad["how"], target: string, chance: number, why: string) => boolean;
}

function startProgram(program: string, name: string, rest: readonly string[], { command, walk, graph, gems, add }: Start): void {
  const why = `started by ${command.startedBy}`;
  graph.add(program, 1, why);
  // A stub of RubyGems or Bundler loads the gem's own program of the same name.
  const inside = gems.programOf(name);
  if (inside !== undefined && inside !== program) {
    graph.add(inside, 0.97, `${name} belongs to a gem`);
  }
  if (inside !== undefined || name === "bundle") {
    // `Gem.activate_bin_path` resolves what the gem needs.
    for (const module of ["rubygems/request_set", "rubygems/resolver", "rubygems/dependency", "rubygems/source"]) add("module", module, 0.85, `${name} belongs to a gem`); // prettier-ignore
  }
  if (name === "bundle" || name === "bundler") {
    for (const module of ["bundler", "bundler/cli", "bundler/cli/exec", "bundler/setup", "bundler/definition", "bundler/rubygems_integration", "bundler/dsl", "bundler/runtime", "bundler/resolver", "bundler/source/rubygems", "bundler/settings"]) add("module", module, 0.9, why); // prettier-ignore
    for (const file of ["Gemfile", "Gemfile.lock", ".bundle/config"]) walk.open(joinPath(command.cwd, file), "config", command.probability * 0.95, "Bundler reads it"); // prettier-ignore
    const at = rest.indexOf("exec");
    const inner = rest.slice(at + 1).filter((word, index) => index > 0 || !word.startsWith("-"));
    if (at >= 0 && inner.length > 0) {
      const path = gems.programOf(inner[0] ?? "");
      const asRuby = path !== undefined || inner[0] === "ruby";
      walk.run({
        ...command,
        argv: asRuby ? [command.argv[0] as string, ...(path === undefined ? [] : [path]), ...inner.slice(1)] : inner,
        env: new Map([...command.env, ["RUBYOPT", "-rbundler/setup"]]),
        startedBy: "bundle exec",
      });
    }
    return;
  }
  addRails(command, walk, graph);
  const server = Object.hasOwn(servers, name) ? servers[name] : undefined;
  if (!server) return;
  for (const module of server.modules) add("module", module, 0.9, `${name} starts`);
  const config = optionValue([name, ...rest], "-C", "--config", "-c");
  const named = rest.find((word) => word.endsWith(".ru"));
  for (const file of [...(config === undefined ? [] : [config]), ...(named === undefined ? server.files : [named])]) {
    const path = joinPath(command.cwd, file);
    if (walk.catalog.file(path)) graph.add(path, 0.95, `${name} loads its application`);
  }
  openArguments({ ...command, argv: [name, ...rest] }, walk);
}

/** What Rails loads by the places where files lie (guides.rubyonrails.org, "Configuring", "Autoloading and Reloading Constants"). */
function addRails(command: Command, walk: StartupWalk, graph: SourceGraph): void {
  const { catalog } = walk;
  const root = command.cwd;
  if (!catalog.file(joinPath(root, "config/application.rb"))) return;
  const environment = command.env.get("RAILS_ENV") ?? command.env.get("RACK_ENV") ?? "development";
  const why = "Rails initializes the application";
  graph.add(joinPath(root, "Gemfile"), 0.95, "Bundler.require loads the gems");
  for (const [file, chance] of [
    ["config/boot.rb", 0.97],
    ["config/application.rb", 0.97],
    ["config/environment.rb", 0.97],
    [`config/environments/${environment}.rb`, 0.97],
    ["config/routes.rb", 0.95],
  ] as const)
    graph.add(joinPath(root, file), chance, why);
  for (const pattern of ["config/initializers/*.rb", "config/initializers/*/*.rb", "config/routes/*.rb"])
    for (const path of globPaths(catalog, joinPath(root, pattern))) graph.add(path, 0.95, why);
  // Development loads classes when they are first named.
  const chance = environment === "development" ? 0.3 : 0.92;
  for (const depth of ["*", "*/*", "*/*/*", "*/*/*/*"])
    for (const path of globPaths(catalog, joinPath(root, `app/${depth}.rb`)))
      graph.add(path, chance, "classes are loaded before it serves");
  for (const file of ["config/database.yml", "config/credentials.yml.enc", "config/master.key", "config/storage.yml", "config/cable.yml"])
    walk.open(joinPath(root, file), "config", command.probability * 0.75, why);
  for (const path of globPaths(catalog, joinPath(root, "config/locales/*.yml"))) walk.open(path, "config", command.probability * 0.7, why);
}

function rubyArguments(command: Command): { script: string | undefined; rest: readonly string[]; modules: string[]; folders: string[] } {
  const modules: string[] = [];
  const folders: string[] = [];
  const words = [...(command.env.get("RUBYOPT") ?? "").split(/\s+/).filter(Boolean), ...command.argv.slice(1)];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === "-e") return { script: undefined, rest: words.slice(at + 2), modules, folders };
    if (word === "-S") continue;
    if (word === "-r" || word === "-I" || word === "-C") {
      const value = words[++at];
      if (value !== undefined) (word === "-r" ? modules : folders).push(value);
    } else if (/^-r./.test(word)) modules.push(word.slice(2));
    else if (/^-I./.test(word)) folders.push(...word.slice(2).split(":"));
    else if (!word.startsWith("-")) return { script: word, rest: words.slice(at + 1), modules, folders };
  }
  return { script: undefined, rest: [], modules, folders };
}

/** `require`: the load path first, then the gem that has the file. */
function rubyResolver(layout: RubyLayout, gems: Gems, extra: readonly string[], command: Command, walk: StartupWalk): SourceResolver {
  const { catalog } = walk;
  const folders = [...extra.map((folder) => joinPath(command.cwd, folder)), ...layout.folders];
  const known = new Map<string, readonly string[]>();
  const within = (places: readonly string[], name: string): string[] => {
    for (const suffix of /\.(?:rb|so)$/.test(name) ? [""] : [".rb", ".so"])
      for (const folder of places) if (catalog.file(`${folder}/${name}${suffix}`)) return [`${folder}/${name}${suffix}`];
    return [];
  };
  const findModule = (name: string): readonly string[] => {
    let found = known.get(name);
    if (!found) {
      const top = (name.split("/")[0] ?? "").replace(/\.(?:rb|so)$/, "");
      const newer = gems.having(top).find((gem) => gem === top && gems.isNewerDefault(gem));
      found = newer === undefined ? [] : within(gems.foldersOf(newer), name);
      if (found.length === 0) found = within(folders, name);
      for (const gem of found.length > 0 ? [] : gems.having(top)) {
        found = within(gems.foldersOf(gem), name);
        if (found.length > 0) break;
      }
      known.set(name, found);
    }
    return found;
  };
  return {
    extend(load, from) {
      const folder = joinPath(folderOf(from), load.name);
      if (load.how !== "folder" || folders.includes(folder) || catalog.resolve(folder)?.type !== "directory") return;
      folders.unshift(folder);
      // What was not found before may be there.
      for (const [name, found] of known) if (found.length === 0) known.delete(name);
    },
    resolve(load, from) {
      if (load.how === "module" || load.how === "constant") return findModule(load.name);
      if (load.how !== "package") return resolvePath(load, from, command, walk, ["", ".rb", ".so"]);
      const main = findModule(load.name);
      return main.length > 0 ? main : findModule(load.name.replaceAll("-", "/"));
    },
  };
}
