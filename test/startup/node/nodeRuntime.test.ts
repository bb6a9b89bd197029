import { describe, expect, test } from "vitest";
import { estimateStartup } from "../../../src/startup/estimate.ts";
import type { StartupEstimate } from "../../../src/startup/startupSet.ts";
import { debianRoot, elf, program } from "../../fakes/elf.ts";
import { memoryCatalog, type MemoryFile } from "../../fakes/memoryCatalog.ts";

const node = { "/usr/local/bin/node": program() };

function estimateOf(files: Readonly<Record<string, MemoryFile>>, cmd: readonly string[], env: readonly string[] = []): StartupEstimate {
  const catalog = memoryCatalog({ ...debianRoot, ...node, ...files });
  const path = "PATH=/usr/local/bin:/usr/bin";
  return estimateStartup(catalog, { entrypoint: [], cmd, env: [path, ...env], workingDir: "/app", user: "", chunkSizeBytes: 1 << 22 }, 1);
}

/** Opened files outside of the system's own folders. */
function openedOf(
  files: Readonly<Record<string, MemoryFile>>,
  cmd: readonly string[] = ["node", "server.js"],
  env: readonly string[] = [],
): string[] {
  return estimateOf(files, cmd, env)
    .files.map(({ path }) => path)
    .filter((path) => !/^\/(?:usr\/(?:lib|lib64|bin|local\/bin\/node$)|etc)/.test(path));
}

function check(
  name: string,
  files: Readonly<Record<string, MemoryFile>>,
  expected: readonly string[],
  cmd?: readonly string[],
  env?: readonly string[],
): void {
  test(name, () => expect(openedOf(files, cmd, env)).toEqual(expected));
}

describe("CommonJS resolution", () => {
  check(
    "extensions, folders, main, index",
    {
      "/app/server.js": "require('./a'); require('./b'); require('./c'); require('./d'); require('./e.json'); require('./missing')",
      "/app/a.js": "",
      "/app/a/index.js": "",
      "/app/b/index.js": "",
      "/app/c/package.json": '{"main":"lib/c"}',
      "/app/c/lib/c.js": "",
      "/app/d.json": "{}",
      "/app/e.json": "{}",
    },
    ["/app/a.js", "/app/b/index.js", "/app/c/lib/c.js", "/app/c/package.json", "/app/d.json", "/app/e.json", "/app/server.js"],
  );
  check(
    "node_modules upwards, nested first, and the package's description",
    {
      "/app/server.js": "require('x'); require('@s/y/sub'); require('fs'); require('node:path')",
      "/app/package.json": "{}",
      "/app/node_modules/x/package.json": '{"main":"m.js"}',
      "/app/node_modules/x/m.js": "require('z')",
      "/app/node_modules/x/node_modules/z/index.js": "",
      "/app/node_modules/z/index.js": "",
      "/node_modules/@s/y/package.json": "{}",
      "/node_modules/@s/y/sub.js": "",
      "/node_modules/@s/y/index.js": "",
    },
    [
      "/app/node_modules/x/m.js",
      "/app/node_modules/x/node_modules/z/index.js",
      "/app/node_modules/x/package.json",
      "/app/package.json",
      "/app/server.js",
      "/node_modules/@s/y/package.json",
      "/node_modules/@s/y/sub.js",
    ],
  );
  check(
    "NODE_PATH and Debian's folder",
    { "/app/server.js": "require('a'); require('b')", "/extra/a.js": "", "/usr/share/nodejs/b/index.js": "", "/usr/local/bin/node": program("libnode.so.115"), "/usr/lib/libnode.so.115": elf() }, // prettier-ignore
    ["/app/server.js", "/extra/a.js", "/usr/share/nodejs/b/index.js"],
    ["node", "server"],
    ["NODE_PATH=/extra"],
  );
  check(
    "a linked package is looked up from where it really lies",
    {
      "/app/server.js": "require('w')",
      "/app/node_modules/w": { link: "../packages/w" },
      "/app/packages/w/index.js": "require('v')",
      "/app/packages/w/node_modules/v/index.js": "",
    },
    ["/app/packages/w/index.js", "/app/packages/w/node_modules/v/index.js", "/app/server.js"],
  );
  check("circles end", { "/app/server.js": "require('./a')", "/app/a.js": "require('./server'); require('.')" }, [
    "/app/a.js",
    "/app/server.js",
  ]);
});

