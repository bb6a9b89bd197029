import { describe, expect, test } from "vitest";
import { estimateStartup } from "../../../src/startup/estimate.ts";
import { debianRoot, elf, program } from "../../fakes/elf.ts";
import { memoryCatalog, type MemoryFile } from "../../fakes/memoryCatalog.ts";

/** What is opened beside programs, the linker's and the C library's files. */
function check(
  name: string,
  cmd: readonly string[],
  files: Readonly<Record<string, MemoryFile>>,
  expected: readonly string[],
  env: readonly string[] = [],
): void {
  // prettier-ignore
  test(name, () => {
    const question = { entrypoint: [], cmd, env, workingDir: "/app", user: "", chunkSizeBytes: 4_194_304 };
    const catalog = memoryCatalog({ ...debianRoot, "/app": { directory: true }, ...files });
    const system = new Set(["entry", "elf", "linker", "account", "timezone", "locale", "name", "openssl"]);
    const estimate = estimateStartup(catalog, question, 1);
    expect(estimate.files.filter(({ rule }) => !system.has(rule)).map(({ path }) => path)).toEqual(expected);
    expect(estimate.flags.map(({ code }) => code)).toContain(cmd[0] === "erlexec" ? "unsupported-runtime" : "partly-followed-runtime");
  });
}

const file = { sizeBytes: 100 };

describe("ruby", () => {
  const lib = "/usr/lib/ruby/3.1.0";
  const gems = "/var/lib/gems/3.1.0";
  const ruby = {
    "/usr/bin/ruby3.1": program(),
    "/usr/bin/ruby": { link: "ruby3.1" },
    [`${lib}/json.rb`]: "require 'json/ext'",
    [`${lib}/json/ext.rb`]: "",
    [`${lib}/unused.rb`]: "",
    "/usr/lib/ruby/vendor_ruby/rubygems.rb": "require 'monitor'\ndef late\n  require 'unused'\nend",
    [`${lib}/monitor.rb`]: "",
    [`${gems}/specifications/rack-2.0.gemspec`]: "x",
    [`${gems}/gems/rack-2.0/lib/rack.rb`]: "require 'rack/utils'",
    [`${gems}/gems/rack-2.0/lib/rack/utils.rb`]: "",
  };
  const start = [`${lib}/monitor.rb`, "/usr/lib/ruby/vendor_ruby/rubygems.rb"];
  check(
    "the standard library, RubyGems and gems",
    ["ruby", "server.rb"],
    { ...ruby, "/app/server.rb": "require 'json'\nrequire 'rack'\nrequire_relative 'lib/a'", "/app/lib/a.rb": "" },
    [
      "/app/lib/a.rb",
      "/app/server.rb",
      `${lib}/json.rb`,
      `${lib}/json/ext.rb`,
      ...start,
      `${gems}/gems/rack-2.0/lib/rack.rb`,
      `${gems}/gems/rack-2.0/lib/rack/utils.rb`,
      `${gems}/specifications/rack-2.0.gemspec`,
    ],
  );
  check(
    "the lock file chooses among versions",
    ["ruby", "-r", "rack", "server.rb"],
    {
      ...ruby,
      "/app/server.rb": "",
      "/app/Gemfile.lock": "GEM\n  specs:\n    rack (2.0)\n",
      [`${gems}/specifications/rack-3.0.gemspec`]: "x",
      [`${gems}/gems/rack-3.0/lib/rack.rb`]: "",
    },
    ["/app/server.rb", ...start, `${gems}/gems/rack-2.0/lib/rack.rb`, `${gems}/gems/rack-2.0/lib/rack/utils.rb`, `${gems}/specifications/rack-2.0.gemspec`], // prettier-ignore
  );
  check(
    "a constant that is named makes autoload load; the others stay",
    ["ruby", "server.rb"],
    {
      ...ruby,
      "/app/server.rb": "require 'tool'\nclass App < Tool::Base\nend",
      [`${lib}/tool.rb`]: "module Tool\n  autoload :Base, 'tool/base'\n  autoload :Other, 'tool/other'\nend",
      [`${lib}/tool/base.rb`]: "",
      [`${lib}/tool/other.rb`]: "",
    },
    ["/app/server.rb", `${lib}/monitor.rb`, `${lib}/tool.rb`, `${lib}/tool/base.rb`, "/usr/lib/ruby/vendor_ruby/rubygems.rb", `${gems}/specifications/rack-2.0.gemspec`], // prettier-ignore
  );
  check(
    "code extends the load path",
    ["ruby", "bin/start.rb"],
    { ...ruby, "/app/bin/start.rb": "$LOAD_PATH.unshift File.expand_path('../lib', __dir__)\nrequire 'own'", "/app/lib/own.rb": "" },
    ["/app/bin/start.rb", "/app/lib/own.rb", ...start, `${gems}/specifications/rack-2.0.gemspec`],
  );
  check(
    "Rails loads its application",
    ["ruby", "bin/rails", "server"],
    {
      ...ruby,
      "/app/bin/rails": "#!/usr/bin/env ruby\nrequire_relative '../config/boot'",
      "/app/config/boot.rb": "",
      "/app/config/application.rb": "",
      "/app/config/environments/production.rb": "",
      "/app/config/environments/test.rb": "",
      "/app/config/initializers/a.rb": "",
      "/app/config/routes.rb": "",
      "/app/app/models/note.rb": "",
    },
    [
      "/app/app/models/note.rb",
      "/app/bin/rails",
      ...["application", "boot", "environments/production", "initializers/a", "routes"].map((name) => `/app/config/${name}.rb`),
      ...start,
      `${gems}/specifications/rack-2.0.gemspec`,
    ],
    ["RAILS_ENV=production"],
  );
});

