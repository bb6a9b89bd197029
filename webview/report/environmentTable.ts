import { formatBytes, formatDuration, formatError } from "../../src/base/format.ts";
import { readinessWords } from "../../src/bench/plan/readinessWords.ts";
import type { PanelBench } from "../../src/protocol/reportMessages.ts";
import { el } from "../dom.ts";
import { nodeText } from "./benchHeader.ts";

/** What the numbers hold for: with any of it changed they may be others. */
export function environmentTable({ run }: PanelBench): Node[] {
  const { environment, plan } = run;
  const rows: (readonly [string, string])[] = [
    ["Ready means", readinessWords(plan.readiness)],
    ["Workload", `${plan.workload.origin}${plan.workload.gpuCount > 0 ? `, ${plan.workload.gpuCount} GPU` : ""}`],
    ...environment.nodes.map(
      (node) =>
        [
          `Node ${node.name}`,
          [
            nodeText(node),
            node.osImage,
            `kernel ${node.kernelVersion}`,
            node.containerRuntimeVersion,
            `kubelet ${node.kubeletVersion}`,
            ...Object.entries(node.details).map(([name, text]) => `${name} ${text}`),
          ].join(" · "),
        ] as const,
    ),
    ...(environment.kubernetesVersion === undefined
      ? []
      : [["Kubernetes", `${environment.kubernetesVersion}, context ${plan.context}, namespace ${plan.namespace}`] as const]),
    ...environment.images.map(
      (image) =>
        [
          `Image of ${image.arm}`,
          `${image.reference} · ${formatBytes(image.compressedSizeBytes)} in ${image.layerCount} layers · ${image.digest?.slice(0, 26).concat("…") ?? "no digest"}`,
        ] as const,
    ),
    ["Same content", sameText(environment.contentCheck)],
    ...(environment.linkBytesPerSecond === undefined
      ? []
      : [["Link to the registry", `${Math.round((environment.linkBytesPerSecond * 8) / 1e6)} Mbit/s`] as const]),
    ...environment.clockOffsets.map(
      ({ node, offsetMs, errorMs }) =>
        [
          "Clock",
          `${node} is ${formatDuration(Math.abs(offsetMs))} ${offsetMs < 0 ? "behind" : "ahead"}, ${formatError(errorMs)}; taken into account`,
        ] as const,
    ),
    ["Order", `${plan.trialsPerArm} blocks, each with every arm once in random order (seed ${plan.seed})`],
  ];
  return [
    el("h2", {}, "What it was measured on"),
    el(
      "table",
      { class: "facts" },
      el("tbody", {}, ...rows.map(([what, text]) => el("tr", {}, el("th", { scope: "row" }, what), el("td", {}, text)))),
    ),
    ...(run.problems.length === 0
      ? []
      : [
          el(
            "ul",
            { class: "notes" },
            ...run.problems.map(({ message }) =>
              el("li", {}, el("span", { class: "sign-warning", "aria-label": "warning" }, "▲"), ` ${message}`),
            ),
          ),
        ]),
  ];
}

function sameText({ equal, how }: PanelBench["run"]["environment"]["contentCheck"]): string {
  if (equal === undefined) return how === "" ? "not looked at" : `not known: ${how}`;
  return equal ? `yes: ${how}` : `▲ no: ${how}. The arms run different files, so their times cannot be compared.`;
}