describe("what is loaded when needed", () => {
  const lazy = "exports.start = function start() { require('./used'); }; exports.stop = () => { require('./unused'); };";
  const tool = { "/app/node_modules/tool/index.js": lazy, "/app/node_modules/tool/used.js": "", "/app/node_modules/tool/unused.js": "" };
  check(
    "a function that the importer calls, and one that nobody calls",
    { ...tool, "/app/server.js": "const tool = require('tool');\ntool.start();" },
    ["/app/node_modules/tool/index.js", "/app/node_modules/tool/used.js", "/app/server.js"],
  );
  check(
    "an importer that comes later",
    {
      ...tool,
      "/app/server.js": "require('tool'); require('./boot');",
      "/app/boot.js": "const { start } = require('tool'); module.exports = start();",
    },
    ["/app/boot.js", "/app/node_modules/tool/index.js", "/app/node_modules/tool/used.js", "/app/server.js"],
  );
  check(
    "an optional package that the application depends on itself",
    {
      "/app/package.json": '{"dependencies":{"wanted":"1"}}',
      "/app/server.js": "require('host')",
      "/app/node_modules/host/index.js": "function load() { require('wanted'); require('other'); }",
      "/app/node_modules/wanted/index.js": "",
      "/app/node_modules/other/index.js": "",
    },
    ["/app/node_modules/host/index.js", "/app/node_modules/wanted/index.js", "/app/package.json", "/app/server.js"],
  );
  test("a handler's module is loaded by the first request", () => {
    const server = "const app = require('web'); app.get('/', (req, res) => { require('late'); });";
    const files = { "/app/server.js": server, "/app/node_modules/web/index.js": "", "/app/node_modules/late/index.js": "" };
    const { files: ready, requestFiles } = estimateOf(files, ["node", "server.js"]);
    expect(ready.map(({ path }) => path)).not.toContain("/app/node_modules/late/index.js");
    expect(requestFiles.map(({ path }) => path)).toEqual(["/app/node_modules/late/index.js"]);
  });
  check(
    "a folder of code that is listed while running",
    {
      "/app/server.mjs":
        "import { join, dirname } from 'node:path'; const here = dirname(fileURLToPath(import.meta.url));\nload(join(here, 'plugins')); serve(join(here, 'public'));",
      "/app/plugins/a.mjs": "import '../deep.mjs'",
      "/app/plugins/b/index.mjs": "",
      "/app/plugins/readme.md": "",
      "/app/deep.mjs": "",
      "/app/public/site.js": "",
    },
    ["/app/deep.mjs", "/app/plugins/a.mjs", "/app/plugins/b/index.mjs", "/app/server.mjs"],
    ["node", "server.mjs"],
  );
  check(
    "source maps when Node is told to read them",
    { "/app/server.js": "require('./a');\n//# sourceMappingURL=server.js.map", "/app/a.js": "", "/app/server.js.map": "{}" },
    ["/app/a.js", "/app/server.js", "/app/server.js.map"],
    ["node", "--enable-source-maps", "server.js"],
  );
  check(
    "a logger's transport in a worker thread",
    {
      "/app/server.js": "require('pino')({ transport: { target: 'pino-pretty' } })",
      "/app/node_modules/pino/index.js": "",
      "/app/node_modules/pino/lib/worker.js": "",
      "/app/node_modules/pino-pretty/index.js": "",
    },
    ["/app/node_modules/pino-pretty/index.js", "/app/node_modules/pino/index.js", "/app/node_modules/pino/lib/worker.js", "/app/server.js"],
  );
});

