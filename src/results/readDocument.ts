import type { z } from "zod/mini";
import type { Observation } from "../bench/observation.ts";
import type { BenchRun } from "../bench/benchRun.ts";
import type { Trial } from "../bench/trial.ts";
import { parseJsonObject } from "../base/json.ts";
import type { Problem, WithProblems } from "../base/text.ts";
import { bootSchema } from "./bootSchema.ts";
import { imageSchema } from "./imageSchema.ts";
import { observationSchema, runFrame, trialFrame } from "./benchSchema.ts";
import { benchPartOf, documentKind, documentVersion, type ReportDocument } from "./document.ts";
import { documentFrame } from "./documentSchema.ts";
import { reportCutOff, reportNewer, reportUnreadable } from "./errors.ts";

/** Whether JSON claims to be one of ours, of whatever version: a document, or the bare report that `coldstart inspect --json` prints. */
export function isOwnReport(json: Readonly<Record<string, unknown>>): boolean {
  return json["kind"] === documentKind || ("schemaVersion" in json && "estimate" in json && "image" in json);
}

/**
 * Reads a report that Coldstart wrote. Later fields are ignored; a trial or an observation that does not fit is left out, with a
 * problem. The summary is derived anew. Throws `UserError` for text that is no report, is cut off, or is of a newer version. `name` is for messages.
 */
export function readDocument(text: string, name: string): WithProblems<ReportDocument> {
  const json = parseJsonObject(text);
  if (!json) throw notJson(text, name);
  if (!isOwnReport(json)) throw reportUnreadable(name, "it is JSON, but of something else");
  return readOwnReport(json, name);
}

/** The same of JSON for which `isOwnReport` holds. */
export function readOwnReport(json: Readonly<Record<string, unknown>>, name: string): WithProblems<ReportDocument> {
  const version = json["schemaVersion"];
  if (typeof version === "number" && version > documentVersion) throw reportNewer(name, version, documentVersion);
  if (version !== documentVersion) throw reportUnreadable(name, "its schemaVersion is not 1");
  if (json["kind"] !== documentKind) {
    const image = checked(imageSchema, json, name, "");
    const document = { schemaVersion: documentVersion, kind: documentKind, createdAtEpochMs: image.createdAtEpochMs, image } as const;
    return { value: { ...document, tool: { name: "coldstart", version: "" } }, problems: [] };
  }
  const frame = checked(documentFrame, json, name, "");
  const problems: Problem[] = [];
  const value: ReportDocument = {
    schemaVersion: documentVersion,
    kind: documentKind,
    createdAtEpochMs: frame.createdAtEpochMs,
    tool: { name: frame.tool.name, version: frame.tool.version },
    ...(frame.image !== undefined && { image: checked(imageSchema, frame.image, name, "image") }),
    ...(frame.bench !== undefined && { bench: benchPartOf(readRun(frame.bench, name, problems)) }),
    ...(frame.boots !== undefined && { boots: checked(bootSchema, frame.boots, name, "boots") }),
  };
  if (!value.image && !value.bench && !value.boots)
    problems.push({ severity: "warning", message: "The report holds neither an image nor a benchmark nor boots." });
  return { value, problems };
}

/** Why text is no JSON object; for people, a file that was cut off is something else than one that never was a report. */
export function notJson(text: string, name: string): Error {
  const trimmed = text.trim();
  if (trimmed === "") return reportUnreadable(name, "it is empty");
  try {
    JSON.parse(trimmed);
  } catch (cause) {
    if (trimmed.startsWith("{") && !trimmed.endsWith("}")) return reportCutOff(name, cause);
    return reportUnreadable(name, trimmed.startsWith("{") || trimmed.startsWith("[") ? "its JSON is damaged" : "it is no JSON", cause);
  }
  return reportUnreadable(name, "it is JSON, but of something else");
}

function readRun(bench: unknown, name: string, problems: Problem[]): BenchRun {
  const given = typeof bench === "object" && bench !== null && "run" in bench ? bench.run : undefined;
  const frame = checked(runFrame, given, name, "bench.run");
  const trials = frame.trials.flatMap((trial, index) => readTrial(trial, index, problems) ?? []);
  const { contentCheck } = frame.environment;
  return {
    ...frame,
    trials,
    environment: { ...frame.environment, contentCheck: { ...contentCheck, equal: contentCheck.equal } },
  };
}

function readTrial(given: unknown, index: number, problems: Problem[]): Trial | undefined {
  const frame = trialFrame.safeParse(given);
  if (!frame.success) {
    problems.push({ severity: "warning", message: `Trial ${index + 1} of the file is left out: ${issueText(frame.error, "")}.` });
    return undefined;
  }
  const observations = frame.data.observations.flatMap((one): Observation[] => {
    const read = observationSchema.safeParse(one);
    return read.success ? [read.data] : [];
  });
  const lost = frame.data.observations.length - observations.length;
  if (lost > 0)
    problems.push({
      severity: "warning",
      message: `${lost} observations of trial ${frame.data.id} are of a form that is not known, and left out.`,
    });
  return { ...frame.data, observations };
}

function checked<T extends z.ZodMiniType>(schema: T, value: unknown, name: string, path: string): z.infer<T> {
  const read = schema.safeParse(value);
  if (!read.success) throw reportUnreadable(name, issueText(read.error, path));
  return read.data;
}

/** `bench.run.plan.seed is not as it should be`: where the first thing is that does not fit; never its value. */
function issueText(error: z.core.$ZodError, path: string): string {
  const where = [path, ...(error.issues[0]?.path ?? []).map(String)].filter((part) => part !== "").join(".");
  return where === "" ? "it is not as it should be" : `${where.slice(0, 120)} is not as it should be`;
}
