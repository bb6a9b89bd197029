import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileFact } from "../../src/facts/fileFact.ts";
import type { LayerFacts } from "../../src/facts/layerFacts.ts";
import { squashLayers } from "../../src/facts/squash.ts";
import type { TarEntry, TarEntryType } from "../../src/image/image.ts";

/** `type path`, `file path size`, `symlink path target`, `hardlink path target`; the type is a word of `TarEntryType`. */
function layer(lines: readonly string[], more: Partial<LayerFacts> = {}): LayerFacts {
  const entries = lines.map((line): TarEntry => {
    const [type = "file", path = "/", last] = line.split(" ");
    return {
      path,
      type: type as TarEntryType,
      sizeBytes: type === "file" ? Number(last ?? 1) : 0,
      mode: 0o644,
      mtimeEpochS: 0,
      linkTarget: type === "symlink" || type === "hardlink" ? last : undefined,
    };
  });
  return {
    diffId: "sha256:x",
    tarSizeBytes: 0,
    entries,
    fact: () => undefined,
    basis: "contents",
    isPending: () => false,
    problems: [],
    ...more,
  };
}

describe("squashLayers leaves", () => {
  /** Layers, and what stays: `path layerIndex` of files and links in order. */
  const cases: Record<string, [readonly (readonly string[])[], readonly string[]]> = {
    "files of all layers": [
      [["file /a", "file /d/b"], ["file /d/c"]],
      ["/a 0", "/d/b 0", "/d/c 1"],
    ],
    "the upper of two files": [[["file /a"], ["file /a"]], ["/a 1"]],
    "the later of two files in one layer": [[["file /a 1", "file /a 2"]], ["/a 0"]],
    "nothing of a whiteout": [[["file /a", "file /b"], ["whiteout /a"]], ["/b 0"]],
    "nothing below a deleted directory": [[["directory /d", "file /d/a", "file /d/e/b"], ["whiteout /d"]], []],
    "what the whiteout's own layer puts there, in any order": [
      [
        ["file /d/a", "file /d/b"],
        ["file /d/a", "whiteout /d"],
      ],
      ["/d/a 1"],
    ],
    "what an opaque directory's own layer puts there": [
      [
        ["file /d/a", "file /d/e/b"],
        ["file /d/c", "opaque /d"],
      ],
      ["/d/c 1"],
    ],
    "all that comes after a whiteout": [[["file /a"], ["whiteout /a"], ["file /a"]], ["/a 2"]],
    "whiteouts of nothing aside": [[["file /a"], ["whiteout /b", "whiteout /a/b", "opaque /c", "opaque /a"]], ["/a 0"]],
    "a file in a directory's place": [[["file /d/a", "file /d/b"], ["file /d"]], ["/d 1"]],
    "a directory in a file's place": [[["file /d"], ["directory /d", "file /d/a"]], ["/d/a 1"]],
    "an implied directory in a file's place": [[["file /d"], ["file /d/a"]], ["/d/a 1"]],
    "what lies in a directory that comes again": [[["directory /d", "file /d/a"], ["directory /d"]], ["/d/a 0"]],
    "a symlink in a directory's place": [[["file /lib/a", "file /usr/lib/b"], ["symlink /lib usr/lib"]], ["/usr/lib/b 0"]],
    "a directory in a lower layer's symlink's place": [
      [["file /usr/lib/b", "symlink /lib usr/lib"], ["file /lib/a"]],
      ["/lib/a 1", "/usr/lib/b 0"],
    ],
    "files where their own layer's symlink leads": [[["directory /usr/lib", "symlink /lib usr/lib", "file /lib/a"]], ["/usr/lib/a 0"]],
    "files through chains of symlinks": [
      [["directory /x/y", "symlink /p q", "symlink /q /x/../x/y", "file /p/a", "file /p/b"]],
      ["/x/y/a 0", "/x/y/b 0"],
    ],
    "nothing behind a symlink that leads to itself": [[["symlink /l l", "file /l/a", "file /b"]], ["/b 0"]],
    "everything but what a whiteout of the root deletes": [[["file /a"], ["opaque /", "file /b"]], ["/b 1"]],
    "hard links beside their files": [[["file /a", "hardlink /b /a"]], ["/a 0", "/b 0"]],
    "hard links to what comes later": [[["hardlink /b /a", "hardlink /c /b", "file /a"]], ["/a 0", "/b 0", "/c 0"]],
    "hard links to lower layers": [
      [["file /a"], ["hardlink /b /a"]],
      ["/a 0", "/b 1"],
    ],
    "no hard links to nothing, directories or each other": [
      [["directory /d", "hardlink /b /nothing", "hardlink /c /d", "hardlink /x /y", "hardlink /y /x"]],
      [],
    ],
  };
  for (const [name, [layers, expected]] of Object.entries(cases)) {
    test(name, () => {
      const catalog = squashLayers(layers.map((lines) => layer(lines)));
      expect([...catalog.files()].map((entry) => `${entry.path} ${entry.layerIndex}`)).toEqual(expected);
      expect(catalog.fileCount).toBe(expected.length);
      for (const entry of catalog.files()) expect(catalog.get(entry.path)).toBe(entry);
    });
  }
});

