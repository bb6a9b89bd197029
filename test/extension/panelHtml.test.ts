import { expect, test } from "vitest";
import { panelHtml } from "../../src/extension/panelHtml.ts";

const resources = {
  cspSource: "https://webview.test",
  script: "https://webview.test/panel.js",
  style: "https://webview.test/panel.css?a=1&b=2",
};

test("the page allows nothing but its own script and styles", () => {
  const html = panelHtml(resources, "NONCE");
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
  expect(policy).toBe(
    "default-src 'none'; script-src 'nonce-NONCE'; style-src https://webview.test 'nonce-NONCE'; base-uri 'none'; form-action 'none'",
  );
  expect(html).not.toContain("unsafe");
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).toContain('href="https://webview.test/panel.css?a=1&amp;b=2"');
});

test("each page has a nonce of its own", () => {
  const nonces = new Set(Array.from({ length: 20 }, () => /nonce="([^"]+)"/.exec(panelHtml(resources))?.[1]));
  expect(nonces.size).toBe(20);
});
