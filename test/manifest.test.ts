import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseDuration, parseSize } from "../src/base/format.ts";
import { nodeProblem } from "../src/cli/nodeVersion.ts";
import {
  clusterRowKinds,
  clusterViewId,
  commandIds,
  imageRowKind,
  imageViewId,
  lensCommandIds,
  panelViewType,
  reportViewType,
  runViewId,
  settingKeys,
  walkthroughId,
} from "../src/extension/ids.ts";
import { workClassNames } from "../src/boot/workClasses.ts";
import { measures } from "../src/results/measureText.ts";

interface Setting {
  readonly type: string;
  readonly default: unknown;
  readonly scope: string;
  readonly markdownDescription?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly items?: { readonly properties: { readonly class: { readonly enum: readonly string[] } } };
}

interface Manifest {
  readonly main: string;
  readonly engines: { readonly vscode: string; readonly node: string };
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
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when: string }[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly svg?: string; readonly markdown?: string; readonly altText?: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly customEditors: readonly { readonly viewType: string; readonly selector: readonly { readonly filenamePattern: string }[] }[];
    readonly yamlValidation: readonly { readonly fileMatch: readonly string[]; readonly url: string }[];
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

test("rules for boot work name the classes that there are", () => {
  expect(settings["coldstart.boot.rules"]?.items?.properties.class.enum).toEqual([...workClassNames]);
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
  for (const key of ["maxDuration", "trialTimeout"]) {
    const { default: value, pattern } = settings[`coldstart.bench.${key}`] ?? {};
    expect(value).toMatch(new RegExp(pattern ?? "^$"));
    for (const text of ["90s", "1h30m", "250ms"]) {
      expect(text).toMatch(new RegExp(pattern ?? "^$"));
      expect(parseDuration(text)).toBeGreaterThan(0);
    }
  }
});

test("a workspace that is not trusted sets nothing that is contacted, read outside of it or executed", () => {
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  expect(supported).toBe("limited");
  // Amounts of time and money start nothing: a benchmark is confirmed with them in sight.
  const amounts = ["trials", "pricePerNodeHour", "currency", "maxDuration", "maxCost", "trialTimeout"].map((key) => `bench.${key}`);
  const harmless = ["measure", "chunkSize", "platform", "inspectOnOpen", "tableOfContents", ...amounts].map((key) => `coldstart.${key}`);
  expect([...restrictedConfigurations, ...harmless].sort()).toEqual(Object.keys(settings).sort());
});

test("panels are restored, Dockerfiles and plans activate; nothing activates at start", () => {
  expect(manifest.activationEvents).toEqual(["onLanguage:dockerfile", "onLanguage:yaml", `onWebviewPanel:${panelViewType}`]);
});

test("views, editors and menus name what the code registers", () => {
  const { views, viewsContainers, viewsWelcome, customEditors, menus, yamlValidation } = manifest.contributes;
  expect(viewsContainers.activitybar.map(({ id }) => id)).toEqual(Object.keys(views));
  expect(
    Object.values(views)
      .flat()
      .map(({ id }) => id),
  ).toEqual([imageViewId, clusterViewId, runViewId]);
  expect(customEditors.map(({ viewType }) => viewType)).toEqual([reportViewType]);
  expect(customEditors[0]?.selector).toEqual([{ filenamePattern: "*.coldstart.json" }]);
  expect(yamlValidation.map(({ url }) => url)).toEqual(["./media/plan.schema.json"]);
  // Each view says what to do while it is empty, trusted or not.
  for (const view of [imageViewId, clusterViewId, runViewId]) {
    const welcome = viewsWelcome.filter((each) => each.view === view);
    expect(welcome.map(({ when }) => when)).toEqual(["isWorkspaceTrusted", "!isWorkspaceTrusted"]);
    for (const { contents } of welcome) expect(linkedCommands(contents)).not.toEqual([]);
  }
  for (const { contents } of viewsWelcome) for (const id of linkedCommands(contents)) expect(knownCommands).toContain(id);
  const ownRows = (menus["view/item/context"] ?? []).filter(({ when }) => when?.includes(clusterViewId));
  const kinds = Object.values(clusterRowKinds).filter((kind) => ownRows.some(({ when }) => rowsOf(when ?? "").test(kind)));
  expect(kinds).toEqual([clusterRowKinds.context, clusterRowKinds.pool, clusterRowKinds.node]);
});

test("an image's row leads to its benchmark, and can be taken off the list", () => {
  const rows = (manifest.contributes.menus["view/item/context"] ?? []).filter(({ when }) => when?.includes(imageViewId));
  expect([...new Set(rows.map(({ command }) => command))]).toEqual([commandIds.benchmark, commandIds.forgetImage]);
  for (const { when } of rows) expect(imageRowKind).toMatch(rowsOf(when ?? ""));
  const hidden = manifest.contributes.menus["commandPalette"]?.filter(({ when }) => when === "false").map(({ command }) => command);
  expect(hidden).toEqual([commandIds.forgetImage]);
});

test("the walkthrough leads from an image to what to do; its pictures ship, its links lead somewhere", () => {
  const [walkthrough] = manifest.contributes.walkthroughs;
  expect(walkthrough?.id).toBe(walkthroughId);
  expect(walkthrough?.steps.map(({ id }) => id)).toEqual(["inspect", "cluster", "benchmark", "read", "act"]);
  for (const { description, media, completionEvents } of walkthrough?.steps ?? []) {
    const file = media.svg ?? media.markdown ?? "";
    expect(file).toMatch(/^media\/walkthrough\//);
    expect(readFileSync(join(root, file), "utf8").length).toBeGreaterThan(100);
    if (media.svg !== undefined) expect(media.altText).toMatch(/\.$/);
    expect(linkedCommands(description)).not.toEqual([]);
    for (const id of linkedCommands(description)) expect([...knownCommands, `${clusterViewId}.focus`]).toContain(id);
    for (const event of completionEvents) {
      const [kind, id = ""] = event.split(":");
      if (kind === "onCommand") expect(knownCommands).toContain(id);
      else expect(["onStepSelected", `onView:${clusterViewId}`]).toContain(event);
    }
  }
  expect(readFileSync(join(root, ".vscodeignore"), "utf8").split("\n")).toContain("!media/walkthrough/*");
});

const knownCommands: readonly string[] = [...Object.values(commandIds), "workbench.trust.manage"];

function linkedCommands(text: string): string[] {
  return [...text.matchAll(/\(command:([^)]+)\)/g)].map(([, id = ""]) => id);
}

test("in the Kubernetes extension's tree the benchmark is offered on nodes, Deployments and pods, boots on nodes, and nothing elsewhere", () => {
  const foreign = (manifest.contributes.menus["view/item/context"] ?? []).filter(({ when }) => !/view == coldstart\./.test(when ?? ""));
  expect(foreign.map(({ command }) => command)).toEqual([commandIds.benchmark, commandIds.analyzeNodeBoot]);
  const pattern = rowsOf(foreign[0]?.when ?? "");
  for (const kind of ["vsKubernetes.resource.node", "vsKubernetes.resource.pod", "vsKubernetes.resource.deployment"])
    expect(kind).toMatch(pattern);
  expect("vsKubernetes.resource.service").not.toMatch(pattern);
  for (const { when } of foreign) expect(when).toMatch(/^view == extension\.vsKubernetesExplorer && /);
  expect("vsKubernetes.resource.node").toMatch(rowsOf(foreign[1]?.when ?? ""));
  expect("vsKubernetes.resource.pod").not.toMatch(rowsOf(foreign[1]?.when ?? ""));
});

/** What a `when` asks of a row, as a pattern. */
function rowsOf(when: string): RegExp {
  const [, pattern, flags] = /viewItem =~ \/(.+)\/(i?)$/.exec(when) ?? [];
  const exact = /viewItem == (\S+)$/.exec(when)?.[1];
  return new RegExp(pattern ?? `^${exact}$`, flags);
}

/** Node within VS Code's extension host, as its About box tells: 1.104.1 and 1.104.3, 1.105.0; 1.106 and later have newer ones. */
const nodeOfVsCode = { "1.104": "22.18.0", "1.105": "22.19.0" } as const;

test("the oldest VS Code that is taken is the first whose Node runs the engine", () => {
  const wanted = Number(manifest.engines.node.replace(">=22.", ""));
  const fits = Object.entries(nodeOfVsCode).filter(([, node]) => Number(node.split(".")[1]) >= wanted);
  expect(fits.map(([version]) => `^${version}.0`)).toEqual([manifest.engines.vscode]);
  expect(nodeProblem("22.19.0")).toBeUndefined();
  expect(nodeProblem("22.18.0")).toBeDefined();
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
