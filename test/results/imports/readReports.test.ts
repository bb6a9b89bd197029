import fc from "fast-check";
import { expect, test } from "vitest";
import { isUserError } from "../../../src/base/errors.ts";
import { printBench } from "../../../src/cli/printBench.ts";
import { documentOf, documentText, type ReportDocument } from "../../../src/results/document.ts";
import { readReports } from "../../../src/results/imports/readReports.ts";
import { sampleRun } from "../../bench/sampleRun.ts";
import { expectGolden } from "../../golden.ts";

/** As `fastpull quickstart vllm` prints it (scripts/fastpull at 5f50e13), shortened. */
const fastpullText = `
============================================================
vLLM Benchmark: FastPull vs Normal
============================================================

[NYDUS] Starting benchmark...
Running container with nydus snapshotter...
Image: public.ecr.aws/s6z9f6e5/tensorfuse/fastpull/vllm:latest-fastpull
Command: sudo nerdctl --snapshotter nydus run -d vllm

[3.412s] INFO Server: 1.5s
==================================================
FASTPULL BENCHMARK SUMMARY
==================================================
Time to Container Start: 2.340s
Time to Readiness:       45.670s
Total Elapsed Time:      45.671s
==================================================

[NORMAL] Starting benchmark...
Running container with overlayfs snapshotter...
Image: public.ecr.aws/s6z9f6e5/tensorfuse/fastpull/vllm:latest
==================================================
NORMAL BENCHMARK SUMMARY
==================================================
Time to Container Start: 141.295s
Time to Readiness:       329.367s
Total Elapsed Time:      329.367s
==================================================
`;

/** As the README of the older scripts shows it (82f6e8c). */
const olderFastpullText = `=== VLLM Startup Timing Test ===
Image: registry.test/vllm:latest-soci
Snapshotter: soci

=== VLLM TIMING SUMMARY ===
Container Startup Time:     2.145s  # Container creation
Container to First Log:     15.234s # First application log
Engine Initialization:      45.123s # vLLM engine start
Server Ready:              318.435s # HTTP 200 response
Total Test Time:           325.678s # End-to-end time

 BREAKDOWN:
Container to First Log:                      15.234s
`;

const sociTimes = (values: readonly number[]): object => ({
  BenchmarkTimes: values,
  stdDev: 0.1,
  mean: 1,
  min: 1,
  pct25: 1,
  pct50: 1,
  pct75: 1,
  pct90: 1,
  max: 1,
});

/** As framework.go at 02cfaf3 writes it. */
const sociResults = {
  commit: "16d75e2",
  benchmarkTests: [
    {
      testName: "OverlayFSFullECR-public-ffmpeg",
      numberOfTests: 3,
      fullRunStats: sociTimes([19.5, 20.1, 0]),
      pullStats: sociTimes([8, 8.4, 0]),
      unpackStats: sociTimes([9, 9.1, 0]),
      lazyTaskStats: sociTimes([1.2, 1.3, 0]),
      localTaskStats: sociTimes([1, 1, 0]),
    },
    {
      testName: "SociFullECR-public-ffmpeg",
      numberOfTests: 3,
      fullRunStats: sociTimes([9.4, 9.6, 9.5]),
      pullStats: sociTimes([2, 2.1, 2.2]),
      unpackStats: sociTimes([0, 0, 0]),
      lazyTaskStats: sociTimes([6, 6.1, 6.2]),
      localTaskStats: sociTimes([1, 1, 1]),
    },
    { testName: "SociFullECR-public-redis", numberOfTests: 0, fullRunStats: { BenchmarkTimes: null } },
  ],
};

const helloRow = (mode: string, pull: number, create: number, run: number, repo = "redis:5.0.5"): object => ({
  mode,
  repo,
  bench: repo,
  elapsed: pull + create + run,
  elapsed_pull: pull,
  elapsed_create: create,
  elapsed_run: run,
});

/** As its tools take it (script/benchmark/tools at 051e7ff). */
const helloResults = [
  helloRow("legacy", 6.1, 0.1, 0.4),
  helloRow("estargz", 1.5, 0.6, 0.9),
  helloRow("estargz-noopt", 1.4, 0.1, 2.4),
  helloRow("legacy", 6.3, 0.1, 0.4),
  helloRow("estargz", 1.6, 0.6, 0.8),
  helloRow("estargz-noopt", 1.5, 0.1, 2.6),
  helloRow("legacy", 3, 0.1, 0.2, "python:3.9"),
];

const read = (content: unknown, name = "file"): readonly ReportDocument[] =>
  readReports(typeof content === "string" ? content : JSON.stringify(content), name).value;

/** Times in s that each trial came to: started, ready. */
function times(document: ReportDocument | undefined): Readonly<Record<string, readonly [number | undefined, number | undefined]>> {
  const arms = document?.bench?.summary.arms ?? [];
  return Object.fromEntries(
    arms.map(({ arm, started, ready }) => [arm, [started && started.medianMs / 1000, ready && ready.medianMs / 1000]]),
  );
}

