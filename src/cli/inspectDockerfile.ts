import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isUserError, UserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import type { Problem } from "../base/text.ts";
import type { BuildStage, Dockerfile } from "../dockerfile/dockerfile.ts";
import { guessImages } from "../dockerfile/imageGuess.ts";
import { mapLayers } from "../dockerfile/layerMap.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { provableFacts } from "../dockerfile/provable.ts";
import { dockerfileFindings } from "../findings/dockerfileFindings.ts";
import { buildContextOf } from "../inspect/buildContext.ts";
import { questionForStage } from "../inspect/dockerfileQuestion.ts";
import { estimateAgain } from "../inspect/inspect.ts";
import type { Inspection, InspectOptions } from "../inspect/inspection.ts";
import type { EngineSettings } from "../inspect/settings.ts";
import { reportDockerfile } from "../results/reportDockerfile.ts";
import { reportFinding, reportOf } from "../results/reportOf.ts";
import type { Measure } from "../startup/startupSet.ts";
import { inspected } from "./inspected.ts";
import type { InspectArguments } from "./inspectArguments.ts";
import { printProvable, printReport } from "./printReport.ts";
import { tracedPart } from "./tracedPart.ts";

export interface DockerfileRequest {
  readonly given: InspectArguments;
  readonly options: InspectOptions;
  readonly settings: EngineSettings;
  readonly measure: Measure;
}

/** Answers for a Dockerfile: with an image built from it in full, without one only what text and build context prove. */
export async function inspectDockerfile({ given, options, settings, measure }: DockerfileRequest, call: Call): Promise<void> {
  const path = resolve(given.subject);
  const text = readText(path);
  const parsed = parseDockerfile(text);
  const stage = stageOf(parsed.value, given.target, given.subject);
  const context = buildContextOf(dirname(path), path);
  const provable = provableFacts(parsed.value, context);
  const evidence = { dockerfile: parsed.value, text, targetStage: stage.index, provable, context };
  const guess = given.image === undefined ? guessImages(path, tryReadText)[0] : undefined;
  const image = given.image ?? guess?.name;
  const withoutImage = (why: readonly Problem[]): void => {
    const findings = dockerfileFindings(evidence).map(reportFinding);
    process.stdout.write(printProvable(given.subject, evidence.provable, findings, [...why, ...parsed.problems]));
  };
  if (image === undefined) {
    if (given.json)
      throw new UserError(
        "bad-usage",
        "A Dockerfile alone has no layers to report.",
        "Name the image that was built from it with --image.",
      );
    withoutImage([]);
    return;
  }
  let inspection: Inspection;
  try {
    inspection = await inspected(image, { ...options, settings }, call);
  } catch (error) {
    // A guess that cannot be opened costs the sizes, not the answer that the text gives.
    if (!guess || given.json || !isUserError(error)) throw error;
    withoutImage([{ severity: "warning", message: `The image was guessed as ${guess.name} (${guess.reason}). ${error.message}` }]);
    return;
  }
  const asked = options.entrypoint
    ? inspection.question
    : questionForStage(parsed.value, stage.index, inspection.image, options.chunkSizeBytes);
  const answered = await estimateAgain(inspection, asked, call);
  const layerMap = mapLayers(parsed.value, stage.index, answered.image.config, answered.image.layers.length);
  const plain = reportOf(answered, Date.now(), dockerfileFindings({ ...evidence, inspection: answered }));
  const traced = await tracedPart(answered, given, call);
  const report = { ...plain, dockerfile: reportDockerfile(path, stage, layerMap), ...traced };
  if (given.json) process.stdout.write(`${JSON.stringify({ ...report, problems: [...report.problems, ...parsed.problems] })}\n`);
  else process.stdout.write(printReport(report, { measure, top: given.top }));
}

function stageOf(dockerfile: Dockerfile, target: string | undefined, path: string): BuildStage {
  const { stages } = dockerfile;
  const last = stages.at(-1);
  if (!last)
    throw new UserError(
      "dockerfile-unreadable",
      `${path} has no FROM, so it is no Dockerfile.`,
      "Name a Dockerfile, or an image with its transport.",
    );
  if (target === undefined) return last;
  const found = stages.find((stage) => stage.name === target.toLowerCase() || String(stage.index) === target);
  if (found) return found;
  const names = stages.map((stage) => stage.name ?? String(stage.index)).join(", ");
  throw new UserError("bad-usage", `${path} has no stage "${target}".`, `Its stages: ${names}.`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new UserError(
      "dockerfile-unreadable",
      `${path} cannot be read: ${(cause as Error).message}`,
      "Check the path and its permissions.",
      { cause },
    );
  }
}

function tryReadText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
