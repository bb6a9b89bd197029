import { expect, test } from "vitest";
import { predictedPrefetch, tracedPrefetch, withinBudget, type PrefetchFile } from "../../src/traces/prefetchFiles.ts";
import { prefetchFormats } from "../../src/traces/prefetchList.ts";
import { readTraceBytes } from "../../src/traces/readTrace.ts";
import { resolveTrace } from "../../src/traces/resolveTrace.ts";
import { smallInspection } from "../results/fakeInspection.ts";

function file(path: string, sizeBytes: number, more: Partial<PrefetchFile> = {}): PrefetchFile {
  return { path, sizeBytes, layerIndex: 1, readBytes: sizeBytes, ...more };
}

const files = [
  file("/app/main.py", 100),
  file("/app/[slug]*.js", 10),
  file("/app/two words.txt", 20),
  file("/app/end ", 5),
  file("/lib/big.so", 5_000_000, { readBytes: 70_000, ranges: [{ offset: 0, sizeBytes: 65_536 }] }),
];

function check(format: string, expected: { text: string; bytes: number; leftOut?: readonly number[] }): void {
  const list = prefetchFormats.find(({ name }) => name === format)?.write(files, "sha256:aa");
  expect({ text: list?.text, bytes: list?.bytes, leftOut: list?.leftOut.map(({ count }) => count) }).toEqual({ leftOut: [], ...expected });
}

test("eStargz: a path per line, wildcards put in classes", () =>
  check("estargz", {
    text: "/app/main.py\n/app/[[]slug][*].js\n/app/two words.txt\n/lib/big.so\n",
    bytes: 5_000_130,
    leftOut: [1],
  }));

test("eStargz record: a JSON object per line", () =>
  check("estargz-record", {
    text: files.map(({ path }) => `${JSON.stringify({ path: path.slice(1), manifestDigest: "sha256:aa", layerIndex: 1 })}\n`).join(""),
    bytes: 5_000_135,
  }));

test("SOCI: one JSON list", () => {
  const text = prefetchFormats.find(({ name }) => name === "soci")?.write(files, undefined).text ?? "";
  expect(JSON.parse(text)).toEqual(files.map(({ path }) => path));
});

test("Nydus: patterns, and ranges in bytes", () => {
  check("nydus", { text: "/app/main.py\n/app/[slug]*.js\n/app/two words.txt\n/lib/big.so\n", bytes: 5_000_130, leftOut: [1] });
  const list = prefetchFormats.find(({ name }) => name === "nydus-ranges")?.write(files, undefined);
  expect(JSON.parse(list?.text ?? "")).toEqual({
    version: "v1",
    files: [...files.slice(0, 4).map(({ path }) => ({ path })), { path: "/lib/big.so", ranges: [[0, 65_536]] }],
  });
  expect(list?.bytes).toBe(135 + 65_536);
});

test("overlaybd: plain names only, and no more than it reads", () => {
  check("overlaybd", { text: "/app/main.py\n/lib/big.so\n", bytes: 5_000_100, leftOut: [3] });
  const many = Array.from({ length: 10_000 }, (_, index) => file(`/data/file-${index}`, 1));
  const list = prefetchFormats.find(({ name }) => name === "overlaybd")?.write(many, undefined);
  expect(list?.text.length).toBeLessThanOrEqual(65_536);
  expect(list?.text.length).toBeGreaterThan(65_500);
  expect(list?.leftOut.map(({ count }) => count)).toEqual([10_000 - (list?.files ?? 0)]);
});

test("every list can be read again as a trace with the same files", async () => {
  const plain = [file("/a/one", 1), file("/b/two.py", 2, { ranges: [{ offset: 0, sizeBytes: 1 }] })];
  for (const format of prefetchFormats) {
    const read = await readTraceBytes(format.name, [Buffer.from(format.write(plain, undefined).text)]);
    expect(read.files.map(({ path }) => path)).toEqual(plain.map(({ path }) => path));
  }
});

test("a budget keeps the files of which most is read, in their order", () => {
  const kept = withinBudget(files, 130, (each) => each.sizeBytes);
  expect(kept.map(({ path }) => path)).toEqual(["/app/main.py", "/app/[slug]*.js", "/app/two words.txt"]);
  expect(withinBudget(files, 10_000_000)).toEqual(files);
  expect(withinBudget(files, 0)).toEqual([]);
});

test("the estimate in the order of first use; a trace in its own, or, if it has none, in the estimate's", async () => {
  const { catalog, estimate } = smallInspection();
  expect(predictedPrefetch(catalog, estimate, "ready").map(({ path }) => path)).toEqual(["/app/serve.py", "/lib/big.so"]);
  const order = async (trace: string): Promise<readonly string[]> => {
    const traced = await readTraceBytes("trace", [Buffer.from(trace)]);
    const recorded = [...resolveTrace(catalog, traced, "/").files.values()];
    return tracedPrefetch(catalog, recorded, traced.isInOrder, estimate, "ready").map(({ path }) => path);
  };
  expect(await order("/lib/big.so\n/usr/share/doc/README\n/app/serve.py\n")).toEqual([
    "/lib/big.so",
    "/usr/share/doc/README",
    "/app/serve.py",
  ]);
  expect(await order("openedFiles 3\n/usr/share/doc\n\tREADME\t500\t1\n/lib\n\tbig.so\t9000000\t1\n/app\n\tserve.py\t1000\t1\n")).toEqual([
    "/app/serve.py",
    "/lib/big.so",
    "/usr/share/doc/README",
  ]);
});
