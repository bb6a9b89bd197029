import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildContextOf } from "../../src/inspect/buildContext.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "coldstart-context-"));
  const context = join(folder, "context");
  mkdirSync(join(context, "src"), { recursive: true });
  mkdirSync(join(context, "secret"));
  writeFileSync(join(context, ".dockerignore"), "secret\n*.log\n");
  writeFileSync(join(context, "serve.py"), "import flask\n");
  writeFileSync(join(context, "build.log"), "noise");
  writeFileSync(join(context, "src", "lib.py"), "import os\n");
  writeFileSync(join(context, "secret", "key"), "s3cret");
  writeFileSync(join(context, "huge.py"), "#".repeat(1_000_001));
  writeFileSync(join(folder, "outside.txt"), "not yours");
  symlinkSync("../outside.txt", join(context, "escape"));
  symlinkSync("..", join(context, "up"));
  symlinkSync("serve.py", join(context, "main.py"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["serve.py", "import flask\n"],
  ["/serve.py", "import flask\n"],
  ["main.py", "import flask\n"],
  ["src/lib.py", "import os\n"],
  ["secret/key", undefined],
  ["build.log", undefined],
  ["escape", undefined],
  ["up/outside.txt", undefined],
  ["../outside.txt", undefined],
  ["huge.py", undefined],
  ["src", undefined],
  ["absent", undefined],
])("read %s", (path, expected) => {
  expect(buildContextOf(join(folder, "context")).read(path)).toBe(expected);
});

test("lists what the builder would see", () => {
  const context = buildContextOf(join(folder, "context"));
  expect(context.list("")).toEqual([".dockerignore", "escape", "huge.py", "main.py", "serve.py", "src", "up"]);
  expect(context.list("src")).toEqual(["lib.py"]);
  expect(context.list("up")).toEqual([]);
  expect(context.exists("secret/key")).toBe(false);
});

test("a folder that is not there is an empty context", () => {
  const context = buildContextOf(join(folder, "nowhere"));
  expect(context.list("")).toEqual([]);
  expect(context.exists("serve.py")).toBe(false);
});
