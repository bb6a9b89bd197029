import { foreignLine } from "../../base/foreignText.ts";
import { formatBinarySize } from "../../base/format.ts";
import type { Interval } from "../../base/interval.ts";
import { measureText } from "../measureText.ts";
import type { Report } from "../report.ts";
import { amountRow, type Amount, type AmountRow } from "./comparedAmount.ts";
import { differingSettings, type ComparedSetting } from "./comparedSettings.ts";
import { layerRows, packageRows, sharedLayers, type WeightRow } from "./comparedWeight.ts";

/** An image with a name for people: its report's file's. */
export interface NamedImage {
  readonly name: string;
  readonly image: Report;
}

/** Images of two reports or more, the first one being what the others are compared with. Plain data that survives JSON. */
export interface ImageComparison {
  readonly reports: readonly ComparedImage[];
  /** What images are, how they are run and what their weights are, where they differ. */
  readonly settings: readonly ComparedSetting[];
  /** Sizes, numbers, and what startup touches. */
  readonly amounts: readonly AmountRow[];
  /** Layers whose bytes differ, the largest difference of what startup does not touch first. */
  readonly layers: readonly WeightRow[];
  /** Packages that were added, removed, or differ in version or bytes; in the same order. */
  readonly packages: readonly WeightRow[];
}

export interface ComparedImage {
  readonly name: string;
  readonly reference: string;
  /** Of the manifest; null where the origin keeps none. */
  readonly digest: string | null;
  /** Whether its configuration, and so all of its content, is the first image's. */
  readonly isFirst: boolean;
  /** Layers that the first image has, too, with the bytes that they provide here. */
  readonly sharedLayers: { readonly count: number; readonly bytes: number };
}

export function compareImages(given: readonly NamedImage[]): ImageComparison {
  const images = given.map(({ image }) => image);
  const [first] = images;
  return {
    reports: given.map(({ name, image }) => ({
      name,
      reference: image.image.reference,
      digest: image.image.digest,
      isFirst: image.image.configDigest === first?.image.configDigest,
      sharedLayers: sharedLayers(image, first),
    })),
    settings: differingSettings(images.map(settingsOf)),
    amounts: amountsOf(images),
    layers: layerRows(images),
    packages: packageRows(images),
  };
}

function settingsOf({ image, estimate, weights }: Report): ReadonlyMap<string, string | undefined> {
  const command = estimate.commands.at(-1)?.argv.join(" ") ?? "";
  const kinds = [...new Set(weights.map(({ format, reading }) => `${format}, ${reading === "mapped" ? "mapped" : "read whole"}`))];
  const settings: readonly (readonly [string, string | null])[] = [
    ["image", image.reference],
    ["digest", image.digest],
    ["platform", image.platform],
    ["opened from", image.originLabel],
    ["runs", command],
    ["model weights", kinds.sort().join("; ")],
    ["confidence of the estimate", estimate.confidence],
    ["chunk size", formatBinarySize(estimate.chunkSizeBytes)],
  ];
  return new Map(settings.map(([name, value]) => [name, value ? foreignLine(value, 300) : undefined]));
}

function amountsOf(images: readonly Report[]): readonly AmountRow[] {
  const chunkSizes = new Set(images.map(({ estimate }) => estimate.chunkSizeBytes));
  const row = (key: string, label: string, unit: AmountRow["unit"], amountOf: (image: Report) => Amount): AmountRow =>
    amountRow(key, label, unit, images.map(amountOf));
  const label = (measure: Parameters<typeof measureText>[0]): string => {
    const words = measureText(measure, images[0]?.estimate.chunkSizeBytes ?? 0);
    const unit = measure === "pageBytes" || measure === "chunkBytes" ? ` (${words.inBrackets})` : "";
    return `${words.label} until ready${unit}`;
  };
  return [
    row("bytes", "Size, uncompressed", "bytes", ({ totals }) => totals.bytes),
    row("compressedBytes", "Size, compressed", "bytes", compressedBytes),
    row("untouchedBytes", "Not touched until ready", "bytes", ({ totals, estimate }) => restOf(totals.bytes, estimate.pageBytes)),
    row("pageShare", "Share touched until ready (4 KiB pages)", "share", ({ totals, estimate }) =>
      shareOf(estimate.pageBytes, totals.bytes),
    ),
    row("pageBytes", label("pageBytes"), "bytes", ({ estimate }) => estimate.pageBytes),
    row("openedFiles", label("openedFiles"), "count", ({ estimate }) => estimate.openedFiles),
    row("wholeBytes", label("wholeBytes"), "bytes", ({ estimate }) => estimate.wholeBytes),
    ...(chunkSizes.size === 1 ? [row("chunkBytes", label("chunkBytes"), "bytes", ({ estimate }) => estimate.chunkBytes)] : []),
    row("requestPageBytes", "Pages read until the first request is answered", "bytes", ({ estimate }) => estimate.afterRequest.pageBytes),
    row("weightBytes", "Model weights that are opened", "bytes", ({ weights }) => sum(weights.map(({ sizeBytes }) => sizeBytes))),
    row("weightReadyBytes", "Of them read until ready", "bytes", ({ weights }) => sum(weights.map(({ readyBytes }) => readyBytes))),
    row("findingBytes", "Could be left out", "bytes", ({ findings }) => sum(findings.map(({ sizeBytes }) => sizeBytes ?? 0))),
    row("files", "Files", "count", ({ totals }) => totals.files),
    row("layers", "Layers", "count", ({ layers }) => layers.length),
    row("packages", "Packages", "count", ({ packages }) => packages.length),
  ].filter(({ cells }) => cells.some(({ value }) => value !== undefined && value !== 0));
}

/** Undefined where the origin does not keep all of the blobs. */
function compressedBytes({ layers }: Report): number | undefined {
  const sizes = layers.flatMap(({ blobSizeBytes }) => blobSizeBytes ?? []);
  return sizes.length < layers.length ? undefined : sum(sizes);
}

function restOf(whole: number, { value, low, high }: Interval): Interval {
  return { value: whole - value, low: whole - high, high: whole - low };
}

function shareOf({ value, low, high }: Interval, whole: number): Interval | undefined {
  return whole > 0 ? { value: value / whole, low: low / whole, high: high / whole } : undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
