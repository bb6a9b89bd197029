/**
 * The door to the engine. Everything heavy is behind it, so it is only ever opened by `await import`:
 * who opens a Dockerfile without asking for an image never loads it.
 */
import type { Call } from "../base/log.ts";
import { clearFactsCache, defaultCacheDir, factsCacheSize } from "../facts/factsCache.ts";
import { parsePlatform } from "../image/platform.ts";
import { inspectImage } from "../inspect/inspect.ts";
import type { Inspection, InspectEvent } from "../inspect/inspection.ts";
import { compared, prefetchOf, tracedStart } from "../inspect/traced.ts";
import type { ReportTraced } from "../results/report.ts";
import { reportTraced } from "../results/reportTraced.ts";
import type { PrefetchFile } from "../traces/prefetchFiles.ts";
import type { TracedSet } from "../traces/tracedSet.ts";
import { engineSettings } from "./engineSettings.ts";
import type { UserSettings } from "./settings.ts";

export { estimateAgain } from "../inspect/inspect.ts";
export { reportOf } from "../results/reportOf.ts";
export { filePage } from "../results/fileRows.ts";
export { prefetchFormats } from "../traces/prefetchList.ts";
export { readTrace } from "../traces/readTrace.ts";

/** What startup opens, for a lazy loader's prefetch: as traced where a recorded start is given. */
export function prefetchFiles(inspection: Inspection, traced: TracedSet | undefined): readonly PrefetchFile[] {
  return prefetchOf(inspection, traced && tracedStart(inspection, traced));
}

/** A recorded start beside the estimate, as the report shows it. */
export function tracedReport(inspection: Inspection, traced: TracedSet): ReportTraced {
  return reportTraced(compared(inspection, tracedStart(inspection, traced)));
}

export function inspect(imageName: string, settings: UserSettings, call: Call): AsyncIterable<InspectEvent> {
  return inspectImage(
    imageName,
    {
      settings: engineSettings(settings),
      chunkSizeBytes: settings.chunkSizeBytes,
      ...(settings.platform !== undefined && { platform: parsePlatform(settings.platform) }),
    },
    call,
  );
}

/** Forgets what was learnt from layers; returns the folder and how many bytes that freed. */
export async function clearCache(settings: UserSettings): Promise<{ readonly folder: string; readonly freedBytes: number }> {
  const folder = settings.cacheDir ?? defaultCacheDir();
  const freedBytes = await factsCacheSize(folder);
  await clearFactsCache(folder);
  return { folder, freedBytes };
}
