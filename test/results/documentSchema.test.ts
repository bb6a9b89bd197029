import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { documentOf } from "../../src/results/document.ts";
import { documentSchema } from "../../src/results/documentSchema.ts";
import { sampleRun } from "../bench/sampleRun.ts";
import { sampleBoots } from "./bootsSample.ts";
import { sampleReport } from "./reportSample.ts";

const root = join(import.meta.dirname, "../..");
const path = join(root, "media/report.schema.json");

test("media/report.schema.json is made of the schema that reads reports (UPDATE=1 writes it anew)", async () => {
  const schema = z.toJSONSchema(documentSchema, { target: "draft-7" });
  const expected = await format(JSON.stringify(schema), { parser: "json", printWidth: 140 });
  if (process.env["UPDATE"] === "1") writeFileSync(path, expected);
  expect(readFileSync(path, "utf8")).toBe(expected);
});

test("what is written fits the schema", () => {
  const bench = sampleRun([{ name: "overlayfs", started: [2000, undefined], ready: [12_000, undefined] }]);
  const document = documentOf({ bench, image: sampleReport, boots: sampleBoots }, { atEpochMs: 1, version: "0.1.0" });
  expect(documentSchema.safeParse(JSON.parse(JSON.stringify(document))).error).toBeUndefined();
});

test("editors find the schema", () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    contributes: { jsonValidation: { fileMatch: string | string[]; url: string }[] };
  };
  expect(manifest.contributes.jsonValidation.map(({ fileMatch, url }) => [[fileMatch].flat(), url])).toContainEqual([
    ["*.coldstart.json"],
    "./media/report.schema.json",
  ]);
  expect(readFileSync(join(root, ".vscodeignore"), "utf8")).toContain("!media/report.schema.json");
});
