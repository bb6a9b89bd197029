import type { FillName, PatternName, Picture, Shape, Tone } from "../../src/results/picture.ts";
import { fillLooks } from "../../src/results/picture.ts";

/** Sharp on screens of twice the density. */
const scale = 2;

/** The picture as a PNG in base64, light or dark as the page is. Throws where the browser gives no canvas. */
export function picturePng(picture: Picture, isDark: boolean): string {
  const canvas = document.createElement("canvas");
  canvas.width = picture.widthPx * scale;
  canvas.height = picture.heightPx * scale;
  const draw = canvas.getContext("2d");
  if (!draw) throw new Error("the browser gives no canvas");
  draw.scale(scale, scale);
  draw.fillStyle = isDark ? "#1f1f1f" : "#ffffff";
  draw.fillRect(0, 0, picture.widthPx, picture.heightPx);
  for (const shape of picture.shapes) paint(draw, shape, isDark);
  return canvas.toDataURL("image/png").replace(/^data:image\/png;base64,/, "");
}

function paint(draw: CanvasRenderingContext2D, shape: Shape, isDark: boolean): void {
  switch (shape.kind) {
    case "rect":
      draw.fillStyle = isDark ? fillLooks[shape.fill].dark : fillLooks[shape.fill].light;
      draw.fillRect(shape.x, shape.y, shape.width, shape.height);
      paintPattern(draw, shape, isDark);
      return;
    case "line":
      draw.strokeStyle = toneColour(shape.tone, isDark);
      draw.lineWidth = shape.widthPx;
      draw.beginPath();
      draw.moveTo(shape.x1, shape.y1);
      draw.lineTo(shape.x2, shape.y2);
      draw.stroke();
      return;
    case "dot":
      draw.fillStyle = toneColour(shape.tone, isDark);
      draw.beginPath();
      draw.arc(shape.x, shape.y, shape.radiusPx, 0, 2 * Math.PI);
      draw.fill();
      return;
    case "text":
      draw.fillStyle = toneColour(shape.tone, isDark);
      draw.font = `${shape.isBold ? "600 " : ""}${shape.sizePx}px system-ui, "DejaVu Sans", sans-serif`;
      draw.textAlign = shape.anchor === "middle" ? "center" : shape.anchor;
      draw.fillText(shape.text, shape.x, shape.y);
  }
}

function toneColour(tone: Tone, isDark: boolean): string {
  const colours = {
    strong: isDark ? "#cccccc" : "#3b3b3b",
    dim: isDark ? "#9d9d9d" : "#616161",
    faint: isDark ? "#3a3a3a" : "#e0e0e0",
    "on-fill": isDark ? "#1f1f1f" : "#ffffff",
  };
  return colours[tone];
}

type Box = Extract<Shape, { kind: "rect" }> & { readonly fill: FillName };

/** Lines within the box: the second sign beside the colour. */
function paintPattern(draw: CanvasRenderingContext2D, { x, y, width, height, fill }: Box, isDark: boolean): void {
  const { pattern } = fillLooks[fill];
  if (pattern === "plain") return;
  draw.save();
  draw.beginPath();
  draw.rect(x, y, width, height);
  draw.clip();
  draw.lineWidth = 1;
  if (pattern === "dashed") {
    draw.setLineDash([3, 2]);
    draw.strokeStyle = toneColour("dim", isDark);
    draw.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  } else {
    draw.strokeStyle = toneColour("on-fill", isDark);
    draw.globalAlpha = 0.3;
    strokePattern(draw, pattern, { x, y, width, height });
  }
  draw.restore();
}

function strokePattern(
  draw: CanvasRenderingContext2D,
  pattern: PatternName,
  { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): void {
  const line = (x1: number, y1: number, x2: number, y2: number): void => {
    draw.moveTo(x1, y1);
    draw.lineTo(x2, y2);
  };
  draw.beginPath();
  if (pattern === "horizontal") for (let at = y + 2; at < y + height; at += 4) line(x, at, x + width, at);
  if (pattern === "vertical") for (let at = x + 1; at < x + width; at += 4) line(at, y, at, y + height);
  if (pattern === "rising") for (let at = x - height; at < x + width; at += 7) line(at, y + height, at + height, y);
  if (pattern === "falling") for (let at = x - height; at < x + width; at += 7) line(at, y, at + height, y + height);
  if (pattern === "dots")
    for (let at = x + 2; at < x + width; at += 6) for (let down = y + 3; down < y + height; down += 6) line(at, down, at + 1.5, down);
  draw.stroke();
}
