import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseSize } from "../src/base/format.ts";
import { commandIds, lensCommandIds, panelViewType, settingKeys } from "../src/extension/ids.ts";
import { measures } from "../src/results/measureText.ts";

interface Setting {
  readonly type: string;
  readonly default: unknown;
  readonly scope: string;
  readonly markdownDescription?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
}

interface Manifest {
  readonly main: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly description: string;
      readonly restrictedConfigurations: readonly string[];
    };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
  };
}

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const settings = manifest.contributes.configuration.properties;

test("the commands of package.json are those of the code", () => {
  expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(commandIds).sort());
  for (const { title, category } of manifest.contributes.commands) {
    expect(category).toBe("Coldstart");
    expect(title).toMatch(/^[A-Z]/);
  }
});

test("commands that need arguments are not offered to people", () => {
  const offered = [...manifest.contributes.commands, ...Object.values(manifest.contributes.menus).flat()].map(({ command }) => command);
  for (const id of Object.values(lensCommandIds)) expect(offered).not.toContain(id);
});

test("the settings of package.json are those of the code, each described", () => {
  expect(Object.keys(settings).sort()).toEqual(settingKeys.map((key) => `coldstart.${key}`).sort());
  for (const [key, setting] of Object.entries(settings)) expect(setting.markdownDescription, key).toMatch(/\.$/);
});

test("defaults are valid by their own rules", () => {
  expect(settings["coldstart.measure"]?.enum).toEqual([...measures]);
  expect(settings["coldstart.measure"]?.enumDescriptions).toHaveLength(measures.length);
  for (const key of ["coldstart.chunkSize", "coldstart.cache.maxSize"]) {
    const { default: value, pattern } = settings[key] ?? {};
    expect(value).toMatch(new RegExp(pattern ?? "^$"));
    expect(parseSize(String(value))).toBeGreaterThan(0);
  }
});

test("a workspace that is not trusted sets nothing that is contacted, read outside of it or executed", () => {
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  expect(supported).toBe("limited");
  const harmless = ["measure", "chunkSize", "platform", "inspectOnOpen", "tableOfContents"].map((key) => `coldstart.${key}`);
  expect([...restrictedConfigurations, ...harmless].sort()).toEqual(Object.keys(settings).sort());
});

test("panels are restored and Dockerfiles activate; nothing activates at start", () => {
  expect(manifest.activationEvents).toEqual(["onLanguage:dockerfile", `onWebviewPanel:${panelViewType}`]);
});

test("what the manifest names is what the build writes, and is listed as shipped", () => {
  const build = readFileSync(join(root, "esbuild.mjs"), "utf8");
  expect(manifest.main).toBe("./dist/extension.js");
  expect(build).toContain('extension: "src/extension/extension.ts"');
  expect(manifest.bin["coldstart"]).toBe("dist/cli/main.js");
  expect(build).toContain('main: "src/cli/main.ts"');
  const shipped = readFileSync(join(root, ".vscodeignore"), "utf8").split("\n");
  expect(shipped).toContain("**");
  expect(shipped).toContain(`!${manifest.icon}`);
  expect(shipped).toContain("!dist/*.js");
});
