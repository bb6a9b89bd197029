import type { Call } from "../base/log.ts";
import type { Problem } from "../base/text.ts";
import type { FileCatalog } from "../facts/fileCatalog.ts";
import { readImageFacts } from "../facts/imageFacts.ts";
import type { LayerFacts } from "../facts/layerFacts.ts";
import { squashLayers } from "../facts/squash.ts";
import type { Image } from "../image/image.ts";
import { openImage } from "../image/open.ts";
import { estimateStartup } from "../startup/estimate.ts";
import type { StartupEstimate, StartupQuestion } from "../startup/startupSet.ts";
import type { Inspection, InspectEvent, InspectOptions } from "./inspection.ts";
import { isSameQuestion } from "./dockerfileQuestion.ts";
import { answerWithFetching } from "./fetchRounds.ts";
import { packagesOf } from "./packages.ts";
import type { EngineSettings } from "./settings.ts";

/**
 * Opens an image, reads its facts and answers what it touches at startup. The last event is `done`.
 * Throws `UserError` for what the user can mend; an unreadable part of a layer is a problem of the inspection.
 */
export async function* inspectImage(
  name: string,
  options: InspectOptions & { readonly settings: EngineSettings },
  call: Call,
): AsyncIterable<InspectEvent> {
  const { settings } = options;
  const image = await openImage(name, { settings: settings.image, ...(options.platform && { platform: options.platform }) }, call);
  yield {
    kind: "opened",
    reference: image.reference,
    originLabel: image.originLabel,
    layerCount: image.layers.length,
    blobSizeBytes: image.layers.reduce((sum, layer) => sum + (layer.blobSizeBytes ?? 0), 0),
  };
  let layerFacts: readonly LayerFacts[] = [];
  for await (const event of readImageFacts(image, settings.facts, call)) {
    if (event.kind === "facts") layerFacts = event.layers;
    else yield event;
  }
  const answered = await answer(image, layerFacts, questionOf(image, options), settings, call);
  yield { kind: "done", inspection: answered };
}

/** The same image for another entrypoint or environment, from facts that are in memory already. */
export async function estimateAgain(inspection: Inspection, question: StartupQuestion, call: Call): Promise<Inspection> {
  const isAnswered = isSameQuestion(question, inspection.question) && question.chunkSizeBytes === inspection.question.chunkSizeBytes;
  if (isAnswered) return { ...inspection, question };
  return answer(inspection.image, inspection.layerFacts, question, inspection.settings, call, inspection);
}

/** What the image itself would run, with what the user replaced. */
export function questionOf(image: Image, options: InspectOptions): StartupQuestion {
  const { config } = image;
  return {
    entrypoint: options.entrypoint ?? config.entrypoint,
    cmd: options.cmd ?? (options.entrypoint ? [] : config.cmd),
    env: config.env,
    workingDir: config.workingDir,
    user: config.user,
    chunkSizeBytes: options.chunkSizeBytes,
  };
}

async function answer(
  image: Image,
  startFacts: readonly LayerFacts[],
  question: StartupQuestion,
  settings: EngineSettings,
  call: Call,
  before?: Inspection,
): Promise<Inspection> {
  const startCatalog = before?.layerFacts === startFacts ? before.catalog : squashLayers(startFacts);
  const {
    layerFacts,
    catalog,
    answer: estimate,
  } = await answerWithFetching(
    { image, layerFacts: startFacts, catalog: startCatalog },
    (each) => estimateStartup(each, question, image.layers.length),
    settings,
    call,
  );
  return {
    image,
    catalog,
    layerFacts,
    settings,
    question,
    estimate: withReadingFlags(estimate, layerFacts, catalog),
    packages: before && before.catalog === catalog ? before.packages : packagesOf(catalog),
    inspectedAtEpochMs: before?.inspectedAtEpochMs ?? Date.now(),
    problems: layerFacts.flatMap((facts, index) => facts.problems.map((problem) => inLayer(problem, index))),
  };
}

function withReadingFlags(estimate: StartupEstimate, layerFacts: readonly LayerFacts[], catalog: FileCatalog): StartupEstimate {
  const byIndex = layerFacts.filter((facts) => facts.basis === "table-of-contents").length;
  const flags = [...estimate.flags];
  if (byIndex > 0) {
    const layers = byIndex === 1 ? "1 layer" : `${byIndex} layers`;
    flags.push({
      code: "table-of-contents-only",
      message: `${layers} known from the table of contents only: the list of files is as its author wrote it, not checked against the layer itself.`,
    });
  }
  if (catalog.wanted.size > 0) {
    flags.push({
      code: "contents-not-fetched",
      message: `${catalog.wanted.size} files whose content matters were not fetched; what they import is missing.`,
    });
  }
  return { ...estimate, flags };
}

function inLayer(problem: Problem, layerIndex: number): Problem {
  return { ...problem, message: `Layer ${layerIndex + 1}: ${problem.message}` };
}
