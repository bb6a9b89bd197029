import type { BuildStage, Dockerfile, Instruction, ProvableFact } from "./dockerfile.ts";
import { stageChain } from "./effectiveConfig.ts";
import { entryScriptFacts } from "./entryScript.ts";
import type { BuildContextFiles } from "./buildContextFiles.ts";
import { runFacts } from "./runFacts.ts";
import { copySource } from "./stages.ts";

/**
 * What text and build context alone prove about startup, in the order of the text; no sizes. For the last stage and those that
 * it is made of.
 */
export function provableFacts(dockerfile: Dockerfile, context: BuildContextFiles): readonly ProvableFact[] {
  const last = dockerfile.stages.at(-1);
  if (!last) return [];
  const chain = stageChain(dockerfile, last.index);
  const facts = [
    ...stageFacts(dockerfile, chain),
    ...chain.flatMap((stage) => runFacts(stage, chain)),
    ...entryScriptFacts(dockerfile, chain, context),
  ];
  return facts.sort((a, b) => a.range.startLine - b.range.startLine);
}

function stageFacts(dockerfile: Dockerfile, chain: readonly BuildStage[]): ProvableFact[] {
  const { stages } = dockerfile;
  const inChain = new Set(chain.map((stage) => stage.index));
  const neededBy = neededStages(stages, chain);
  const copiedFrom = new Set(chain.flatMap((stage) => copiedStages(stage, stages)));
  return stages
    .filter((stage) => !inChain.has(stage.index))
    .map((stage): ProvableFact => {
      const range = stage.fromRange;
      if (!neededBy.has(stage.index)) {
        return {
          range,
          summary: "never copied from: 0 bytes in the image",
          reason:
            "The last stage is not built on this stage and copies nothing from it, directly or through others; BuildKit does not even build it.",
        };
      }
      if (copiedFrom.has(stage.index)) {
        return {
          range,
          summary: "only what COPY --from takes is in the image",
          reason: "The last stage copies files from this stage but is not built on it: everything else of this stage stays behind.",
        };
      }
      return {
        range,
        summary: "only helps other stages: 0 bytes in the image",
        reason: "Other stages need this stage, but no file of it is copied into the last one directly.",
      };
    });
}

/** Every stage that building the chain needs. */
function neededStages(stages: readonly BuildStage[], chain: readonly BuildStage[]): ReadonlySet<number> {
  const needed = new Set<number>();
  const open = [...chain];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (needed.has(stage.index)) continue;
    needed.add(stage.index);
    const base = stage.base.kind === "stage" ? [stage.base.stageIndex] : [];
    for (const index of [...base, ...copiedStages(stage, stages), ...mountedStages(stage, stages)]) {
      const next = stages[index];
      if (next) open.push(next);
    }
  }
  return needed;
}

function copiedStages(stage: BuildStage, stages: readonly BuildStage[]): number[] {
  return stage.instructions.flatMap(({ keyword, flags }) => (keyword === "COPY" ? stageNamed(flags["from"], stage, stages) : []));
}

function mountedStages(stage: BuildStage, stages: readonly BuildStage[]): number[] {
  return stage.instructions.flatMap(({ keyword, flags }: Instruction) => {
    if (keyword !== "RUN") return [];
    const froms = (flags["mount"] ?? "").split("\n").map((mount) => /(?:^|,)from=([^,]+)/.exec(mount)?.[1]);
    return froms.flatMap((from) => stageNamed(from, stage, stages));
  });
}

/** A name with a variable may mean any earlier stage: nothing is claimed of them. */
function stageNamed(from: string | undefined, stage: BuildStage, stages: readonly BuildStage[]): number[] {
  if (from === undefined) return [];
  if (from.includes("$")) return Array.from({ length: stage.index }, (_, index) => index);
  const source = copySource(from, stage.index, stages);
  return source.kind === "stage" ? [source.stageIndex] : [];
}