describe("a catalog", () => {
  const catalog = squashLayers([
    layer([
      "directory /usr/bin",
      "file /usr/bin/python3.11 100",
      "symlink /usr/bin/python3 python3.11",
      "symlink /bin usr/bin",
      "symlink /up ../../../usr/./bin/",
      "symlink /loop loop",
      "symlink /etc/dangling nowhere",
      "symlink /etc/tool ../bin/../bin/python3",
      "other /dev/null",
      "hardlink /usr/bin/py /usr/bin/python3.11",
    ]),
    layer(["file /app/main.py 7", "symlink /root /"]),
  ]);
  const resolved: [string, string | undefined][] = [
    ["/usr/bin/python3.11", "/usr/bin/python3.11"],
    ["/bin/python3", "/usr/bin/python3.11"],
    ["/up/python3", "/usr/bin/python3.11"],
    ["/etc/tool", "/usr/bin/python3.11"],
    ["/root/root/bin", "/usr/bin"],
    ["/bin/../../app/./main.py", "/app/main.py"],
    ["//app//main.py", "/app/main.py"],
    ["/", "/"],
    ["/..", "/"],
    ["/usr/bin/py", "/usr/bin/py"],
    ["/loop", undefined],
    ["/etc/dangling", undefined],
    ["/app/main.py/x", undefined],
    ["/app/main.py/..", undefined],
    ["/dev/null", undefined],
    ["/nothing", undefined],
  ];
  for (const [path, expected] of resolved) test(`resolves ${path}`, () => expect(catalog.resolve(path)?.path).toBe(expected));

  test("gets exact paths only", () => {
    expect(catalog.get("/bin")).toMatchObject({ type: "symlink", linkTarget: "usr/bin" });
    expect(catalog.get("/bin/python3")).toBeUndefined();
    expect(catalog.get("usr")).toBeUndefined();
    expect(catalog.get("/app")).toMatchObject({ type: "directory", layerIndex: 1, entryIndex: -1 });
  });

  test("gives files, not directories", () => {
    expect(catalog.file("/bin/python3")?.sizeBytes).toBe(100);
    expect(catalog.file("/bin")).toBeUndefined();
  });

  test("lists directories, links to them followed", () => {
    expect([...catalog.list("/bin")].sort()).toEqual(["py", "python3", "python3.11"]);
    expect(catalog.list("/app/main.py")).toEqual([]);
    expect(catalog.list("/nothing")).toEqual([]);
  });

  test("counts contents shared by hard links once, but their names each", () => {
    expect(catalog.fileCount).toBe(3);
    expect(catalog.totalSizeBytes).toBe(107);
    expect(catalog.file("/usr/bin/py")?.sizeBytes).toBe(100);
  });

  test("keeps a hard link's content when the file it was linked to is gone", () => {
    const linked = squashLayers([layer(["file /a 50", "hardlink /b /a", "hardlink /c /a"]), layer(["whiteout /a"])]);
    expect(linked.fileCount).toBe(2);
    expect(linked.totalSizeBytes).toBe(50);
  });

  test("asks the right layer for facts, and notes what is pending", () => {
    const fact: FileFact = { kind: "text", text: "x" };
    const withFacts = squashLayers([
      layer(["file /a", "file /b", "file /c"], { fact: (i) => (i === 0 ? fact : undefined), isPending: (i) => i === 1 }),
      layer(["hardlink /h /a", "hardlink /i /b"]),
    ]);
    const factAt = (path: string): FileFact | undefined => {
      const entry = withFacts.get(path);
      return entry && withFacts.fact(entry);
    };
    expect(factAt("/a")).toBe(fact);
    expect(factAt("/h")).toBe(fact);
    expect(factAt("/c")).toBeUndefined();
    expect(withFacts.wanted.size).toBe(0);
    expect(factAt("/i")).toBeUndefined();
    expect([...withFacts.wanted].map(({ path, entryIndex }) => `${path} ${entryIndex}`)).toEqual(["/b 1"]);
  });
});

test("squashing and resolving end, whatever the layers", () => {
  const name = fc.constantFrom("a", "b", "c");
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
  const target = fc.array(fc.constantFrom("a", "b", "..", ".", ""), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/") || "a");
  const line = fc.oneof(
    path.map((p) => `file ${p} 5`),
    path.map((p) => `directory ${p}`),
    fc.tuple(path, target).map(([p, t]) => `symlink ${p} ${t}`),
    fc.tuple(path, path).map(([p, t]) => `hardlink ${p} ${t}`),
    path.map((p) => `whiteout ${p}`),
    path.map((p) => `opaque ${p}`),
  );
  fc.assert(
    fc.property(fc.array(fc.array(line, { maxLength: 12 }), { maxLength: 4 }), path, (layers, probe) => {
      const catalog = squashLayers(layers.map((lines) => layer(lines)));
      const files = [...catalog.files()];
      expect(files).toHaveLength(catalog.fileCount);
      expect(catalog.totalSizeBytes).toBeLessThanOrEqual(5 * files.length);
      for (const entry of files) expect(catalog.get(entry.path)).toBe(entry);
      const found = catalog.resolve(probe);
      if (found) expect(catalog.resolve(found.path)).toBe(found);
    }),
    { numRuns: 500 },
  );
});
