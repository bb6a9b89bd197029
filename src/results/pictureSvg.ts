import { fillLooks, patternNames, type FillName, type PatternName, type Picture, type Shape } from "./picture.ts";

/** The picture as one SVG file: no script, no font, nothing from elsewhere; light or dark as its reader is. */
export function pictureSvg({ widthPx, heightPx, title, description, shapes }: Picture): string {
  const fills = [...new Set(shapes.flatMap((shape) => (shape.kind === "rect" ? [shape.fill] : [])))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}" role="img" aria-labelledby="title description" font-family="system-ui, 'DejaVu Sans', sans-serif">`,
    `<title id="title">${xmlText(title)}</title>`,
    `<desc id="description">${xmlText(description)}</desc>`,
    `<style>${styleText(fills)}</style>`,
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

function styleText(fills: readonly FillName[]): string {
  const scheme = (isDark: boolean): string =>
    [
      `.ground{fill:${isDark ? "#1f1f1f" : "#ffffff"}}`,
      `.strong{fill:${isDark ? "#cccccc" : "#3b3b3b"};stroke:${isDark ? "#cccccc" : "#3b3b3b"}}`,
      `.dim{fill:${isDark ? "#9d9d9d" : "#616161"};stroke:${isDark ? "#9d9d9d" : "#616161"}}`,
      `.faint{stroke:${isDark ? "#3a3a3a" : "#e0e0e0"}}`,
      `.on-fill{fill:${isDark ? "#1f1f1f" : "#ffffff"}}`,
      `.mark{stroke:${isDark ? "#1f1f1f" : "#ffffff"};fill:none;opacity:.3}`,
      `.edge{stroke:${isDark ? "#9d9d9d" : "#616161"};stroke-dasharray:3 2;fill:none}`,
      ...fills.map((name) => `.f-${name}{fill:${isDark ? fillLooks[name].dark : fillLooks[name].light}}`),
    ].join("");
  return `text{stroke:none!important}${scheme(false)}@media (prefers-color-scheme: dark){${scheme(true)}}`;
}

const patternLines: Readonly<Record<PatternName, string>> = {
  plain: "",
  vertical: '<path class="mark" d="M1 0V8M5 0V8"/>',
  rising: '<path class="mark" d="M0 8L8 0M-2 2L2 -2M6 10L10 6"/>',
  falling: '<path class="mark" stroke-width="1.6" d="M0 0L8 8M-2 6L2 10M6 -2L10 2"/>',
  dots: '<circle class="mark" cx="2" cy="2" r="1"/><circle class="mark" cx="6" cy="6" r="1"/>',
  horizontal: '<path class="mark" d="M0 2H8M0 6H8"/>',
  dashed: "",
};

function patternText(name: PatternName): string {
  if (patternLines[name] === "") return "";
  return `<pattern id="p-${name}" width="8" height="8" patternUnits="userSpaceOnUse">${patternLines[name]}</pattern>`;
}

function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case "rect": {
      const { pattern } = fillLooks[shape.fill];
      const box = `x="${round(shape.x)}" y="${round(shape.y)}" width="${round(shape.width)}" height="${round(shape.height)}"`;
      const over =
        pattern === "plain" ? "" : pattern === "dashed" ? `<rect ${box} class="edge"/>` : `<rect ${box} fill="url(#p-${pattern})"/>`;
      return `<g><title>${xmlText(shape.title)}</title><rect ${box} class="f-${shape.fill}"/>${over}</g>`;
    }
    case "line":
      return `<line x1="${round(shape.x1)}" y1="${round(shape.y1)}" x2="${round(shape.x2)}" y2="${round(shape.y2)}" stroke-width="${shape.widthPx}" class="${shape.tone}"/>`;
    case "dot":
      return `<circle cx="${round(shape.x)}" cy="${round(shape.y)}" r="${shape.radiusPx}" class="${shape.tone}"/>`;
    case "text":
      return `<text x="${round(shape.x)}" y="${round(shape.y)}" font-size="${shape.sizePx}"${shape.isBold ? ' font-weight="600"' : ""} text-anchor="${shape.anchor}" class="${shape.tone}">${xmlText(shape.text)}</text>`;
  }
}

function round(px: number): number {
  return Math.round(px * 100) / 100;
}