describe("lua", () => {
  check(
    "modules by package.path, compiled ones, and files",
    ["lua5.4", "server.lua"],
    {
      "/usr/bin/lua5.4": program(),
      "/app/server.lua": `package.path = "/app/lib/?.lua;" .. package.path\nlocal a = require "a"\nlocal s = require "socket.core"\ndofile "settings.lua"`,
      "/app/settings.lua": "",
      "/app/lib/a.lua": "function f()\n  require 'late'\nend",
      "/app/lib/late.lua": "",
      "/usr/lib/lua/5.4/socket/core.so": elf({ needed: ["libz.so"] }),
      "/usr/lib/libz.so": elf(),
    },
    ["/app/lib/a.lua", "/app/server.lua", "/app/settings.lua", "/usr/lib/libz.so", "/usr/lib/lua/5.4/socket/core.so"],
  );
});

describe("perl", () => {
  const lib = "/usr/share/perl/5.36";
  check(
    "modules, their bases and compiled parts",
    ["perl", "-Ilib", "a.pl"],
    {
      "/usr/bin/perl": program(),
      "/app/a.pl": "use strict;\nuse My::A;\nsub f {\n  require Late;\n}\n",
      "/app/lib/My/A.pm": "package My::A;\nuse parent 'My::B';\nrequire XSLoader;\nXSLoader::load('My::A');\n1;",
      "/app/lib/My/B.pm": "1;",
      "/app/lib/auto/My/A/A.so": elf(),
      [`${lib}/strict.pm`]: "1;",
      [`${lib}/XSLoader.pm`]: "1;",
      [`${lib}/Late.pm`]: "1;",
    },
    ["/app/a.pl", "/app/lib/My/A.pm", "/app/lib/My/B.pm", "/app/lib/auto/My/A/A.so", `${lib}/XSLoader.pm`, `${lib}/strict.pm`],
  );
});

