import { formatBytes, formatCount } from "../../src/base/format.ts";
import type { PanelReport } from "../../src/protocol/messages.ts";
import { instructionText } from "../../src/results/instructionText.ts";
import { formatShare, type ReportMeasure } from "../../src/results/measureText.ts";

export interface LayerBar {
  readonly label: string;
  readonly touched: number;
  readonly untouched: number;
  /** `5.4 GB, 3.0 %`. */
  readonly text: string;
}

const mostBars = 14;
/** A layer below this share of the image is summed up with the other small ones. */
const smallest = 0.004;

/** What the chart of layers shows: a bar for each layer that weighs something, and one for the rest. Pure. */
export function layerBars(report: PanelReport, measure: ReportMeasure): LayerBar[] {
  const isCount = measure === "openedFiles";
  const weight = (layer: PanelReport["layers"][number]): number => (isCount ? layer.files : layer.bytes);
  const total = report.layers.reduce((sum, layer) => sum + weight(layer), 0);
  const heaviest = [...report.layers]
    .sort((a, b) => weight(b) - weight(a))
    .filter((layer, rank) => rank < mostBars && weight(layer) > 0 && weight(layer) >= total * smallest);
  const shown = new Set(heaviest.map((layer) => layer.index));
  const bar = (label: string, layers: PanelReport["layers"]): LayerBar => {
    const whole = layers.reduce((sum, layer) => sum + weight(layer), 0);
    const touched = Math.min(
      whole,
      layers.reduce((sum, layer) => sum + layer[measure], 0),
    );
    const amount = isCount ? `${formatCount(whole)} files` : formatBytes(whole);
    return { label, touched, untouched: whole - touched, text: `${amount}, ${formatShare(touched, whole)}` };
  };
  const bars = report.layers.filter((layer) => shown.has(layer.index)).map((layer) => bar(barLabel(layer), [layer]));
  const others = report.layers.filter((layer) => !shown.has(layer.index) && weight(layer) > 0);
  if (others.length > 0) bars.push(bar(others.length === 1 ? "1 small layer" : `${others.length} small layers`, others));
  return bars;
}

function barLabel(layer: PanelReport["layers"][number]): string {
  const text = instructionText(layer.createdBy);
  return text === "" ? `layer ${layer.index + 1}` : `${layer.index + 1}  ${text}`;
}

/** A label within its width; `maxLength` counts characters. */
export function shortLabel(label: string, maxLength: number): string {
  return label.length > maxLength ? `${label.slice(0, maxLength - 1)}…` : label;
}
