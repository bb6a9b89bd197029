import { createHash } from "node:crypto";
import { foreignLine } from "../base/foreignText.ts";
import type { ReportDocument } from "./document.ts";
import { xmlText } from "./pictures/pictureSvg.ts";

/** The built page of a report that stands alone: `reportFile.js`, `reportFile.css` and `reportFile.notices.txt`. */
export interface ReportPageParts {
  readonly script: string;
  readonly style: string;
  /** The licences of all that the script and the style are made of. */
  readonly notices: string;
}

/** Names of the files that the parts lie in. */
export const pagePartFiles: Readonly<Record<keyof ReportPageParts, string>> = {
  script: "reportFile.js",
  style: "reportFile.css",
  notices: "reportFile.notices.txt",
};

/**
 * The report as one file that loads nothing: the panel's own page with the document in a block of data. Its policy allows the two texts
 * by their hashes and no request at all.
 */
export function reportHtml(document: ReportDocument, page: ReportPageParts): string {
  // Neither may end its element early; both mean the same to JavaScript and CSS within strings, the only place where they stand.
  const script = page.script.replace(/<\/(script)/gi, "<\\/$1").replaceAll("<!--", "\\x3c!--");
  const style = page.style.replace(/<\/(style)/gi, "<\\/$1");
  // The toolkit's controls write rules of their own, in an element that takes its nonce from the meta element below. No script has one.
  const nonce = hashOf(style).slice("sha256-".length, -1);
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}' 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${xmlText(foreignLine(titleOf(document), 120))}</title>
<style>${style}</style>
</head>
<body>
<main><noscript>This report is drawn by the script that it holds: allow scripts for this file, or open the *.coldstart.json in VS Code.</noscript></main>
<footer><details><summary>Licences of the software in this file</summary><pre tabindex="0">${xmlText(page.notices)}</pre></details></footer>
<script type="application/json" id="report">${dataText(document)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

/** JSON that no HTML parser takes for anything else: every `<` is an escape. */
function dataText(document: ReportDocument): string {
  return JSON.stringify(document).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function titleOf({ bench, image, boots }: ReportDocument): string {
  const name = bench?.run.plan.name ?? image?.image.reference ?? (boots ? `boots of ${boots.unit}` : undefined);
  return name === undefined ? "Coldstart report" : `${name}: Coldstart report`;
}
