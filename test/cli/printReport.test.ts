import { test } from "vitest";
import { printReport } from "../../src/cli/printReport.ts";
import { expectGolden } from "../golden.ts";
import { sampleReport } from "../results/reportSample.ts";

test.each(["pageBytes", "openedFiles"] as const)("the report in the terminal, ranked by %s", (measure) => {
  expectGolden(`cli/report-${measure}.txt`, printReport(sampleReport, { measure, top: 10 }));
});
