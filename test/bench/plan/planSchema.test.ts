import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { planSchema } from "../../../src/bench/plan/planSchema.ts";

const path = join(import.meta.dirname, "../../../media/plan.schema.json");

test("media/plan.schema.json is made of the schema that reads plans (UPDATE=1 writes it anew)", async () => {
  const schema = z.toJSONSchema(planSchema, { target: "draft-7" });
  const expected = await format(JSON.stringify(schema), { parser: "json", printWidth: 140 });
  if (process.env["UPDATE"] === "1") writeFileSync(path, expected);
  expect(readFileSync(path, "utf8")).toBe(expected);
});

test("editors find the schema", () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")) as {
    contributes: { yamlValidation: unknown };
  };
  expect(manifest.contributes.yamlValidation).toEqual([
    { fileMatch: ["*.coldstart.yaml", "*.coldstart.yml"], url: "./media/plan.schema.json" },
  ]);
  expect(readFileSync(join(import.meta.dirname, "../../../.vscodeignore"), "utf8")).toContain("!media/plan.schema.json");
});
