import { foreignLine } from "../base/foreignText.ts";
import { formatBytes, formatDuration } from "../base/format.ts";
import type { BenchNode, BenchRun } from "../bench/benchRun.ts";
import { readinessWords } from "../bench/plan/readinessWords.ts";

/** What the trials ran on and how, as pairs of a name and a value for people. Values hold names as they came: who prints escapes. */
export function benchSetting({ plan, environment, startedAtEpochMs, id }: BenchRun): readonly (readonly [string, string])[] {
  const { kubernetesVersion, linkBytesPerSecond, contentCheck, apiRoundTripMs } = environment;
  if (isImported(environment))
    return [
      ["numbers", `${plan.workload.origin}${environment.clientVersion === "" ? "" : ` at ${environment.clientVersion}`}`],
      ...(startedAtEpochMs > 0 ? [["made", new Date(startedAtEpochMs).toISOString()] as const] : []),
    ];
  return [
    ["run", `${id}, begun ${new Date(startedAtEpochMs).toISOString()}`],
    ["cluster", plan.context],
    ...(kubernetesVersion === undefined ? [] : [["Kubernetes", kubernetesVersion] as const]),
    ...environment.nodes.map((node) => [`node ${node.name}`, nodeText(node)] as const),
    ...environment.images.map(
      ({ arm, reference, digest, compressedSizeBytes, layerCount }) =>
        [
          `image of ${arm}`,
          `${reference}${digest === undefined ? "" : ` (${digest.slice(0, 19)}…)`}, ${layerCount} layers, ${formatBytes(compressedSizeBytes)}`,
        ] as const,
    ),
    [
      "same content",
      `${contentCheck.equal === undefined ? "not known" : contentCheck.equal ? "yes" : "no"}: ${foreignLine(contentCheck.how, 300)}`,
    ],
    ["ready means", readinessWords(plan.readiness)],
    ["trials", `${plan.trialsPerArm} of each arm in blocks of random order, seed ${plan.seed}`],
    ...(linkBytesPerSecond === undefined ? [] : [["link to the registry", `${formatBytes(linkBytesPerSecond)}/s`] as const]),
    ...(apiRoundTripMs === undefined ? [] : [["round trip to the API server", formatDuration(apiRoundTripMs)] as const]),
  ];
}

/** Results of another tool have no cluster. */
function isImported({ server, nodes }: BenchRun["environment"]): boolean {
  return server === "" && nodes.length === 0;
}

function nodeText(node: BenchNode): string {
  const { instanceType, gpuCount, gpuProduct, kernelVersion, containerRuntimeVersion, kubeletVersion, osImage, details } = node;
  const gpu = gpuCount > 0 ? [`${gpuCount} × ${gpuProduct ?? "GPU"}`] : [];
  return [
    ...(instanceType === undefined ? [] : [instanceType]),
    ...gpu,
    osImage,
    `kernel ${kernelVersion}`,
    containerRuntimeVersion,
    `kubelet ${kubeletVersion}`,
    ...Object.entries(details).map(([name, value]) => foreignLine(`${name} ${value}`, 120)),
  ]
    .filter((part) => part !== "")
    .join(", ");
}
