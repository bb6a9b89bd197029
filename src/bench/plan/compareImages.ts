import { formatBytes, formatCount } from "../../base/format.ts";
import type { Call } from "../../base/log.ts";
import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { readImageFacts, type FactsOptions } from "../../facts/imageFacts.ts";
import { squashLayers } from "../../facts/squash.ts";
import type { Platform } from "../../image/image.ts";
import type { ImageSettings } from "../../image/settings.ts";
import type { BenchEnvironment } from "../benchRun.ts";
import { hasTable, layeredImageOf, type ArmImage } from "./armImage.ts";
import { compareFiles } from "./compareFiles.ts";

/** How the images are read. */
export interface ContentSettings {
  readonly image: ImageSettings;
  readonly facts: FactsOptions;
  /** Layers that have no table of contents are read up to this size in all; beyond it the files are not compared. */
  readonly maxReadBytes: number;
}

/** Which of a name's images the nodes run. */
export interface OfPlatform {
  /** Absent: this machine's. */
  readonly platform?: Platform | undefined;
}

type Compared = BenchEnvironment["contentCheck"];

/**
 * Whether the images hold the same, by the cheapest proof: one digest, equal diffIDs, equal lists of files. Nydus' own format is not read.
 * Throws what reading the layers throws.
 */
export async function compareImages(images: readonly ArmImage[], settings: ContentSettings & OfPlatform, call: Call): Promise<Compared> {
  const comparable = images.filter(({ form }) => form !== "nydus");
  const nydus = images.filter(({ form }) => form === "nydus");
  const ofLayers = await comparedLayers(comparable, settings, call);
  const [first] = comparable;
  const [converted] = nydus;
  if (!converted || ofLayers?.equal === false) return ofLayers ?? { equal: undefined, how: "Not compared." };
  if (nydus.length === images.length && nydus.every(({ digest }) => digest === converted.digest))
    return { equal: true, how: "Equal digests." };
  const others = ofLayers ? ` The others: ${ofLayers.how}` : "";
  const source = first ? ` with "nydusify check --source ${first.name} --target ${converted.name}"` : "";
  return {
    equal: undefined,
    how: `${converted.name} is in Nydus' own format, whose files are not listed here; compare it${source}.${others}`,
  };
}

/** Undefined when there is nothing to compare with. */
async function comparedLayers(
  images: readonly ArmImage[],
  settings: ContentSettings & OfPlatform,
  call: Call,
): Promise<Compared | undefined> {
  const distinct = [...new Map(images.map((image) => [image.diffIds.join(" "), image])).values()];
  if (images.length < 2) return undefined;
  if (new Set(images.map(({ digest }) => digest)).size === 1) return { equal: true, how: "Equal digests: the names stand for one image." };
  if (distinct.length === 1) return { equal: true, how: "Equal diffIDs: the layers unpack to the same bytes." };
  const unlisted = [
    ...new Map(distinct.flatMap(({ layers }) => layers.filter((layer) => !hasTable(layer))).map((layer) => [layer.digest, layer])).values(),
  ];
  const readBytes = unlisted.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (readBytes > settings.maxReadBytes) {
    return {
      equal: undefined,
      how: `Not compared: the diffIDs differ, and listing the files would mean to read up to ${formatBytes(readBytes)}.`,
    };
  }
  const [first, ...others] = distinct as [ArmImage, ...ArmImage[]];
  const files = await filesOf(first, settings, call);
  let equalCount = 0;
  let equalContentCount = 0;
  for (const other of others) {
    const compared = compareFiles(files, await filesOf(other, settings, call));
    if (compared.differenceCount > 0) {
      const count = compared.differenceCount === 1 ? "1 path differs" : `${formatCount(compared.differenceCount)} paths differ`;
      return {
        equal: false,
        how: `${count} between ${first.name} (first) and ${other.name} (second): ${compared.differences.join("; ")}.`,
      };
    }
    equalCount = Math.max(equalCount, compared.equalCount);
    equalContentCount = Math.max(equalContentCount, compared.equalContentCount);
  }
  const contents = equalContentCount > 0 ? `, and what is known of the contents of ${formatCount(equalContentCount)} files` : "";
  return { equal: true, how: `Equal file lists: type, mode, size and link target of ${formatCount(equalCount)} paths agree${contents}.` };
}

async function filesOf(image: ArmImage, settings: ContentSettings & OfPlatform, call: Call): Promise<FileCatalog> {
  for await (const event of readImageFacts(layeredImageOf(image, settings.platform), settings.facts, call)) {
    if (event.kind === "facts") return squashLayers(event.layers);
  }
  throw new Error("Reading an image's facts ended without them");
}
