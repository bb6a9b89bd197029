import { expect, test } from "vitest";
import type { FileQuery } from "../../src/results/report.ts";
import { rules } from "../../src/startup/rules.ts";
import { filePage, openedFilePage } from "../../src/results/fileRows.ts";
import { smallInspection } from "./fakeInspection.ts";
import { sampleReport } from "./reportSample.ts";

const all: FileQuery = { search: "", touched: "all", sort: "size", offset: 0, limit: 100 };

function check(query: Partial<FileQuery>, expected: { paths: readonly string[]; total: number; totalBytes: number }): void {
  const page = filePage(smallInspection(), { ...all, ...query });
  expect({ paths: page.rows.map((row) => row.path), total: page.total, totalBytes: page.totalBytes }).toEqual(expected);
}

test("largest first", () =>
  check({}, { paths: ["/lib/unused.a", "/lib/big.so", "/app/serve.py", "/usr/share/doc/README"], total: 4, totalBytes: 29_001_500 }));
test("by path", () =>
  check(
    { sort: "path" },
    { paths: ["/app/serve.py", "/lib/big.so", "/lib/unused.a", "/usr/share/doc/README"], total: 4, totalBytes: 29_001_500 },
  ));
test("a page of them, with the total of all", () =>
  check({ offset: 1, limit: 1 }, { paths: ["/lib/big.so"], total: 4, totalBytes: 29_001_500 }));
test("only what startup touches", () =>
  check({ touched: "touched" }, { paths: ["/lib/big.so", "/app/serve.py"], total: 2, totalBytes: 9_001_000 }));
test("only what it does not", () =>
  check({ touched: "untouched" }, { paths: ["/lib/unused.a", "/usr/share/doc/README"], total: 2, totalBytes: 20_000_500 }));
test("every word must match the path or the package", () =>
  check({ search: "PIP unused" }, { paths: ["/lib/unused.a"], total: 1, totalBytes: 20_000_000 }));
test("one package", () => check({ package: "pip big" }, { paths: ["/lib/unused.a", "/lib/big.so"], total: 2, totalBytes: 29_000_000 }));
test("another layer", () => check({ layerIndex: 3 }, { paths: [], total: 0, totalBytes: 0 }));
test("a touched file says why", () => {
  expect(filePage(smallInspection(), { ...all, search: "serve" }).rows[0]?.opened).toEqual({
    probability: 1,
    rule: "py-script",
    ruleMeaning: rules["py-script"],
    evidence: "ENTRYPOINT",
    moment: "ready",
    pageBytes: 1000,
    requestPageBytes: 1000,
  });
});

test("of a saved report the opened files, with what is known of them", () => {
  const found = (query: Partial<FileQuery>): readonly string[] =>
    openedFilePage(sampleReport, { ...all, ...query }).rows.map(({ path }) => path);
  const paths = [...sampleReport.files, ...sampleReport.requestFiles].map(({ path }) => path);
  expect([...found({})].sort()).toEqual([...paths].sort());
  expect([...found({ touched: "request" })].sort()).toEqual(sampleReport.requestFiles.map(({ path }) => path).sort());
  expect(found({ touched: "untouched" })).toEqual([]);
  expect(found({ search: "serve.py" })).toEqual(["/home/app/serve.py"]);
  const [row] = openedFilePage(sampleReport, { ...all, search: "serve.py" }).rows;
  expect(row).not.toHaveProperty("package");
  expect(row?.opened?.ruleMeaning).not.toBe("");
  const later = { ...sampleReport, files: sampleReport.files.map((file) => ({ ...file, rule: "constructor" })) };
  expect(openedFilePage(later, { ...all, touched: "touched" }).rows[0]?.opened?.ruleMeaning).toBe("");
});
