import { bias, type ImportedArm, type ImportedBench, type ImportedMark, type ImportedTrial } from "./importedRun.ts";

/**
 * Results of tensorfuse/fastpull: what `fastpull run` and `fastpull quickstart` print and export (scripts/fastpull/benchmark.py at
 * 0f6c392, run.py at 5f50e13), and what its older scripts print and export (scripts/benchmark/benchmark_base.py at 82f6e8c).
 */

const tool = "fastpull";

/** The clock starts before a fixed pause of half a second; only then the container is run (`run.py`, `time.sleep(0.5)`). */
const pauseS = 0.5;
/** `wait_for_readiness`: pauses of 2 s between questions; the older scripts pause 0.1 s. */
const pollS = 2;
const olderPollS = 0.1;

const biases = [
  bias("fastpull starts its clock before a fixed pause of 0.5 s, so every time is half a second too long."),
  bias("fastpull takes the first start of any container on the machine for that of the one it measures."),
  bias(
    "fastpull asks for readiness every 2 s (0.1 s in its older scripts), and only after nerdctl has returned: times to ready are late by up to that.",
  ),
  bias(
    "fastpull's quickstart runs nydus first and overlayfs second, once each and without removing anything in between: how cold the second one began is not known, and one run has no spread.",
  ),
  bias(
    "fastpull sets nydusd to prefetch the whole image from the first moment on: what it measures is a full pull in the background, not loading on demand.",
  ),
];

/** Undefined when the text holds no summary of fastpull's. `name`: of the file; it may tell the mode. */
export function readFastpullText(text: string, name: string): readonly ImportedBench[] | undefined {
  const runs: FastpullRun[] = [];
  let context: { snapshotter?: string | undefined; image?: string | undefined } = {};
  let block: Map<string, number> | undefined;
  let label: string | undefined;
  const finish = (): void => {
    if (block && block.size > 0) runs.push({ ...context, snapshotter: context.snapshotter ?? label ?? modeOfName(name), times: block });
    block = undefined;
  };
  for (const line of text.split(/\r?\n/)) {
    const snapshotter = /^(?:Running container with (\w[\w-]*) snapshotter|Snapshotter: (\w[\w-]*))/.exec(line);
    const summary = /^(?:(FASTPULL|NORMAL) )?BENCHMARK SUMMARY\s*$|^(?:=== )?[A-Z0-9_-]+ TIMING SUMMARY(?: ===)?\s*$/.exec(line);
    const time = /^([A-Z][A-Za-z ]{2,40}):\s+(\d{1,7}(?:\.\d{1,9})?)s(?:\s|$)/.exec(line);
    if (snapshotter) {
      finish();
      context = { ...context, snapshotter: snapshotter[1] ?? snapshotter[2] };
    } else if (line.startsWith("Image: ")) {
      finish();
      context = { ...context, image: line.slice(7).trim() };
    } else if (summary) {
      finish();
      block = new Map();
      label = summary[1] === "FASTPULL" ? "nydus" : summary[1] === "NORMAL" ? "overlayfs" : undefined;
    } else if (time?.[1] !== undefined && block && !block.has(time[1])) block.set(time[1], Number(time[2]));
    else if (/^\s*(?:BREAKDOWN|Breakdown)\b/.test(line)) finish();
  }
  finish();
  const usable = runs.filter(({ times }) => readyOf(times) !== undefined || startedOf(times) !== undefined);
  return usable.length > 0 ? benchesOf(usable, undefined) : undefined;
}

