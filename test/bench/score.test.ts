import { expect, test } from "vitest";
import { defaultCalibration } from "../../src/startup/calibration.ts";
import { estimateStartup } from "../../src/startup/estimate.ts";
import { measureWithBases } from "../../src/startup/measures.ts";
import { rules } from "../../src/startup/rules.ts";
import { walkStartup } from "../../src/startup/walkStartup.ts";
import { debianRoot, elf, program } from "../fakes/elf.ts";
import { memoryCatalog } from "../fakes/memoryCatalog.ts";
import { groupOf, ruleGroups } from "./ablation.ts";
import { constantMeanErrors, slackerErrors } from "./baselines.ts";
import { fitResiduals, quantile } from "./fitResiduals.ts";
import { scoreOf, valuesOf } from "./score.ts";
import type { Truth } from "./truth.ts";

const catalog = memoryCatalog({
  ...debianRoot,
  "/usr/bin/server": program("libwanted.so.1"),
  "/usr/lib/x86_64-linux-gnu/libwanted.so.1": elf(),
  "/data/surprise": { sizeBytes: 3_000_000 },
});
const question = { entrypoint: ["/usr/bin/server"], cmd: [], env: [], workingDir: "", user: "", chunkSizeBytes: 4 << 20 };
const estimate = estimateStartup(catalog, question, 1);
const measured = measureWithBases(catalog, 1, walkStartup(catalog, question), question.chunkSizeBytes, defaultCalibration);

/** A start that opened these paths and read a share of their bytes. */
function truthOf(paths: readonly string[], readShare = 1): Truth {
  const opened = new Map(paths.map((path) => [path, { sizeBytes: catalog.file(path)?.sizeBytes ?? 1, pagesRead: 1, executed: false }]));
  const openedWholeBytes = [...opened.values()].reduce((sum, file) => sum + file.sizeBytes, 0);
  const read = openedWholeBytes * readShare;
  return {
    ...{ totalFiles: catalog.fileCount, totalBytes: catalog.totalSizeBytes, pageBytesReadahead128K: read },
    ...{ openedFiles: opened.size, openedWholeBytes, pageBytesRead: read, chunkBytes1MiB: read, chunkBytes4MiB: read },
    opened,
  };
}

const predicted = estimate.files.map(({ path }) => path);

test("a start that opened what was predicted has no errors; files that newer packages lack are not asked for", () => {
  const score = scoreOf(truthOf([...predicted, "/usr/lib/gone.so"]), catalog, estimate);
  expect(score).toMatchObject({ recall: 1, precision: 1, byteRecall: 1, missed: [], surplus: [] });
  expect(score?.present).toBeCloseTo(predicted.length / (predicted.length + 1));
  expect(score?.covered.wholeBytes).toBe(true);
});

test("what was missed and what was too much is listed, and the errors are points of the whole image", () => {
  const score = scoreOf(truthOf([...predicted.slice(1), "/data/surprise"]), catalog, estimate);
  expect(score?.missed.map(({ path }) => path)).toEqual(["/data/surprise"]);
  expect(score?.surplus.map(({ path }) => path)).toEqual(predicted.slice(0, 1));
  expect(score?.recall).toBeCloseTo((predicted.length - 1) / predicted.length);
  expect(score?.errors.openedFiles).toBeCloseTo(0);
  expect(score?.errors.wholeBytes).toBeLessThan(-30);
  expect(score?.covered.wholeBytes).toBe(false);
  expect(scoreOf(truthOf(predicted), catalog, estimate, "firstRequest")).toBeUndefined();
});

test("a score of some rules counts only what they found", () => {
  const score = scoreOf(truthOf(predicted), catalog, estimate, "ready", (rule) => rule === "entry");
  expect(score?.recall).toBeCloseTo(1 / predicted.length);
});

test("rules of the ablation exist, and every rule belongs to a group", () => {
  const named = ruleGroups.flatMap((group) => group.rules);
  expect(named.filter((rule) => !(rule in rules))).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
  expect(groupOf("entry")).toBe(0);
  expect(groupOf("a rule of tomorrow")).toBe(ruleGroups.length - 1);
});

test("baselines do not look at the image that they answer for", () => {
  expect(constantMeanErrors([1, 2, 6])).toEqual([3, 1.5, 4.5]);
  expect(slackerErrors([6.4, 0])).toEqual([0, 6.4]);
});

test("margins grow with the errors that were seen, and stay without enough images", () => {
  const outcomes = (count: number, readShare: number) =>
    Array.from({ length: count }, () => ({
      name: "image",
      confidence: "high" as const,
      basis: measured.ready,
      truth: valuesOf(truthOf(predicted, readShare)),
    }));
  expect(fitResiduals(outcomes(3, 20), defaultCalibration)).toEqual(defaultCalibration);
  const wide = fitResiduals(outcomes(20, 20), defaultCalibration).residuals.high.pageBytes;
  const narrow = fitResiduals(outcomes(20, 1), defaultCalibration).residuals.high.pageBytes;
  expect(wide.up).toBeGreaterThan(narrow.up);
  expect(narrow.up).toBeGreaterThanOrEqual(defaultCalibration.residuals.high.pageBytes.up / 2);
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
});