describe("php", () => {
  const php = {
    "/usr/local/sbin/php-fpm": program(),
    "/usr/local/bin/php": program(),
    "/usr/local/etc/php/php.ini": "memory_limit = 1G\n;extension=no\n",
    "/usr/local/etc/php/conf.d/a.ini": "zend_extension=opcache\nextension = intl.so\n",
    "/usr/local/lib/php/extensions/no-debug-non-zts-20220829/opcache.so": elf(),
    "/usr/local/lib/php/extensions/no-debug-non-zts-20220829/intl.so": elf({ needed: ["libicuuc.so"] }),
    "/usr/local/lib/php/extensions/no-debug-non-zts-20220829/unused.so": elf(),
    "/usr/lib/libicuuc.so": elf(),
    "/app/public/index.php": "<?php require __DIR__ . '/../boot.php';",
    "/app/boot.php": "<?php",
  };
  const extensions = ["/usr/lib/libicuuc.so", "/usr/local/etc/php-fpm.conf", "/usr/local/etc/php-fpm.d/www.conf", "/usr/local/etc/php/conf.d/a.ini", "/usr/local/etc/php/php.ini", "/usr/local/lib/php/extensions/no-debug-non-zts-20220829/intl.so", "/usr/local/lib/php/extensions/no-debug-non-zts-20220829/opcache.so"]; // prettier-ignore
  check(
    "settings, extensions and pools; scripts only with a request",
    ["php-fpm", "-F"],
    { ...php, "/usr/local/etc/php-fpm.conf": "include=etc/php-fpm.d/*.conf\n", "/usr/local/etc/php-fpm.d/www.conf": "[www]\nuser = app\n" },
    extensions,
  );
  test("the first request runs the front controller", () => {
    const question = { entrypoint: [], cmd: ["php-fpm"], env: [], workingDir: "/app", user: "", chunkSizeBytes: 4_194_304 };
    const estimate = estimateStartup(memoryCatalog({ ...debianRoot, ...php }), question, 1);
    expect(estimate.requestFiles.map(({ path }) => path)).toEqual(["/app/boot.php", "/app/public/index.php"]);
  });
});

describe("php within Apache", () => {
  check(
    "settings, extensions, and the front controller with Composer's classes",
    ["apache2", "-DFOREGROUND"],
    {
      "/usr/sbin/apache2": program(),
      "/etc/apache2/mods-enabled/php8.2.load": "LoadModule php_module /usr/lib/apache2/modules/libphp8.2.so\n",
      "/usr/lib/apache2/modules/libphp8.2.so": elf(),
      "/etc/php/8.2/apache2/conf.d/20-intl.ini": "extension=intl.so\n",
      "/usr/lib/php/20220829/intl.so": elf(),
      "/usr/lib/php/20220829/unused.so": elf(),
      "/var/www/html/index.php":
        "<?php\nrequire __DIR__ . '/vendor/autoload.php';\nuse App\\Http\\Kernel;\nuse App\\Unused;\n(new Kernel())->run();",
      "/var/www/html/src/Http/Kernel.php": "<?php\nnamespace App\\Http;\nclass Kernel {}\n",
      "/var/www/html/src/Unused.php": "<?php\n",
      "/var/www/html/vendor/autoload.php": "<?php\n",
      "/var/www/html/vendor/composer/autoload_psr4.php": "<?php\nreturn array(\n    'App\\\\' => array($baseDir . '/src'),\n);",
      "/var/www/html/vendor/composer/ClassLoader.php": "<?php\n",
    },
    [
      "/etc/php/8.2/apache2/conf.d/20-intl.ini",
      "/usr/lib/php/20220829/intl.so",
      ...["index.php", "src/Http/Kernel.php", "vendor/autoload.php", "vendor/composer/ClassLoader.php"].map(
        (name) => `/var/www/html/${name}`,
      ),
    ],
  );
});

describe("r", () => {
  const library = "/usr/lib/R/library";
  const packageOf = (name: string, imports = ""): Record<string, MemoryFile> => ({
    [`${library}/${name}/DESCRIPTION`]: `Package: ${name}\nImports: ${imports}\n`,
    [`${library}/${name}/Meta/package.rds`]: file,
    [`${library}/${name}/R/${name}.rdx`]: file,
    [`${library}/${name}/R/${name}.rdb`]: file,
  });
  const opened = (name: string): string[] => [`${library}/${name}/Meta/package.rds`, `${library}/${name}/R/${name}.rdb`, `${library}/${name}/R/${name}.rdx`]; // prettier-ignore
  check(
    "packages that scripts name, with what they import",
    ["Rscript", "app.R"],
    {
      "/usr/bin/Rscript": program(),
      "/usr/lib/R/bin/R": "#!/bin/sh\nexec /usr/lib/R/bin/exec/R\n",
      "/usr/lib/R/bin/exec/R": program(),
      "/app/app.R": "library(web)\nsource('more.R')",
      "/app/more.R": "",
      ...packageOf("web", "later (>= 1.0), R (>= 4)"),
      ...packageOf("later"),
      ...packageOf("unused"),
      ...packageOf("stats"),
    },
    ["/app/app.R", "/app/more.R", "/usr/lib/R/bin/R", ...opened("later"), ...opened("stats"), ...opened("web")],
  );
});

