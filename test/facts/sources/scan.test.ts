import { deflateRawSync, deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { erlangBootText } from "../../../src/facts/erlangBoot.ts";
import { readJarManifest } from "../../../src/facts/jarManifest.ts";
import { scanLua } from "../../../src/facts/sources/lua.ts";
import { scanPerl } from "../../../src/facts/sources/perl.ts";
import { scanPhp } from "../../../src/facts/sources/php.ts";
import { scanR } from "../../../src/facts/sources/r.ts";
import { scanRuby } from "../../../src/facts/sources/ruby.ts";
import { fuzz } from "../../fuzz.ts";

const scanners = { ruby: scanRuby, perl: scanPerl, php: scanPhp, r: scanR, lua: scanLua };

/** Loads as `how name`, with `lazy` and `conditional` as `?` and `??`. */
function check(language: keyof typeof scanners, text: string, expected: readonly string[]): void {
  test(`${language}: ${text.split("\n", 1)[0] ?? ""}`, () => {
    const { loads } = scanners[language](new TextEncoder().encode(text));
    expect(loads.map(({ how, name, lazy, conditional }) => `${how} ${name}${lazy ? "?" : ""}${conditional ? "??" : ""}`)).toEqual(expected);
  });
}

describe("ruby", () => {
  check("ruby", `require "json"\nrequire_relative 'lib/a'\n# require "no"\nload "x.rb"`, ["module json", "file lib/a", "path x.rb"]);
  check("ruby", `def f\n  require "late"\nend\nrequire "early"`, ["module late?", "module early"]);
  check("ruby", `if RUBY_ENGINE == "jruby"\n  require "java"\nend\nrequire "a" if ENV["A"]`, ["module java???", "module a??"]); // prettier-ignore
  check("ruby", `autoload :Cookies, "rack/cookies"\nrequire File.expand_path("../boot", __FILE__)`, ["constant rack/cookies", "file boot"]);
  check("ruby", `gem "puma"\ngem "pry", require: false\nDir[File.join(__dir__, "routes/*.rb")].each { |f| require f }`, ["package puma", "package pry?", "pattern routes/*.rb"]); // prettier-ignore
  check("ruby", `module Rack\n  autoload :Request, "rack/request"\nend`, ["constant rack/request"]);
  check("ruby", `module Action\n  extend ActiveSupport::Autoload\n  eager_autoload do\n    autoload_under "deep" do\n      autoload :HTMLHelper\n    end\n  end\n  autoload :Lazy\nend`, ["constant action/deep/html_helper", "module action/deep/html_helper??", "constant action/lazy"]); // prettier-ignore
  check("ruby", `$LOAD_PATH.unshift __dir__\n$: << File.expand_path("../lib", __FILE__)\n$LOAD_PATH.unshift File.join(__dir__, "app")`, ["folder .", "folder lib", "folder app"]); // prettier-ignore
  check("ruby", `begin\n  require "json/ext"\nrescue LoadError\n  require "json/pure"\nend`, ["module json/ext", "module json/pure???"]);
  check("ruby", `begin\n  require "x/#{version}/native"\nrescue LoadError\n  require "x/native"\nend`, ["module x/native??"]);
  test("constants that a text names, while it is loaded and in methods", () => {
    const text = `class App < Sinatra::Base\n  use Rack::Head # Comment\n  puts "String"\n  def call\n    Rack::Request.new\n    Rare.new if asked\n  end\nend`;
    const { uses } = scanRuby(new TextEncoder().encode(text));
    expect(uses).toEqual({ early: ["Sinatra::Base", "Rack::Head"], late: ["Rack::Request"] });
  });
  check("ruby", `=begin\nrequire "no"\n=end\nrequire "yes"\n__END__\nrequire "no"`, ["module yes"]);
});

describe("perl", () => {
  check("perl", "use strict; use JSON::PP qw(decode_json);\nuse 5.010;\nno warnings;", [
    "module strict",
    "module JSON::PP",
    "module warnings",
  ]);
  check("perl", "use parent qw(Exporter My::Base);\nuse lib 'lib';\nrequire Foo::Bar;", ["module parent", "module Exporter", "module My::Base", "folder lib", "module Foo::Bar"]); // prettier-ignore
  check("perl", "sub f {\n  require Late;\n}\nXSLoader::load();\n=pod\nuse No;\n=cut\nuse Yes;\n__END__\nuse No;", ["module Late???", "extension 1", "module Yes"]); // prettier-ignore
});

describe("perl, by strings", () => {
  check("perl", "package App;\nApp::Start->start_app('Wiki');\nwith 'App::Role', 'Other';\nwith qw<\n  App::A\n  App::B\n>;", ["module Wiki", "module App::Role??", "module App::Role", "module Other", "module App::A", "module App::B"].filter((one) => one !== "module App::Role??")); // prettier-ignore
  check("perl", "$self->plugin($_) for qw(A B);", ["module Mojolicious::Plugin::A", "module Dancer2::Plugin::A", "module Mojolicious::Plugin::B", "module Dancer2::Plugin::B"]); // prettier-ignore
  check("perl", "my $d = 'Loop::' . ($x ? 'Poll' : 'EV');", ["module Loop::Poll??", "module Loop::EV??"]);
});

describe("php", () => {
  check("php", `<?php\nnamespace App;\nuse Lib\\Base;\nuse Lib\\{One, Two as Three};\nclass A extends Base implements \\Countable {\n    use Helper;\n    function f() {\n        return new Three(self::X);\n    }\n}\nOne::run();`, ["class Lib\\Base", "class Countable", "class App\\Helper", "class Lib\\Two?", "class Lib\\One"]); // prettier-ignore
  check("php", `    'App\\\\Http\\\\' => array($baseDir . '/src', $vendorDir . '/x/y'),`, ["namespace App\\Http\\=../../src", "namespace App\\Http\\=../x/y"]); // prettier-ignore
  check("php", `<?php require __DIR__ . '/../vendor/autoload.php';\nrequire_once 'lib.php';`, [
    "file ../vendor/autoload.php",
    "path lib.php",
  ]);
  check("php", `<?php\nfunction f() {\n  include __DIR__ . '/late.php';\n}\nrequire dirname(__DIR__, 2) . '/boot.php';\nrequire $x . 'no.php';`, ["file late.php?", "file ../../boot.php"]); // prettier-ignore
  check("php", `        '0e6d7bf4a5811bfa5cf40c5ccd6fae6a' => __DIR__ . '/..' . '/symfony/polyfill/bootstrap.php',`, ["file ../symfony/polyfill/bootstrap.php"]); // prettier-ignore
});

describe("lua", () => {
  check("lua", `package.path = "/srv/lib/?.lua;" .. package.path\nlocal s = require "socket"\n-- require "no"\nlocal c = dofile("/srv/c.lua")\nfunction f()\n  local p = require("page")\n  return io.open "/srv/page.html"\nend`, ["folder /srv/lib/?.lua", "module socket", "path /srv/c.lua", "module page?", "path /srv/page.html?"]); // prettier-ignore
});

describe("r", () => {
  check("r", `library(jsonlite); require("httpuv")\nplumber::plumb("api.R")\n# library(no)`, ["module jsonlite", "module httpuv", "module plumber", "path api.R"]); // prettier-ignore
});

describe("archives and boot scripts", () => {
  const manifest =
    "Manifest-Version: 1.0\r\nMain-Class: a.Main\r\nClass-Path: lib/a.jar lib/very-long-na\r\n me.jar\r\n\r\nName: x\r\nSealed: true\r\n";
  const header = (name: string, size: number, method: number): Buffer => {
    const bytes = Buffer.alloc(30 + name.length);
    bytes.writeUInt32LE(0x04034b50, 0);
    bytes.writeUInt16LE(method, 8);
    bytes.writeUInt32LE(size, 18);
    bytes.writeUInt16LE(name.length, 26);
    bytes.write(name, 30, "latin1");
    return bytes;
  };
  test.each([0, 8])("a manifest behind its folder, method %i", (method) => {
    const data = method === 8 ? deflateRawSync(manifest) : Buffer.from(manifest);
    const jar = Buffer.concat([header("META-INF/", 0, 0), header("META-INF/MANIFEST.MF", data.length, method), data, Buffer.from("rest")]);
    expect(readJarManifest(jar)?.text).toBe("Manifest-Version: 1.0\nMain-Class: a.Main\nClass-Path: lib/a.jar lib/very-long-name.jar");
  });

  const atom = (name: string): Buffer => Buffer.concat([Buffer.from([119, name.length]), Buffer.from(name)]);
  const string = (text: string): Buffer => Buffer.concat([Buffer.from([107, 0, text.length]), Buffer.from(text)]);
  const terms = Buffer.concat([atom("script"), Buffer.from([104, 2]), atom("path"), Buffer.from([108, 0, 0, 0, 1]), string("$ROOT/lib/kernel/ebin"), Buffer.from([106]), atom("primLoad"), atom("lists"), atom("maps"), atom("kernel_load_completed")]); // prettier-ignore
  test.each([
    ["plain", Buffer.concat([Buffer.from([131]), terms])],
    ["compressed", Buffer.concat([Buffer.from([131, 80, 0, 0, 0, terms.length]), deflateSync(terms)])],
  ])("a boot script, %s", (_, bytes) => {
    expect(erlangBootText(bytes)).toBe("path $ROOT/lib/kernel/ebin\nload lists maps");
  });
});

test("whatever the bytes are, scanning ends soon and does not throw", () => {
  const pieces = "require |require_relative |\"a\"|'b'|__DIR__ . |def f\n|end\n|use A::B;|sub f {|}\n|if |Dir[|autoload :A, |=begin\n|=cut\n|__END__|library(|::|(|)|;|\n|\n  | |#|PK\u0003\u0004|\u0083P|w\u0004path|gem |=> |include |function f|dirname(__DIR__, 9)|\u0000|é".split("|"); // prettier-ignore
  const count = fuzz(
    "sources",
    (random) => random.text(pieces, 200),
    (text) => {
      const bytes = new TextEncoder().encode(text);
      const before = performance.now();
      for (const scan of Object.values(scanners))
        for (const { name } of scan(bytes).loads) if (name === "") throw new Error("a load of nothing");
      readJarManifest(bytes);
      erlangBootText(bytes);
      if (performance.now() - before > 2000) throw new Error("took over 2 s");
    },
  );
  expect(count).toBeGreaterThan(5);
});
