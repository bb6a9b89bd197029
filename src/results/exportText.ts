import { benchCsv } from "./benchCsv.ts";
import { benchMarkdown } from "./benchMarkdown.ts";
import { benchTrace } from "./benchTrace.ts";
import { bootCsv } from "./bootCsv.ts";
import { bootMarkdown } from "./bootMarkdown.ts";
import { documentText, type ReportDocument } from "./document.ts";
import type { DocumentPart, ExportFormat } from "./exportForms.ts";
import { filesCsv, packagesCsv } from "./imageCsv.ts";
import { imageMarkdown } from "./imageMarkdown.ts";

/** The parts that a document holds. */
export function partsOf({ bench, boots, image }: ReportDocument): readonly DocumentPart[] {
  return [...(bench ? (["bench"] as const) : []), ...(boots ? (["boots"] as const) : []), ...(image ? (["image"] as const) : [])];
}

/** The forms that are made of the document alone: a page needs its script. */
export type TextFormat = Exclude<ExportFormat, "html">;

/** The report in another form; undefined when it holds nothing that has that form. Pure. */
export function exportText(document: ReportDocument, format: TextFormat): string | undefined {
  const { bench, boots, image } = document;
  switch (format) {
    case "json":
      return documentText(document);
    case "markdown": {
      const parts = [
        ...(bench ? [benchMarkdown(bench)] : []),
        ...(boots ? [bootMarkdown(boots)] : []),
        ...(image ? [imageMarkdown(image)] : []),
      ];
      return parts.length > 0 ? parts.join("\n") : undefined;
    }
    case "csv":
      return bench && benchCsv(bench);
    case "csv-units":
      return boots && bootCsv(boots);
    case "csv-files":
      return image && filesCsv(image);
    case "csv-packages":
      return image && packagesCsv(image);
    case "chrome-trace":
      return bench && benchTrace(bench);
  }
}
