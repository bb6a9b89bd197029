import type { BenchRun } from "../../src/bench/benchRun.ts";
import type { BootReport, ReportBoot } from "../../src/boot/bootReport.ts";
import type { HistoryEntry } from "../../src/protocol/reportMessages.ts";
import type { FiledDocument } from "../../src/results/compare/documentsComparison.ts";
import { documentOf, type ReportDocument } from "../../src/results/document.ts";
import { measuredProvisioning } from "../../src/results/measuredProvisioning.ts";
import type { Report } from "../../src/results/report.ts";
import { sampleArms } from "./sampleArms.ts";
import { sampleBench } from "./sampleBench.ts";
import { sampleBoots } from "./sampleBoots.ts";

const dayMs = 86_400_000;
const shownAtEpochMs = Date.UTC(2026, 10, 22, 11, 52, 0);

/**
 * Reports beside the shown one: `a` of an older kernel, containerd and image, with boots; `b` less cold, `c` ready by another question; `d`
 * of boots alone, `e` of an image alone.
 */
export function sampleHistory(shown: ReportDocument): readonly HistoryEntry[] {
  return samples(shown).map(({ id, fileName, daysAgo, document: { bench, boots, image } }) => {
    const provisioning = boots && measuredProvisioning(boots);
    return {
      id,
      fileName,
      name: bench?.run.plan.name ?? fileName.replace(/^.*\//, "").replace(".coldstart.json", ""),
      measuredAtEpochMs: shownAtEpochMs - daysAgo * dayMs,
      ...(bench && { bench: { context: "gpu-eu-west-1", armCount: 4, trialCount: 40, isComplete: id !== "c" } }),
      ...(boots && { boots: { unit: boots.unit, count: boots.boots.length, ...(provisioning && { provisioning }) } }),
      ...(image && { image: { reference: image.image.reference } }),
      isShown: id === "shown",
    };
  });
}

/** The picked ones beside the shown report, in the order in which they were measured. */
export function comparedSamples(shown: ReportDocument, ids: readonly string[]): readonly FiledDocument[] {
  return samples(shown)
    .filter(({ id }) => id === "shown" || ids.includes(id))
    .sort((a, b) => b.daysAgo - a.daysAgo)
    .map(({ fileName, document }) => ({ file: fileName, document }));
}

interface Sample {
  readonly id: string;
  readonly fileName: string;
  readonly daysAgo: number;
  readonly document: ReportDocument;
}

function samples(shown: ReportDocument): readonly Sample[] {
  const isHostile = shown.bench?.run.plan.name.includes("<") ?? false;
  const sample = (id: string, fileName: string, daysAgo: number, parts: Parameters<typeof documentOf>[0]): Sample => ({
    id,
    fileName,
    daysAgo,
    document: documentOf(parts, { atEpochMs: shownAtEpochMs - daysAgo * dayMs, version: "0.1.0" }),
  });
  const older = isHostile ? "<svg onload=alert(8)>.coldstart.json" : ".coldstart/gpu-pool-a-before-upgrade.coldstart.json";
  const run = (id: string): BenchRun => {
    const other = otherRun(id);
    return isHostile ? { ...other, plan: { ...other.plan, name: "<img src=x onerror=alert(7)>" } } : other;
  };
  const boots = sampleBoots(isHostile);
  const { image } = shown;
  return [
    { id: "shown", fileName: "gpu-pool-a.coldstart.json", daysAgo: 0, document: shown },
    sample("a", older, 6, { bench: run("a"), boots: moreBoots(boots, 5, 1.1), image: image && smallerImage(image) }),
    sample("b", ".coldstart/gpu-pool-a-page-cache-kept.coldstart.json", 9, { bench: run("b") }),
    sample("c", ".coldstart/gpu-pool-a-tcp.coldstart.json", 13, { bench: run("c") }),
    sample("d", ".coldstart/g6-boots.coldstart.json", 20, { boots: moreBoots(boots, 6, 1.9) }),
    sample("e", ".coldstart/image-of-last-week.coldstart.json", 24, { image: image && smallerImage(image) }),
  ];
}

function otherRun(id: string): BenchRun {
  const arms = id === "a" ? sampleArms.map((arm) => ({ ...arm, createMs: arm.createMs * 0.7, pullMs: arm.pullMs * 1.2 })) : sampleArms;
  const run = sampleBench({ arms });
  const { environment, plan } = run;
  switch (id) {
    case "a":
      return {
        ...run,
        environment: {
          ...environment,
          nodes: environment.nodes.map((node) => ({ ...node, kernelVersion: "6.1.148", containerRuntimeVersion: "containerd://2.1.4" })),
          images: environment.images.map((image) => ({ ...image, digest: (image.digest ?? "").replace("9f86d0", "77ab01") })),
        },
      };
    case "b":
      return { ...run, trials: run.trials.map((trial) => ({ ...trial, coldness: { ...trial.coldness, reached: "L2" } })) };
    default:
      return { ...run, plan: { ...plan, readiness: { kind: "tcp", port: 8000 } } };
  }
}

/** So many boots of an older machine image, whose driver takes so many times as long; no two take the same. */
function moreBoots(report: BootReport, count: number, driverFactor: number): BootReport {
  const { unit, advice, assumptions } = report;
  const [first] = report.boots;
  const boots = first ? Array.from({ length: count }, (_, index) => slowerBoot(first, index, driverFactor)) : [];
  return { unit, boots, advice, assumptions };
}

function slowerBoot(boot: ReportBoot, index: number, driverFactor: number): ReportBoot {
  const lengthOf = ({ unit, durationMs }: { readonly unit: string; readonly durationMs: number }): number =>
    durationMs * (1 + 0.03 * (((index * 7) % 5) - 2)) * (unit === "nvidia-driver-install.service" ? driverFactor : 1);
  const spans = boot.chain.spans.map((span) => ({ ...span, durationMs: lengthOf(span) }));
  return {
    ...boot,
    name: `ip-10-0-4-${10 + index}`,
    machine: { ...boot.machine, kernelVersion: "6.8.0-1015-aws", machineImage: "ami-0f3c1a9e" },
    chain: { ...boot.chain, spans, endAtMs: spans.reduce((sum, { durationMs }) => sum + durationMs, 0) },
    units: boot.units.map((unit) =>
      unit.durationMs === undefined ? unit : { ...unit, durationMs: lengthOf({ ...unit, durationMs: unit.durationMs }) },
    ),
  };
}

/** As it was before another torch and an evaluation tool came in. */
function smallerImage(image: Report): Report {
  const packages = image.packages.flatMap((one) => {
    if (one.name === "triton") return [];
    return [one.name === "torch" ? { ...one, version: "2.4.1", bytes: Math.round(one.bytes * 0.9) } : one];
  });
  const savedBytes = sumOf(image.packages) - sumOf(packages);
  return {
    ...image,
    image: { ...image.image, digest: `sha256:${"7".repeat(64)}`, configDigest: `sha256:${"8".repeat(64)}` },
    totals: { ...image.totals, bytes: image.totals.bytes - savedBytes },
    layers: image.layers.map((layer) =>
      layer.index === 3 ? { ...layer, diffId: `sha256:${"9".repeat(64)}`, bytes: Math.max(0, layer.bytes - savedBytes) } : layer,
    ),
    packages,
  };
}

function sumOf(packages: Report["packages"]): number {
  return packages.reduce((sum, { bytes }) => sum + bytes, 0);
}
