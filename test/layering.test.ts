import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { arrows, onlyIn, rooms } from "./rooms.ts";

const root = join(import.meta.dirname, "..");
const importPattern = /(?:\bfrom\s*|\bimport\s*\(?\s*|new URL\(\s*)"([^"]+)"/g;

const files = [...sources("src"), ...sources("webview")];

test("every import follows an arrow of the table", () => {
  const wrong: string[] = [];
  for (const file of files) {
    const from = roomOf(file);
    for (const specifier of importsOf(file)) {
      if (!specifier.startsWith(".")) continue;
      const target = relative(root, join(root, dirname(file), specifier));
      const to = roomOf(target);
      if (to !== from && !arrows[from]?.includes(to)) wrong.push(`${file} → ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("a package that belongs to one place is named nowhere else", () => {
  const wrong: string[] = [];
  for (const file of files) {
    for (const specifier of importsOf(file)) {
      for (const [name, places] of Object.entries(onlyIn)) {
        const named = specifier === name || specifier.startsWith(`${name}/`);
        if (named && !places.some((place) => file === place || file.startsWith(`${place}/`))) wrong.push(`${file} names ${name}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test("ARCHITECTURE.md tells the same arrows", () => {
  const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const rows = [...text.matchAll(/^\| `((?:src\/)?[a-z]+)` \| .* \| (.*) \|$/gm)].filter(([, room = ""]) => rooms.includes(room));
  expect(rows.map(([, room]) => room)).toEqual(rooms);
  for (const [, room = "", words = ""] of rows)
    expect([room, [...roomsOf(words, room)].sort()]).toEqual([room, [...(arrows[room] ?? [])].sort()]);
});

/** `nothing`, `base, image`, `all to its left` or `all to its left but cluster and boot`. */
function roomsOf(words: string, room: string): readonly string[] {
  const named = (list: string): readonly string[] => list.split(/, | and /).map((name) => `src/${name}`);
  const left = /^all to its left(?: but (.*))?$/.exec(words);
  if (left) return rooms.slice(0, rooms.indexOf(room)).filter((other) => !named(left[1] ?? "").includes(other));
  return words === "nothing" ? [] : named(words);
}

test("the scan sees the code: every room has files, every file is in a room, and imports are found", () => {
  expect(files.filter((file) => roomOf(file) === "outside")).toEqual([]);
  expect(rooms.filter((room) => !files.some((file) => file.startsWith(`${room}/`)))).toEqual([]);
  expect(files.flatMap(importsOf).length).toBeGreaterThan(100);
});

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

function importsOf(file: string): string[] {
  return [...readFileSync(join(root, file), "utf8").matchAll(importPattern)].map((match) => match[1] ?? "");
}

function roomOf(file: string): string {
  return rooms.find((room) => file === room || file.startsWith(`${room}/`)) ?? "outside";
}
