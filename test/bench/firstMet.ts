import { readFileSync } from "node:fs";
import { join } from "node:path";
import { confidenceOf } from "../../src/startup/intervals.ts";
import type { Reach } from "../../src/startup/reach.ts";
import type { Measure } from "../../src/startup/startupSet.ts";
import { corpusFolder } from "./corpus.ts";
import type { Outcome } from "./fitResiduals.ts";
import { perMeasure, valuesOf } from "./score.ts";
import type { TracedImage } from "./tracedImages.ts";

interface FirstMet {
  readonly name: string;
  readonly flags: readonly string[];
  readonly said: Readonly<Record<Measure, number>>;
  readonly reach: Reach;
}

/**
 * What was said of the unseen images before any rule was made for them (`firstMet.json`, rules of commit 2b4b5af): the next image that
 * nobody has seen will fare like these, not like those that the rules learnt from.
 */
export function firstMetOutcomes(images: readonly TracedImage[]): Outcome[] {
  const rows = JSON.parse(readFileSync(join(corpusFolder, "firstMet.json"), "utf8")) as FirstMet[];
  return rows.flatMap(({ name, flags, said, reach }): Outcome[] => {
    const image = images.find((each) => each.name === name);
    if (!image) return [];
    const confidence = confidenceOf(flags.map((code) => ({ code })));
    const { truth } = image;
    const truths = valuesOf(truth);
    return [
      {
        name,
        confidence,
        truth: truths,
        basis: perMeasure((measure) => ({
          value: said[measure],
          variance: 0,
          unlisted: 0,
          deferred: 0,
          total: measure === "openedFiles" ? truth.totalFiles : truth.totalBytes,
          confidence,
          reach,
        })),
      },
    ];
  });
}
