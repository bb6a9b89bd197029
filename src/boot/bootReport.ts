import type { Problem } from "../base/text.ts";
import { adviceAssumptions, adviceOf, type ClassAdvice } from "./advice.ts";
import { analyzeBoot, usualUnit, type AnalyzedBoot, type AnalyzedUnit } from "./analyzedBoot.ts";
import { phaseNames, phaseUs, type BootForm, type BootMachine, type PhaseName, type ReadBoot } from "./bootChain.ts";
import type { ChainBlocker, ChainSpan, ChainState } from "./correctedChain.ts";
import { unitUnknown } from "./errors.ts";
import { compareBoots, summarize, type BootComparison, type ManyBoots } from "./manyBoots.ts";
import { criticalChainLines } from "./systemdText.ts";
import { classOf, type WorkClassName, type WorkRule } from "./workClasses.ts";

/** What is saved, printed and shown of boots: plain JSON. Lengths and times are ms; times count from the start of userspace. */
export interface BootReport {
  /** The unit that is waited for. */
  readonly unit: string;
  /** In the order in which they were read. */
  readonly boots: readonly ReportBoot[];
  /** What to do, the most promising class first. */
  readonly advice: readonly ClassAdvice[];
  /** What the advice's savings assume. */
  readonly assumptions: readonly string[];
  /** From two boots on. */
  readonly summary?: ManyBoots;
  /** Boots of another kind of machine beside these. Absent when none were given. */
  readonly comparison?: BootComparison;
}

/** One boot as it is saved and shown. Times are in ms from the start of userspace. */
export interface ReportBoot {
  readonly name: string;
  readonly machine: BootMachine;
  /** Only the phases that the machine has, in their order. */
  readonly phases: readonly { readonly phase: PhaseName; readonly durationMs: number }[];
  readonly userspaceStartEpochMs?: number;
  /** Absent while the boot goes on, and where the files do not tell. */
  readonly finishedAtMs?: number;
  /** Absent: the files do not tell. */
  readonly isFinished?: boolean;
  readonly chain: ReportChain;
  /** The tree that `systemd-analyze critical-chain UNIT` prints of the same boot. Absent where it would refuse or has no unit. */
  readonly systemdChain?: readonly string[];
  /** Units that took time in one of the report's boots, stood on the chain or failed, in order of their beginning. */
  readonly units: readonly ReportUnit[];
  /** Stages of cloud-init and events of other tools. */
  readonly stages: readonly ReportStage[];
  /** How finely the times are known. */
  readonly accuracyMs: number;
  readonly sources: readonly BootForm[];
  readonly problems: readonly Problem[];
}

/** The corrected chain of one boot. */
export interface ReportChain {
  readonly state: ChainState;
  /** When the unit was ready; in other states until when its chain is told. */
  readonly endAtMs: number;
  /** Without holes from 0 to `endAtMs`: their lengths add up to it. */
  readonly spans: readonly ReportSpan[];
  /** What to look at first. Absent for an empty chain. */
  readonly blocker?: { readonly unit: string; readonly durationMs: number; readonly why: ChainBlocker["why"] };
  /** Units that failed off the chain, although the unit waited for them, too. */
  readonly alsoFailed: readonly {
    readonly unit: string;
    readonly durationMs: number;
    readonly slackMs: number;
    readonly outcome: string;
  }[];
}

/** One piece of the chain; `notes` say in plain words what is odd about it. */
export interface ReportSpan {
  readonly kind: ChainSpan["kind"];
  readonly unit: string;
  readonly class: WorkClassName;
  readonly fromMs: number;
  readonly durationMs: number;
  readonly notes: readonly string[];
}

/** A unit's first start in one boot. */
export interface ReportUnit {
  readonly unit: string;
  readonly class: WorkClassName;
  /** Absent: only its length is known. */
  readonly fromMs?: number;
  /** Absent: still starting. */
  readonly durationMs?: number;
  readonly outcome: AnalyzedUnit["outcome"];
  readonly restarts: number;
  readonly isOnChain: boolean;
  /** How much longer it could take with the unit ready no later. Absent: the unit does not wait for it. */
  readonly slackMs?: number;
}

