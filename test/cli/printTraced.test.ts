import { test } from "vitest";
import { printTraced } from "../../src/cli/printTraced.ts";
import type { ReportTraced } from "../../src/results/report.ts";
import { expectGolden } from "../golden.ts";
import { sampleReport } from "../results/reportSample.ts";

const traced: ReportTraced = {
  format: "strace log",
  moment: "ready",
  measures: {
    openedFiles: { value: 2572, errorPoints: -0.02, isCovered: true },
    wholeBytes: { value: 3_950_000_000, errorPoints: -3.26, isCovered: false },
  },
  recall: 0.981,
  precision: 0.993,
  byteRecall: 0.944,
  missed: [{ path: "/usr/lib/x86_64-linux-gnu/libextra\u001b[31m.so.1", sizeBytes: 219_000_000, layerIndex: 0 }],
  surplus: [
    { path: "/etc/one", sizeBytes: 200, layerIndex: 0, probability: 0.6, rule: "shell", evidence: "start.sh:3" },
    { path: "/etc/two", sizeBytes: 100, layerIndex: 0, probability: 0.6, rule: "shell", evidence: "start.sh:4" },
  ],
  dropped: { runtime: 4, folders: 0, missing: 1 },
};

test("estimated beside traced, measures that were not recorded left out", () => {
  expectGolden("cli/traced.txt", printTraced(sampleReport, traced, 1));
});
