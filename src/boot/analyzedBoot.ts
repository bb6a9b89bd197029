import type { Problem } from "../base/text.ts";
import { unitIndex, type BootChain, type BootUnit, type ReadBoot, type UnitStart } from "./bootChain.ts";
import { correctedChain, type CorrectedChain } from "./correctedChain.ts";
import { Needs } from "./needs.ts";
import { Readiness } from "./readiness.ts";
import { Releases } from "./releases.ts";
import { attemptsUpTo, lastingStart } from "./unitStarts.ts";
import { classOf, type WorkClassName, type WorkRule } from "./workClasses.ts";

/** A boot with everything that is asked of it, for one unit that something waits for. */
export interface AnalyzedBoot {
  readonly boot: BootChain;
  readonly problems: readonly Problem[];
  readonly chain: CorrectedChain;
  readonly root: BootUnit;
  readonly readiness: Readiness;
  readonly needs: Needs;
  readonly units: readonly AnalyzedUnit[];
}

/** A unit in its boot; times are from the start of userspace. */
export interface AnalyzedUnit {
  readonly unit: BootUnit;
  readonly class: WorkClassName;
  /** From its first start to where it lasted, restarts included. Absent: never started, or only its length is known. */
  readonly fromUs?: number;
  /** Absent: still starting, never started, or unknown. */
  readonly tookUs?: number;
  readonly outcome: UnitStart["outcome"] | "passed-over" | "unknown";
  readonly restarts: number;
  /** What of the chain it took: its starts and the waits between them. 0 off the chain. */
  readonly onChainUs: number;
  /** How much later it could be done with the root ready no later. Absent: the root does not wait for it, or is not ready. */
  readonly slackUs?: number;
}

/** Undefined when the boot has no unit of that name. */
export function analyzeBoot(read: ReadBoot, unitName: string, rules: readonly WorkRule[]): AnalyzedBoot | undefined {
  const boot = read.value;
  const releases = new Releases(boot);
  const corrected = correctedChain(boot, unitName, releases);
  const root = releases.index.get(unitName);
  if (!corrected || !root) return undefined;
  const chain = corrected.value;
  const readiness = new Readiness(boot, root, releases);
  const slackUs = readiness.slackUs();
  const onChainUs = new Map<string, number>();
  for (const span of chain.spans) {
    if (span.kind === "gap" || span.kind === "lead-in") continue;
    onChainUs.set(span.unit, (onChainUs.get(span.unit) ?? 0) + span.toUs - span.fromUs);
  }
  const units = boot.units.map((unit) => analyzedUnit(unit, rules, onChainUs.get(unit.id) ?? 0, slackUs.get(unit.id)));
  return {
    boot,
    problems: [...read.problems, ...corrected.problems],
    chain,
    root,
    readiness,
    needs: new Needs(releases.index, root),
    units,
  };
}

function analyzedUnit(unit: BootUnit, rules: readonly WorkRule[], onChainUs: number, slackUs: number | undefined): AnalyzedUnit {
  const lasting = lastingStart(unit.starts);
  const last = unit.starts[lasting];
  const fromUs = last && attemptsUpTo(unit.starts, lasting)[0]?.fromUs;
  const tookUs = last?.toUs !== undefined && fromUs !== undefined ? last.toUs - fromUs : unit.tookUs;
  return {
    unit,
    class: classOf(unit.id, rules),
    ...(fromUs !== undefined && { fromUs }),
    ...(tookUs !== undefined && { tookUs }),
    outcome: last?.outcome ?? (unit.passedOver ? "passed-over" : "unknown"),
    restarts: Math.max(unit.starts.filter((start) => start.isRestart).length, unit.restarts ?? 0),
    onChainUs,
    ...(slackUs !== undefined && { slackUs }),
  };
}

const usualNames = ["kubelet.service", "k3s-agent.service", "k3s.service", "rke2-agent.service", "rke2-server.service"];

/** The unit that makes a machine a node, by any of its names; or else the default target. Undefined for boots without units. */
export function usualUnit(boots: readonly BootChain[]): string | undefined {
  const indexes = boots.map((boot) => unitIndex(boot.units));
  const usual = usualNames.find((name) => indexes.some((index) => (index.get(name)?.starts.length ?? 0) > 0 || isQueued(boots, name)));
  if (usual !== undefined) return usual;
  const kubelet = boots.flatMap(({ units }) => units).find((unit) => /kubelet/.test(unit.id) && unit.starts.length > 0);
  if (kubelet) return kubelet.id;
  for (const name of [...usualNames, "default.target", "graphical.target", "multi-user.target"])
    if (indexes.some((index) => index.has(name))) return name;
  const latest = boots
    .flatMap(({ units }) => units)
    .reduce<BootUnit | undefined>((last, unit) => ((unit.activatedUs ?? -1) > (last?.activatedUs ?? -1) ? unit : last), undefined);
  return latest?.id;
}

function isQueued(boots: readonly BootChain[], name: string): boolean {
  return boots.some((boot) => boot.jobs.some((job) => job.unit === name));
}
