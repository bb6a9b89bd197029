import { expect, test } from "vitest";
import { beginsIn, joinedJournal, journalFilesOf, linksOf } from "../../../src/boot/node/journalFolder.ts";
import type { JournalBoot } from "../../../src/boot/formats/journalBoots.ts";

const id = "0".repeat(32);
const away = (since: string): string => `system@${id}-0000000000000001-${since.padStart(16, "0")}.journal`;

test("names of a folder that Go's file server lists", () => {
  const html =
    '<!doctype html>\n<pre>\n<a href="abc/">abc/</a>\n<a href="system@1-2.journal">x</a>\n<a href="a%7E.journal~">y</a>\n' +
    '<a href="../">..</a>\n<a href="./..%2F..%2Fetc/">z</a>\n<a href="%zz">bad</a>\n<a href="a?query=x">q</a>\n</pre>';
  expect(linksOf(html)).toEqual(["abc", "system@1-2.journal", "a~.journal~"]);
  expect(linksOf("")).toEqual([]);
});

test("the journal that is being written comes first, then what was put away, the newest first; users' journals do not count", () => {
  const dirty = "system@0000000000000005-0011223344556677.journal~";
  const names = [away("3"), dirty, "user-1000.journal", away("9"), "system.journal", "system@x.journal"];
  expect(journalFilesOf(names)).toEqual(["system.journal", away("9"), dirty, away("3")]);
  expect(journalFilesOf([])).toEqual([]);
});

const boot = (bootId: string, firstMonotonicUs: number, changes: Partial<JournalBoot> = {}): JournalBoot => ({
  bootId,
  firstMonotonicUs,
  lastMonotonicUs: firstMonotonicUs + 10,
  events: [{ atUs: firstMonotonicUs, unit: `${firstMonotonicUs}.service`, kind: "started" }],
  ...changes,
});

test("a boot begins in a file when another is before it, or when its kernel just started", () => {
  expect(beginsIn(boot("b", 900_000_000), [boot("a", 1), boot("b", 900_000_000)])).toBe(true);
  expect(beginsIn(boot("b", 900_000_000), [boot("b", 900_000_000), boot("c", 1)])).toBe(false);
  expect(beginsIn(boot("b", 5), [boot("b", 5)])).toBe(true);
});

test("a boot in several files is one, in order of time", () => {
  const finished = { atMonotonicUs: 7 };
  expect(joinedJournal([boot("b", 100), boot("b", 5, { finished, epochOffsetUs: 3 })])).toEqual({
    bootId: "b",
    firstMonotonicUs: 5,
    lastMonotonicUs: 110,
    epochOffsetUs: 3,
    finished,
    events: [
      { atUs: 5, unit: "5.service", kind: "started" },
      { atUs: 100, unit: "100.service", kind: "started" },
    ],
  });
  expect(joinedJournal([boot("b", 1)])).toEqual(boot("b", 1));
  expect(joinedJournal([])).toBeUndefined();
});
