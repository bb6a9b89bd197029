import type { ReportDocument } from "../results/document.ts";
import { imageIcicle } from "../results/imageIcicle.ts";
import { chartsOf } from "../results/pictures/chartPicture.ts";
import type { Report } from "../results/report.ts";
import { panelBenchOf } from "./panelBench.ts";
import type { PanelDocument, PanelImage } from "./reportMessages.ts";

/** What the page shows of a document; pure. */
export function panelDocumentOf(document: ReportDocument): PanelDocument {
  const { bench, boots, image } = document;
  return {
    charts: chartsOf(document),
    ...(bench && { bench: panelBenchOf(bench.run) }),
    ...(boots && { boot: boots }),
    ...(image && { image: panelImageOf(image) }),
  };
}

function panelImageOf(report: Report): PanelImage {
  const { image, totals, estimate } = report;
  const { value, low, high } = estimate.pageBytes;
  return {
    reference: image.reference,
    totalBytes: totals.bytes,
    totalFiles: totals.files,
    readBytes: { value, low, high },
    icicle: imageIcicle(report),
    listedFiles: report.files.length + report.requestFiles.length,
  };
}
