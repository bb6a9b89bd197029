import type { Measure, StartupEstimate } from "../../src/startup/startupSet.ts";
import { groupOf, ruleGroups } from "./ablation.ts";
import { constantMeanErrors, meanError, slackerErrors } from "./baselines.ts";
import { families } from "./corpus.ts";
import { measures, scoreOf, type Score } from "./score.ts";
import { alignedTable, mean, median } from "./table.ts";
import type { TracedImage } from "./tracedImages.ts";

/** An image and its scores. */
export interface ScoredImage {
  readonly image: TracedImage;
  readonly ready: Score;
  /** Absent when no first request was recorded. */
  readonly request?: Score | undefined;
  /** Until ready, with numbers fitted without the image's family. */
  readonly heldOut: Score;
  readonly heldOutEstimate: StartupEstimate;
}

const share = (fraction: number): string => fraction.toFixed(3).replace(/^0/, "");
const points = (value: number): string => (value >= 0 ? "+" : "") + value.toFixed(2);
const short: Readonly<Record<Measure, string>> = { openedFiles: "files", wholeBytes: "bytes", pageBytes: "pages", chunkBytes: "chunks" };

/** One row per image, until ready, then mean, median and worst. */
export function readyTable(scored: readonly ScoredImage[]): string {
  const header = ["image", "recall", "precis", "bytes", ...errorHeader, "true f%", "true p%", "sure", "there", "files", "ms"];
  const rows = scored.map(({ image, ready }) => [
    image.name,
    share(ready.recall),
    share(ready.precision),
    share(ready.byteRecall),
    ...errorCells(ready),
    ready.trueShares.openedFiles.toFixed(1),
    ready.trueShares.pageBytes.toFixed(1),
    image.inspection.estimate.confidence,
    share(ready.present),
    String(image.inspection.estimate.totals.files),
    image.estimateMs.toFixed(0),
  ]);
  return alignedTable(header, [...rows, ...summaryRows(scored.map(({ ready }) => ready))]);
}

/** The same until the first request was answered, for images where one was recorded. */
export function requestTable(scored: readonly ScoredImage[]): string {
  const answered = scored.flatMap(({ image, request }) => (request ? [{ image, request }] : []));
  const header = ["image", "recall", "precis", "bytes", ...errorHeader, "true f%", "true p%"];
  const rows = answered.map(({ image, request }) => [
    image.name,
    share(request.recall),
    share(request.precision),
    share(request.byteRecall),
    ...errorCells(request),
    request.trueShares.openedFiles.toFixed(1),
    request.trueShares.pageBytes.toFixed(1),
  ]);
  return alignedTable(header, [...rows, ...summaryRows(answered.map(({ request }) => request))]);
}

const errorHeader = measures.map((measure) => `${short[measure]} ±`);

/** The mark after an error says that the interval does not hold the true value. */
function errorCells(score: Score): string[] {
  return measures.map((measure) => `${points(score.errors[measure])}${score.covered[measure] ? " " : "!"}`);
}

function summaryRows(scores: readonly Score[]): string[][] {
  const row = (title: string, of: (values: readonly number[]) => number, worst: (values: readonly number[]) => number): string[] => [
    title,
    share(worst(scores.map((each) => each.recall))),
    share(worst(scores.map((each) => each.precision))),
    share(worst(scores.map((each) => each.byteRecall))),
    ...measures.map((measure) => `${of(scores.map((each) => Math.abs(each.errors[measure]))).toFixed(2)} `),
  ];
  return scores.length < 2
    ? []
    : [
        row("mean (errors: absolute)", mean, mean),
        row("median", median, median),
        row(
          "worst",
          (values) => Math.max(...values),
          (values) => Math.min(...values),
        ),
      ];
}

/** How often the intervals hold the true value, and how wide they are, with our numbers and with numbers fitted without the family. */
export function intervalTable(scored: readonly ScoredImage[]): string {
  const cells = (scores: readonly Score[], measure: Measure): string[] => [
    `${scores.filter((each) => each.covered[measure]).length} of ${scores.length}`,
    median(scores.map((each) => each.widths[measure])).toFixed(1),
  ];
  return alignedTable(
    ["90 % intervals", "hold", "width", "held out: hold", "width"],
    measures.map((measure) => [
      short[measure],
      ...cells(
        scored.map(({ ready }) => ready),
        measure,
      ),
      ...cells(
        scored.map(({ heldOut }) => heldOut),
        measure,
      ),
    ]),
  );
}

/** Per family what changes when the numbers are fitted without it; recall and precision do not depend on fitted numbers. */
export function familyTable(scored: readonly ScoredImage[]): string {
  const row = (title: string, some: readonly ScoredImage[]): string[] => [
    title,
    String(some.length),
    share(mean(some.map(({ ready }) => ready.recall))),
    share(mean(some.map(({ ready }) => ready.byteRecall))),
    ...measures.map((measure) => meanError(some.map(({ heldOut }) => heldOut.errors[measure])).toFixed(2)),
    meanError(some.map(({ ready }) => ready.errors.pageBytes)).toFixed(2),
    share(mean(some.flatMap(({ heldOut }) => measures.map((measure) => (heldOut.covered[measure] ? 1 : 0))))),
  ];
  const rows = families.flatMap((family) => {
    const some = scored.filter(({ image }) => image.family === family);
    return some.length === 0 ? [] : [row(family, some)];
  });
  const header = ["family held out", "images", "recall", "bytes", ...errorHeader, "pages ± (fitted with it)", "covered"];
  return alignedTable(header, [...rows, row("all", scored)]);
}

/** What each group of rules brings; means over the images. */
export function ablationTable(scored: readonly ScoredImage[]): string {
  const row = (title: string, upTo: number): string[] => {
    const scores = scored.flatMap(({ image: { truth, inspection } }) => {
      const score = scoreOf(truth, inspection.catalog, inspection.estimate, "ready", (rule) => groupOf(rule) <= upTo);
      return score ? [score] : [];
    });
    return [title, share(mean(scores.map((each) => each.recall))), share(mean(scores.map((each) => each.byteRecall)))];
  };
  return alignedTable(
    ["rules (cumulative, by the rule of each file)", "recall", "bytes"],
    ruleGroups.map(({ title }, index) => row(title, index)),
  );
}

/** Mean absolute errors in points of who does not look into the image, beside ours. */
export function baselineTable(scored: readonly ScoredImage[]): string {
  const row = (title: string, errors: (measure: Measure) => readonly number[]): string[] => [
    title,
    ...measures.map((measure) => meanError(errors(measure)).toFixed(2)),
  ];
  const truths = (measure: Measure): number[] => scored.map(({ ready }) => ready.trueShares[measure]);
  return alignedTable(
    ["mean absolute error, points", ...measures.map((measure) => short[measure])],
    [
      row("our estimate", (measure) => scored.map(({ ready }) => ready.errors[measure])),
      row("our estimate, family held out", (measure) => scored.map(({ heldOut }) => heldOut.errors[measure])),
      row("always the mean of the others", (measure) => constantMeanErrors(truths(measure))),
      row("always 6.4 %", (measure) => slackerErrors(truths(measure))),
    ],
  );
}
