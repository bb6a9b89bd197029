import { describe, expect, test } from "vitest";
import { factReader, readFact, wantsContent } from "../../src/facts/extractors.ts";
import type { FileFact } from "../../src/facts/fileFact.ts";
import type { TarEntry } from "../../src/image/image.ts";
import { tinyElf } from "../fakes/tinyElf.ts";

function entryOf(path: string, sizeBytes: number, mode = 0o644): TarEntry {
  return { path, type: "file", sizeBytes, mode, mtimeEpochS: 0 };
}

/** Reads it at once and byte by byte; both must agree, and so must what a table of contents would ask for. */
function factOf(path: string, text: string | Uint8Array, mode?: number): FileFact | undefined {
  const content = typeof text === "string" ? Buffer.from(text) : text;
  const entry = entryOf(path, content.length, mode);
  const fact = readFact(entry, content);
  const reader = factReader(entry, content.subarray(0, 512));
  for (const byte of content) reader?.push(Uint8Array.of(byte));
  expect(reader?.finish()).toEqual(fact);
  if (fact !== undefined) expect(wantsContent(entry)).toBe(true);
  return fact;
}

function check(path: string, text: string | Uint8Array, expected: unknown, mode?: number): void {
  test(path, () => {
    const fact = factOf(path, text, mode);
    if (expected === undefined) expect(fact).toBeUndefined();
    else expect(fact).toMatchObject(expected as object);
  });
}

describe("kinds", () => {
  check("/app/main.py", "import os", { kind: "python", body: [{ do: "import", line: 1, names: [["os"]] }] });
  check("/usr/bin/tool", "#!/usr/bin/python3 -s\nimport os", { kind: "python", shebang: "/usr/bin/python3 -s" }, 0o755);
  check("/usr/bin/npx", "#!/usr/bin/env node\nrequire('x')", { kind: "javascript" }, 0o755);
  check("/app/a.mjs", "import 'x'", { kind: "javascript" });
  check("/usr/bin/x", "#!/usr/bin/perl -w\nuse A;", { kind: "source", language: "perl", interpreterLine: "/usr/bin/perl -w" }, 0o755);
  check("/usr/bin/y", "#!/usr/bin/tclsh\nputs 1", { kind: "script", interpreterLine: "/usr/bin/tclsh" }, 0o755);
  check("/app/bin/wiki", "#!/usr/bin/env ruby\nrequire 'a'", { kind: "source", language: "ruby" });
  check("/entrypoint.sh", "exec app", { kind: "script", interpreterLine: "", text: "exec app" });
  check("/docker-entrypoint", "#! /bin/sh\nexec app", { kind: "script", interpreterLine: "/bin/sh", text: "#! /bin/sh\nexec app" });
  check("/usr/lib/liba.so.1", tinyElf({ soname: "liba.so.1" }), { kind: "elf", soname: "liba.so.1" });
  check("/usr/bin/prog", tinyElf({ needed: ["liba.so.1"] }), { kind: "elf", needed: ["liba.so.1"] }, 0o755);
  const pyc = Buffer.from("a70d0d0a00000000785634120a000000", "hex");
  check("/x/__pycache__/a.cpython-311.pyc", pyc, { kind: "pyc", flags: 0, sourceMtimeEpochS: 0x12345678, sourceSizeBytes: 10 });
});

describe("kept as text", () => {
  check("/site/x.pth", "import a; a.b()\n/src", { kind: "text", text: "import a; a.b()\n/src" });
  check("/etc/passwd", "root:x:0:0::/root:/bin/sh\n", { kind: "text" });
  check("/opt/venv/pyvenv.cfg", "home = /usr/bin", { kind: "text" });
  check("/app/settings.toml", "a = 1", { kind: "text" });
  check("/app/.env", "A=1", { kind: "text" });
  check("/x/a-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: a\nVersion: 1\n\nlong text", {
    kind: "text",
    text: "Name: a\nVersion: 1",
  });
  check("/m/model.safetensors.index.json", '{"metadata":{},"weight_map":{"a":"1.st","b":"2.st","c":"1.st"}}', {
    text: '{"weight_map":{"1.st":"1.st","2.st":"2.st"}}',
  });
  check("/app/package.json", '{"name":"a","main":"m.js"}', { text: '{"name":"a","main":"m.js"}' });
  test("of a large package.json only the fields that matter", () => {
    const text = JSON.stringify({ name: "big", main: "m.js", contributors: "x".repeat(100_000), __proto__: null });
    expect(factOf("/n/package.json", text)).toEqual({ kind: "text", text: '{"name":"big","main":"m.js"}' });
  });
});

describe("not kept", () => {
  check("/app/data.csv", "a,b", undefined);
  check("/app/photo.jpg", "xx", undefined);
  check("/usr/share/doc/x/readme.txt", "x", undefined);
  check("/usr/share/x/data.json", "{}", undefined);
  check("/usr/bin/blob", Buffer.alloc(100), undefined, 0o755);
  check("/etc/binary.conf", "a\0b", undefined);
  test("directories and empty files", () => {
    expect(readFact({ ...entryOf("/a.py", 0), type: "directory" }, new Uint8Array())).toBeUndefined();
    expect(factReader(entryOf("/a.py", 0), new Uint8Array())).toBeUndefined();
  });
  test("a script that is too large keeps its first line only", () => {
    const fact = readFact(entryOf("/big.sh", 300_000), Buffer.from(`#!/bin/sh\n${"echo\n".repeat(60_000)}`));
    expect(fact).toEqual({ kind: "script", interpreterLine: "/bin/sh" });
  });
});

test("the linker's cache becomes lines, whatever stands in it", () => {
  const head = Buffer.alloc(48);
  head.write("glibc-ld.so.cache1.1");
  head.writeUInt32LE(2, 20);
  const strings = "libz.so.1\0/usr/lib/libz.so.1\0";
  const entry = (soname: number, path: number): Buffer => {
    const bytes = Buffer.alloc(24);
    bytes.writeUInt32LE(soname, 4);
    bytes.writeUInt32LE(path, 8);
    return bytes;
  };
  const cache = Buffer.concat([head, entry(96, 106), entry(0xffffffff, 5), Buffer.from(strings)]);
  expect(factOf("/etc/ld.so.cache", cache)).toEqual({ kind: "text", text: "libz.so.1 /usr/lib/libz.so.1" });
});

test("the modules of pickled classes, in old and new protocols", () => {
  const modern = Buffer.from("\x80\x04\x8c\x10sklearn.ensemble\x94\x8c\x06Forest\x94\x93", "latin1");
  const old = Buffer.from("(cnumpy.core\nndarray\nq\x00.", "latin1");
  expect(factOf("/app/model.joblib", Buffer.concat([modern, Buffer.alloc(300, 0x63), old]))).toEqual({
    kind: "text",
    text: "sklearn.ensemble\nnumpy.core",
  });
});
