import { formatBytes, formatCount, formatFraction } from "../../src/base/format.ts";
import type { HostMethods, PanelState } from "../../src/protocol/messages.ts";
import { amountText, formatShare, measures, measureText, wholeOf } from "../../src/results/measureText.ts";
import type { ReportTraced } from "../../src/results/report.ts";
import { el } from "../dom.ts";
import { button } from "../elements.ts";
import { plainTable } from "./plainTable.ts";

type Ready = Extract<PanelState, { kind: "ready" }>;

const mostFiles = 12;
const momentTexts = { ready: "until ready", firstRequest: "until the first request was answered" } as const;

/** The estimate beside a recorded start of the same image, and which files tell them apart; without one, how to add it. */
export function tracedSection({ report, traceName }: Ready, host: HostMethods): Node[] {
  const { traced } = report;
  const choose = button(
    traced ? "Another trace…" : "Compare with a trace…",
    "secondary",
    () => void host.compareTrace().catch(() => undefined),
  );
  const save = button("Save as prefetch list…", "secondary", () => void host.savePrefetchList().catch(() => undefined));
  if (!traced) {
    const kinds = "ctr-remote, nydus, SOCI, fanotify, strace";
    return [
      el("h2", {}, "Estimated against traced"),
      el("p", {}, `A recorded start of this image shows how far the estimate is off (${kinds}). `),
      el("p", { class: "controls" }, choose, " ", save),
    ];
  }
  const forget = button("Remove", "secondary", () => void host.forgetTrace().catch(() => undefined));
  const source = [traceName, traced.format, momentTexts[traced.moment]].filter(Boolean).join(" · ");
  return [
    el("h2", {}, "Estimated against traced ", el("span", { class: "dim" }, source)),
    el(
      "p",
      {},
      el("strong", {}, formatFraction(traced.recall)),
      ` of the traced files were predicted (${formatFraction(traced.byteRecall)} by size); `,
      el("strong", {}, formatFraction(traced.precision)),
      " of the predicted files were traced.",
    ),
    measureRows(report, traced),
    ...fileTable("Traced, not predicted", traced.missed, () => ""),
    ...fileTable("Predicted, not traced", traced.surplus, (file) => `${file.evidence} (${formatFraction(file.probability)})`),
    el("p", { class: "controls" }, choose, " ", forget, " ", save),
  ];
}

function measureRows({ estimate, totals }: Ready["report"], traced: ReportTraced): Node {
  const estimated = traced.moment === "ready" ? estimate : estimate.afterRequest;
  const rows = measures.map((measure) => {
    const recorded = traced.measures[measure];
    const whole = wholeOf(measure, totals);
    const number = (text: string): Node => el("td", { class: "number" }, text);
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, measureText(measure, estimate.chunkSizeBytes).label),
      number(`${formatShare(estimated[measure].value, whole)} · ${amountText(measure, estimated[measure].value)}`),
      number(recorded ? `${formatShare(recorded.value, whole)} · ${amountText(measure, recorded.value)}` : "not recorded"),
      number(recorded ? `${recorded.errorPoints < 0 ? "−" : "+"}${Math.abs(recorded.errorPoints).toFixed(2)}` : "–"),
      number(recorded ? (recorded.isCovered ? "✓ inside" : "▲ outside") : "–"),
    );
  });
  return plainTable(["Measure", "Estimated", "Traced", "Error in points", "Interval"], rows);
}

function fileTable<File extends ReportTraced["missed"][number]>(
  title: string,
  files: readonly File[],
  because: (file: File) => string,
): Node[] {
  if (files.length === 0) return [];
  const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const rows = files
    .slice(0, mostFiles)
    .map((file) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, el("span", { class: "path" }, file.path), el("span", { class: "dim reason" }, because(file))),
        el("td", { class: "number" }, String(file.layerIndex + 1)),
        el("td", { class: "number" }, formatBytes(file.sizeBytes)),
      ),
    );
  const more = files.length - mostFiles;
  return [
    el("h3", {}, `${title}: ${files.length === 1 ? "1 file" : `${formatCount(files.length)} files`}, ${formatBytes(bytes)}`),
    plainTable(["File", "Layer", "Size"], rows),
    ...(more > 0 ? [el("p", { class: "dim" }, `and ${formatCount(more)} smaller ones`)] : []),
  ];
}
