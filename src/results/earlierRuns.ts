import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Call } from "../base/log.ts";
import type { BenchRun } from "../bench/benchRun.ts";
import { readReportFile } from "./documentFile.ts";
import { readDocument } from "./readDocument.ts";

/** More are not worth the wait before a question. */
const mostFiles = 20;
const maxFileBytes = 20_000_000;

/** Benchmarks whose reports lie in these folders, the newest first. What is missing, unreadable or large is left out: nothing depends on it. */
export async function readEarlierRuns(folders: readonly string[], call: Call): Promise<readonly BenchRun[]> {
  const files = (await Promise.all([...new Set(folders)].map(reportsIn))).flat();
  const newest = files.sort((a, b) => b.changedAtEpochMs - a.changedAtEpochMs).slice(0, mostFiles);
  const runs: BenchRun[] = [];
  for (const { path } of newest) {
    try {
      const { bench } = readDocument(await readReportFile(path, call), basename(path)).value;
      if (bench) runs.push(bench.run);
    } catch (error) {
      call.signal?.throwIfAborted();
      call.log?.debug("An earlier report was not used", { path, why: String(error) });
    }
  }
  return runs;
}

async function reportsIn(folder: string): Promise<{ readonly path: string; readonly changedAtEpochMs: number }[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith(".coldstart.json"))
      .map(async (name) => {
        const path = join(folder, name);
        const file = await stat(path).catch(() => undefined);
        return file?.isFile() && file.size <= maxFileBytes ? [{ path, changedAtEpochMs: file.mtimeMs }] : [];
      }),
  );
  return found.flat();
}
