import { formatBytes, formatDuration, formatError } from "../../src/base/format.ts";
import { coldnessWords, failureWords, sourceWords, taintWords } from "../../src/bench/benchWords.ts";
import type { Trial } from "../../src/bench/trial.ts";
import type { TrialDetail } from "../../src/protocol/reportMessages.ts";
import { el } from "../dom.ts";

/** What shows that a trial was cold and lazily loaded, and what became of it. */
export function trialFacts({ trial, stages }: TrialDetail): Node[] {
  const problems = [...trial.problems, ...stages.problems];
  return [
    ...outcomeNodes(trial),
    ...(problems.length === 0
      ? []
      : [
          el(
            "ul",
            { class: "notes" },
            ...problems.map(({ severity, message }) =>
              el(
                "li",
                {},
                el("span", { class: `sign-${severity}`, "aria-label": severity }, severity === "info" ? "•" : "▲"),
                ` ${message}`,
              ),
            ),
          ),
        ]),
    el("div", { class: "columns" }, coldness(trial), laziness(trial)),
  ];
}

function outcomeNodes({ outcome, taints }: Trial): Node[] {
  const nodes: Node[] = [];
  if (outcome.kind === "failed") nodes.push(note("error", "✕", `Failed, ${failureWords[outcome.reason]}: ${outcome.message}`));
  if (outcome.kind === "timed-out") nodes.push(note("error", "✕", `Never ready: ${outcome.message}`));
  if (outcome.kind === "cancelled") nodes.push(note("error", "✕", "Cancelled before it was ready."));
  for (const taint of taints) nodes.push(note("warning", "▲", `In no number of the summary: it ${taintWords[taint]}.`));
  return nodes;
}

function note(severity: string, sign: string, text: string): HTMLElement {
  return el("p", {}, el("span", { class: `sign-${severity}`, "aria-hidden": "true" }, `${sign} `), text);
}

function coldness({ coldness: { wanted, reached, checks, durationMs } }: Trial): HTMLElement {
  const isReached = reached >= wanted;
  return el(
    "section",
    {},
    el(
      "h2",
      {},
      `How cold: ${reached} `,
      el("span", { class: "dim" }, `${coldnessWords[reached]}${isReached ? "" : `, not ${wanted} as planned`}`),
    ),
    el(
      "ul",
      { class: "checks" },
      ...checks.map(({ what, passed, found }) =>
        el(
          "li",
          {},
          el(
            "span",
            { class: passed ? "sign-passed" : "sign-error", role: "img", "aria-label": passed ? "passed" : "failed" },
            passed ? "✓" : "✕",
          ),
          el("span", {}, what, el("span", { class: "dim under" }, found)),
        ),
      ),
    ),
    el("p", { class: "dim small" }, `Making it cold took ${formatDuration(durationMs)} before the request; it is in no stage.`),
  );
}

function laziness({ laziness: proof, poll, pull, node, podName }: Trial): HTMLElement {
  const rows: (readonly [string, string])[] = [
    ...(proof?.snapshotter === undefined ? [] : [["Root is held by", proof.snapshotter] as const]),
    ...(proof ? [["Mounts", proof.mounts.map(({ type, count }) => `${count} × ${type}`).join(", ") || "none seen"] as const] : []),
    ...(proof?.fetched ? [["Fetched until ready", `${formatBytes(proof.fetched.bytes)}, by ${proof.fetched.source}`] as const] : []),
    ...(pull?.imageSizeBytes === undefined ? [] : [["Whole image", `${formatBytes(pull.imageSizeBytes)} compressed`] as const]),
    ...(pull ? [["Kubelet's pull", pull.alreadyPresent ? "none: already present" : formatDuration(pull.durationMs)] as const] : []),
    ...(poll
      ? [
          [
            "Readiness poll",
            `${poll.attempts} questions, one each ${formatDuration(poll.intervalMs)}; ready is known to ${formatError(poll.errorMs)}`,
          ] as const,
        ]
      : []),
    ["Pod", podName],
    ["Node", node ?? "never bound to one"],
  ];
  const title = proof === undefined ? "Lazily loaded: not looked at" : proof.isLazy ? "Lazily loaded: yes" : "Lazily loaded: no";
  return el(
    "section",
    {},
    el("h2", {}, title, proof && el("span", { class: "dim" }, ` ${proof.evidence.join("; ")}`)),
    el(
      "table",
      { class: "facts" },
      el("tbody", {}, ...rows.map(([what, text]) => el("tr", {}, el("th", { scope: "row" }, what), el("td", {}, text)))),
    ),
  );
}

/** All that was seen, as it was stored; the narrowest of each mark makes the stages. */
export function observationTable({ trial, stages }: TrialDetail): HTMLElement {
  const began = stages.beganAtEpochMs ?? trial.observations[0]?.atEpochMs ?? 0;
  const ends = new Set(stages.stages.map(({ to }) => `${to.mark} ${to.source}`));
  const rows = trial.observations.map(({ mark, atEpochMs, earliestEpochMs, latestEpochMs, clock, source, detail }) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        mark,
        ends.has(`${mark} ${source}`) && el("span", { class: "dim taken", title: "taken for the stages" }, " ✓ taken"),
      ),
      el("td", { class: "number" }, millisecondsText(atEpochMs - began)),
      el("td", { class: "number dim" }, `−${(atEpochMs - earliestEpochMs).toFixed(1)} +${(latestEpochMs - atEpochMs).toFixed(1)}`),
      el("td", {}, clock),
      el("td", {}, sourceWords[source]),
      el("td", { class: "dim path" }, detail),
    ),
  );
  const head = ["Mark", "After the request", "Off by at most, ms", "Clock", "Source", "What it said"];
  const cells = head.map((text, at) => el("th", { scope: "col", ...((at === 1 || at === 2) && { class: "number" }) }, text));
  return el("table", {}, el("thead", {}, el("tr", {}, ...cells)), el("tbody", {}, ...rows));
}

/** As stored, to a tenth: other clocks than ours may be before the request. */
function millisecondsText(ms: number): string {
  return `${ms < 0 ? "−" : ""}${observedFormat.format(Math.abs(ms))} ms`;
}

const observedFormat = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
