import { formatCount, formatInstant } from "../../src/base/format.ts";
import type { BenchNode } from "../../src/bench/benchRun.ts";
import type { PanelBench, ReportState } from "../../src/protocol/reportMessages.ts";
import { el, hidden, on } from "../dom.ts";
import { badgesOf, type Badge } from "./badges.ts";
import type { ReportViewEvent } from "./reportState.ts";

const badgeKinds = { "✓": "good", "▲": "warn", "✕": "bad", "◔": "open" } as const;
const spokenSigns = { "✓": "", "▲": "Note: ", "✕": "Failed: ", "◔": "" } as const;

/** What was measured, where and when, and what a reader must know before the numbers. */
export function benchHeader(
  report: Extract<ReportState, { kind: "running" | "ready" }>,
  bench: PanelBench,
  dispatch: (event: ReportViewEvent) => void,
): Node[] {
  const { run, trials } = bench;
  const isRunning = report.kind === "running";
  const planned = run.plan.arms.length * run.plan.trialsPerArm;
  const count = isRunning || trials.length < planned ? `${formatCount(trials.length)} of ${formatCount(planned)}` : formatCount(planned);
  const perArm = run.plan.arms.length > 1 ? `, ${formatCount(run.plan.trialsPerArm)} an arm` : "";
  const facts = [
    placeText(run),
    ...new Set(run.environment.nodes.map(({ containerRuntimeVersion }) => containerRuntimeVersion.replace("://", " "))),
    `${count} trials${perArm}`,
    `${formatInstant(run.startedAtEpochMs)}`,
  ];
  return [
    el(
      "div",
      { class: "title" },
      el("h1", {}, run.plan.name),
      el("p", { class: "dim" }, facts.filter(Boolean).join(" · ")),
      report.name !== run.plan.name && el("p", { class: "dim path", title: "File" }, report.name),
    ),
    el("div", { class: "badges" }, ...badgesOf(bench).map((badge) => badgeElement(badge, dispatch))),
  ];
}

function badgeElement(badge: Badge, dispatch: (event: ReportViewEvent) => void): HTMLElement {
  const element = el(
    "button",
    { type: "button", class: `badge ${badgeKinds[badge.sign]}`, title: "Show the trials" },
    el("span", { class: "sign", "aria-hidden": "true" }, badge.sign),
    hidden(spokenSigns[badge.sign]),
    ` ${badge.text}`,
  );
  return on(element, "click", () => dispatch({ kind: "went", to: { tab: "trials", filter: badge.filter } }));
}

/** `gpu-pool-a · 1 × NVIDIA-L4 (g6.2xlarge)`. */
function placeText({ plan, environment }: PanelBench["run"]): string {
  const types = [...new Set(environment.nodes.map(nodeText))];
  const place = plan.target.kind === "any" ? plan.context : plan.target.name;
  return [place, ...types].join(" · ");
}

export function nodeText({ instanceType, gpuCount, gpuProduct }: BenchNode): string {
  const gpu = gpuCount > 0 ? `${gpuCount} × ${gpuProduct ?? "GPU"}` : "no GPU";
  return instanceType === undefined ? gpu : `${gpu} (${instanceType})`;
}
