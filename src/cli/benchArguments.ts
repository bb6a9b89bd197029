import { UserError } from "../base/errors.ts";
import type { WithProblems } from "../base/text.ts";
import type { ColdnessLevel } from "../bench/plan.ts";
import { parseArm } from "../bench/plan/parseArm.ts";
import { parseReadiness, parseRequest } from "../bench/plan/parseReadiness.ts";
import { parseWorkload } from "../bench/plan/parseWorkload.ts";
import type { PlanDraft, WorkloadDraft } from "../bench/plan/planDraft.ts";
import type { ClusterArguments } from "./clusterSource.ts";

/** The options of `coldstart bench`, as commander reads them. Times in ms. */
export interface BenchArguments extends ClusterArguments {
  /** A plan's file or an image. */
  readonly subject: string;
  readonly arm?: readonly string[];
  readonly trials?: number;
  readonly ready?: string;
  readonly request?: string;
  readonly workload?: string;
  readonly fromFile?: string;
  readonly container?: string;
  readonly node?: string;
  readonly pool?: string;
  readonly namespace?: string;
  readonly gpus?: number;
  readonly gpuResource?: string;
  readonly seed?: number;
  readonly timeout?: number;
  readonly coldness?: ColdnessLevel;
  readonly podsAtOnce?: number;
  readonly price?: number;
  readonly currency?: string;
  readonly maxCost?: number;
  readonly maxTime?: number;
  readonly probeImage?: string;
  readonly plainHttp?: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly allowPrivileged?: boolean;
  readonly verbose?: boolean;
}

/** What the options say goes before what `file` says; `image` is the subject when that is no file. Throws `bad-usage`. */
export function draftOfArguments(given: BenchArguments, file: PlanDraft, image: string | undefined): PlanDraft {
  const { node, pool } = given;
  if (node !== undefined && pool !== undefined)
    throw new UserError("bad-usage", "--node and --pool exclude each other.", "Leave one of them out.");
  const asked: PlanDraft = {
    context: given.context,
    namespace: given.namespace,
    target: node !== undefined ? { kind: "node", name: node } : pool !== undefined ? { kind: "pool", name: pool } : undefined,
    image,
    arms: given.arm?.map((text) => taken("--arm", parseArm(text))),
    workload: workloadOfArguments(given, file),
    readiness: given.ready === undefined ? undefined : taken("--ready", parseReadiness(given.ready)),
    firstRequest: given.request === undefined ? undefined : taken("--request", parseRequest(given.request)),
    trialsPerArm: given.trials,
    seed: given.seed,
    trialTimeoutMs: given.timeout,
    coldness: given.coldness,
    podsAtOnce: given.podsAtOnce,
    gpuCount: given.gpus,
    gpuResource: given.gpuResource,
    pricePerNodeHour: given.price,
    currency: given.currency,
    probeImage: given.probeImage,
    limits: { maxDurationMs: given.maxTime ?? file.limits?.maxDurationMs, maxCost: given.maxCost ?? file.limits?.maxCost },
  };
  const said = Object.entries(asked).filter(([, value]) => value !== undefined);
  return { ...file, ...Object.fromEntries(said) };
}

function workloadOfArguments({ workload, fromFile, container }: BenchArguments, file: PlanDraft): WorkloadDraft | undefined {
  const reference = workload === undefined ? undefined : taken("--workload", parseWorkload(workload));
  if (fromFile !== undefined) return { kind: "file", path: fromFile, reference, container };
  if (reference) return { kind: "object", reference, container };
  if (container === undefined) return undefined;
  if (file.workload === undefined || file.workload.kind === "options") {
    throw new UserError(
      "bad-usage",
      "--container chooses one of a workload's containers, and none is named.",
      "Add --workload or --from-file.",
    );
  }
  return { ...file.workload, container };
}

function taken<T>(option: string, { value, problems }: WithProblems<T | undefined>): T {
  if (value !== undefined) return value;
  throw new UserError("bad-usage", `${option}: ${problems[0]?.message ?? ""}`, "coldstart bench --help shows what there is.");
}
