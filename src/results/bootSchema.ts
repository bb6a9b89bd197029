import * as z from "zod/mini";
import type { BootReport, ReportChain, ReportSpan, ReportStage, ReportUnit } from "../boot/bootReport.ts";
import type { AdviceAnswer } from "../boot/advice.ts";
import type { BootForm, PhaseName } from "../boot/bootChain.ts";
import type { WorkClassName } from "../boot/workClasses.ts";
import { atEpochMs, problemSchema } from "./benchSchema.ts";

/** The form of boots in a stored report. Words of closed lists are read as any text: whoever prints one that is new prints it as it is. */

const word = <T extends string>(): z.ZodMiniType<T> => z.string() as unknown as z.ZodMiniType<T>;
const workClass = word<WorkClassName>();
const phase = word<PhaseName>();
const maybe = z.exactOptional(z.number());
const maybeText = z.exactOptional(z.string());

const confidence = z.exactOptional(z.looseObject({ low: z.number(), high: z.number(), level: z.number() }));
const spread = z.looseObject({
  boots: z.number(),
  medianMs: z.number(),
  p95Ms: maybe,
  lowMs: z.number(),
  highMs: z.number(),
  middleHalfMs: z.number(),
  interval: confidence,
});
const difference = { beforeMs: maybe, afterMs: maybe, differenceMs: maybe, interval: confidence };

const chain = z.looseObject({
  state: word<ReportChain["state"]>(),
  endAtMs: z.number(),
  spans: z.array(
    z.looseObject({
      kind: word<ReportSpan["kind"]>(),
      unit: z.string(),
      class: workClass,
      fromMs: z.number(),
      durationMs: z.number(),
      notes: z.array(z.string()),
    }),
  ),
  blocker: z.exactOptional(
    z.looseObject({ unit: z.string(), durationMs: z.number(), why: word<NonNullable<ReportChain["blocker"]>["why"]>() }),
  ),
  alsoFailed: z.array(z.looseObject({ unit: z.string(), durationMs: z.number(), slackMs: z.number(), outcome: z.string() })),
});

const boot = z.looseObject({
  name: z.string(),
  machine: z.looseObject({
    bootId: maybeText,
    systemdVersion: maybeText,
    virtualization: maybeText,
    osName: maybeText,
    kernelVersion: maybeText,
    instanceType: maybeText,
    machineImage: maybeText,
  }),
  phases: z.array(z.looseObject({ phase, durationMs: z.number() })),
  userspaceStartEpochMs: z.exactOptional(atEpochMs),
  finishedAtMs: maybe,
  isFinished: z.exactOptional(z.boolean()),
  chain,
  systemdChain: z.exactOptional(z.array(z.string())),
  units: z.array(
    z.looseObject({
      unit: z.string(),
      class: workClass,
      fromMs: maybe,
      durationMs: maybe,
      outcome: word<ReportUnit["outcome"]>(),
      restarts: z.number(),
      isOnChain: z.boolean(),
      slackMs: maybe,
    }),
  ),
  stages: z.array(
    z.looseObject({
      name: z.string(),
      class: word<ReportStage["class"]>(),
      fromMs: z.number(),
      durationMs: maybe,
      result: maybeText,
    }),
  ),
  accuracyMs: z.number(),
  sources: z.array(word<BootForm>()),
  problems: z.array(problemSchema),
});

export const bootSchema: z.ZodMiniType<BootReport> = z.looseObject({
  unit: z.string(),
  boots: z.array(boot),
  advice: z.array(
    z.looseObject({
      class: workClass,
      title: z.string(),
      units: z.array(z.string()),
      onChainMs: z.number(),
      savedMs: maybe,
      answers: z.array(
        z.looseObject({ question: word<AdviceAnswer["question"]>(), verdict: word<AdviceAnswer["verdict"]>(), because: z.string() }),
      ),
    }),
  ),
  assumptions: z.array(z.string()),
  summary: z.exactOptional(
    z.looseObject({
      boots: z.number(),
      ready: z.exactOptional(spread),
      phases: z.array(z.looseObject({ phase, spread })),
      units: z.array(
        z.looseObject({ unit: z.string(), class: workClass, took: spread, onChainBoots: z.number(), onChainMedianMs: z.number() }),
      ),
      noisiest: maybeText,
    }),
  ),
  comparison: z.exactOptional(
    z.looseObject({
      boots: z.tuple([z.number(), z.number()]),
      ready: z.exactOptional(z.looseObject(difference)),
      phases: z.array(z.looseObject({ phase, ...difference })),
      units: z.array(z.looseObject({ unit: z.string(), class: workClass, ...difference })),
    }),
  ),
});