describe("r, by name spaces", () => {
  const library = "/usr/lib/R/library";
  const packageOf = (name: string, namespace: string): Record<string, MemoryFile> => ({
    [`${library}/${name}/DESCRIPTION`]: `Package: ${name}\nImports: loaded, unused\n`,
    [`${library}/${name}/NAMESPACE`]: namespace,
    [`${library}/${name}/R/${name}.rdx`]: file,
  });
  check(
    "what is imported is loaded, what functions name is not",
    ["Rscript", "-e", "library(web)"],
    {
      "/usr/bin/Rscript": program(),
      "/usr/lib/R/bin/R": "#!/bin/sh\nexec /usr/lib/R/bin/exec/R\n",
      "/usr/lib/R/bin/exec/R": program(),
      ...packageOf("web", 'export(a)\nimportFrom(loaded, "x")\n# import(unused)\n'),
      ...packageOf("loaded", "export(x)\n"),
      ...packageOf("unused", "export(x)\n"),
    },
    ["/usr/lib/R/bin/R", `${library}/loaded/R/loaded.rdx`, `${library}/web/R/web.rdx`],
  );
});

describe("erlang", () => {
  const root = "/usr/lib/erlang";
  const bin = `${root}/erts-13.1/bin`;
  check(
    "the boot script's modules and those of every start",
    ["erlexec", "-noshell"],
    {
      [`${bin}/erlexec`]: program(),
      "/usr/bin/erlexec": { link: `${bin}/erlexec` },
      [`${bin}/beam.smp`]: program(),
      [`${root}/bin/start.boot`]: { kind: "text", text: "path $ROOT/lib/kernel-8/ebin\nload own" },
      [`${root}/lib/kernel-8/ebin/own.beam`]: file,
      [`${root}/lib/kernel-8/ebin/code.beam`]: file,
      [`${root}/lib/kernel-8/ebin/other.beam`]: file,
    },
    [`${root}/bin/start.boot`, `${root}/lib/kernel-8/ebin/code.beam`, `${root}/lib/kernel-8/ebin/own.beam`],
  );
  test("a release starts its own machine with all modules of its boot script", () => {
    const question = { entrypoint: [], cmd: ["bin/tick", "start"], env: [], workingDir: "/app", user: "", chunkSizeBytes: 4_194_304 };
    const catalog = memoryCatalog({
      ...debianRoot,
      "/app/bin/tick": "#!/bin/sh\nexec $(cat x)\n",
      "/app/releases/start_erl.data": "13.1 0.1.0",
      "/app/releases/0.1.0/start.boot": { kind: "text", text: "path $RELEASE_LIB/tick-0.1.0/ebin\nload early\nload late" },
      "/app/erts-13.1/bin/erlexec": program(),
      "/app/erts-13.1/bin/beam.smp": program(),
      "/app/lib/tick-0.1.0/ebin/early.beam": file,
      "/app/lib/tick-0.1.0/ebin/late.beam": file,
      "/app/lib/tick-0.1.0/ebin/unused.beam": file,
    });
    const opened = estimateStartup(catalog, question, 1).files.map(({ path }) => path);
    expect(opened.filter((path) => path.endsWith(".beam"))).toEqual(["/app/lib/tick-0.1.0/ebin/early.beam", "/app/lib/tick-0.1.0/ebin/late.beam"]); // prettier-ignore
  });
});