/** A named time that is no unit's: a stage of cloud-init, an event of node-latency-for-k8s. */
export interface ReportStage {
  readonly name: string;
  readonly class: WorkClassName;
  readonly fromMs: number;
  /** Absent: it has no end, or had not ended. */
  readonly durationMs?: number;
  readonly result?: string;
}

export interface ReportOptions {
  /** Absent: kubelet by any of its names, or else the default target. */
  readonly unit?: string | undefined;
  readonly rules: readonly WorkRule[];
  /** Boots of another machine image, which come after these. */
  readonly comparedWith?: readonly ReadBoot[] | undefined;
}

/** Throws `UserError` when no boot has the unit that was asked for. */
export function bootReportOf(boots: readonly ReadBoot[], options: ReportOptions): BootReport {
  const asked = options.unit === undefined ? usualUnit(boots.map((boot) => boot.value)) : fullName(options.unit, boots);
  const analyzed = boots.map((boot) => ({ boot, found: asked === undefined ? undefined : analyzeBoot(boot, asked, options.rules) }));
  const known = analyzed.flatMap(({ found }) => found ?? []);
  const unit = known[0]?.root.id ?? asked ?? "";
  if (options.unit !== undefined && known.length === 0) throw unitUnknown(options.unit, similarUnits(options.unit, boots));
  const compared = (options.comparedWith ?? []).flatMap((boot) => analyzeBoot(boot, asked ?? "", options.rules) ?? []);
  const notable = notableUnits([...known, ...compared]);
  const reported = (boot: AnalyzedBoot): ReportBoot => reportBoot(boot, notable, options.rules);
  const told = analyzed.map(({ boot, found }) => (found ? reported(found) : unitlessBoot(boot, unit, options.rules)));
  const having = told.filter((_, index) => analyzed[index]?.found);
  return {
    unit,
    boots: told,
    advice: known.length > 0 ? adviceOf(known) : [],
    assumptions: adviceAssumptions,
    ...(known.length > 1 && { summary: summarize(having) }),
    ...(compared.length > 0 && { comparison: compareBoots(having, compared.map(reported)) }),
  };
}

/** Units that took a millisecond in one of the boots, so that what they took in the others is told, too. */
function notableUnits(boots: readonly AnalyzedBoot[]): ReadonlySet<string> {
  return new Set(boots.flatMap(({ units }) => units.flatMap(({ unit, tookUs }) => ((tookUs ?? 0) >= 1000 ? [unit.id] : []))));
}

function reportBoot(analyzed: AnalyzedBoot, notable: ReadonlySet<string>, rules: readonly WorkRule[]): ReportBoot {
  const { chain, units } = analyzed;
  const onChain = new Set(chain.spans.filter((span) => span.kind !== "gap" && span.kind !== "lead-in").map((span) => span.unit));
  const systemdChain = systemdChainOf(analyzed);
  return {
    ...commonOf({ value: analyzed.boot, problems: analyzed.problems }, rules),
    ...(systemdChain.length > 0 && { systemdChain }),
    chain: {
      state: chain.state,
      endAtMs: chain.endUs / 1000,
      spans: chain.spans.map((span) => ({
        kind: span.kind,
        unit: span.unit,
        class: classOf(span.unit, rules),
        fromMs: span.fromUs / 1000,
        durationMs: (span.toUs - span.fromUs) / 1000,
        notes: span.notes,
      })),
      ...(chain.blocker && { blocker: { unit: chain.blocker.unit, durationMs: chain.blocker.lengthUs / 1000, why: chain.blocker.why } }),
      alsoFailed: units.flatMap((unit) =>
        (unit.outcome === "failed" || unit.outcome === "timeout") && unit.slackUs !== undefined && !onChain.has(unit.unit.id)
          ? [{ unit: unit.unit.id, durationMs: (unit.tookUs ?? 0) / 1000, slackMs: unit.slackUs / 1000, outcome: unit.outcome }]
          : [],
      ),
    },
    units: units
      .filter(
        ({ unit, tookUs, outcome }) =>
          (tookUs !== undefined && notable.has(unit.id)) || onChain.has(unit.id) || !["started", "unknown"].includes(outcome),
      )
      .map((unit) => reportUnit(unit, onChain.has(unit.unit.id)))
      .sort((a, b) => (a.fromMs ?? Infinity) - (b.fromMs ?? Infinity)),
  };
}

