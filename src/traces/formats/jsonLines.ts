import { parseJsonObject } from "../../base/json.ts";
import type { LineFormat } from "../lineFormat.ts";
import { OpenedPaths } from "../openedPaths.ts";
import type { TracedFile, TraceFormat } from "../tracedSet.ts";
import { fatraceOpens, secondsOfDay } from "./fatraceLog.ts";

/**
 * One JSON object with a `path` per line. Three recorders write that:
 * - `ctr-remote image optimize --record-out` and nerdctl's record files: `manifestDigest`, `layerIndex`; paths without the first
 *   slash, one line per access (stargz-snapshotter `recorder/recorder.go`);
 * - Nydus' optimizer server: `size`, and `elapsed` in microseconds (nydus-snapshotter `tools/optimizer-server`);
 * - `fatrace --json`: `types` as in its text form, `timestamp`.
 */
export const jsonLines: LineFormat = {
  recognized: (sample) => sample.filter((line) => line.trimStart().startsWith("{") && entryOf(line) !== undefined).length,
  reader() {
    const opened = new OpenedPaths();
    const formats = new Map<TraceFormat, number>();
    let number = 0;
    let startMs: number | undefined;
    return {
      line(text) {
        number++;
        if (text.trim() === "") return;
        const entry = entryOf(text);
        if (!entry) {
          opened.unreadable(number);
          return;
        }
        formats.set(entry.format, (formats.get(entry.format) ?? 0) + 1);
        if (!entry.file) return;
        const { path, ...seen } = entry.file;
        if (entry.format === "fatrace log" && seen.firstOpenMs !== undefined) {
          startMs ??= seen.firstOpenMs;
          seen.firstOpenMs -= startMs;
        }
        opened.add(path, seen);
      },
      end() {
        const [format] = [...formats].sort((a, b) => b[1] - a[1])[0] ?? (["stargz record", 0] as const);
        return opened.result(format);
      },
    };
  },
};

interface Entry {
  readonly format: TraceFormat;
  /** Absent: an event that opens nothing. */
  readonly file?: TracedFile & { firstOpenMs?: number | undefined };
}

function entryOf(line: string): Entry | undefined {
  const fields = parseJsonObject(line);
  const path = fields?.["path"];
  const types = fields?.["types"];
  if (fields && typeof types === "string") {
    if (typeof path !== "string" || !path.startsWith("/") || !fatraceOpens(types)) return { format: "fatrace log" };
    return { format: "fatrace log", file: { path, firstOpenMs: timestampMs(fields["timestamp"]) } };
  }
  if (typeof path !== "string" || path === "") return undefined;
  const elapsed = fields?.["elapsed"];
  if (typeof elapsed === "number" && elapsed >= 0) return { format: "nydus optimizer", file: { path, firstOpenMs: elapsed / 1000 } };
  return { format: "stargz record", file: { path: path.startsWith("/") ? path : `/${path}` } };
}

function timestampMs(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return value * 1000;
  if (typeof value !== "string") return undefined;
  const seconds = secondsOfDay(value) ?? Number(value);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
