import { formatBytes } from "../../base/format.ts";
import { foreignLine } from "../../base/foreignText.ts";
import type { BenchNode, BenchRun } from "../../bench/benchRun.ts";
import { nodeTypeOf } from "../../bench/measuredTrials.ts";
import { readinessWords } from "../../bench/plan/readinessWords.ts";

/** One setting that differs; a value for each report, absent where it has none. */
export interface ComparedSetting {
  readonly name: string;
  readonly values: readonly (string | null)[];
}

/** Nobody reads all of it; two that begin alike are the same. */
const wholeDigest = /^(sha256:[0-9a-f]{12})[0-9a-f]{52}$/;

/** Settings that differ between runs, as they were measured or planned. */
export function comparedSettings(runs: readonly BenchRun[]): readonly ComparedSetting[] {
  return differingSettings(runs.map(settingsOf));
}

/** Of tables of settings, those that are not the same in all, in the tables' order. */
export function differingSettings(tables: readonly ReadonlyMap<string, string | undefined>[]): readonly ComparedSetting[] {
  const names = [...new Set(tables.flatMap((table) => [...table.keys()]))];
  return names.flatMap((name) => {
    const values = tables.map((table) => table.get(name) ?? null);
    return new Set(values).size > 1 ? [{ name, values: values.map((value) => value?.replace(wholeDigest, "$1…") ?? null) }] : [];
  });
}

function settingsOf(run: BenchRun): ReadonlyMap<string, string> {
  const { plan, environment } = run;
  const nodes = usedNodes(run);
  const settings = new Map<string, string>();
  const put = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== "") settings.set(name, foreignLine(value, 300));
  };
  const ofNodes = (name: string, value: (node: BenchNode) => string | undefined): void =>
    put(name, [...new Set(nodes.flatMap((node) => value(node) ?? []))].sort().join("; "));
  for (const { arm, reference, digest, compressedSizeBytes } of environment.images) {
    put(`image of ${arm}`, reference);
    put(`image digest of ${arm}`, digest);
    put(`image size of ${arm}`, formatBytes(compressedSizeBytes));
  }
  for (const { name, snapshotter, runtimeClassName, pullPolicy } of plan.arms) {
    put(`snapshotter of ${name}`, snapshotter);
    put(`RuntimeClass of ${name}`, runtimeClassName);
    put(`pull policy of ${name}`, pullPolicy);
  }
  put("ready means", readinessWords(plan.readiness));
  put("coldness asked for", plan.coldness);
  put("workload", plan.workload.origin);
  put("pods at once", String(plan.podsAtOnce));
  put("context", plan.context);
  put("Kubernetes", environment.kubernetesVersion);
  put(
    "link to the registry",
    environment.linkBytesPerSecond === undefined ? undefined : `${formatBytes(environment.linkBytesPerSecond)}/s`,
  );
  ofNodes("node type", nodeTypeOf);
  ofNodes("operating system", ({ osImage }) => osImage);
  ofNodes("kernel", ({ kernelVersion }) => kernelVersion);
  ofNodes("container runtime", ({ containerRuntimeVersion }) => containerRuntimeVersion);
  ofNodes("kubelet", ({ kubeletVersion }) => kubeletVersion);
  for (const detail of [...new Set(nodes.flatMap(({ details }) => Object.keys(details)))].sort())
    ofNodes(foreignLine(detail, 60), ({ details }) => details[detail]);
  put("Coldstart", environment.clientVersion);
  return settings;
}

/** Those that trials ran on; all, where no trial tells. */
function usedNodes({ environment, trials }: BenchRun): readonly BenchNode[] {
  const used = new Set(trials.flatMap(({ node }) => node ?? []));
  const found = environment.nodes.filter(({ name }) => used.has(name));
  return found.length > 0 ? found : environment.nodes;
}
