import * as z from "zod/mini";
import { bias, type ImportedArm, type ImportedBench, type ImportedMark, type ImportedTrial } from "./importedRun.ts";

/**
 * `results.json` of the benchmarks of awslabs/soci-snapshotter (benchmark/framework/framework.go at 02cfaf3; tests are named in
 * comparisonTest, performanceTest and stargzTest). Times are in seconds.
 */

const times = z.looseObject({ BenchmarkTimes: z.nullish(z.array(z.number())) });
const results = z.looseObject({
  commit: z.optional(z.string()),
  benchmarkTests: z.array(
    z.looseObject({
      testName: z.string(),
      fullRunStats: times,
      pullStats: z.optional(times),
      unpackStats: z.optional(times),
      lazyTaskStats: z.optional(times),
      localTaskStats: z.optional(times),
    }),
  ),
});

type Test = z.infer<typeof results>["benchmarkTests"][number];

const biases = [
  bias(
    "SOCI's benchmark counts a workload as ready also when it exited or ran into the timeout without its ready line: failed runs look like results.",
  ),
  bias(
    "SOCI's benchmark makes all runs of one test before those of the next: what changed meanwhile looks like a difference between them.",
  ),
  bias(
    "SOCI's benchmark does not store how long creating the container took: start and ready lie up to that much later, as the errors here show. fullRunStats hold a second, warm run on top and are not taken for times to ready.",
  ),
  bias("SOCI's benchmark empties the folders of containerd and the snapshotter before each run, and does not drop the page cache."),
];

/** Undefined when the JSON is no such file. One bench for each workload. */
export function readSociBenchmark(json: Readonly<Record<string, unknown>>): readonly ImportedBench[] | undefined {
  if (!Array.isArray(json["benchmarkTests"])) return undefined;
  const read = results.safeParse(json);
  if (!read.success) return undefined;
  const byWorkload = new Map<string, ImportedArm[]>();
  for (const test of read.data.benchmarkTests) {
    const { arm, workload } = armOf(test.testName);
    byWorkload.set(workload, [...(byWorkload.get(workload) ?? []), { ...arm, trials: trialsOf(test) }]);
  }
  return [...byWorkload].map(([name, arms]) => ({ tool: "SOCI benchmark", name, arms, version: read.data.commit, problems: biases }));
}

const forms = [
  { prefix: "OverlayFSFull", arm: { name: "overlayfs", snapshotter: "overlayfs", isLazy: false } },
  { prefix: "SociFull", arm: { name: "soci", snapshotter: "soci", isLazy: true } },
  { prefix: "StargzFullRun", arm: { name: "stargz", snapshotter: "stargz", isLazy: true } },
] as const;

function armOf(testName: string): { readonly arm: Omit<ImportedArm, "trials">; readonly workload: string } {
  const form = forms.find(({ prefix }) => testName.startsWith(prefix));
  if (form) return { arm: form.arm, workload: testName.slice(form.prefix.length) || testName };
  return { arm: { name: testName, snapshotter: "not told", isLazy: false }, workload: testName };
}

function trialsOf(test: Test): readonly ImportedTrial[] {
  return (test.fullRunStats.BenchmarkTimes ?? []).map((fullS, index) => {
    const part = (stats: z.infer<typeof times> | undefined): number | undefined => stats?.BenchmarkTimes?.[index];
    // A test that failed leaves zeros (testing.Benchmark after b.Fatal).
    if (!(fullS > 0)) return { marks: [], outcome: { kind: "failed", reason: "other", message: "the test failed" } };
    return { marks: marksOf(fullS, part(test.pullStats), part(test.unpackStats), part(test.lazyTaskStats), part(test.localTaskStats)) };
  });
}

/** The oldest versions store whole runs only; then nothing but an upper bound of readiness is known. */
function marksOf(fullS: number, pullS = 0, unpackS = 0, taskS = 0, secondTaskS = 0): readonly ImportedMark[] {
  if (!(pullS > 0) || !(taskS > 0))
    return [
      { mark: "created", atS: 0 },
      { mark: "ready", atS: fullS },
    ];
  const pulledS = pullS + unpackS;
  const unknownS = Math.max(0, fullS - pulledS - taskS - secondTaskS);
  return [
    { mark: "pull-start", atS: 0 },
    { mark: "pulled", atS: pulledS },
    { mark: "started", atS: pulledS, lateS: unknownS },
    { mark: "ready", atS: pulledS + taskS, lateS: unknownS },
  ];
}