/** Undefined when the JSON is not what fastpull exports. */
export function readFastpullJson(json: Readonly<Record<string, unknown>>, name: string): readonly ImportedBench[] | undefined {
  const atEpochMs = Date.parse(typeof json["timestamp"] === "string" ? json["timestamp"] : "");
  const stamp = Number.isNaN(atEpochMs) ? undefined : atEpochMs;
  const times = new Map<string, number>();
  const take = (label: string, value: unknown): void => {
    if (typeof value === "number" && value >= 0 && Number.isFinite(value)) times.set(label, value);
  };
  const { metrics, phases, snapshotter, image } = json;
  if (isFields(metrics) && "benchmark_mode" in json) {
    take("Time to Container Start", metrics["container_start_time"]);
    take("Time to Readiness", metrics["readiness_time"]);
    take("Time to Completion", metrics["completion_time"]);
    return times.size > 0 ? benchesOf([{ snapshotter: modeOfName(name), times }], stamp) : undefined;
  }
  if (!isFields(phases) || !("container_startup_duration" in json)) return undefined;
  take("Container Startup Time", json["container_startup_duration"]);
  take("Container to First Log", phases["first_log"]);
  take("Server Ready", json["health_ready_time"] ?? phases["server_ready"]);
  if (times.size === 0) return undefined;
  return benchesOf([{ snapshotter: textOf(snapshotter), image: textOf(image), times }], stamp);
}

interface FastpullRun {
  readonly snapshotter?: string | undefined;
  readonly image?: string | undefined;
  /** Seconds by the label that the summary gives them. */
  readonly times: ReadonlyMap<string, number>;
}

function benchesOf(runs: readonly FastpullRun[], atEpochMs: number | undefined): readonly ImportedBench[] {
  const byImage = new Map<string, FastpullRun[]>();
  for (const run of runs) {
    const image = imageOf(run.image);
    byImage.set(image, [...(byImage.get(image) ?? []), run]);
  }
  return [...byImage].map(([name, same]) => ({ tool, name, arms: armsOf(same), atEpochMs, problems: biases }));
}

function armsOf(runs: readonly FastpullRun[]): readonly ImportedArm[] {
  const bySnapshotter = new Map<string, ImportedTrial[]>();
  for (const { snapshotter = "mode not told", times } of runs)
    bySnapshotter.set(snapshotter, [...(bySnapshotter.get(snapshotter) ?? []), { marks: marksOf(times) }]);
  return [...bySnapshotter].map(([snapshotter, trials]) => ({
    name: snapshotter,
    snapshotter,
    isLazy: ["nydus", "soci", "estargz", "stargz"].includes(snapshotter),
    trials,
  }));
}

function marksOf(times: ReadonlyMap<string, number>): readonly ImportedMark[] {
  const started = startedOf(times);
  const firstLog = times.get("Container to First Log") ?? times.get("First Log");
  const ready = readyOf(times);
  return [
    { mark: "created", atS: 0, lateS: pauseS },
    ...(started === undefined ? [] : [{ mark: "started" as const, atS: started, lateS: 0.1 }]),
    ...(firstLog === undefined ? [] : [{ mark: "first-output" as const, atS: firstLog }]),
    ...(ready ? [{ mark: "ready" as const, atS: ready.atS, earlyS: Math.min(ready.atS, ready.pollS) }] : []),
  ];
}

function startedOf(times: ReadonlyMap<string, number>): number | undefined {
  const older = times.get("Container Startup Time");
  // The older scripts count this one from the call of nerdctl, all others from before the pause.
  return times.get("Time to Container Start") ?? (older === undefined ? undefined : older + pauseS);
}

function readyOf(times: ReadonlyMap<string, number>): { readonly atS: number; readonly pollS: number } | undefined {
  const served = times.get("Time to Readiness");
  if (served !== undefined) return { atS: served, pollS };
  const completed = times.get("Time to Completion");
  if (completed !== undefined) return { atS: completed, pollS: 1 };
  const older = times.get("Server Ready");
  return older === undefined ? undefined : { atS: older, pollS: olderPollS };
}

/** The forms of one image differ in the end of their tag. */
function imageOf(reference: string | undefined): string {
  return reference === undefined || reference === "" ? "image not told" : reference.replace(/-(?:nydus|fastpull|soci|estargz|stargz)$/, "");
}

function modeOfName(name: string): string | undefined {
  if (/(?:^|[-_./])(?:nydus|fastpull)\b/i.test(name)) return "nydus";
  return /(?:^|[-_./])(?:normal|overlayfs)\b/i.test(name) ? "overlayfs" : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
