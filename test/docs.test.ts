/** What the documentation says is held against what it speaks of: keys of schemas, error codes, files, scripts and options. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { tiers } from "../src/cluster/tiers.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const pages = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)];

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

function keysOf(schema: Schema): string[] {
  const { properties = {}, items, anyOf = [], additionalProperties } = schema;
  const below = [...Object.values(properties), ...anyOf, ...(items ? [items] : [])];
  if (typeof additionalProperties === "object") below.push(additionalProperties);
  return [...Object.keys(properties), ...below.flatMap(keysOf)];
}

/** What stands between backticks, in whole and word by word. */
function codeWords(text: string): ReadonlySet<string> {
  const codes = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
  return new Set(codes.flatMap((code) => [code, ...code.split(/[^\w-]+/)]));
}

test("docs/plan.md names every key of a plan", () => {
  const named = codeWords(read("docs/plan.md"));
  const keys = [...new Set(keysOf(JSON.parse(read("media/plan.schema.json")) as Schema))];
  expect(keys.length).toBeGreaterThan(30);
  expect(keys.filter((key) => !named.has(key))).toEqual([]);
});

test("docs/report.md names every part of a report", () => {
  const named = codeWords(read("docs/report.md"));
  const { properties = {} } = JSON.parse(read("media/report.schema.json")) as Schema;
  const run = properties["bench"]?.properties?.["run"]?.properties ?? {};
  const parts = [properties, properties["image"]?.properties, properties["boots"]?.properties, run, run["trials"]?.items?.properties];
  const keys = parts.flatMap((part) => Object.keys(part ?? {}));
  expect(keys.length).toBeGreaterThan(40);
  expect(keys.filter((key) => !named.has(key))).toEqual([]);
});

test("docs/troubleshooting.md has a row for every error code, and no other", () => {
  const [, union = ""] = /type UserErrorCode =([^;]+);/.exec(read("src/base/errors.ts")) ?? [];
  const codes = [...union.matchAll(/"([a-z-]+)"/g)].map(([, code = ""]) => code);
  const rows = [...read("docs/troubleshooting.md").matchAll(/^\| `([a-z-]+)` \| (.+) \| (.+) \|$/gm)].map(([, code = ""]) => code);
  expect(codes.length).toBeGreaterThan(30);
  expect([...rows].sort()).toEqual([...codes].sort());
});

test("the README names what every tier of roles is for", () => {
  const readme = read("README.md");
  for (const tier of tiers) expect(readme).toContain(`\n| \`${tier}\` | `);
});

describe.each(pages)("%s", (page) => {
  const text = read(page);

  test("links lead to files that are there", () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(([, link, source]) => link ?? source ?? "");
    const own = links.filter((link) => !/^(https?:|#)/.test(link)).map((link) => link.replace(/#.*$/, ""));
    expect(own.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  test("files of this repository that are named are there", () => {
    const named = [...text.matchAll(/`((?:src|test|media|webview|docs)\/[\w./-]+)`/g)].map(([, path = ""]) => path);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test("scripts and options that are named exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const called = [...text.matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name = ""]) => name);
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
    const programs = readdirSync(join(root, "src/cli"))
      .map((name) => read(`src/cli/${name}`))
      .join("\n");
    // Of the commands in code blocks, with their continued lines.
    const commands = [...text.matchAll(/^(?:npm run -s cli --|coldstart) (?:.*\\\n)*.*$/gm)].map(([line]) => line.replace(/#.*$/gm, ""));
    const options = commands.flatMap((line) => line.match(/(?<=\s)--[a-z][a-z-]*/g) ?? []);
    expect(options.filter((option) => !programs.includes(`${option} `) && !programs.includes(`${option}"`))).toEqual([]);
  });
});
