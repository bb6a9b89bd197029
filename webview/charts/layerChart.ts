import { BarController, BarElement, CategoryScale, Chart, LinearScale, type ChartConfiguration, type Plugin } from "chart.js";
import { formatBytes, formatCount } from "../../src/base/format.ts";
import type { PanelReport } from "../../src/protocol/messages.ts";
import { measureText, type ReportMeasure } from "../../src/results/measureText.ts";
import { el, fill } from "../dom.ts";
import { layerBars, shortLabel, type LayerBar } from "./layerBars.ts";
import { chartColours, hatch, type ChartColours } from "./theme.ts";

Chart.register(BarController, BarElement, CategoryScale, LinearScale);

/** Layers as bars, filled by what startup touches. The table of layers beneath says the same to who cannot see it. */
export class LayerChart {
  readonly element: HTMLElement;
  readonly #caption = el("span", { class: "dim" });
  readonly #canvas = el("canvas", { role: "img" });
  readonly #frame = el("div", { class: "chart" }, this.#canvas);
  readonly #legend = el("p", { class: "legend dim" });
  #chart: Chart | undefined;

  constructor() {
    this.element = el("section", {}, el("h2", {}, "Where the weight lies ", this.#caption), this.#frame, this.#legend);
  }

  update(report: PanelReport, measure: ReportMeasure): void {
    const bars = layerBars(report, measure);
    const { inBrackets } = measureText(measure, report.estimate.chunkSizeBytes);
    this.#caption.textContent = measure === "openedFiles" ? "files of each layer" : "bytes of each layer in the final image";
    this.#canvas.setAttribute(
      "aria-label",
      `Bar chart of ${bars.length} layers: ${bars.map((bar) => `${shortLabel(bar.label, 60)}: ${bar.text} touched`).join("; ")}. The table of layers has the same numbers.`,
    );
    fill(
      this.#legend,
      el("span", { class: "key touched", "aria-hidden": "true" }),
      `touched at startup (${inBrackets})`,
      el("span", { class: "key untouched", "aria-hidden": "true" }),
      "not touched",
    );
    this.#frame.style.height = `${bars.length * 30 + 34}px`;
    this.#chart?.destroy();
    // Labels get a third of the width; a character takes some 6.6 pixels.
    const labelLength = Math.max(12, Math.floor((this.#frame.clientWidth || 850) / 3 / 6.6));
    const short = bars.map((bar) => ({ ...bar, label: shortLabel(bar.label, labelLength) }));
    this.#chart = new Chart(this.#canvas, configuration(short, measure, chartColours()));
  }
}

function configuration(bars: readonly LayerBar[], measure: ReportMeasure, colours: ChartColours): ChartConfiguration<"bar"> {
  const font = { family: colours.fontFamily, size: 12 };
  const longest = Math.max(0, ...bars.map((bar) => bar.text.length));
  return {
    type: "bar",
    data: {
      labels: bars.map((bar) => bar.label),
      datasets: [
        {
          data: bars.map((bar) => bar.touched),
          backgroundColor: colours.touched,
          borderColor: colours.touched,
          borderWidth: 1,
          barThickness: 20,
        },
        {
          data: bars.map((bar) => bar.untouched),
          backgroundColor: hatch(colours.untouched, colours.untouchedStroke),
          borderColor: colours.untouchedStroke,
          borderWidth: 1,
          barThickness: 20,
        },
      ],
    },
    options: {
      indexAxis: "y",
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      // Room for the text behind the longest bar.
      layout: { padding: { right: longest * 6.6 + 12 } },
      scales: {
        x: {
          stacked: true,
          grid: { color: colours.line, lineWidth: 0.5 },
          border: { display: false },
          ticks: {
            color: colours.dim,
            font,
            maxTicksLimit: 6,
            callback: (value) => (measure === "openedFiles" ? formatCount(Number(value)) : formatBytes(Number(value))),
          },
        },
        y: {
          stacked: true,
          grid: { display: false },
          border: { display: false },
          ticks: { color: colours.foreground, font, autoSkip: false, crossAlign: "far" },
        },
      },
    },
    plugins: [labelsBehindBars(bars, colours)],
  };
}

/** Writes each bar's numbers behind it: nothing has to be looked up in a legend. */
function labelsBehindBars(bars: readonly LayerBar[], colours: ChartColours): Plugin<"bar"> {
  return {
    id: "labelsBehindBars",
    afterDatasetsDraw(chart) {
      const draw = chart.ctx;
      draw.save();
      draw.fillStyle = colours.foreground;
      draw.font = `600 12px ${colours.fontFamily}`;
      draw.textBaseline = "middle";
      for (const [index, element] of chart.getDatasetMeta(1).data.entries())
        draw.fillText(bars[index]?.text ?? "", element.x + 8, element.y);
      draw.restore();
    },
  };
}