describe("exports and imports", () => {
  const described = {
    "/app/node_modules/p/package.json": JSON.stringify({
      name: "p",
      exports: {
        ".": { browser: "./browser.js", node: { import: "./esm.mjs", require: "./cjs.js" }, default: "./other.js" },
        "./f/*": "./features/*.js",
        "./f/private/*": null,
        "./old/": "./legacy/",
        "./first": [{ unknown: "./no.js" }, "./first.js"],
      },
      imports: { "#own": "./own.js", "#dep": "q" },
    }),
    "/app/node_modules/p/cjs.js": "require('p/f/self'); require('#own'); require('#dep')",
    "/app/node_modules/p/esm.mjs": "",
    "/app/node_modules/p/browser.js": "",
    "/app/node_modules/p/other.js": "",
    "/app/node_modules/p/own.js": "",
    "/app/node_modules/p/first.js": "",
    "/app/node_modules/p/hidden.js": "",
    "/app/node_modules/p/features/a.js": "",
    "/app/node_modules/p/features/self.js": "",
    "/app/node_modules/p/features/private/b.js": "",
    "/app/node_modules/p/legacy/c.js": "",
    "/app/node_modules/q/index.js": "",
  };
  const base = "/app/node_modules/p/";
  function loaded(code: string): string[] {
    return openedOf({ ...described, "/app/server.mjs": code }, ["node", "server.mjs"]).map((path) =>
      path.replace(base, "").replace("/app/", ""),
    );
  }
  test.each([
    ["import 'p'", ["esm.mjs", "package.json", "server.mjs"]],
    [
      "import { createRequire } from 'module'; const require = createRequire(import.meta.url); require('p')",
      ["cjs.js", "features/self.js", "own.js", "package.json", "node_modules/q/index.js", "server.mjs"],
    ],
    ["import 'p/f/a'", ["features/a.js", "package.json", "server.mjs"]],
    ["import 'p/f/private/b'", ["package.json", "server.mjs"]],
    ["import 'p/old/c.js'", ["legacy/c.js", "package.json", "server.mjs"]],
    ["import 'p/first'", ["first.js", "package.json", "server.mjs"]],
    ["import 'p/hidden.js'", ["package.json", "server.mjs"]],
    ["export * from 'p/f/a'", ["features/a.js", "package.json", "server.mjs"]],
    ["import './near'", ["server.mjs"]],
  ])("%s", (code, expected) => expect(loaded(code)).toEqual(expected));
});

describe("where a load stands", () => {
  const parts = { "/app/a.js": "", "/app/b.js": "", "/app/c.js": "", "/app/d.js": "" };
  check(
    "functions wait, called ones do not",
    {
      ...parts,
      "/app/server.js":
        "function f() { require('./a') }\nfunction g() { require('./b') }\ng()\napp.get('/', () => require('./c'))\nmodule.exports = () => import('./d.js')",
    },
    ["/app/b.js", "/app/server.js"],
  );
  check(
    "an optional module that is there is loaded, its substitute is not",
    { ...parts, "/app/server.js": "try { require('./a') } catch { require('./b') }" },
    ["/app/a.js", "/app/server.js"],
  );
  const byEnvironment = {
    ...parts,
    "/app/server.js": "if (process.env.NODE_ENV === 'production') { require('./a') } else { require('./b') }",
  };
  check("production", byEnvironment, ["/app/a.js", "/app/server.js"], ["node", "server.js"], ["NODE_ENV=production"]);
  check("any other environment", byEnvironment, ["/app/b.js", "/app/server.js"]);
  check(
    "the entry knows that it is the program",
    {
      ...parts,
      "/app/server.js": "require('./a'); if (require.main === module) require('./b')",
      "/app/a.js": "if (require.main === module) require('./c')",
    },
    ["/app/a.js", "/app/b.js", "/app/server.js"],
  );
  check(
    "an exported function that is called at once",
    { ...parts, "/app/server.js": "require('./a')(app)", "/app/a.js": "module.exports = function (app) { require('./b') }" },
    ["/app/a.js", "/app/b.js", "/app/server.js"],
  );
  check(
    "names that are built",
    {
      "/app/server.js": "for (const r of all) require('./routes/' + r)",
      "/app/routes/x.js": "",
      "/app/routes/y.js": "",
      "/app/routes/y.d.ts": "",
    },
    ["/app/routes/x.js", "/app/routes/y.js", "/app/server.js"],
  );
  check(
    "workers",
    { "/app/server.mjs": "new Worker(new URL('./w.js', import.meta.url))", "/app/w.js": "require('./x')", "/app/x.js": "" },
    ["/app/server.mjs", "/app/w.js", "/app/x.js"],
    ["node", "server.mjs"],
  );
});

