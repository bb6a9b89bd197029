import {
  fillLooks,
  markPath,
  patternNames,
  rounded,
  seriesLooks,
  toneLooks,
  type FillName,
  type Look,
  type PatternName,
  type Picture,
  type Shape,
} from "./picture.ts";

/** The picture as one SVG file: no script, no font, nothing from elsewhere; light or dark as its reader is. */
export function pictureSvg({ widthPx, heightPx, title, description, shapes }: Picture): string {
  const fills = [...new Set(shapes.flatMap((shape) => (shape.kind === "rect" ? [shape.fill] : [])))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}" role="img" aria-labelledby="title description" font-family="system-ui, 'DejaVu Sans', sans-serif">`,
    `<title id="title">${xmlText(title)}</title>`,
    `<desc id="description">${xmlText(description)}</desc>`,
    `<style>${styleText(fills, [...new Set(shapes.flatMap((shape) => (shape.kind === "mark" ? [shape.series] : [])))])}</style>`,
    `<defs>${patternNames.map(patternText).join("")}</defs>`,
    `<rect class="ground" width="${widthPx}" height="${heightPx}"/>`,
    ...shapes.map(shapeText),
    "</svg>",
    "",
  ].join("\n");
}

/** Text within elements and attributes; what XML 1.0 cannot hold becomes a replacement character. */
export function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

function styleText(fills: readonly FillName[], series: readonly number[]): string {
  const scheme = (name: keyof Look): string =>
    [
      `.ground{fill:${toneLooks.ground[name]}}`,
      `.strong{fill:${toneLooks.strong[name]};stroke:${toneLooks.strong[name]}}`,
      `.dim{fill:${toneLooks.dim[name]};stroke:${toneLooks.dim[name]}}`,
      `.faint{stroke:${toneLooks.faint[name]}}`,
      `.on-fill{fill:${toneLooks["on-fill"][name]}}`,
      `.mark{stroke:${toneLooks["on-fill"][name]};fill:none;opacity:.3}`,
      `.dashed{stroke:${toneLooks.dim[name]};stroke-dasharray:3 2;fill:none}`,
      `.edged{stroke:${toneLooks.dim[name]};stroke-width:.6;fill:none}`,
      ...fills.map((fill) => `.f-${fill}{fill:${fillLooks[fill][name]}}`),
      ...series.map((each) => `.s-${each}{fill:${seriesColour(each, name)};stroke:${seriesColour(each, name)}}`),
    ].join("");
  return `text{stroke:none!important}${scheme("light")}@media (prefers-color-scheme: dark){${scheme("dark")}}`;
}

function seriesColour(series: number, name: keyof Look): string {
  return (seriesLooks[series % seriesLooks.length] ?? fillLooks.several)[name];
}

const patternLines: Readonly<Record<PatternName, string>> = {
  plain: "",
  vertical: '<path class="mark" d="M1 0V8M5 0V8"/>',
  rising: '<path class="mark" d="M0 8L8 0M-2 2L2 -2M6 10L10 6"/>',
  falling: '<path class="mark" stroke-width="1.6" d="M0 0L8 8M-2 6L2 10M6 -2L10 2"/>',
  dots: '<circle class="mark" cx="2" cy="2" r="1"/><circle class="mark" cx="6" cy="6" r="1"/>',
  horizontal: '<path class="mark" d="M0 2H8M0 6H8"/>',
  dashed: "",
  edged: "",
};

function patternText(name: PatternName): string {
  if (patternLines[name] === "") return "";
  return `<pattern id="p-${name}" width="8" height="8" patternUnits="userSpaceOnUse">${patternLines[name]}</pattern>`;
}

function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case "rect": {
      const { pattern } = fillLooks[shape.fill];
      const box = `x="${rounded(shape.x)}" y="${rounded(shape.y)}" width="${rounded(shape.width)}" height="${rounded(shape.height)}"`;
      const hasBorder = pattern === "dashed" || pattern === "edged";
      const over = pattern === "plain" ? "" : hasBorder ? `<rect ${box} class="${pattern}"/>` : `<rect ${box} fill="url(#p-${pattern})"/>`;
      return `<g><title>${xmlText(shape.title)}</title><rect ${box} class="f-${shape.fill}"/>${over}</g>`;
    }
    case "line":
      return `<line x1="${rounded(shape.x1)}" y1="${rounded(shape.y1)}" x2="${rounded(shape.x2)}" y2="${rounded(shape.y2)}" stroke-width="${shape.widthPx}"${shape.isDashed ? ' stroke-dasharray="4 3"' : ""} class="${shape.tone}"/>`;
    case "mark": {
      const path = `d="${markPath(shape.series, shape.x, shape.y, shape.radiusPx)}" class="s-${shape.series}"`;
      const outline = shape.isHollow ? ' fill-opacity="0"' : ' fill-opacity=".85"';
      return shape.title === undefined
        ? `<path ${path}${outline}/>`
        : `<path ${path}${outline}><title>${xmlText(shape.title)}</title></path>`;
    }
    case "ring":
      return `<circle cx="${rounded(shape.x)}" cy="${rounded(shape.y)}" r="${shape.radiusPx}" fill-opacity="0" class="strong"/>`;
    case "dot":
      return `<circle cx="${rounded(shape.x)}" cy="${rounded(shape.y)}" r="${shape.radiusPx}" class="${shape.tone}"/>`;
    case "text":
      return `<text x="${rounded(shape.x)}" y="${rounded(shape.y)}" font-size="${shape.sizePx}"${shape.isBold ? ' font-weight="600"' : ""} text-anchor="${shape.anchor}" class="${shape.tone}">${xmlText(shape.text)}</text>`;
  }
}
