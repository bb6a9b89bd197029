import * as z from "zod/mini";
import { bias, type ImportedArm, type ImportedBench, type ImportedMark, type ImportedTrial } from "./importedRun.ts";

/**
 * Results of stargz-snapshotter's HelloBench (script/benchmark/hello-bench/src/hello.py at 051ebf4): the JSON that its tools make, or the
 * log with lines of `BENCHMARK_OUTPUT:`. Times are in seconds.
 */

const row = z.looseObject({
  mode: z.string(),
  repo: z.string(),
  elapsed_pull: z.number(),
  elapsed_create: z.number(),
  elapsed_run: z.number(),
});
type Row = z.infer<typeof row>;

const outputMark = "BENCHMARK_OUTPUT: ";

const biases = [
  bias("hello-bench takes the time around command lines (ctr, ctr-remote), so each stage holds the start of a program."),
  bias("hello-bench's lazy modes wait for the prefetch while the container is created: compare the sum, not the pull."),
  bias(
    'hello-bench takes an image that only prints something for ready when its program has ended; "run" begins with the start of the task, so the container\'s own start is not known.',
  ),
  bias("hello-bench stores the mean of each row's experiments (one unless it was told otherwise)."),
  bias("hello-bench stops the daemons and removes their folders before each run, and does not drop the page cache."),
];

/** Undefined when no row of a benchmark is in it. `value`: the parsed JSON. One bench for each image. */
export function readHelloBenchJson(value: unknown): readonly ImportedBench[] | undefined {
  return benchesOf(rowsIn(value));
}

/** The same of a log. */
export function readHelloBenchLog(text: string): readonly ImportedBench[] | undefined {
  const rows: Row[] = [];
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf(outputMark);
    if (at < 0) continue;
    try {
      rows.push(...rowsIn(JSON.parse(line.slice(at + outputMark.length).replace(/,\s*$/, ""))));
    } catch {
      // The lines that open and close the list are no JSON by themselves.
    }
  }
  return benchesOf(rows);
}

/** A list of rows, or, as older versions have it, of objects with a list for each mode. */
function rowsIn(value: unknown): readonly Row[] {
  if (Array.isArray(value)) return value.flatMap(rowsIn);
  const read = row.safeParse(value);
  if (read.success) return [read.data];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((list: unknown) => (Array.isArray(list) ? list.flatMap((one: unknown) => rowOf(one)) : []));
}

function rowOf(value: unknown): readonly Row[] {
  const read = row.safeParse(value);
  return read.success ? [read.data] : [];
}

function benchesOf(rows: readonly Row[]): readonly ImportedBench[] | undefined {
  if (rows.length === 0) return undefined;
  const images = [...new Set(rows.map(({ repo }) => repo))];
  return images.map((name) => ({ tool: "hello-bench", name, arms: armsOf(rows.filter(({ repo }) => repo === name)), problems: biases }));
}

function armsOf(rows: readonly Row[]): readonly ImportedArm[] {
  return [...new Set(rows.map(({ mode }) => mode))].map((mode) => ({
    name: mode,
    snapshotter: mode === "legacy" ? "overlayfs" : "stargz",
    isLazy: mode !== "legacy",
    trials: rows.filter((one) => one.mode === mode).map((one): ImportedTrial => ({ marks: marksOf(one) })),
  }));
}

function marksOf({ elapsed_pull: pullS, elapsed_create: createS, elapsed_run: runS }: Row): readonly ImportedMark[] {
  return [
    { mark: "pull-start", atS: 0 },
    { mark: "pulled", atS: pullS },
    { mark: "container-created", atS: pullS + createS },
    { mark: "ready", atS: pullS + createS + runS },
  ];
}
