import { globPaths } from "../glob.ts";
import { folderOf, joinPath, nameOf } from "../paths.ts";
import { openArguments } from "../servers/arguments.ts";
import { unknownWord, type Command, type Runtime, type StartupWalk } from "../walk.ts";
import { resolvePath, SourceGraph, type SourceResolver } from "./sourceGraph.ts";

/** Perl 5: the script and the modules that it uses by names that stand in the text. */
export const perlRuntime: Runtime = {
  name: "perl",
  matches: (programName) => /^perl[\d.]*$/.test(programName),
  start(command, executable, _invokedPath, walk) {
    const { script, rest, modules, folders } = perlArguments(command);
    const resolver = perlResolver(executable, folders, command, walk);
    const graph = new SourceGraph(walk, command, resolver, "perl-use");
    const from = joinPath(command.cwd, "x");
    for (const name of modules) graph.addLoad({ how: "module", name, line: 1 }, from, 0.98, `-M${name}`);
    if (script !== undefined && !script.includes(unknownWord)) {
      const path = joinPath(command.cwd, script);
      graph.add(path, 1, `started by ${command.startedBy}`);
      for (const name of serversOf(nameOf(path), rest))
        graph.addLoad({ how: "module", name, line: 1 }, from, 0.9, `${nameOf(path)} serves with it`);
      // A program of Mojolicious runs the command that its first argument names.
      const word = rest.find((one) => /^[a-z]\w*$/.test(one));
      if (word !== undefined)
        graph.addLoad({ how: "module", name: `Mojolicious::Command::${word}`, line: 1 }, from, 0.7, `${script} ${word}`);
      for (const word of rest.filter((one) => /\.(?:psgi|pl)$/.test(one))) graph.add(joinPath(command.cwd, word), 0.95, word);
      if (/^(?:plackup|starman|starlet|twiggy|gazelle)$/.test(nameOf(path)) && !rest.some((one) => one.endsWith(".psgi")))
        graph.add(joinPath(command.cwd, "app.psgi"), 0.9, `${nameOf(path)} loads its application`);
      openArguments({ ...command, argv: [script, ...rest] }, walk);
    }
    graph.follow();
    walk.flag({
      code: "partly-followed-runtime",
      message: "Perl code is followed by the names that stand in it; what it loads by computed names is not known.",
    });
  },
};

/** Plack loads its server and loader by names that it makes from its arguments. */
function serversOf(program: string, rest: readonly string[]): readonly string[] {
  const at = rest.findIndex((word) => word === "-s" || word === "--server");
  const written = at < 0 ? undefined : rest[at + 1];
  if (program === "starman") return ["Starman", "Plack::Handler::Starman", "Starman::Server", "Plack::Loader", "HTTP::Parser::XS"];
  if (program === "plackup") {
    const handler = written ?? "HTTP::Server::PSGI";
    return [`Plack::Handler::${handler}`, handler, "Plack::Loader", "Plack::Middleware::Lint", "Plack::Middleware::StackTrace", "Plack::Middleware::AccessLog"]; // prettier-ignore
  }
  if (program === "hypnotoad" || program === "morbo") return ["Mojo::Server::Prefork", "Mojo::Server::Hypnotoad", "Mojo::Server::Daemon"];
  return [];
}

function perlArguments(command: Command): { script: string | undefined; rest: readonly string[]; modules: string[]; folders: string[] } {
  const modules: string[] = [];
  const folders = (command.env.get("PERL5LIB") ?? "").split(":").filter(Boolean);
  const words = command.argv.slice(1);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (/^-[a-zA-Z]*[eE]$/.test(word)) {
      for (const [, name = ""] of (words[at + 1] ?? "").matchAll(/\buse\s+([A-Za-z_]\w*(?:::\w+)*)/g)) modules.push(name);
      return { script: undefined, rest: [], modules, folders };
    }
    if (/^-[mM]-?./.test(word)) modules.push(word.replace(/^-[mM]-?/, "").replace(/=.*$/, ""));
    else if (word === "-I") folders.push(words[++at] ?? "");
    else if (/^-I./.test(word)) folders.push(word.slice(2));
    else if (!word.startsWith("-")) return { script: word, rest: words.slice(at + 1), modules, folders };
  }
  return { script: undefined, rest: [], modules, folders };
}

/** `@INC`: what was compiled in, by the layouts of Debian, Alpine, Red Hat and the official image. */
function perlResolver(executable: string, extra: readonly string[], command: Command, walk: StartupWalk): SourceResolver {
  const { catalog } = walk;
  const prefix = folderOf(folderOf(executable));
  const patterns = [
    "/etc/perl",
    "/usr/local/lib/*-linux-gnu/perl/5.*",
    "/usr/local/share/perl/5.*",
    "/usr/lib/*-linux-gnu/perl5/5.*",
    "/usr/share/perl5",
    "/usr/lib/*-linux-gnu/perl-base",
    "/usr/lib/*-linux-gnu/perl/5.*",
    "/usr/share/perl/5.*",
    `${prefix}/lib/perl5/site_perl/5.*/*-linux*`,
    `${prefix}/lib/perl5/site_perl/5.*`,
    `${prefix}/lib/perl5/5.*/*-linux*`,
    `${prefix}/lib/perl5/5.*`,
    "/usr/local/lib64/perl5",
    "/usr/local/share/perl5",
    "/usr/lib64/perl5/vendor_perl",
    "/usr/share/perl5/vendor_perl",
    "/usr/share/perl5/core_perl",
    "/usr/lib/perl5/vendor_perl",
    "/usr/lib/perl5/core_perl",
    "/usr/lib64/perl5",
    "/usr/local/lib/site_perl",
  ];
  const folders = [...extra.map((folder) => joinPath(command.cwd, folder)), ...patterns.flatMap((one) => (one.includes("*") ? globPaths(catalog, one) : [one]))].filter((path) => catalog.resolve(path)?.type === "directory"); // prettier-ignore
  return {
    extend(load, from) {
      // `use lib` is relative to the working folder; `$FindBin::Bin` is the script's own.
      for (const folder of [joinPath(command.cwd, load.name), joinPath(folderOf(from), load.name)])
        if (!folders.includes(folder) && catalog.resolve(folder)?.type === "directory") folders.unshift(folder);
    },
    resolve(load, from) {
      if (load.how === "module") {
        const path = /\.p[lmh]$/.test(load.name) ? load.name : `${load.name.replaceAll("::", "/")}.pm`;
        const found = folders.find((folder) => catalog.file(`${folder}/${path}`));
        return found === undefined ? [] : [`${found}/${path}`];
      }
      if (load.how === "extension") {
        // The compiled part lies in auto/ of a folder of the load path (XSLoader).
        for (const folder of folders) {
          const entry = catalog.file(from)?.path ?? from;
          const inside = [entry, from].find((one) => one.startsWith(`${folder}/`) && one.endsWith(".pm"));
          if (inside === undefined) continue;
          const module = inside.slice(folder.length + 1, -3);
          const path = `auto/${module}/${nameOf(module)}.so`;
          const place = [folder, ...folders].find((one) => catalog.file(`${one}/${path}`));
          if (place !== undefined) return [`${place}/${path}`];
        }
        return [];
      }
      return load.how === "folder" ? [] : resolvePath(load, from, command, walk, ["", ".pm"]);
    },
  };
}
