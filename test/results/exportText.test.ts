import { expect, test } from "vitest";
import { documentOf, type ReportDocument } from "../../src/results/document.ts";
import { exportFormats, exportForms, formsFor } from "../../src/results/exportForms.ts";
import { exportText, partsOf, type TextFormat } from "../../src/results/exportText.ts";
import { reportHtml } from "../../src/results/reportHtml.ts";
import { sampleBench } from "../../webview/dev/sampleBench.ts";
import { sampleBoots } from "../../webview/dev/sampleBoots.ts";
import { expectGolden } from "../golden.ts";
import { sampleReport } from "./reportSample.ts";

const made = { atEpochMs: 1_795_000_000_000, version: "0.1.0" };
const all = documentOf({ bench: sampleBench(), boots: sampleBoots(false), image: sampleReport }, made);
const hostile = documentOf({ bench: sampleBench({ hostile: true }), boots: sampleBoots(true), image: sampleReport }, made);
const none = documentOf({}, made);

const textFormats = exportFormats.filter((format): format is TextFormat => format !== "html");

/** RFC 4180, strictly: what a spreadsheet would read. */
function parsedCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let end = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] !== ",") {
      rows.push(row);
      row = [];
    }
    end = pattern.lastIndex;
  }
  expect(end, "the whole text is CSV").toBe(text.length);
  return rows;
}

test("each part has its forms, a document without it none of them", () => {
  for (const format of textFormats) {
    const { part } = exportForms[format];
    expect(exportText(all, format), format).toBeDefined();
    if (part) expect(exportText(none, format), format).toBeUndefined();
  }
  expect(exportText(none, "markdown")).toBeUndefined();
  expect(partsOf(all)).toEqual(["bench", "boots", "image"]);
  expect(formsFor(["boots"])).toEqual(["markdown", "html", "csv-units", "json"]);
});

test.each(["csv", "csv-units", "csv-files", "csv-packages"] as const)(
  "%s is read by a spreadsheet: every row has every column",
  (format) => {
    for (const document of [all, hostile]) {
      const [head = [], ...rows] = parsedCsv(exportText(document, format) ?? "");
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toHaveLength(head.length);
      for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+@\t\r]|^-[^\d]/);
    }
  },
);

test("the units' lengths on the chain are those of the report", () => {
  const rows = parsedCsv(exportText(all, "csv-units") ?? "");
  expect(rows.find((row) => row.includes("efs-wait.mount"))).toEqual([
    "ip-10-0-3-17",
    "g6.2xlarge",
    "Ubuntu 24.04",
    "kubelet.service",
    "ready",
    "27098",
    "efs-wait.mount",
    "storage",
    "15498",
    "9400",
    "timeout",
    "0",
    "yes",
    "0",
  ]);
});

test("Markdown of boots and of an image, for a pull request", () => {
  expectGolden("results/boots.md", exportText(documentOf({ boots: sampleBoots(false) }, made), "markdown") ?? "");
  expectGolden("results/image.md", exportText(documentOf({ image: sampleReport }, made), "markdown") ?? "");
  for (const mark of ["<img", "<b ", "<script"]) expect(exportText(hostile, "markdown")).not.toContain(mark);
});

test("one HTML file: the data cannot end its element, and the policy allows its own texts only", () => {
  const named: ReportDocument = documentOf({ bench: { ...sampleBench(), id: "</script><script>alert(1)</script><!--" } }, made);
  const html = reportHtml(named, {
    script: 'const a = "</script><!-- x";',
    style: "a{content:'</style>'}",
    notices: "Copyright <b>us</b>",
  });
  expect(html.match(/<script/g)).toHaveLength(2);
  expect(html.match(/<\/script>/g)).toHaveLength(2);
  expect(html.match(/<\/style>/g)).toHaveLength(1);
  expect(html).toContain("Copyright &#60;b&#62;us");
  const [, data = ""] = /id="report">([^]*?)<\/script>/.exec(html) ?? [];
  expect(JSON.parse(data)).toEqual(JSON.parse(JSON.stringify(named)));
  expect(html).toMatch(
    /content="default-src 'none'; script-src 'sha256-[A-Za-z0-9+/=]{44}'; style-src 'sha256-[A-Za-z0-9+/=]{44}' 'nonce-[A-Za-z0-9+/]{43}'; base-uri 'none'; form-action 'none'"/,
  );
  expect(reportHtml(hostile, { script: "", style: "", notices: "" })).not.toContain("<img");
});
