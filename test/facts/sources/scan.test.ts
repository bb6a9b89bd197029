import { deflateRawSync, deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { erlangBootText } from "../../../src/facts/erlangBoot.ts";
import { readJarManifest } from "../../../src/facts/jarManifest.ts";
import { scanPerl } from "../../../src/facts/sources/perl.ts";
import { scanPhp } from "../../../src/facts/sources/php.ts";
import { scanR } from "../../../src/facts/sources/r.ts";
import { scanRuby } from "../../../src/facts/sources/ruby.ts";
import { fuzz } from "../../fuzz.ts";

const scanners = { ruby: scanRuby, perl: scanPerl, php: scanPhp, r: scanR };

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

describe("php", () => {
  check("php", `<?php require __DIR__ . '/../vendor/autoload.php';\nrequire_once 'lib.php';`, [
    "file ../vendor/autoload.php",
    "path lib.php",
  ]);
  check("php", `<?php\nfunction f() {\n  include __DIR__ . '/late.php';\n}\nrequire dirname(__DIR__, 2) . '/boot.php';\nrequire $x . 'no.php';`, ["file late.php?", "file ../../boot.php"]); // prettier-ignore
  check("php", `        '0e6d7bf4a5811bfa5cf40c5ccd6fae6a' => __DIR__ . '/..' . '/symfony/polyfill/bootstrap.php',`, ["file ../symfony/polyfill/bootstrap.php"]); // prettier-ignore
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
