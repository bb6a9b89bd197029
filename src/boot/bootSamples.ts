import { phaseNames, type PhaseName } from "./bootChain.ts";
import type { ReportBoot, ReportChain } from "./bootReport.ts";
import type { WorkClassName } from "./workClasses.ts";

/** The lengths of several boots in ms, one value for each boot that tells it. */
export interface BootSamples {
  /** Until the unit was ready, from the start of userspace; of boots in which it was. */
  readonly readyMs: readonly number[];
  /** Only phases that a boot tells of, in their order. */
  readonly phases: ReadonlyMap<PhaseName, readonly number[]>;
  readonly units: ReadonlyMap<string, UnitSamples>;
}

/** What one unit took in several boots. */
export interface UnitSamples {
  readonly class: WorkClassName;
  /** From the unit's first start to where it lasted. */
  readonly tookMs: readonly number[];
  /** What of the chain it took; of boots in which it stood there with a length. */
  readonly onChainMs: readonly number[];
}

/** Boots of one kind of machine, as they are stored. */
export function bootSamples(boots: readonly ReportBoot[]): BootSamples {
  const phases = phaseNames.map((name) => {
    const lengths = boots.flatMap((boot) => boot.phases.find(({ phase }) => phase === name)?.durationMs ?? []);
    return [name, lengths] as const;
  });
  return {
    readyMs: boots.flatMap(({ chain }) => (chain.state === "ready" ? [chain.endAtMs] : [])),
    phases: new Map(phases.filter(([, lengths]) => lengths.length > 0)),
    units: unitSamples(boots),
  };
}

function unitSamples(boots: readonly ReportBoot[]): ReadonlyMap<string, UnitSamples> {
  const samples = new Map<string, { class: WorkClassName; tookMs: number[]; onChainMs: number[] }>();
  for (const { units, chain } of boots) {
    const onChain = onChainByUnit(chain);
    for (const { unit, class: name, durationMs } of units) {
      const onChainMs = onChain.get(unit) ?? 0;
      if (durationMs === undefined && onChainMs === 0) continue;
      const known = samples.get(unit) ?? { class: name, tookMs: [], onChainMs: [] };
      samples.set(unit, known);
      if (durationMs !== undefined) known.tookMs.push(durationMs);
      if (onChainMs > 0) known.onChainMs.push(onChainMs);
    }
  }
  return samples;
}

/** Starts and the waits between them; gaps are nobody's. */
function onChainByUnit({ spans }: ReportChain): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  for (const { kind, unit, durationMs } of spans)
    if (kind !== "gap" && kind !== "lead-in") lengths.set(unit, (lengths.get(unit) ?? 0) + durationMs);
  return lengths;
}
