/**
 * What ships: the .vsix and the command line's tarball, made from scratch in folders of their own, so that nobody's `dist` is touched.
 */
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { coldstartVersion } from "../../../src/base/version.ts";
import { must, run, temporaryFolder } from "../parts/process.ts";
import { zipNames } from "./zipNames.ts";
import { writeTinyLayout } from "./tinyLayout.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const programs = join(root, "node_modules", ".bin");
const env = { PATH: `${programs}:${process.env["PATH"]}` };

/** Two copies of what is packaged, each with its own build, and a build that still tells its sources. */
let first: string;
let second: string;
let withSources: string;

beforeAll(async () => {
  [first, second] = [temporaryFolder("package"), temporaryFolder("package")];
  copySources(root, first);
  // Of the copy: somebody may be writing while this runs.
  copySources(first, second);
  withSources = join(first, "unminified");
  await must(["node", "esbuild.mjs", "--out", "unminified"], { cwd: first, env });
  for (const folder of [first, second]) await must(["npm", "run", "package"], { cwd: folder, env });
}, 300_000);

/** A checkout without what git ignores and without tests; the installed packages are shared. */
function copySources(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if ([".git", "node_modules", "dist", "out", "test", "unminified"].includes(name)) continue;
    cpSync(join(from, name), join(to, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(to, "node_modules"));
}

const vsixIn = (folder: string): Buffer => readFileSync(join(folder, "out", "coldstart.vsix"));

test("the .vsix holds what ships and nothing else", () => {
  const names = zipNames(vsixIn(first));
  // Chunks are named by their content.
  const plain = [...new Set(names.map((name) => name.replace(/chunk-[A-Z0-9]{8}\.js$/, "chunk-*.js")))].sort();
  expect(plain).toEqual([
    "[Content_Types].xml",
    "extension.vsixmanifest",
    "extension/LICENSE.txt",
    "extension/changelog.md",
    "extension/dist/THIRD_PARTY_NOTICES.txt",
    "extension/dist/chunk-*.js",
    "extension/dist/extension.js",
    "extension/dist/factsWorker.js",
    "extension/dist/webview/panel.css",
    "extension/dist/webview/panel.js",
    "extension/dist/webview/report.css",
    "extension/dist/webview/report.js",
    "extension/dist/webview/reportFile.css",
    "extension/dist/webview/reportFile.js",
    "extension/dist/webview/reportFile.notices.txt",
    "extension/media/icon.png",
    "extension/media/plan.schema.json",
    "extension/media/report.schema.json",
    "extension/media/sample.coldstart.json",
    "extension/media/walkthrough/act.md",
    "extension/media/walkthrough/benchmark.md",
    "extension/media/walkthrough/cluster.md",
    "extension/media/walkthrough/inspect.svg",
    "extension/media/walkthrough/read.svg",
    "extension/package.json",
    "extension/readme.md",
  ]);
  console.log(`measured .vsix: ${(vsixIn(first).length / 1e6).toFixed(2)} MB in ${names.length} files`);
});

test("two builds give equal bytes", () => {
  const digest = (folder: string): string => createHash("sha256").update(vsixIn(folder)).digest("hex");
  expect(digest(second)).toBe(digest(first));
  const cli = (folder: string): string[] =>
    readdirSync(join(folder, "dist", "cli")).map((name) => `${name} ${readFileSync(join(folder, "dist", "cli", name), "base64")}`);
  expect(cli(second)).toEqual(cli(first));
});

test("the notices name every bundled package, with the text of its licence", () => {
  const notices = readFileSync(join(first, "dist", "THIRD_PARTY_NOTICES.txt"), "utf8");
  const folders = bundledPackages(withSources);
  expect(folders.length).toBeGreaterThan(20);
  for (const folder of folders) {
    const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string; version: string };
    const start = notices.indexOf(`\n${name} ${version}\n`);
    expect(start, name).toBeGreaterThan(0);
    const own = notices.slice(start, notices.indexOf("-".repeat(80), start) >>> 0);
    expect(own, name).toMatch(
      /Permission is hereby granted|Redistribution and use|Permission to use, copy, modify|Apache License|without warranty/i,
    );
    const text = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    if (text !== undefined) expect(own, name).toContain(readFileSync(join(folder, text), "utf8").trim());
  }
});

/** Folders of the packages that the source maps of a build name: another witness than the builder's own account. */
function bundledPackages(dist: string): string[] {
  const maps = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".map"));
  const sources = maps.flatMap((name) => (JSON.parse(readFileSync(join(dist, name), "utf8")) as { sources: string[] }).sources);
  const folders = sources.flatMap(
    (source) => /.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(source)?.[0].replace(/^.*?node_modules/, "node_modules") ?? [],
  );
  return [...new Set(folders)].map((folder) => join(root, folder));
}

test("the command line works from its tarball, installed without a network", async () => {
  // Without scripts: it is built already, and minified anew it would be the same.
  const said = await must(["npm", "pack", "--json", "--ignore-scripts"], { cwd: first, env });
  const [packed] = JSON.parse(said) as [{ filename: string; size: number; files: { path: string }[] }];
  const shipped = packed.files.map(({ path }) => path.replace(/chunk-[A-Z0-9]{8}\.js$/, "chunk-*.js"));
  expect([...new Set(shipped)].filter((path) => !path.startsWith("docs/")).sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "dist/THIRD_PARTY_NOTICES.txt",
    "dist/cli/chunk-*.js",
    "dist/cli/factsWorker.js",
    "dist/cli/main.js",
    "dist/cli/reportFile.css",
    "dist/cli/reportFile.js",
    "dist/cli/reportFile.notices.txt",
    "package.json",
  ]);
  const prefix = temporaryFolder("prefix");
  const nowhere = { ...env, npm_config_cache: temporaryFolder("npm-cache"), npm_config_registry: "http://127.0.0.1:1/" };
  await must(["npm", "install", "--global", "--offline", "--no-audit", "--no-fund", "--prefix", prefix, join(first, packed.filename)], {
    env: nowhere,
  });
  const program = join(prefix, "bin", "coldstart");
  const help = await must([program, "--help"], { env });
  for (const command of ["inspect", "bench", "boot", "report", "rbac"]) expect(help).toContain(`  ${command} `);
  expect(await must([program, "--version"], { env })).toBe(coldstartVersion);
  const layout = temporaryFolder("layout");
  writeTinyLayout(layout);
  const inspected = await run([program, "inspect", `oci:${layout}:1`], { env: { ...env, COLDSTART_CACHE_DIR: temporaryFolder("cache") } });
  expect(inspected.stderr).not.toContain("bug");
  expect(inspected.exitCode).toBe(0);
  expect(inspected.stdout).toContain("/app/start");
  expect(readdirSync(join(prefix, "lib", "node_modules"))).toEqual(["coldstart"]);
  expect(existsSync(join(prefix, "lib", "node_modules", "coldstart", "node_modules"))).toBe(false);
  console.log(`measured command line's tarball: ${(packed.size / 1e6).toFixed(2)} MB`);
});
