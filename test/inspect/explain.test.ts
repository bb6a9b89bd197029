import { describe, expect, test } from "vitest";
import { printExplanation } from "../../src/cli/printExplanation.ts";
import { explain, type Explanation } from "../../src/inspect/explain.ts";
import type { Inspection } from "../../src/inspect/inspection.ts";
import { estimateStartup } from "../../src/startup/estimate.ts";
import type { StartupQuestion } from "../../src/startup/startupSet.ts";
import { debianRoot, elf, program } from "../fakes/elf.ts";
import { memoryCatalog, type MemoryFile } from "../fakes/memoryCatalog.ts";
import { expectGolden } from "../golden.ts";
import { smallInspection } from "../results/fakeInspection.ts";

const site = "/usr/lib/python3.11/site-packages";
const service: Readonly<Record<string, MemoryFile>> = {
  ...debianRoot,
  "/bin/sh": program(),
  "/usr/bin/tool": program("libused.so.1"),
  "/usr/lib/x86_64-linux-gnu/libused.so.1": elf(),
  "/usr/lib/x86_64-linux-gnu/libplugin.so.2": elf({ needed: ["libdeep.so.3"] }),
  "/usr/lib/x86_64-linux-gnu/libdeep.so.3": elf(),
  "/start.sh":
    "#!/bin/sh\nif [ $(date +%H) = 03 ]; then if [ $(date +%M) = 0 ]; then . /etc/maybe.env; fi; fi\n. /etc/always.env\nexec /usr/bin/tool\n",
  "/etc/always.env": "A=1\n",
  "/etc/maybe.env": "B=1\n",
  "/etc/hostname": "box\n",
  [`${site}/pack/__init__.py`]: "import os\n",
  [`${site}/pack/core.py`]: "from . import extra\ndef f():\n    import pack.rare\n",
  [`${site}/pack/extra.py`]: "x = 1\n",
  [`${site}/pack/rare.py`]: "x = 1\n",
  "/app/server.js": 'if (x) require("./lib/a");\n',
  "/app/lib/a.js": "module.exports = 1;\n",
};

function inspection(): Inspection {
  const catalog = memoryCatalog(service);
  const question: StartupQuestion = { entrypoint: ["/start.sh"], cmd: [], env: [], workingDir: "/app", user: "", chunkSizeBytes: 4 << 20 };
  const paths = Object.keys(service).filter((path) => path.startsWith(`${site}/`));
  return {
    ...smallInspection(),
    catalog,
    question,
    estimate: estimateStartup(catalog, question, 1),
    packages: [{ manager: "pip", name: "pack", version: "1.2", paths }],
  };
}

function explained(path: string): Explanation {
  const [first] = explain(inspection(), [path]);
  if (!first) throw new Error("nothing was explained");
  return first;
}

describe("a file", () => {
  test("that is opened, with its rule in words", () => {
    expect(explained("/etc/always.env")).toMatchObject({
      kind: "file",
      layerIndex: 0,
      verdict: {
        kind: "opened",
        rule: "shell",
        ruleMeaning: "A file that a shell script reads.",
        evidence: "/start.sh:3",
        moment: "ready",
      },
    });
  });

  test("that a rule names with too small a chance", () => {
    expect(explained("/etc/maybe.env")).toMatchObject({ verdict: { kind: "unlikely", rule: "shell" } });
  });

  test("that nothing leads to: who names it, and whether that is opened", () => {
    expect(explained("/usr/lib/x86_64-linux-gnu/libdeep.so.3")).toMatchObject({
      verdict: {
        kind: "untouched",
        referrers: [
          { path: "/usr/lib/x86_64-linux-gnu/libplugin.so.2", when: "always", isOpened: false, namedBy: { files: 0, isOneOpened: false } },
        ],
      },
    });
    expect(explained(`${site}/pack/extra.py`)).toMatchObject({
      package: { manager: "pip", name: "pack", version: "1.2", files: 4, openedFiles: 0 },
      verdict: { kind: "untouched", referrers: [{ path: `${site}/pack/core.py`, line: 1, when: "always" }], filesBeside: 4 },
    });
    expect(explained(`${site}/pack/rare.py`)).toMatchObject({ verdict: { referrers: [{ line: 3, when: "in a function" }] } });
    expect(explained("lib/a.js")).toMatchObject({
      asked: "/app/lib/a.js",
      verdict: { referrers: [{ path: "/app/server.js", line: 1, when: "maybe" }] },
    });
  });

  test("that the runtime puts its own over", () => {
    expect(explained("/etc/hostname")).toMatchObject({ verdict: { kind: "untouched", isProvidedByRuntime: true } });
  });
});

test("a symlink leads to its file, a folder counts, what is not there says so", () => {
  const linked = explain({ ...inspection(), catalog: memoryCatalog({ ...service, "/start": { link: "start.sh" } }) }, ["/start"]);
  expect(linked[0]).toMatchObject({ asked: "/start", path: "/start.sh", verdict: { kind: "opened" } });
  expect(explained("/etc")).toMatchObject({ kind: "folder", requestFiles: 0 });
  expect(explained("/etc/nothing/here")).toMatchObject({ kind: "missing", nearestFolder: "/etc" });
});

test("what a later layer removed is told with both layers", () => {
  const entry = (path: string, type: "file" | "whiteout") => ({ path, type, sizeBytes: 1, mode: 0o644, mtimeEpochS: 0 });
  const layer = (...entries: ReturnType<typeof entry>[]): Inspection["layerFacts"][number] => ({
    diffId: "sha256:0",
    tarSizeBytes: 0,
    entries,
    fact: () => undefined,
    basis: "contents",
    isPending: () => false,
    problems: [],
  });
  const layerFacts = [layer(entry("/cache/a", "file")), layer(), layer(entry("/cache", "whiteout"))];
  expect(explain({ ...inspection(), layerFacts }, ["/cache/a"])).toMatchObject([
    { kind: "missing", removed: { fromLayer: 0, byLayer: 2 } },
  ]);
});

test("the answers at a terminal", () => {
  const paths = [
    "/etc/always.env",
    "/etc/maybe.env",
    "/usr/lib/x86_64-linux-gnu/libdeep.so.3",
    `${site}/pack/extra.py`,
    "/etc/hostname",
    "/etc",
    "/nowhere/at/all",
  ];
  expectGolden("cli/explain.txt", explain(inspection(), paths).map(printExplanation).join("\n"));
});
