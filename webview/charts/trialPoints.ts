import { Chart, LinearScale, PointElement, ScatterController, Tooltip, type ChartConfiguration, type Plugin } from "chart.js";
import { formatCount, formatDuration, formatTick } from "../../src/base/format.ts";
import type { TrialRow } from "../../src/protocol/reportMessages.ts";
import { armMarks, type ArmMark } from "./armMarks.ts";
import { chartColours, type ChartColours } from "./theme.ts";

Chart.register(LinearScale, PointElement, ScatterController, Tooltip);

/** From here on points are small, and seen through. */
const manyTrials = 1000;

export interface TrialPointsInput {
  readonly arms: readonly { readonly name: string; readonly medianMs: number | undefined; readonly outlierIds: ReadonlySet<string> }[];
  readonly trials: readonly TrialRow[];
  /** `strips`: a band for each arm, time to the right, from above to below in order of execution. `order`: order to the right, time upwards. */
  readonly layout: "strips" | "order";
  readonly ticksMs: readonly number[];
  readonly endMs: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly trial: TrialRow;
  readonly isOutlier: boolean;
}

/** Every trial with a time as a point: filled ones count, hollow ones are set aside, outliers have a ring. */
export class TrialPoints {
  readonly canvas: HTMLCanvasElement;
  readonly #onPick: (trialId: string) => void;
  #chart: Chart<"scatter", Point[]> | undefined;

  constructor(canvas: HTMLCanvasElement, onPick: (trialId: string) => void) {
    this.canvas = canvas;
    this.#onPick = onPick;
  }

  draw(input: TrialPointsInput): void {
    this.#chart?.destroy();
    const marks = armMarks(input.arms.length);
    this.#chart = new Chart(this.canvas, configuration(input, marks, chartColours(), this.#onPick));
  }
}

function pointsOf({ arms, trials, layout }: TrialPointsInput, armIndex: number): Point[] {
  const arm = arms[armIndex];
  const own = trials.filter((trial) => trial.arm === arm?.name && trial.readyMs !== undefined);
  const lastOrder = Math.max(1, trials.at(-1)?.order ?? 1);
  return own.map((trial) => {
    const readyMs = trial.readyMs ?? 0;
    const isOutlier = arm?.outlierIds.has(trial.id) === true;
    return layout === "strips"
      ? { x: readyMs, y: armIndex + 0.62 * (trial.order / lastOrder - 0.5), trial, isOutlier }
      : { x: trial.order + 1, y: readyMs, trial, isOutlier };
  });
}

