import type { BenchRun } from "../../bench/benchRun.ts";
import type { Mark, Observation } from "../../bench/observation.ts";
import type { Outcome, Trial } from "../../bench/trial.ts";
import type { Problem } from "../../base/text.ts";
import { foreignLine } from "../../base/foreignText.ts";
import { documentOf, type ReportDocument } from "../document.ts";

/** What another tool measured of one image. */
export interface ImportedBench {
  /** For people: `fastpull`, `SOCI benchmark`, `hello-bench`. */
  readonly tool: string;
  /** Image or workload, as the tool names it. */
  readonly name: string;
  readonly arms: readonly ImportedArm[];
  /** Absent: not told. */
  readonly atEpochMs?: number | undefined;
  readonly version?: string | undefined;
  /** What is known to be wrong with the tool's numbers, and what was wrong with this file. */
  readonly problems: readonly Problem[];
}

/** One way of loading that the tool compared. */
export interface ImportedArm {
  readonly name: string;
  readonly snapshotter: string;
  readonly isLazy: boolean;
  /** In the order in which the tool made them. */
  readonly trials: readonly ImportedTrial[];
}

/** One start that the tool measured. Absent outcome: ready. */
export interface ImportedTrial {
  readonly marks: readonly ImportedMark[];
  readonly outcome?: Outcome;
}

/** An instant in seconds after the tool's own beginning; the true one may be earlier or later by as much. */
export interface ImportedMark {
  readonly mark: Mark;
  readonly atS: number;
  readonly earlyS?: number;
  readonly lateS?: number;
}

/** Trials begin so far apart; when they really ran is not told. */
const spacingMs = 3_600_000;

/** The document of results that another tool made. Trials are as cold as nothing is known of them (L0), and their laziness was not looked at. */
export function importedDocument(bench: ImportedBench): ReportDocument {
  const atEpochMs = bench.atEpochMs ?? 0;
  return documentOf({ bench: runOf(bench, atEpochMs) }, { atEpochMs, version: bench.version ?? "", tool: bench.tool });
}

function runOf({ tool, name, arms, version, problems }: ImportedBench, atEpochMs: number): BenchRun {
  const trialsPerArm = Math.max(0, ...arms.map(({ trials }) => trials.length));
  const trials = arms.flatMap((arm, place) =>
    arm.trials.map((trial, block) => trialOf(arm, trial, block, block * arms.length + place, atEpochMs)),
  );
  const image = foreignLine(name);
  return {
    id: `import-${tool.toLowerCase().replace(/[^a-z]+/g, "-")}`,
    startedAtEpochMs: atEpochMs,
    endedAtEpochMs: atEpochMs,
    ending: { kind: "complete" },
    plan: {
      name: image,
      context: "",
      namespace: "",
      target: { kind: "any" },
      arms: arms.map((arm) => ({
        name: foreignLine(arm.name, 100),
        image,
        snapshotter: foreignLine(arm.snapshotter, 100),
        isLazy: arm.isLazy,
        pullPolicy: "IfNotPresent" as const,
      })),
      workload: { container: "", pod: {}, origin: `results of ${tool}`, gpuCount: 0, gpuResource: "" },
      readiness: { kind: "pod" },
      trialsPerArm,
      seed: 0,
      trialTimeoutMs: 0,
      coldness: "L0",
      podsAtOnce: 1,
      limits: { maxDurationMs: 0 },
      currency: "",
      probeImage: "",
    },
    environment: {
      server: "",
      nodes: [],
      images: [],
      contentCheck: { equal: undefined, how: `${tool} does not tell` },
      clockOffsets: [],
      clientVersion: foreignLine(version ?? "", 100),
    },
    trials: trials.sort((a, b) => a.order - b.order),
    problems,
  };
}

function trialOf(arm: ImportedArm, trial: ImportedTrial, block: number, order: number, atEpochMs: number): Trial {
  const name = foreignLine(arm.name, 100);
  const beganAtEpochMs = atEpochMs + order * spacingMs;
  return {
    id: `${name}-${block + 1}`,
    arm: name,
    block,
    order,
    podName: "",
    outcome: trial.outcome ?? { kind: "ready" },
    observations: trial.marks.map((mark) => observationOf(mark, beganAtEpochMs)),
    coldness: { wanted: "L0", reached: "L0", checks: [], durationMs: 0 },
    taints: [],
    problems: [],
  };
}

function observationOf({ mark, atS, earlyS = 0, lateS = 0 }: ImportedMark, beganAtEpochMs: number): Observation {
  const atEpochMs = beganAtEpochMs + 1000 * atS;
  return {
    mark,
    atEpochMs,
    earliestEpochMs: atEpochMs - 1000 * earlyS,
    latestEpochMs: atEpochMs + 1000 * lateS,
    clock: "client",
    source: "import",
  };
}

/** What a reader should know of a tool's numbers. */
export function bias(message: string): Problem {
  return { severity: "warning", message };
}