describe("addons", () => {
  test("with their libraries", () =>
    expect(
      openedOf({
        "/app/server.js": "require('s')",
        "/app/node_modules/s/package.json": '{"name":"s"}',
        "/app/node_modules/s/index.js": "module.exports = require('bindings')('s')",
        "/app/node_modules/bindings/index.js": "",
        "/app/node_modules/s/build/Release/s.node": elf({ needed: ["libs.so"], runpath: "$ORIGIN" }),
        "/app/node_modules/s/build/Release/libs.so": elf({ soname: "libs.so" }),
      }),
    ).toContain("/app/node_modules/s/build/Release/libs.so"));
  check(
    "the one of this platform",
    {
      "/app/server.js":
        "switch (process.platform) { case 'linux': if (musl()) { require('@n/linux-x64-musl') } else { require('@n/linux-x64-gnu') } }",
      "/app/node_modules/@n/linux-x64-gnu/package.json": '{"main":"n.linux-x64-gnu.node"}',
      "/app/node_modules/@n/linux-x64-gnu/n.linux-x64-gnu.node": elf(),
    },
    ["/app/node_modules/@n/linux-x64-gnu/n.linux-x64-gnu.node", "/app/node_modules/@n/linux-x64-gnu/package.json", "/app/server.js"],
  );
});

describe("command lines", () => {
  const parts = { "/app/server.js": "", "/app/pre.js": "", "/app/.env": "A=1" };
  check(
    "preloaded modules and environment files",
    parts,
    ["/app/.env", "/app/pre.js", "/app/server.js"],
    ["node", "--max-old-space-size=99", "--env-file=.env", "-r", "./pre.js", "server.js", "--x"],
  );
  check("NODE_OPTIONS", parts, ["/app/pre.js", "/app/server.js"], ["node", "server.js"], ["NODE_OPTIONS=--require ./pre.js"]);
  check("-e", parts, ["/app/server.js"], ["node", "-e", "require('./server')"]);
  check("--version", parts, [], ["node", "--version", "server.js"]);
  check("through a shell", parts, ["/app/server.js"], ["/bin/sh", "-c", "exec node /app/server.js"]);
  const project = {
    ...parts,
    "/app/package.json": '{"scripts":{"prestart":"node pre.js","start":"serve --x","serve":"node server"}}',
    "/app/node_modules/serve/cli.js": "#!/usr/bin/env node\nrequire('../../server.js')",
    "/app/node_modules/.bin/serve": { link: "../serve/cli.js" },
    "/usr/local/lib/node_modules/npm/bin/npm-cli.js": "#!/usr/bin/env node\nrequire('../lib/cli.js')(process)",
    "/usr/local/lib/node_modules/npm/lib/cli.js": "module.exports = (p) => { const e = () => require('./npm.js'); return e() }",
    "/usr/local/lib/node_modules/npm/lib/npm.js": "",
    "/usr/local/bin/npm": { link: "../lib/node_modules/npm/bin/npm-cli.js" },
  };
  const npm = [
    "/usr/local/lib/node_modules/npm/bin/npm-cli.js",
    "/usr/local/lib/node_modules/npm/lib/cli.js",
    "/usr/local/lib/node_modules/npm/lib/npm.js",
  ];
  check(
    "npm start",
    project,
    ["/app/node_modules/serve/cli.js", "/app/package.json", "/app/pre.js", "/app/server.js", ...npm],
    ["npm", "start"],
  );
  check("npm run", project, ["/app/package.json", "/app/server.js", ...npm], ["npm", "run", "--silent", "serve"]);
  check("node --run", project, ["/app/package.json", "/app/server.js"], ["node", "--run", "serve"]);
});

describe("flags", () => {
  test.each<[string, Record<string, string>, string[], string]>([
    ["a module that only running would tell", { "/app/server.js": "require(process.argv[2])" }, ["node", "server.js"], "dynamic-import"],
    ["a script that is not there", {}, ["node", "server.js"], "missing-script"],
    ["TypeScript", { "/app/server.ts": "import './x'" }, ["node", "server.ts"], "typescript-runner"],
  ])("%s", (_, files, cmd, code) => expect(estimateOf(files, cmd).flags.map((flag) => flag.code)).toContain(code));
});

test("evidence names file, line and specifier", () => {
  const files = { "/app/server.js": "\nrequire('x')", "/app/node_modules/x/index.js": "require('./y')", "/app/node_modules/x/y.js": "" };
  expect(
    estimateOf(files, ["node", "server.js"])
      .files.filter(({ path }) => path.startsWith("/app/node_modules"))
      .map(({ path, rule, evidence }) => `${path} ${rule}: ${evidence}`),
  ).toEqual(["/app/node_modules/x/index.js node-require: server.js:2 → x", "/app/node_modules/x/y.js node-require: x/index.js:1 → ./y"]);
});