test("fastpull: both runs of its quickstart, joined by the image", () => {
  const documents = read(fastpullText);
  expect(documents).toHaveLength(1);
  expect(times(documents[0])).toEqual({ nydus: [2.34, 45.67], overlayfs: [141.295, 329.367] });
  expect(documents[0]?.bench?.run.plan.name).toBe("public.ecr.aws/s6z9f6e5/tensorfuse/fastpull/vllm:latest");
  expect(documents[0]?.bench?.summary.arms[0]?.ready?.errorMs).toBe(2000);
  expect(documents[0]?.tool.name).toBe("fastpull");
});

test("fastpull: its older scripts, whose container start counts from another moment", () => {
  expect(times(read(olderFastpullText)[0])).toEqual({ soci: [2.645, 318.435] });
});

test("fastpull: exported JSON, the mode told by the file's name only", () => {
  const exported = {
    container_id: "4f1",
    benchmark_mode: "readiness",
    metrics: { container_start_time: 2.3, readiness_time: 45.7 },
    timestamp: "2025-09-01T10:00:00.123456",
  };
  expect(times(read(exported, "results/vllm-nydus.json")[0])).toEqual({ nydus: [2.3, 45.7] });
  expect(times(read(exported, "vllm-normal.json")[0])).toEqual({ overlayfs: [2.3, 45.7] });
  expect(times(read(exported, "x.json")[0])).toEqual({ "mode not told": [2.3, 45.7] });
  expect(
    times(
      read({
        application: "vllm",
        snapshotter: "estargz",
        image: "r/vllm:a-estargz",
        phases: { first_log: 9, server_ready: null },
        container_startup_duration: 2,
        health_ready_time: 30,
      })[0],
    ),
  ).toEqual({ estargz: [2.5, 30] });
});

test("SOCI: a document for each workload; creation is an error of start and ready, failed tests are failures", () => {
  const documents = read(sociResults);
  expect(documents.map(({ bench }) => bench?.run.plan.name)).toEqual(["ECR-public-ffmpeg"]);
  expect(times(documents[0])).toEqual({ overlayfs: [17.25, 18.5], soci: [2.1, 8.2] });
  const [overlayfs, soci] = documents[0]?.bench?.summary.arms ?? [];
  expect(overlayfs?.counts).toMatchObject({ all: 3, counted: 2, failed: 1 });
  expect(soci?.ready?.errorMs).toBeCloseTo(400, 6);
  expect(readReports(JSON.stringify(sociResults), "x").problems.map(({ message }) => message)).toEqual([
    "No run of ECR-public-redis is in the file.",
  ]);
});

test("hello-bench: the list of its tools, the log, and the form of older versions", () => {
  const documents = read(helloResults);
  expect(documents.map(({ bench }) => bench?.run.plan.name)).toEqual(["redis:5.0.5", "python:3.9"]);
  expect(times(documents[0])).toEqual({ legacy: [undefined, 6.7], estargz: [undefined, 3], "estargz-noopt": [undefined, 4.05] });
  const log = [
    "Linux 6.1",
    "BENCHMARK_OUTPUT: [",
    ...helloResults.map((one) => `BENCHMARK_OUTPUT: ${JSON.stringify(one)},`),
    "BENCHMARK_OUTPUT: ]",
  ].join("\n");
  expect(read(log).map(times)).toEqual(documents.map(times));
  expect(times(read([{ legacy: [helloRow("legacy", 6, 0.1, 0.4)], stargz: [helloRow("stargz", 1, 0.1, 2)] }])[0])).toEqual({
    legacy: [undefined, 6.5],
    stargz: [undefined, 3.1],
  });
});

test("every tool's known errors are told, and the report of results reads like any other", () => {
  for (const content of [fastpullText, sociResults, helloResults]) {
    const [document] = read(content);
    expect(document?.bench?.run.problems.length).toBeGreaterThanOrEqual(4);
    expect(document?.bench?.summary.coldness).toBe("L0");
  }
  const texts = [fastpullText, sociResults, helloResults].flatMap((content) =>
    read(content).map(({ bench }) => (bench ? printBench(bench) : "")),
  );
  expectGolden("results/imports.txt", texts.join("\n\n"));
});

test("what was imported can be stored and read again", () => {
  for (const content of [fastpullText, sociResults, helloResults])
    for (const document of read(content)) expect(read(documentText(document))).toEqual([document]);
});

test("our own report is one document", () => {
  const own = documentOf({ bench: sampleRun([{ name: "overlayfs", started: [1], ready: [2] }]) }, { atEpochMs: 1, version: "0.1.0" });
  expect(read(documentText(own))).toEqual([own]);
});

test("anything else is refused with a reason", () => {
  const refused = (text: string): string => {
    try {
      readReports(text, "x");
      return "read";
    } catch (error) {
      if (!isUserError(error)) throw error;
      return error.message;
    }
  };
  expect(refused("BENCHMARK SUMMARY\nTime to nothing: x")).toContain("it is no JSON");
  expect(refused('{"benchmarkTests": [{"testName": 1}]}')).toContain("of something else");
  expect(refused("[[[]]]")).toContain("of something else");
  expect(refused("[".repeat(300_000))).toContain("JSON is damaged");
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      refused(text);
    }),
  );
  const parts = fc.constantFrom(
    ...fastpullText.split("\n"),
    ...olderFastpullText.split("\n"),
    "Time to Readiness: 99999999s",
    "Image: \u001b[2J",
    "Snapshotter: ",
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), (lines) => {
      refused(lines.join("\n"));
    }),
  );
});
