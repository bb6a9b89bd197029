import { expect, test } from "vitest";
import { reportOf } from "../../src/results/reportOf.ts";
import { smallInspection } from "./fakeInspection.ts";

test("the report names the image, absent digests as null", () => {
  expect(reportOf(smallInspection(), 42).image).toEqual({
    reference: "oci:/images:demo",
    digest: null,
    configDigest: "sha256:c0",
    platform: "linux/arm64/v8",
    origin: "oci",
    originLabel: "OCI layout /images",
  });
});

test("packages are listed by bytes never read, files that are gone do not count", () => {
  expect(reportOf(smallInspection(), 42).packages).toEqual([
    {
      manager: "pip",
      name: "big",
      version: "2.0",
      layerIndex: 0,
      files: 2,
      bytes: 29_000_000,
      openedFiles: 1,
      wholeBytes: 9_000_000,
      pageBytes: 400_000,
    },
    { manager: "dpkg", name: "doc", version: "1", layerIndex: 0, files: 1, bytes: 500, openedFiles: 0, wholeBytes: 0, pageBytes: 0 },
  ]);
});

test("a layer is told by the history entry that made it, and by none when the history does not fit", () => {
  expect(reportOf(smallInspection(), 42).layers[0]?.createdBy).toBe("COPY . /");
  const inspection = smallInspection();
  const squashed = { ...inspection, image: { ...inspection.image, config: { ...inspection.image.config, history: [] } } };
  expect(reportOf(squashed, 42).layers[0]?.createdBy).toBe("");
});

test("the report survives JSON unchanged", () => {
  const report = reportOf(smallInspection(), 42);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});
