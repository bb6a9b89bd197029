import { randomBytes } from "node:crypto";
import { foreignLine } from "../../base/foreignText.ts";
import type { Call } from "../../base/log.ts";
import type { ColdnessLevel } from "../plan.ts";
import { byteSamplesOf, storedBytesOf, type ByteSamples } from "../probe/fetchedBytes.ts";
import { imageLayersOf, type ImageLayers } from "../probe/imageLayers.ts";
import { lazinessOf } from "../probe/laziness.ts";
import { parseNodeReport, rowsOf, wordOf, type NodeReport } from "../probe/nodeReport.ts";
import { coolScript, describeScript, environmentScript, fetchedScript, proveScript, sampleScript } from "../probe/nodeScript.ts";
import type { ProbePod } from "../probe/probePod.ts";
import type { LazinessProof } from "../trial.ts";

export interface NodeFacts {
  readonly details: Readonly<Record<string, string>>;
  /** Number of containerd's process, which is in the node's own file system. */
  readonly runtime: string | undefined;
}

/** What the node is made of. */
export async function readNodeFacts(probe: ProbePod, call: Call): Promise<NodeFacts> {
  const report: NodeReport = parseNodeReport(await probe.run(environmentScript, [], call));
  const details: Record<string, string> = {};
  for (const key of ["containerd", "snapshotters", "store", "disk"]) {
    const found = wordOf(report, key);
    if (found !== undefined) details[key] = found;
  }
  const readAhead = wordOf(report, "readahead");
  if (readAhead !== undefined) details["readahead"] = `${readAhead} kB`;
  for (const [loader = "", ...version] of rowsOf(report, "loader")) {
    const settings = rowsOf(report, "setting").filter(([of]) => of === loader);
    const words = [version.join(" ") || "version not told", ...settings.map(([, key = "", ...value]) => `${key} ${value.join(" ")}`)];
    details[loader] = foreignLine(words.join(", "));
  }
  return { details, runtime: wordOf(report, "runtime") };
}

export interface CoolRequest {
  readonly runId: string;
  readonly level: ColdnessLevel;
  readonly snapshotter: string;
  /** Of all arms: they share layers. */
  readonly images: readonly string[];
}

/** What was found on the node after it was made cold; the proof is derived from it once the image's layers are known. */
export interface Cooled {
  readonly report: NodeReport;
  readonly snapshotter: string;
  readonly wanted: ColdnessLevel;
  readonly durationMs: number;
}

/** Makes the node as cold as asked for one arm's image. */
export async function coolNode(probe: ProbePod, { runId, level, snapshotter, images }: CoolRequest, call: Call): Promise<Cooled> {
  const begunAtMs = performance.now();
  const number = { L0: 0, L1: 1, L2: 2, L3: 3, L4: 3 }[level];
  const printed = await probe.run(coolScript, [runId, String(number), nodeSnapshotter(snapshotter), ...images], call);
  return {
    report: parseNodeReport(printed),
    snapshotter: nodeSnapshotter(snapshotter),
    wanted: level,
    durationMs: performance.now() - begunAtMs,
  };
}

/** What containerd calls it: SOCI's parallel pull is a mode of its snapshotter. */
function nodeSnapshotter(snapshotter: string): string {
  return snapshotter === "soci-parallel" ? "soci" : snapshotter;
}

export async function proveLaziness(probe: ProbePod, containerId: string, call: Call): Promise<LazinessProof | undefined> {
  return lazinessOf(parseNodeReport(await probe.run(proveScript, [containerId], call)));
}

export async function readLayers(probe: ProbePod, image: string, call: Call): Promise<ImageLayers | undefined> {
  return imageLayersOf(parseNodeReport(await probe.run(describeScript, [image], call)), image);
}

export async function readStoredBytes(
  probe: ProbePod,
  snapshotter: string,
  layers: ImageLayers | undefined,
  call: Call,
): Promise<{ readonly bytes: number; readonly source: string } | undefined> {
  return storedBytesOf(parseNodeReport(await probe.run(fetchedScript, [nodeSnapshotter(snapshotter)], call)), layers?.digests ?? []);
}

/** Counts what comes in from a registry's host until it is stopped. */
export class ByteCount {
  readonly #probe: ProbePod;
  readonly #stopFile = `/tmp/coldstart-stop-${randomBytes(6).toString("hex")}`;
  readonly #printed: Promise<string | undefined>;
  /** Resolves with the first count, or when there will be none: what comes after it is counted. */
  readonly counting: Promise<void>;

  constructor(probe: ProbePod, registryHost: string, maxSeconds: number, call: Call) {
    this.#probe = probe;
    let announce = (): void => {};
    this.counting = new Promise((resolve) => (announce = resolve));
    const onStdout = (piece: string): void => {
      if (/^at /m.test(piece)) announce();
    };
    const args = [registryHost, this.#stopFile, String(Math.ceil(maxSeconds))];
    this.#printed = probe
      .run(sampleScript, args, { ...call, onStdout })
      .catch((error: unknown) => {
        if (!call.signal?.aborted) call.log?.warn("The bytes of a trial were not counted", { why: String(error) });
        return undefined;
      })
      .finally(announce);
  }

  /** Ends the counting. Undefined when nothing could be counted. */
  async stop(call: Call): Promise<ByteSamples | undefined> {
    await this.#probe.run('touch "$1"', [this.#stopFile], call);
    const printed = await this.#printed;
    return printed === undefined ? undefined : byteSamplesOf(parseNodeReport(printed));
  }
}
