import { expect, test } from "vitest";
import { defaultCalibration } from "../../src/startup/calibration.ts";
import { intervalOf, type IntervalBasis } from "../../src/startup/intervals.ts";
import { littleReached, lostAmongPackages, reachOf, type Reach } from "../../src/startup/reach.ts";
import { walkStartup } from "../../src/startup/walkStartup.ts";
import { debianRoot, program } from "../fakes/elf.ts";
import { memoryCatalog } from "../fakes/memoryCatalog.ts";

const site = "/venv/lib/python3.12/site-packages";

/** What is reached when a program opens these of the files. */
function reach(files: readonly string[], opened: readonly string[], workingDir = "/"): Reach {
  const catalog = memoryCatalog({
    ...debianRoot,
    "/bin/server": program(),
    ...Object.fromEntries(files.map((path) => [path, { sizeBytes: 1000 }])),
  });
  const question = { entrypoint: ["/bin/server"], cmd: [], env: [], workingDir, user: "", chunkSizeBytes: 4096 };
  const walked = walkStartup(catalog, question);
  const notes = new Map(walked.opened);
  for (const path of opened) {
    const entry = catalog.file(path);
    if (!entry) throw new Error(path);
    notes.set(path, { entry, probability: 1, rule: "entry", evidence: "", moment: "ready" });
  }
  return reachOf(catalog, { ...walked, opened: notes });
}

test("packages are counted by what is installed, not by their files; installers and metadata are none", () => {
  const files = [
    ...[
      "numpy/a.py",
      "numpy/b.py",
      "numpy.libs/c.so",
      "six.py",
      "pip/p.py",
      "six-1.0.dist-info/METADATA",
      "__pycache__/six.cpython-312.pyc",
    ].map((name) => `${site}/${name}`),
    ...[
      "/app/node_modules/@scope/one/i.js",
      "/app/node_modules/two/node_modules/three/i.js",
      "/usr/lib/node_modules/npm/node_modules/x/i.js",
    ],
    ...["/srv/lib/one.jar", "/usr/share/java/system.jar"],
  ];
  expect(reach(files, [])).toMatchObject({ packages: 5, unreachedPackages: 5, packageBytes: 7000, unreachedFiles: 5 });
  expect(reach(files, [`${site}/numpy.libs/c.so`])).toMatchObject({ packages: 5, unreachedPackages: 4, unreachedBytes: 4000 });
});

test("another environment of the same language does not count", () => {
  const files = [`${site}/used/a.py`, "/usr/lib/python3/dist-packages/other/a.py"];
  expect(reach(files, [files[0] as string])).toMatchObject({ packages: 1, unreachedPackages: 0 });
  expect(reach(files, [])).toMatchObject({ packages: 2, unreachedPackages: 2 });
});

test("an application's modules are in the working folder and beside those that are reached", () => {
  const files = ["/app/main.py", "/app/parts/a.py", "/app/parts/b.py", "/app/six-1.dist-info/METADATA", "/srv/c.py", "/usr/lib/x/d.py"];
  const plain = files.filter((path) => !path.includes("dist-info"));
  expect(reach(plain, ["/app/main.py"], "/app")).toMatchObject({ modules: 3, reachedModules: 1 });
  expect(reach(plain, ["/srv/c.py"], "/")).toMatchObject({ modules: 1, reachedModules: 1 });
  expect(reach(files, ["/app/main.py"], "/app")).toMatchObject({ modules: 0, reachedModules: 0 });
});

const nothing: Reach = {
  packages: 0,
  packageBytes: 0,
  unreachedPackages: 0,
  unreachedFiles: 0,
  unreachedBytes: 0,
  modules: 0,
  reachedModules: 0,
};
const lost: Reach = { ...nothing, packages: 40, unreachedPackages: 38, packageBytes: 100_000, unreachedBytes: 99_000, unreachedFiles: 900 };

test("a walk is lost where most packages and most of their bytes are untouched", () => {
  expect(lostAmongPackages(nothing)).toBe(0);
  expect(lostAmongPackages(lost)).toBe(1);
  expect(lostAmongPackages({ ...lost, unreachedBytes: 20_000 })).toBe(0);
  expect(lostAmongPackages({ ...lost, unreachedPackages: 10 })).toBe(0);
  expect(littleReached(lost)?.message).toContain("Only 2 of 40 installed packages");
  expect(littleReached({ ...nothing, modules: 41, reachedModules: 3 })?.message).toContain("Only 3 of 41 modules");
  expect(littleReached({ ...nothing, modules: 5, reachedModules: 4 })).toBeUndefined();
});

test("the upper end rises with what a lost walk left untouched, and never beyond the image", () => {
  const basis: IntervalBasis = { value: 50, variance: 0, unlisted: 0, deferred: 0, total: 5000, confidence: "medium", reach: nothing };
  const high = (change: Partial<IntervalBasis>): number => intervalOf("openedFiles", { ...basis, ...change }, defaultCalibration).high;
  expect(high({ reach: lost })).toBeGreaterThan(900);
  expect(high({ reach: nothing })).toBeLessThan(200);
  expect(high({ reach: lost, total: 70 })).toBe(70);
  expect(high({ confidence: "low" })).toBeGreaterThan(high({}));
  expect(high({ unlisted: 30 })).toBe(high({}) + 30);
});
