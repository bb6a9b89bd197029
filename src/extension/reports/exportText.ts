import type { ExportFormat } from "../../protocol/reportMessages.ts";
import { benchCsv } from "../../results/benchCsv.ts";
import { benchMarkdown } from "../../results/benchMarkdown.ts";
import { benchTrace } from "../../results/benchTrace.ts";
import { documentText, type ReportDocument } from "../../results/document.ts";

/** The report in another form; undefined when it holds nothing that has that form. */
export function exportText(document: ReportDocument, format: ExportFormat): string | undefined {
  const { bench } = document;
  switch (format) {
    case "json":
      return documentText(document);
    case "csv":
      return bench && benchCsv(bench);
    case "markdown":
      return bench && benchMarkdown(bench);
    case "chrome-trace":
      return bench && benchTrace(bench);
    case "html":
      return undefined;
  }
}
