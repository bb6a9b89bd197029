import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheFolder, keptFolder } from "./cache.ts";
import { must, run } from "./process.ts";

const sources = join(import.meta.dirname, "..", "traces", "tools");

/** Builds `test/real/traces/tools` with Go once per version of its sources (about a minute), and returns the program. */
export async function prefetchTools(): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["main.go", "go.mod", "go.sum"]) hash.update(readFileSync(join(sources, name)));
  const program = join(keptFolder("prefetchtools"), hash.digest("hex").slice(0, 16));
  if (existsSync(program)) return program;
  // A Go of the machine goes first; `test/setup` installs one where there is none.
  const installed = join(cacheFolder, "go-1.26.0", "bin");
  const env = { PATH: [process.env["PATH"], installed].join(delimiter), GOTOOLCHAIN: "auto", GOFLAGS: "-mod=readonly" };
  await must(["go", "build", "-trimpath", "-ldflags", "-s -w", "-o", `${program}.new`, "."], { cwd: sources, env });
  renameSync(`${program}.new`, program);
  return program;
}

/** What eStargz' builder makes of a layer: the files that it put in front of the prefetch landmark, and the names that it did not find. */
export async function prioritizedFiles(program: string, layerTar: string, list: string): Promise<Prioritized> {
  return JSON.parse(await must([program, "estargz", layerTar], { input: list })) as Prioritized;
}

export interface Prioritized {
  /** In the order of their bytes in the layer. */
  readonly prioritized: readonly string[];
  readonly missed: readonly string[];
}

/** What SOCI's index builder makes of an OCI layout: spans to prefetch by layer digest; `warnings` name files that it did not find. */
export async function prefetchSpans(
  program: string,
  layout: string,
  list: string,
): Promise<{ readonly layers: Readonly<Record<string, readonly Span[]>>; readonly warnings: string }> {
  const finished = await run([program, "soci", layout], { input: list });
  if (finished.exitCode !== 0) throw new Error(`SOCI refused the list:\n${finished.stderr}`);
  return {
    layers: JSON.parse(finished.stdout) as Record<string, Span[]>,
    warnings: finished.stderr
      .split("\n")
      .filter((line) => line.includes("not found"))
      .join("\n"),
  };
}

export interface Span {
  readonly start_span: number;
  readonly end_span: number;
}
