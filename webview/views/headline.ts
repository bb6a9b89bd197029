import { formatAge, formatBytes } from "../../src/base/format.ts";
import type { PanelReport, PanelState } from "../../src/protocol/messages.ts";
import { formatShare, measureText, shareIntervalText, shareText, wholeOf, type ReportMeasure } from "../../src/results/measureText.ts";
import { el } from "../dom.ts";

type Ready = Extract<PanelState, { kind: "ready" }>;

const confidenceSigns = { high: "✓", medium: "◐", low: "▲" } as const;

/** Which image this is, where it came from, and what a reader must know before the numbers. */
export function header(panel: Ready): Node[] {
  const { report } = panel;
  const { image, estimate } = report;
  const digest = image.digest ?? image.configDigest;
  const layers = report.layers.length === 1 ? "1 layer" : `${report.layers.length} layers`;
  return [
    el(
      "div",
      { class: "title" },
      el("h1", {}, panel.imageName, " ", el("span", { class: "dim digest", title: digest }, `${digest.slice(0, 17)}…`)),
      el(
        "p",
        { class: "dim" },
        [`from ${image.originLabel}`, image.platform, layers, `inspected ${formatAge(Date.now() - panel.inspectedAtEpochMs)}`].join(" · "),
      ),
    ),
    el(
      "div",
      { class: "badges" },
      panel.edited && el("span", { class: "badge warn" }, "✎ for the edited Dockerfile, not built yet"),
      el("span", { class: `badge ${estimate.confidence}` }, `${confidenceSigns[estimate.confidence]} ${estimate.confidence} confidence`),
      estimate.flags.length > 0 &&
        el(
          "a",
          { class: "badge", href: "#uncertain" },
          `▲ ${estimate.flags.length === 1 ? "1 reservation" : `${estimate.flags.length} reservations`}`,
        ),
    ),
  ];
}

/** The answer in one sentence, and where the rest lies in the next. */
export function verdict(panel: Ready, measure: ReportMeasure): Node[] {
  const { report } = panel;
  const { estimate, totals } = report;
  const interval = estimate[measure];
  const whole = wholeOf(measure, totals);
  const { inBrackets } = measureText(measure, estimate.chunkSizeBytes);
  const share = formatShare(interval.value, whole);
  return [
    el(
      "p",
      { class: "big" },
      "Startup touches ≈ ",
      el("strong", {}, share),
      shareText(measure, interval.value, totals).slice(share.length),
      " ",
      el("span", { class: "dim" }, `(${inBrackets}; ${shareIntervalText(interval, whole)} in 9 of 10 cases)`),
    ),
    el("p", {}, untouchedText(report)),
    ...requestText(report),
  ];
}

/** Only where the first request adds something that a reader would notice. */
function requestText({ estimate, weights }: PanelReport): Node[] {
  const moreBytes = estimate.afterRequest.pageBytes.value - estimate.pageBytes.value;
  if (moreBytes < 0.02 * estimate.pageBytes.value) return [];
  const ofWeights = weights.reduce((sum, file) => sum + file.requestBytes - file.readyBytes, 0);
  const part = ofWeights / moreBytes;
  const share = part > 0.95 ? ", nearly all of it model weights" : part > 0.2 ? `, ${formatBytes(ofWeights)} of it model weights` : "";
  return [el("p", {}, `The first request reads ${formatBytes(moreBytes)} more${share}.`)];
}

function untouchedText(report: PanelReport): string {
  const { estimate, totals } = report;
  const unread = Math.max(0, totals.bytes - estimate.pageBytes.value);
  const opened = measureText("openedFiles", estimate.chunkSizeBytes).inBrackets;
  const files = `${shareText("openedFiles", estimate.openedFiles.value, totals)} are ${opened}.`;
  const heaviest = [...report.packages]
    .sort((a, b) => b.bytes - b.pageBytes - (a.bytes - a.pageBytes))
    .slice(0, 2)
    .filter((owner) => owner.bytes - owner.pageBytes > unread * 0.02)
    .map((owner) => `${formatBytes(owner.bytes - owner.pageBytes)} in ${owner.name}`);
  const where = heaviest.length > 0 ? `, ${heaviest.join(" and ")} among them` : "";
  return `${files} ${formatBytes(unread)} are not read before the container is ready${where}.`;
}
