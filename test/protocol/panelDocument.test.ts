import { expect, test } from "vitest";
import { panelDocumentOf } from "../../src/protocol/panelDocument.ts";
import { documentOf } from "../../src/results/document.ts";
import { chartNames } from "../../src/results/pictures/chartNames.ts";
import { sampleBench } from "../../webview/dev/sampleBench.ts";
import { sampleBoots } from "../../webview/dev/sampleBoots.ts";
import { sampleReport } from "../results/reportSample.ts";

const made = { atEpochMs: 1_795_000_000_000, version: "1.0.0" };

test("each part of a document reaches the page, and only those that it has", () => {
  const boots = sampleBoots(false);
  const all = panelDocumentOf(documentOf({ image: sampleReport, bench: sampleBench(), boots }, made));
  expect(all.boot).toBe(boots);
  expect(all.charts).toEqual(chartNames);
  expect(all.bench?.trials).toHaveLength(40);
  expect(all.image).toMatchObject({ reference: "docker://localhost:5000/demo:dev", totalFiles: 30_920 });
  expect(Object.keys(panelDocumentOf(documentOf({ boots }, made)))).toEqual(["charts", "boot"]);
});