/** Deeper trees than this are of nobody's machine. */
const mostChainLines = 200;

function systemdChainOf({ boot, root }: AnalyzedBoot): readonly string[] {
  if (boot.finishedUs === undefined) return [];
  return criticalChainLines(boot, root.id, 0).slice(0, mostChainLines);
}

function reportUnit({ unit, class: name, fromUs, tookUs, outcome, restarts, slackUs }: AnalyzedUnit, isOnChain: boolean): ReportUnit {
  const atUs = fromUs ?? unit.passedOver?.atUs;
  return {
    unit: unit.id,
    class: name,
    ...(atUs !== undefined && { fromMs: atUs / 1000 }),
    ...(tookUs !== undefined && { durationMs: tookUs / 1000 }),
    outcome,
    restarts,
    isOnChain,
    ...(slackUs !== undefined && { slackMs: slackUs / 1000 }),
  };
}

/** A boot that lacks the unit is shown with what it has. */
function unitlessBoot(boot: ReadBoot, unit: string, rules: readonly WorkRule[]): ReportBoot {
  const problem: Problem = {
    severity: "warning",
    message: unit === "" ? "It tells of no unit." : `It has no unit ${unit}, so there is no chain.`,
  };
  return {
    ...commonOf({ value: boot.value, problems: [...boot.problems, problem] }, rules),
    chain: { state: "unreached", endAtMs: 0, spans: [], alsoFailed: [] },
    units: [],
  };
}

function commonOf({ value: boot, problems }: ReadBoot, rules: readonly WorkRule[]): Omit<ReportBoot, "chain" | "units"> {
  return {
    name: boot.name,
    machine: boot.machine,
    phases: phaseNames.flatMap((phase) => {
      const us = phaseUs(boot.phases, phase);
      return us === undefined ? [] : [{ phase, durationMs: us / 1000 }];
    }),
    ...(boot.userspaceStartEpochMs !== undefined && { userspaceStartEpochMs: boot.userspaceStartEpochMs }),
    ...(boot.finishedUs !== undefined && { finishedAtMs: boot.finishedUs / 1000 }),
    ...(boot.isFinished !== undefined && { isFinished: boot.isFinished }),
    stages: boot.stages.map((stage) => ({
      name: stage.name,
      class: stage.source === "cloud-init" ? "cloud-init" : classOf(stage.name, rules),
      fromMs: stage.fromUs / 1000,
      ...(stage.toUs !== undefined && { durationMs: (stage.toUs - stage.fromUs) / 1000 }),
      ...(stage.result !== undefined && { result: stage.result }),
    })),
    accuracyMs: boot.accuracyUs / 1000,
    sources: boot.sources,
    problems,
  };
}

/** `kubelet` is `kubelet.service`, as everywhere in systemctl. */
function fullName(asked: string, boots: readonly ReadBoot[]): string {
  const isKnown = boots.some(({ value }) => value.units.some((unit) => unit.id === asked || unit.aliases.includes(asked)));
  return isKnown || asked.includes(".") ? asked : `${asked}.service`;
}

function similarUnits(asked: string, boots: readonly ReadBoot[]): string[] {
  const stem = asked.replace(/\.[a-z]+$/, "").toLowerCase();
  const names = new Set(boots.flatMap((boot) => boot.value.units.map((unit) => unit.id)));
  return [...names]
    .filter((name) => name.toLowerCase().includes(stem) || stem.includes(name.replace(/\.[a-z]+$/, "").toLowerCase()))
    .slice(0, 5);
}
