import { formatBytes } from "../base/format.ts";
import type { BuildStage, Dockerfile, Instruction, ProvableFact } from "../dockerfile/dockerfile.ts";
import { stageChain } from "../dockerfile/effectiveConfig.ts";
import type { SizedBuildContext } from "../inspect/buildContext.ts";
import type { Inspection } from "../inspect/inspection.ts";
import type { Finding, FindingPlace, PlacedFinding } from "./finding.ts";
import { fixFor, runtimeBaseFix, textOf } from "./fixes.ts";
import { imageFindings } from "./imageFindings.ts";
import { layerPlaces, type LayerPlaces } from "./layerPlaces.ts";
import { textFindings, type TextFinding } from "./textFindings.ts";

/** What findings of a Dockerfile are made from. */
export interface DockerfileEvidence {
  readonly dockerfile: Dockerfile;
  /** What `dockerfile` was parsed from. */
  readonly text: string;
  /** The stage that is or becomes the image. */
  readonly targetStage: number;
  readonly provable: readonly ProvableFact[];
  /** Absent where no folder belongs to the text. */
  readonly context?: SizedBuildContext | undefined;
  /** An image that was built from an earlier state of the text, with the answer for its present state. */
  readonly inspection?: Inspection | undefined;
}

/**
 * The findings of a Dockerfile with their places and fixes, most bytes first. Pure. With an image, its layers decide: what the text
 * proves of an instruction whose layer is known is said only where no layer contradicts.
 */
export function dockerfileFindings(given: DockerfileEvidence): readonly PlacedFinding[] {
  const { dockerfile, targetStage, inspection } = given;
  const chain = stageChain(dockerfile, targetStage);
  const places = inspection && layerPlaces(dockerfile, chain, targetStage, inspection);
  const ofImage =
    inspection && places ? imageFindings(inspection, places.baseLayerCount).map((finding) => placed(finding, places, chain)) : [];
  const ofText = textFindings(chain, given.provable, given.context).filter((finding) => !isDecided(finding, places));
  const text = textOf(given.text, dockerfile);
  return [...ofImage, ...ofText.map((finding): PlacedFinding => ({ ...finding, source: null }))]
    .map((finding): PlacedFinding => {
      const instruction = instructionAt(dockerfile, finding.place);
      const stage = finding.place === null ? undefined : dockerfile.stages[finding.place.stageIndex];
      const fix =
        finding.code === "devel-base"
          ? stage && runtimeBaseFix(stage, text)
          : finding.remedy && instruction && fixFor(finding.remedy, instruction, chain, text);
      return fix ? { ...finding, fix } : finding;
    })
    .sort((a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0));
}

function placed(finding: Finding, places: LayerPlaces, chain: readonly BuildStage[]): PlacedFinding {
  const [first] = chain;
  const from: FindingPlace | null = first ? { stageIndex: first.index, instructionIndex: null, range: first.fromRange } : null;
  const placeOf = (layerIndex: number | null | undefined): FindingPlace | null => {
    if (layerIndex === null || layerIndex === undefined) return null;
    if (layerIndex < places.baseLayerCount) return from;
    const candidates = places.ofLayer.get(layerIndex) ?? [];
    if (candidates.length <= 1) return candidates[0] ?? null;
    // One layer for several instructions: none of them can be blamed, but their stage can.
    const stage = chain.find(({ index }) => index === candidates[0]?.stageIndex);
    return stage ? { stageIndex: stage.index, instructionIndex: null, range: stage.fromRange } : null;
  };
  const place = placeOf(finding.layerIndex);
  const source = placeOf(finding.sourceLayerIndex);
  const asDevel =
    first && finding.layerIndex !== null && finding.layerIndex < places.baseLayerCount ? develFinding(finding, first) : undefined;
  return { ...(asDevel ?? finding), place, source };
}

/**
 * Base images of GPU frameworks come as `-devel` and `-runtime`; the first is the second with compilers, headers and static libraries,
 * see the README of nvidia/cuda. Startup opens none of those: that is what a finding of build tools says.
 */
function develFinding(finding: Finding, { base }: BuildStage): Finding | undefined {
  if (finding.code !== "build-tools" || base.kind !== "image" || !/-devel(?:-|$|@)/.test(base.name)) return undefined;
  const tools = /\((.*)\)/.exec(finding.message)?.[1] ?? "";
  return {
    ...finding,
    code: "devel-base",
    message: `A base image for building (-devel): ${formatBytes(finding.sizeBytes ?? 0)} of it serve building only, and startup reads none of that (${tools}).`,
    advice: "Stand the last stage on the -runtime variant of the same image, and build what needs a compiler in an earlier stage.",
  };
}

/** Whether the image itself has answered what the text suggests: its layer was read, so its own findings stand. */
function isDecided(finding: TextFinding, places: LayerPlaces | undefined): boolean {
  if (!places) return false;
  for (const candidates of places.ofLayer.values())
    for (const { stageIndex, instructionIndex } of candidates)
      if (stageIndex === finding.place.stageIndex && instructionIndex === finding.place.instructionIndex) return true;
  return false;
}

function instructionAt(dockerfile: Dockerfile, place: FindingPlace | null): Instruction | undefined {
  return place?.instructionIndex === null || place === null
    ? undefined
    : dockerfile.stages[place.stageIndex]?.instructions[place.instructionIndex];
}