function configuration(
  input: TrialPointsInput,
  marks: readonly ArmMark[],
  colours: ChartColours,
  onPick: (trialId: string) => void,
): ChartConfiguration<"scatter", Point[]> {
  const font = { family: colours.fontFamily, size: 12 };
  const isStrips = input.layout === "strips";
  const time = {
    min: 0,
    max: input.endMs,
    grid: { color: colours.line, lineWidth: 0.5 },
    border: { display: false },
    ticks: { color: colours.dim, font, callback: (value: string | number) => formatTick(Number(value)) },
    afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
      scale.ticks = input.ticksMs.map((value) => ({ value }));
    },
  };
  const lastOrder = (input.trials.at(-1)?.order ?? 0) + 1;
  const isMany = input.trials.length > manyTrials;
  return {
    type: "scatter",
    data: {
      datasets: input.arms.map((_, index) => {
        const mark = marks[index];
        const points = pointsOf(input, index);
        const fills = points.map(({ trial }) => (isCounted(trial) ? withAlpha(mark?.colour ?? "", isMany ? 0.45 : 0.85) : "transparent"));
        return {
          data: points,
          pointStyle: mark?.shape ?? "circle",
          pointRadius: isMany ? 2 : isStrips ? 4 : 5,
          pointHoverRadius: 7,
          pointHitRadius: 6,
          pointBackgroundColor: isMany && points.every(({ trial }) => isCounted(trial)) ? (fills[0] ?? "transparent") : fills,
          pointBorderColor: mark?.colour ?? "",
          pointBorderWidth: isMany ? 0.5 : 1.5,
        };
      }),
    },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      layout: { padding: { left: isStrips ? 4 : 0, right: 10, top: 4 } },
      scales: isStrips
        ? { x: time, y: { min: -0.6, max: input.arms.length - 0.4, reverse: true, display: false } }
        : {
            x: {
              min: 0,
              max: lastOrder + 1,
              grid: { display: false },
              border: { color: colours.line },
              title: { display: true, text: "order of execution", color: colours.dim, font },
              ticks: {
                color: colours.dim,
                font,
                precision: 0,
                maxTicksLimit: 12,
                callback: (value) => (Number(value) < 1 || Number(value) > lastOrder ? "" : formatCount(Number(value))),
              },
            },
            y: time,
          },
      onClick: (_event, elements, chart) => {
        const trial = hit(chart as Chart<"scatter", Point[]>, elements[0]);
        if (trial) onPick(trial.id);
      },
      onHover: (_event, elements, chart) => {
        chart.canvas.style.cursor = elements.length > 0 ? "pointer" : "";
      },
      plugins: {
        tooltip: {
          displayColors: false,
          backgroundColor: colours.card,
          borderColor: colours.dim,
          borderWidth: 1,
          titleColor: colours.foreground,
          bodyColor: colours.foreground,
          titleFont: font,
          bodyFont: font,
          callbacks: {
            title: (items) => items.map(({ raw }) => `${(raw as Point).trial.arm} · trial ${(raw as Point).trial.order + 1}`)[0] ?? "",
            label: ({ raw }) => formatDuration((raw as Point).trial.readyMs ?? 0),
          },
        },
      },
    },
    plugins: [overlay(input, colours)],
  };
}

function hit(chart: Chart<"scatter", Point[]>, element: { datasetIndex: number; index: number } | undefined): TrialRow | undefined {
  return element && chart.data.datasets[element.datasetIndex]?.data[element.index]?.trial;
}

function isCounted({ outcome, taints }: TrialRow): boolean {
  return outcome === "ready" && taints.length === 0;
}

/** Medians as lines and rings around outliers; in strips also the arms' names, so that nothing is looked up. */
function overlay({ arms, layout, trials }: TrialPointsInput, colours: ChartColours): Plugin<"scatter"> {
  const isMany = trials.length > manyTrials;
  return {
    id: "mediansAndOutliers",
    afterDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      const { x, y } = scales;
      if (!x || !y) return;
      ctx.save();
      ctx.strokeStyle = colours.foreground;
      for (const [index, { medianMs }] of arms.entries()) {
        if (medianMs === undefined) continue;
        ctx.lineWidth = layout === "strips" ? 2 : 1;
        ctx.setLineDash(layout === "strips" ? [] : [4, 3]);
        ctx.beginPath();
        if (layout === "strips") {
          ctx.moveTo(x.getPixelForValue(medianMs), y.getPixelForValue(index - 0.4));
          ctx.lineTo(x.getPixelForValue(medianMs), y.getPixelForValue(index + 0.4));
        } else {
          ctx.moveTo(chartArea.left, y.getPixelForValue(medianMs));
          ctx.lineTo(chartArea.right, y.getPixelForValue(medianMs));
        }
        ctx.stroke();
      }
      ctx.setLineDash([]);
      ctx.lineWidth = 1;
      for (const [index, { data }] of chart.data.datasets.entries()) {
        for (const [at, point] of (data as unknown as Point[]).entries()) {
          const element = point.isOutlier ? chart.getDatasetMeta(index).data[at] : undefined;
          if (!element) continue;
          ctx.beginPath();
          ctx.arc(element.x, element.y, isMany ? 4 : 8, 0, 2 * Math.PI);
          ctx.stroke();
        }
      }
      ctx.restore();
    },
  };
}

/** Overlapping points shall be seen through each other. */
function withAlpha(colour: string, alpha: number): string {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour)?.[1];
  return hex === undefined
    ? colour
    : `#${hex}${Math.round(alpha * 255)
        .toString(16)
        .padStart(2, "0")}`;
}
