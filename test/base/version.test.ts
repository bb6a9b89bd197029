import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { coldstartVersion } from "../../src/base/version.ts";

test("the version is that of package.json", () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { version: string };
  expect(coldstartVersion).toBe(version);
});
