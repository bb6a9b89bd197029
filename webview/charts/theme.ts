/** The theme's colours as chart.js wants them; read when a chart is drawn. */
export interface ChartColours {
  readonly foreground: string;
  readonly dim: string;
  readonly line: string;
  readonly touched: string;
  readonly untouched: string;
  readonly untouchedStroke: string;
  readonly card: string;
  readonly fontFamily: string;
}

export function chartColours(): ChartColours {
  const style = getComputedStyle(document.body);
  const read = (...names: string[]): string =>
    names.map((name) => style.getPropertyValue(name).trim()).find((value) => value !== "") ?? "#808080";
  const foreground = read("--vscode-foreground");
  const isHighContrast = document.body.matches(".vscode-high-contrast, .vscode-high-contrast-light");
  return {
    foreground,
    dim: read("--vscode-descriptionForeground", "--vscode-foreground"),
    // In high contrast borders are as strong as bars; grid lines shall not be.
    line: isHighContrast ? read("--vscode-charts-lines", "--vscode-foreground") : read("--vscode-widget-border", "--vscode-panel-border"),
    touched: read("--vscode-charts-blue", "--vscode-textLink-foreground"),
    untouched: read("--vscode-editorWidget-background", "--vscode-editor-background"),
    untouchedStroke: read("--vscode-contrastBorder", "--vscode-charts-lines", "--vscode-descriptionForeground"),
    card: read("--vscode-editorWidget-background", "--vscode-editor-background"),
    fontFamily: read("--vscode-font-family"),
  };
}

/** Diagonal lines: the second sign beside the colour. */
export function hatch(background: string, stroke: string): CanvasPattern | string {
  const size = 6;
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const draw = tile.getContext("2d");
  if (!draw) return background;
  draw.fillStyle = background;
  draw.fillRect(0, 0, size, size);
  draw.strokeStyle = stroke;
  draw.globalAlpha = 0.45;
  draw.lineWidth = 1;
  draw.beginPath();
  for (const shift of [-size, 0, size]) {
    draw.moveTo(shift, size);
    draw.lineTo(shift + size, 0);
  }
  draw.stroke();
  return draw.createPattern(tile, "repeat") ?? background;
}
