import fc from "fast-check";
import { expect, test } from "vitest";
import { byteSamplesOf, bytesBetween, storedBytesOf } from "../../../src/bench/probe/fetchedBytes.ts";
import { chainIdsOf, imageLayersOf } from "../../../src/bench/probe/imageLayers.ts";
import { lazinessOf } from "../../../src/bench/probe/laziness.ts";
import { coldnessOf } from "../../../src/bench/probe/coldness.ts";
import { epochMsOfNanoseconds, numberOf, parseNodeReport, rowsOf, wordOf } from "../../../src/bench/probe/nodeReport.ts";
import { recorded, report, sociImage, sociLayers } from "./recorded.ts";

test("rows by their first word, in order", () => {
  const parsed = parseNodeReport("a 1 2\nb\n\na 3\r\n  c  x\n");
  expect(rowsOf(parsed, "a")).toEqual([["1", "2"], ["3"]]);
  expect([wordOf(parsed, "a"), wordOf(parsed, "b"), wordOf(parsed, "none")]).toEqual(["1 2", undefined, undefined]);
});

test.each([
  ["12", 12],
  ["-1.5", -1.5],
  ["1e9", undefined],
  ["", undefined],
  ["12kB", undefined],
  [undefined, undefined],
])("the number %s", (text, expected) => {
  expect(numberOf(text)).toBe(expected);
});

test("a stamp in nanoseconds keeps its fraction; busybox's date, which knows none, is no stamp", () => {
  expect(epochMsOfNanoseconds("1795830619546652051")).toBeCloseTo(1795830619546.652, 3);
  for (const text of ["1795830619", "%N", "", undefined]) expect(epochMsOfNanoseconds(text)).toBeUndefined();
});

test("an image's layers, through an index and without one", () => {
  expect(sociLayers()).toEqual({
    digests: [
      expect.stringMatching(/^sha256:5a97b7bf/),
      expect.stringMatching(/^sha256:8c7a59f6/),
      expect.stringMatching(/^sha256:5b6e398f/),
    ],
    diffIds: Array(3).fill(expect.stringMatching(/^sha256:[0-9a-f]{64}$/)),
  });
  const described = report("describe-soci");
  const manifest = rowsOf(described, "document")[1]?.[0] ?? "";
  expect(imageLayersOf(parseNodeReport(`target plain ${manifest}\n${recorded("describe-soci")}`), "plain")).toEqual(sociLayers());
});

test.each([
  ["another image", recorded("describe-soci"), "other"],
  ["no documents", recorded("describe-soci").replace(/^document.*$/gm, ""), sociImage],
  ["a document that was cut off", recorded("describe-soci").replace(/"diff_ids".*/, ""), sociImage],
])("%s has no layers that are known", (_name, text, image) => {
  expect(imageLayersOf(parseNodeReport(text), image)).toBeUndefined();
});

test("chain ids as the OCI specification has them", () => {
  // ChainID(A|B) = Digest(ChainID(A) + " " + DiffID(B)); the value is sha256sum's of the two strings below.
  const [a, b] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
  expect(chainIdsOf([])).toEqual([]);
  expect(chainIdsOf([a, b])).toEqual([a, "sha256:ccd722928bd92476ba1745586fed6e45a102504185ad88cd89e01ff116fd146c"]);
});

test("bytes of a recorded start, from the count before the first instant to the one after the last", () => {
  const samples = byteSamplesOf(report("sample-nydus"));
  const first = samples?.samples[0]?.atEpochMs ?? NaN;
  const all = { interface: "csregistry", bytes: 6484032472 - 6471813549 };
  expect(samples && bytesBetween(samples, first, first + 1_300)).toEqual(all);
  expect(samples && bytesBetween(samples, first - 5_000, first + 60_000)).toEqual(all);
  expect(samples && bytesBetween(samples, first + 350, first + 450)).toEqual({ interface: "csregistry", bytes: 6472398793 - 6472375336 });
});

test("of several interfaces the one counts over which most came; one that appears later counts from then", () => {
  const samples = byteSamplesOf(
    parseNodeReport("clock 1795830619546652051 10.00\nat 10.00 eth0=100 ens5=7\nat 11.00 eth0=150 ens5=1007 ib0=9999\n"),
  );
  expect(samples && bytesBetween(samples, 0, Number.MAX_SAFE_INTEGER)).toEqual({ interface: "ens5", bytes: 1000 });
});

test.each([
  ["no clock", "at 10.00 eth0=1"],
  ["a clock without nanoseconds", "clock 1795830619 10.00\nat 10.00 eth0=1"],
  ["no interface", "clock 1795830619546652051 10.00\nat 10.00"],
  ["no count", "interface eth0\nclock 1795830619546652051 10.00"],
])("nothing is counted with %s", (_name, text) => {
  expect(byteSamplesOf(parseNodeReport(text))).toBeUndefined();
});

test("a counter that began anew, as after a restart of the interface, is not told as a negative count", () => {
  const samples = byteSamplesOf(parseNodeReport("clock 1795830619546652051 10.00\nat 10.00 eth0=500\nat 11.00 eth0=20\n"));
  expect(samples && bytesBetween(samples, 0, Number.MAX_SAFE_INTEGER)).toBeUndefined();
});

test("stored bytes: nydusd's own counter, else the loader's cache and the image's own layers", () => {
  expect(storedBytesOf(parseNodeReport("counter nydusd 100\ncounter nydusd 20\ncache cache 6 28008448"), [])?.bytes).toBe(120);
  expect(storedBytesOf(report("fetched-soci"), [])?.bytes).toBe(2797568 + 81035264);
  expect(storedBytesOf(report("fetched-overlayfs"), sociLayers().digests)?.bytes).toBeCloseTo(33.13e6 + 54.89e6 + 160, -3);
  expect(storedBytesOf(report("fetched-overlayfs"), [])).toBeUndefined();
});

test("whatever a node prints, nothing throws", () => {
  const word = fc.oneof(
    fc.constantFrom("document", "target", "at", "clock", "info", "lower", "cache", "content", "snapshot", "counter", "blob", "container"),
    fc.string(),
    fc.constantFrom("{", '{"layers":[{}],"config":{"digest":1}}', "sha256:x", "1.5", "eth0=", "=", "-1"),
  );
  fc.assert(
    fc.property(fc.array(fc.array(word, { maxLength: 5 }), { maxLength: 12 }), (lines) => {
      const parsed = parseNodeReport(lines.map((line) => line.join(" ")).join("\n"));
      const samples = byteSamplesOf(parsed);
      if (samples) bytesBetween(samples, 0, 1);
      lazinessOf(parsed);
      storedBytesOf(parsed, ["sha256:x"]);
      const layers = imageLayersOf(parsed, "x");
      expect(["L0", "L1", "L2", "L3"]).toContain(coldnessOf(parsed, { snapshotter: "soci", layers }, "L3", 0).reached);
    }),
  );
});
