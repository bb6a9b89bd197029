import type { PointStyle } from "chart.js";

/** Colour and shape of an arm's points, by its place in the plan; beyond the last they begin again with other shapes. */
export interface ArmMark {
  readonly colour: string;
  readonly shape: PointStyle;
  /** For legends in text. */
  readonly sign: string;
}

const colourNames = [
  "--vscode-charts-blue",
  "--vscode-charts-orange",
  "--vscode-charts-green",
  "--vscode-charts-purple",
  "--vscode-charts-red",
];
const shapes: readonly (readonly [PointStyle, string])[] = [
  ["circle", "●"],
  ["triangle", "▲"],
  ["rect", "■"],
  ["rectRot", "◆"],
  ["star", "✳"],
];

export function armMarks(count: number): readonly ArmMark[] {
  const style = getComputedStyle(document.body);
  return Array.from({ length: count }, (_, index) => {
    const [shape, sign] = shapes[(index + Math.floor(index / shapes.length)) % shapes.length] ?? (["circle", "●"] as const);
    const colour = style.getPropertyValue(colourNames[index % colourNames.length] ?? "").trim() || "#808080";
    return { colour, shape, sign };
  });
}
