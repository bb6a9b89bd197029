import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readRpmDatabase } from "../../../src/facts/rpm/rpmDatabase.ts";
import { rpmHeader } from "../../fakes/rpmHeader.ts";

/** A database that SQLite itself wrote, with the table that rpm makes (rpm, lib/backend/sqlite.c). */
function sqliteDatabase(headers: readonly Buffer[], pageSize = 4096): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "coldstart-rpm-"));
  try {
    const path = join(folder, "rpmdb.sqlite");
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA page_size = ${pageSize}; CREATE TABLE 'Name' (key TEXT NOT NULL, hnum INTEGER NOT NULL);`);
    database.exec("CREATE TABLE IF NOT EXISTS 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)");
    const insert = database.prepare("INSERT INTO 'Packages' (blob) VALUES (?)");
    for (const header of headers) insert.run(header);
    database.close();
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ndbDatabase(headers: readonly Buffer[]): Buffer {
  const file = Buffer.alloc(4096 + headers.reduce((sum, { length }) => sum + 64 + length, 0));
  file.write("RpmP", 0, "latin1");
  file.writeUInt32LE(1, 12);
  let block = 4096 / 16;
  for (let slot = 2; slot < 256; slot++) {
    file.write("Slot", slot * 16, "latin1");
    const header = headers[slot - 2];
    if (!header) continue;
    file.writeUInt32LE(block, slot * 16 + 8);
    file.write("BlbS", block * 16, "latin1");
    file.writeUInt32LE(header.length, block * 16 + 12);
    header.copy(file, block * 16 + 16);
    block += Math.ceil((header.length + 28) / 16);
  }
  return file;
}

const bash = { name: "bash", version: "5.2", release: "9.fc40", files: ["/usr/bin/bash", "/usr/bin/sh", "/etc/skel/.bashrc"] };
const many = {
  name: "big",
  version: "1",
  release: "2",
  epoch: 3,
  files: Array.from({ length: 5000 }, (_, index) => `/usr/share/big/file${index}`),
};

const bashText = "P:bash\nV:5.2-9.fc40\nF:usr/bin\nR:bash\nR:sh\nF:etc/skel\nR:.bashrc\n";

test.each([512, 4096, 65_536])("rpmdb.sqlite with pages of %i bytes, headers over many pages", (pageSize) => {
  const text = readRpmDatabase(sqliteDatabase([rpmHeader(bash), rpmHeader(many)], pageSize))?.text ?? "";
  expect(text.startsWith(`${bashText}P:big\nV:3:1-2\nF:usr/share/big\nR:file0\n`)).toBe(true);
  expect(text.match(/^R:/gm)).toHaveLength(5003);
});

test("many packages: the inner pages of the table are followed in order", () => {
  const names = Array.from({ length: 400 }, (_, index) => `p${index}`);
  const text =
    readRpmDatabase(
      sqliteDatabase(
        names.map((name) => rpmHeader({ ...bash, name })),
        512,
      ),
    )?.text ?? "";
  expect([...text.matchAll(/^P:(.*)$/gm)].map((match) => match[1])).toEqual(names);
});

test("Packages.db, SUSE's form", () => {
  expect(readRpmDatabase(ndbDatabase([rpmHeader(bash)]))?.text).toBe(bashText);
});

test("what is no such database says nothing", () => {
  for (const content of ["", "SQLite format 3\0", "RpmP", "x".repeat(5000)]) expect(readRpmDatabase(Buffer.from(content))).toBeUndefined();
});

test("damaged databases end quickly and never throw", () => {
  const sources = [sqliteDatabase([rpmHeader(bash), rpmHeader(many)], 512), ndbDatabase([rpmHeader(bash)])];
  const damage = fc.array(fc.tuple(fc.nat(20_000), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.constantFrom(...sources), damage, fc.nat(200_000), (source, changes, length) => {
      const bytes = Buffer.from(source.subarray(0, Math.max(length, 600)));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      readRpmDatabase(bytes);
    }),
    { numRuns: 500 },
  );
});
