import * as z from "zod/mini";
import type { Interval } from "../base/interval.ts";
import { atEpochMs, problemSchema } from "./benchSchema.ts";
import type { Report } from "./report.ts";

/** The form of an image's part of a stored report; objects may have more fields, which later versions add. */

const interval: z.ZodMiniType<Interval> = z.looseObject({ value: z.number(), low: z.number(), high: z.number() });
const intervals = { openedFiles: interval, wholeBytes: interval, pageBytes: interval, chunkBytes: interval };
const counts = { openedFiles: z.number(), wholeBytes: z.number(), pageBytes: z.number() };
const textOrNull = z.nullable(z.string());
const numberOrNull = z.nullable(z.number());
const moment = z.enum(["ready", "firstRequest"]);

const sizedFile = { path: z.string(), sizeBytes: z.number(), layerIndex: z.number() };
const predictedFile = { ...sizedFile, probability: z.number(), rule: z.string(), evidence: z.string() };
const openedFile = z.looseObject({ ...predictedFile, moment, pageBytes: z.number(), requestPageBytes: z.number() });

const finding = z.looseObject({
  code: z.string(),
  severity: z.enum(["warning", "information"]),
  message: z.string(),
  advice: z.string(),
  sizeBytes: numberOrNull,
  readBytes: numberOrNull,
  files: z.number(),
  evidence: z.array(z.looseObject({ path: z.string(), sizeBytes: z.number() })),
  layerIndex: numberOrNull,
  sourceLayerIndex: numberOrNull,
  line: numberOrNull,
});

const dockerfile = z.looseObject({
  path: z.string(),
  stageIndex: z.number(),
  unmatchedReason: textOrNull,
  instructions: z.array(z.looseObject({ line: z.number(), keyword: z.string(), text: z.string(), layerIndex: numberOrNull })),
});

const tracedMeasure = z.exactOptional(z.looseObject({ value: z.number(), errorPoints: z.number(), isCovered: z.boolean() }));

const traced = z.looseObject({
  format: z.string(),
  moment,
  measures: z.looseObject({ openedFiles: tracedMeasure, wholeBytes: tracedMeasure, pageBytes: tracedMeasure, chunkBytes: tracedMeasure }),
  recall: z.number(),
  precision: z.number(),
  byteRecall: z.number(),
  missed: z.array(z.looseObject(sizedFile)),
  surplus: z.array(z.looseObject(predictedFile)),
  dropped: z.looseObject({ runtime: z.number(), folders: z.number(), missing: z.number() }),
});

export const imageSchema: z.ZodMiniType<Report> = z.looseObject({
  schemaVersion: z.literal(1),
  createdAtEpochMs: atEpochMs,
  image: z.looseObject({
    reference: z.string(),
    digest: textOrNull,
    configDigest: z.string(),
    platform: z.string(),
    origin: z.string(),
    originLabel: z.string(),
  }),
  totals: z.looseObject({ files: z.number(), bytes: z.number() }),
  estimate: z.looseObject({
    ...intervals,
    chunkSizeBytes: z.number(),
    afterRequest: z.looseObject(intervals),
    confidence: z.enum(["high", "medium", "low"]),
    flags: z.array(z.looseObject({ code: z.string(), message: z.string() })),
    commands: z.array(z.looseObject({ argv: z.array(z.string()), executable: textOrNull, probability: z.number() })),
  }),
  layers: z.array(
    z.looseObject({
      index: z.number(),
      diffId: z.string(),
      digest: textOrNull,
      blobSizeBytes: numberOrNull,
      createdBy: z.string(),
      files: z.number(),
      bytes: z.number(),
      ...counts,
      chunkBytes: z.number(),
    }),
  ),
  packages: z.array(
    z.looseObject({
      manager: z.string(),
      name: z.string(),
      version: z.string(),
      layerIndex: z.number(),
      files: z.number(),
      bytes: z.number(),
      ...counts,
    }),
  ),
  files: z.array(openedFile),
  requestFiles: z.array(openedFile),
  weights: z.array(
    z.looseObject({
      ...sizedFile,
      format: z.string(),
      reading: z.enum(["mapped", "read"]),
      readyBytes: z.number(),
      requestBytes: z.number(),
      evidence: z.string(),
    }),
  ),
  findings: z.array(finding),
  problems: z.array(problemSchema),
  dockerfile: z.exactOptional(dockerfile),
  traced: z.exactOptional(traced),
});
