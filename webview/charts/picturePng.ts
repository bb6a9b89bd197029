import {
  fillLooks,
  markPath,
  seriesLooks,
  toneLooks,
  type FillName,
  type Look,
  type PatternName,
  type Picture,
  type Shape,
} from "../../src/results/pictures/picture.ts";

/** Sharp on screens of twice the density. */
const scale = 2;

/** The picture as a PNG in base64, light or dark as the page is. Undefined: the browser gives no canvas, or none of this size. */
export function picturePng(picture: Picture, isDark: boolean): string | undefined {
  const canvas = document.createElement("canvas");
  canvas.width = picture.widthPx * scale;
  canvas.height = picture.heightPx * scale;
  const draw = canvas.getContext("2d");
  if (!draw) return undefined;
  draw.scale(scale, scale);
  const scheme = isDark ? "dark" : "light";
  draw.fillStyle = toneLooks.ground[scheme];
  draw.fillRect(0, 0, picture.widthPx, picture.heightPx);
  for (const shape of picture.shapes) paint(draw, shape, scheme);
  // A canvas that is too large gives "data:,".
  return /^data:image\/png;base64,(.+)$/.exec(canvas.toDataURL("image/png"))?.[1];
}

function paint(draw: CanvasRenderingContext2D, shape: Shape, scheme: keyof Look): void {
  switch (shape.kind) {
    case "rect":
      draw.fillStyle = fillLooks[shape.fill][scheme];
      draw.fillRect(shape.x, shape.y, shape.width, shape.height);
      paintPattern(draw, shape, scheme);
      return;
    case "line":
      draw.strokeStyle = toneLooks[shape.tone][scheme];
      draw.lineWidth = shape.widthPx;
      draw.beginPath();
      draw.moveTo(shape.x1, shape.y1);
      draw.lineTo(shape.x2, shape.y2);
      draw.setLineDash(shape.isDashed ? [4, 3] : []);
      draw.stroke();
      draw.setLineDash([]);
      return;
    case "mark": {
      const outline = new Path2D(markPath(shape.series, shape.x, shape.y, shape.radiusPx));
      const colour = (seriesLooks[shape.series % seriesLooks.length] ?? fillLooks.several)[scheme];
      draw.fillStyle = draw.strokeStyle = colour;
      draw.lineWidth = 1;
      draw.globalAlpha = 0.85;
      if (!shape.isHollow) draw.fill(outline);
      draw.globalAlpha = 1;
      draw.stroke(outline);
      return;
    }
    case "ring":
      draw.strokeStyle = toneLooks.strong[scheme];
      draw.lineWidth = 1;
      draw.beginPath();
      draw.arc(shape.x, shape.y, shape.radiusPx, 0, 2 * Math.PI);
      draw.stroke();
      return;
    case "dot":
      draw.fillStyle = toneLooks[shape.tone][scheme];
      draw.beginPath();
      draw.arc(shape.x, shape.y, shape.radiusPx, 0, 2 * Math.PI);
      draw.fill();
      return;
    case "text":
      draw.fillStyle = toneLooks[shape.tone][scheme];
      draw.font = `${shape.isBold ? "600 " : ""}${shape.sizePx}px system-ui, "DejaVu Sans", sans-serif`;
      draw.textAlign = shape.anchor === "middle" ? "center" : shape.anchor;
      draw.fillText(shape.text, shape.x, shape.y);
  }
}

type Box = Extract<Shape, { kind: "rect" }> & { readonly fill: FillName };

/** Lines within the box: the second sign beside the colour. */
function paintPattern(draw: CanvasRenderingContext2D, { x, y, width, height, fill }: Box, scheme: keyof Look): void {
  const { pattern } = fillLooks[fill];
  if (pattern === "plain") return;
  draw.save();
  draw.beginPath();
  draw.rect(x, y, width, height);
  draw.clip();
  draw.lineWidth = 1;
  if (pattern === "edged") {
    draw.lineWidth = 0.6;
    draw.strokeStyle = toneLooks.dim[scheme];
    draw.strokeRect(x, y, width, height);
  } else if (pattern === "dashed") {
    draw.setLineDash([3, 2]);
    draw.strokeStyle = toneLooks.dim[scheme];
    draw.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  } else {
    draw.strokeStyle = toneLooks["on-fill"][scheme];
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
