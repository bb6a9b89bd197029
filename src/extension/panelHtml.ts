import { randomBytes } from "node:crypto";

export interface PanelResources {
  /** VS Code's origin for files of the extension. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
}

/** The panel's page. It holds no data: that comes by message. */
export function panelHtml({ cspSource, script, style }: PanelResources, nonce: string = randomBytes(18).toString("base64")): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    // The toolkit writes <style> elements, which take their nonce from the meta element below.
    `style-src ${cspSource} 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="UTF-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta property="csp-nonce" content="${nonce}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Coldstart</title>
    <link rel="stylesheet" href="${attribute(style)}">
  </head>
  <body>
    <main></main>
    <script type="module" nonce="${nonce}" src="${attribute(script)}"></script>
  </body>
</html>
`;
}

function attribute(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
}
