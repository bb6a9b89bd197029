import { expect, test } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { imageRowText } from "../../src/extension/images/imageRow.ts";
import { knownInspection } from "./lensSample.ts";

const inspection = knownInspection();

test("an image's row says as much as is known of it", () => {
  const known = { kind: "known", inspection, answered: inspection, edited: false } as const;
  const reading = {
    kind: "reading",
    progress: { originLabel: undefined, layersDone: 1, layerCount: 3, readBytes: 2_000_000, totalBytes: 8_000_000 },
  } as const;
  const error = new UserError("image-not-found", "There is no demo:dev.", "Check the name.");
  const rows = [undefined, reading, { kind: "failed", error } as const, known].map((state) => imageRowText("demo:dev", state, "pageBytes"));
  expect(rows.map(({ description }) => description)).toEqual([
    "inspected before",
    "being read",
    "could not be read",
    "≈ 2.9 % of 6.7 GB (4 KiB pages)",
  ]);
  expect(rows[1]?.tooltip).toBe("1 of 3 layers, 2.0 MB of 8.0 MB");
  expect(rows[2]?.tooltip).toBe("There is no demo:dev. Check the name.");
  expect(rows[3]?.tooltip).toMatch(/\(4 KiB pages\), [\d.]+ % of [\d,]+ files \(opened\)\.$/);
});

test("a name from anywhere stays one line of text", () => {
  expect(imageRowText("demo\n$(alert)", undefined, "openedFiles").label).toBe("demo $ (alert)");
});
