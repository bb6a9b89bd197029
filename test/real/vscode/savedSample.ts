import { documentOf, documentText } from "../../../src/results/document.ts";
import { sampleRun } from "../../bench/sampleRun.ts";

/** A report's file, `sample:1` of overlayfs and stargz, as if it had been measured on this node. */
export function savedSample({ node, context }: { readonly node: string; readonly context: string }): string {
  const sample = sampleRun([
    { name: "overlayfs", started: [5000, 5100], ready: [9000, 9100], trial: () => ({ node }) },
    { name: "stargz", isLazy: true, started: [1000, 1100], ready: [8000, 8100], trial: () => ({ node }) },
  ]);
  const run = { ...sample, plan: { ...sample.plan, name: "sample:1", context } };
  return documentText(documentOf({ bench: run }, { atEpochMs: Date.now(), version: "0.1.0" }));
}
