import fc from "fast-check";
import { expect, test } from "vitest";
import { corpusNames } from "./corpus.ts";
import { formatTruth, hasTruth, parseTruth, readTruth, type Truth, type TrueFile } from "./truth.ts";

const count = fc.nat({ max: 2 ** 40 });
const measures = { openedFiles: count, openedWholeBytes: count, pageBytesRead: count, chunkBytes1MiB: count, chunkBytes4MiB: count };
const file: fc.Arbitrary<TrueFile> = fc.record({ sizeBytes: fc.constant(7), pagesRead: fc.nat(), executed: fc.boolean() });
const path = fc
  .array(
    fc.string({ minLength: 1 }).map((name) => name.replace(/[/\t\n\0]/g, "_")),
    { minLength: 1, maxLength: 4 },
  )
  .map((names) => `/${names.join("/")}`);
const opened = fc.array(fc.tuple(path, file)).map((entries) => new Map(entries));
const truth: fc.Arbitrary<Truth> = fc.record(
  {
    ...measures,
    totalFiles: count,
    totalBytes: count,
    pageBytesReadahead128K: count,
    opened,
    request: fc.record({ ...measures, opened }),
    variation: fc.record({ openedJaccardRepeat: fc.constant(0.5), openedJaccardReadahead: fc.constant(1), pageBytesRepeat: count }),
  },
  {
    requiredKeys: ["totalFiles", "totalBytes", "pageBytesReadahead128K", "opened", ...(Object.keys(measures) as (keyof typeof measures)[])],
  },
);

test("a record that was written is read as it was", () => {
  fc.assert(
    fc.property(truth, (each) => {
      expect(parseTruth(formatTruth(each))).toEqual(each);
    }),
  );
});

test("what the first request opens is apart from what was opened until ready", () => {
  const text =
    "totalFiles 9\ntotalBytes 9\nopenedFiles 1\nopenedWholeBytes 1\npageBytesRead 1\npageBytesReadahead128K 1\nchunkBytes1MiB 1\nchunkBytes4MiB 1\n";
  const requested =
    "requestOpenedFiles 2\nrequestOpenedWholeBytes 2\nrequestPageBytesRead 2\nrequestChunkBytes1MiB 2\nrequestChunkBytes4MiB 2\n";
  const read = parseTruth(`${text}${requested}/\n\tserver\t9000\t2x\t3x\n/data\n\tanswer\t40\t-\t1\n`);
  expect([...read.opened]).toEqual([["/server", { sizeBytes: 9000, pagesRead: 2, executed: true }]]);
  expect(read.request?.opened.get("/server")?.pagesRead).toBe(3);
  expect(read.request?.opened.get("/data/answer")).toEqual({ sizeBytes: 40, pagesRead: 1, executed: false });
  expect(parseTruth(`${text}/\n\tserver\t9000\t2x\n`).request).toBeUndefined();
  expect(() => parseTruth(text.replace("totalFiles 9", ""))).toThrow("totalFiles is missing");
});

test("the measures of each record in the corpus agree with its files", () => {
  for (const name of corpusNames().filter(hasTruth)) {
    const { opened, openedFiles, openedWholeBytes, pageBytesRead, totalBytes, request } = readTruth(name);
    expect([name, opened.size]).toEqual([name, openedFiles]);
    expect([name, sum(opened, (each) => each.sizeBytes)]).toEqual([name, openedWholeBytes]);
    expect(pageBytesRead).toBeLessThanOrEqual(totalBytes);
    const pages = sum(opened, (each) => Math.min(each.sizeBytes, 4096 * each.pagesRead));
    expect(Math.abs(pages / pageBytesRead - 1), name).toBeLessThan(0.02);
    if (!request) continue;
    expect(request.opened.size).toBe(request.openedFiles);
    for (const path of opened.keys()) expect(request.opened.has(path), path).toBe(true);
  }
});

function sum(files: ReadonlyMap<string, TrueFile>, of: (file: TrueFile) => number): number {
  return [...files.values()].reduce((total, each) => total + of(each), 0);
}
