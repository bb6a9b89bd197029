import { foreignLine } from "../../base/foreignText.ts";
import { isUserError } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import type { Problem } from "../../base/text.ts";
import { defaultFactsOptions } from "../../facts/imageFacts.ts";
import { defaultImageSettings } from "../../image/settings.ts";
import type { BenchEnvironment, BenchImage } from "../benchRun.ts";
import type { Arm } from "../plan.ts";
import type { ImageLayers } from "../probe/imageLayers.ts";
import { hasTable, readArmImage, type ArmImage } from "./armImage.ts";
import { compareImages, type ContentSettings, type OfPlatform } from "./compareImages.ts";

/** What is known of the arms' images. */
export interface ContentCheck {
  /** One for each arm whose image could be read. */
  readonly images: readonly BenchImage[];
  readonly contentCheck: BenchEnvironment["contentCheck"];
  /** By arm: the layers that its image leaves on a node. */
  readonly layers: readonly (readonly [arm: string, layers: ImageLayers])[];
  readonly problems: readonly Problem[];
}

/**
 * Whether the arms' images hold the same: one digest, equal diffIDs, or equal lists of files. Never rejects, as it runs beside the start of a
 * run: what could not be read is said in `contentCheck.how`, also when it was cancelled.
 */
export async function checkContent(
  arms: readonly Arm[],
  call: Call & OfPlatform & { readonly content?: ContentSettings | undefined },
): Promise<ContentCheck> {
  const settings = { ...(call.content ?? defaultContentSettings()), platform: call.platform };
  const names = [...new Set(arms.map(({ image }) => image))];
  const read = await Promise.all(names.map((name) => readOrReason(name, settings, call)));
  const images = new Map(read.flatMap((each) => ("image" in each ? [[each.image.name, each.image] as const] : [])));
  const unread = read.flatMap((each) => ("reason" in each ? [each.reason] : []));
  const ofArms = arms.flatMap((arm) => {
    const image = images.get(arm.image);
    return image ? [{ arm, image }] : [];
  });
  return {
    images: ofArms.map(({ arm, image }) => benchImageOf(arm, image)),
    contentCheck: await comparedOrReason([...images.values()], names.length, unread, settings, call),
    layers: ofArms.map(({ arm, image }) => [arm.name, { digests: image.layers.map(({ digest }) => digest), diffIds: image.diffIds }]),
    problems: ofArms.flatMap(({ arm, image }) => formProblems(arm, image)),
  };
}

/** Those of `ContentSettings` that nobody set. */
export function defaultContentSettings(): ContentSettings {
  return {
    image: defaultImageSettings,
    facts: defaultFactsOptions(),
    maxReadBytes: 4_000_000_000,
  };
}

async function readOrReason(
  name: string,
  settings: ContentSettings & OfPlatform,
  call: Call,
): Promise<{ image: ArmImage } | { reason: string }> {
  try {
    return { image: await readArmImage(name, settings.platform, settings.image, call) };
  } catch (error) {
    return { reason: `${foreignLine(name, 120)} could not be read from here (${reasonOf(error)})` };
  }
}

async function comparedOrReason(
  images: readonly ArmImage[],
  imageCount: number,
  unread: readonly string[],
  settings: ContentSettings & OfPlatform,
  call: Call,
): Promise<BenchEnvironment["contentCheck"]> {
  if (imageCount === 1) return { equal: true, how: "All arms run the same image." };
  try {
    const compared = images.length > 1 ? await compareImages(images, settings, call) : undefined;
    if (unread.length === 0 || compared?.equal === false) return compared ?? { equal: undefined, how: "Not compared." };
    return { equal: undefined, how: `Not compared: ${unread.join("; ")}.${compared ? ` Of the others: ${compared.how}` : ""}` };
  } catch (error) {
    return { equal: undefined, how: `Not compared: ${reasonOf(error)}.` };
  }
}

function benchImageOf(arm: Arm, { name, digest, layers }: ArmImage): BenchImage {
  return {
    arm: arm.name,
    reference: name,
    digest,
    layerMediaTypes: [...new Set(layers.map(({ mediaType }) => mediaType))],
    layerCount: layers.length,
    compressedSizeBytes: layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

/** Images that the arm's snapshotter cannot mount as it is meant to. */
function formProblems(arm: Arm, image: ArmImage): readonly Problem[] {
  const tell = (message: string): readonly Problem[] => [{ severity: "warning", message: `Arm ${arm.name}: ${image.name} ${message}` }];
  const plainCount = image.layers.filter((layer) => !hasTable(layer)).length;
  if (arm.snapshotter === "stargz" && image.form === "nydus") return tell("is in Nydus' format, which stargz cannot mount.");
  if (arm.snapshotter === "stargz" && plainCount > 0) {
    return tell(`has ${plainCount} of ${image.layers.length} layers that are not eStargz; those are pulled as a whole.`);
  }
  if (arm.snapshotter === "nydus" && image.form !== "nydus") return tell("is not in Nydus' format, so it is pulled as a whole.");
  if (!arm.isLazy && image.form === "nydus") return tell(`is in Nydus' format, which ${arm.snapshotter} cannot mount.`);
  return [];
}

function reasonOf(error: unknown): string {
  if (isUserError(error)) return foreignLine(error.message, 300).replace(/\.$/, "");
  return error instanceof Error && error.name === "AbortError"
    ? "it was cancelled"
    : foreignLine(error instanceof Error ? error.message : String(error), 300);
}
