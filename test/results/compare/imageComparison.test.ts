import { expect, test } from "vitest";
import type { AmountCell } from "../../../src/results/compare/comparedAmount.ts";
import type { WeightCell } from "../../../src/results/compare/comparedWeight.ts";
import { compareImages, type ImageComparison } from "../../../src/results/compare/imageComparison.ts";
import { imageComparisonSentences } from "../../../src/results/compare/imageComparisonText.ts";
import type { Report } from "../../../src/results/report.ts";
import { grownReport } from "../grownReport.ts";
import { sampleReport } from "../reportSample.ts";

function compared(...images: readonly Report[]): ImageComparison {
  return compareImages(images.map((image, index) => ({ name: index === 0 ? "before" : `after-${index}`, image })));
}

function amount({ amounts }: ImageComparison, key: string, index = 1): AmountCell | undefined {
  return amounts.find((row) => row.key === key)?.cells[index];
}

function weight(rows: ImageComparison["packages"], label: string): WeightCell | undefined {
  return rows.find((row) => row.label === label)?.cells[1];
}

const found = compared(sampleReport, grownReport);

test("sizes are exact; what startup touches keeps the estimate's interval", () => {
  expect(amount(found, "bytes")).toEqual({ value: 7_910_000_000, difference: 1_200_000_000, change: "more" });
  expect(amount(found, "compressedBytes")).toMatchObject({ difference: 600_000_000 });
  expect(amount(found, "layers")).toMatchObject({ value: 3, difference: 1 });
  expect(amount(found, "pageBytes")).toEqual({
    value: 219_600_000,
    bounds: { low: 175_000_000, high: 285_000_000 },
    difference: 25_000_000,
    differenceBounds: { low: -85_000_000, high: 135_000_000 },
    change: "open",
  });
  expect(amount(found, "wholeBytes")).toMatchObject({ change: "more", differenceBounds: { low: 600_000_000, high: 1_200_000_000 } });
  expect(amount(found, "pageShare")?.bounds).toEqual({ low: 175 / 7910, high: 285 / 7910 });
  expect(amount(found, "untouchedBytes")).toMatchObject({ value: 7_910_000_000 - 219_600_000 });
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

test("a size that an image does not tell is not taken for nothing", () => {
  const unknown = { ...grownReport, layers: grownReport.layers.map((layer) => ({ ...layer, blobSizeBytes: null })) };
  expect(amount(compared(sampleReport, unknown), "compressedBytes")).toEqual({});
});

test("layers meet by content, then by instruction, then by place; what did not change is left out", () => {
  expect(found.layers.map(({ label, cells }) => [label, cells[1]?.change])).toEqual([
    ["COPY dir:0a1b2c3 in /models", "added"],
    ["RUN pip install --no-cache-dir torch==2.5.1", "size"],
  ]);
  expect(found.reports[1]?.sharedLayers).toEqual({ count: 1, bytes: 82_000_000 });
});

test("packages: added, removed, in another version; the largest difference of what startup does not touch first", () => {
  expect(found.packages.map(({ label, cells }) => [label, cells[1]?.change])).toEqual([
    ["pip nvidia-cudnn-cu12", "removed"],
    ["pip nvidia-cudnn-cu13", "added"],
    ["pip torch", "version"],
  ]);
  expect(weight(found.packages, "pip torch")).toMatchObject({ version: "2.6.0", differenceBytes: 260_000_000 });
});

test("the answer is a plain sentence", () => {
  const [size, touched, ...rest] = imageComparisonSentences(found);
  expect(size).toBe(
    "The image of after-1 is 1.2 GB larger than that of before, 7.9 GB against 6.7 GB, 1.2 GB of it what startup does not touch. 1 of its layers is the same (82.0 MB).",
  );
  expect(touched).toContain("no clear difference, as the 90 % intervals of both estimates overlap");
  expect(rest.join("\n")).toContain("Packages of after-1 against before: 1 added, 1 removed, 1 in another version.");
  expect(imageComparisonSentences(compared(sampleReport, sampleReport))[0]).toBe("after-1 and before hold the same image, of 6.7 GB.");
  expect(compared(sampleReport, sampleReport)).toMatchObject({ layers: [], packages: [], settings: [] });
});

test("the weights' class and what differs of the image itself are settings", () => {
  expect(found.settings.map(({ name, values }) => [name, values[1]])).toEqual([
    ["image", "docker://localhost:5000/demo:next"],
    ["digest", "sha256:1111111111111111"],
    ["model weights", "gguf, mapped; safetensors, mapped"],
  ]);
  expect(amount(found, "weightReadyBytes")).toMatchObject({ difference: 20_000_000 });
});
