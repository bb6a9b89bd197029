/** Parts that a document may hold. */
export type DocumentPart = "bench" | "boots" | "image";

/** One form in which a report leaves Coldstart; pictures of its charts are in `pictures/chartNames.ts`. */
export interface ExportForm {
  /** For people, in menus. */
  readonly label: string;
  /** Of the file's name, after the dot. */
  readonly ending: string;
  /** The part that it is made of; absent: of all that there is. */
  readonly part?: DocumentPart;
}

const forms = {
  markdown: { label: "Markdown, for a pull request", ending: "md" },
  html: { label: "One HTML file, to read anywhere", ending: "html" },
  csv: { label: "CSV, trials × stages", ending: "csv", part: "bench" },
  "csv-units": { label: "CSV, units of the boots", ending: "units.csv", part: "boots" },
  "csv-files": { label: "CSV, files that startup opens", ending: "files.csv", part: "image" },
  "csv-packages": { label: "CSV, packages of the image", ending: "packages.csv", part: "image" },
  "chrome-trace": { label: "Chrome trace, for Perfetto", ending: "trace.json", part: "bench" },
  json: { label: "JSON, everything", ending: "json" },
} as const satisfies Readonly<Record<string, ExportForm>>;

export type ExportFormat = keyof typeof forms;

export const exportForms: Readonly<Record<ExportFormat, ExportForm>> = forms;
export const exportFormats = Object.keys(forms) as readonly ExportFormat[];

/** Those that a document with these parts has, in the order of menus. */
export function formsFor(parts: readonly DocumentPart[]): readonly ExportFormat[] {
  return exportFormats.filter((format) => {
    const { part } = exportForms[format];
    return part === undefined || parts.includes(part);
  });
}
