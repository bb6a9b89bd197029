import { panelBenchOf } from "../../protocol/panelBench.ts";
import type { PanelDocument, PanelImage } from "../../protocol/reportMessages.ts";
import type { ReportDocument } from "../../results/document.ts";
import type { Report } from "../../results/report.ts";

/** What the page shows of a document; pure. */
export function panelDocumentOf({ bench, image }: ReportDocument): PanelDocument {
  return { ...(bench && { bench: panelBenchOf(bench.run) }), ...(image && { image: panelImageOf(image) }) };
}

function panelImageOf({ image, totals, estimate }: Report): PanelImage {
  const { value, low, high } = estimate.pageBytes;
  return { reference: image.reference, totalBytes: totals.bytes, totalFiles: totals.files, readBytes: { value, low, high } };
}
