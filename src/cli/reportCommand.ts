import { basename } from "node:path";
import { UserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import type { ReportDocument } from "../results/document.ts";
import { readReportFile, writeWhole } from "../results/documentFile.ts";
import { exportForms, type DocumentPart } from "../results/exportForms.ts";
import { exportText, partsOf, type TextFormat } from "../results/exportText.ts";
import { readReports } from "../results/imports/readReports.ts";
import { reportHtml } from "../results/reportHtml.ts";
import { chartSvg, type AskedChart } from "./chartSvg.ts";
import { comparedText } from "./compareCommand.ts";
import { printBench } from "./printBench.ts";
import { printBoots } from "./printBoots.ts";
import { printReport } from "./printReport.ts";
import { readReportPage } from "./reportPage.ts";
import { printable } from "./table.ts";

/** The options of `coldstart report`, as commander reads them. */
export interface ReportArguments {
  /** Several: they are compared with the first. */
  readonly files: readonly string[];
  readonly format: string;
  /** Which of several images' results. */
  readonly image?: string;
  /** Which part of a report that holds several: `bench`, `boots`, `image`. */
  readonly part?: string;
  /** Which picture of `svg`; absent: the first that there is something for. */
  readonly chart?: string;
  /** Of which arm, trial or boot the picture is. */
  readonly of?: string;
  readonly output?: string;
}

const reportFormats = ["text", "md", "html", "csv", "csv-packages", "svg", "json", "trace"] as const;
type ReportFormat = (typeof reportFormats)[number];
const documentParts = ["bench", "boots", "image"] as const satisfies readonly DocumentPart[];

/** A report as it was read, with its file's name for people. */
interface ReadFile {
  readonly name: string;
  readonly documents: readonly ReportDocument[];
}

/** Prints a saved report, or another tool's results, in another form; several of them compared. */
export async function reportCommand(given: ReportArguments, call: Call): Promise<void> {
  const format = reportFormats.find((name) => name === given.format);
  if (!format) throw new UserError("bad-usage", `There is no format "${given.format}".`, `Use one of ${reportFormats.join(", ")}.`);
  const part = partAsked(given.part);
  if (format !== "svg" && (given.chart !== undefined || given.of !== undefined))
    throw new UserError("bad-usage", "Only a picture has --chart and --of.", "Add --format svg.");
  const read: ReadFile[] = [];
  for (const file of given.files) read.push(await readOne(file, given.image, call));
  const [first, ...others] = read;
  if (!first) throw new UserError("bad-usage", "coldstart report needs a file.", "Give a *.coldstart.json, or several to compare them.");
  const text =
    others.length > 0
      ? comparedText(
          read.map(({ documents }, index) => ({ file: given.files[index] ?? "", document: onlyPart(one(documents), part) })),
          format,
        )
      : await textIn(format, part, first, given);
  if (given.output === undefined) process.stdout.write(text);
  else await writeWhole(given.output, text);
}

async function readOne(file: string, image: string | undefined, call: Call): Promise<ReadFile> {
  const { value, problems } = readReports(await readReportFile(file, call), file);
  for (const { severity, message } of problems) process.stderr.write(`${severity}: ${printable(message)}\n`);
  return { name: basename(file), documents: chosen(value, image) };
}

function chosen(documents: readonly ReportDocument[], image: string | undefined): readonly ReportDocument[] {
  if (image === undefined) return documents;
  const found = documents.filter(({ bench }) => bench?.run.plan.name === image);
  if (found.length > 0) return found;
  throw new UserError("bad-usage", `The file has no results of ${printable(image)}.`, `It has those of ${namesOf(documents)}.`);
}

async function textIn(
  format: ReportFormat,
  part: DocumentPart | undefined,
  { name, documents }: ReadFile,
  asked: AskedChart,
): Promise<string> {
  if (format === "text") return documents.map((document) => printed(onlyPart(document, part))).join("\n\n");
  if (format === "md") return documents.map((document) => exported(onlyPart(document, part), "markdown", name)).join("\n");
  const document = onlyPart(one(documents), part);
  switch (format) {
    case "html":
      return reportHtml(document, await readReportPage());
    case "csv":
      return exported(document, csvFormat(document), name);
    case "trace":
      return exported(document, "chrome-trace", name);
    case "svg":
      return chartSvg(document, name, asked);
    case "csv-packages":
    case "json":
      return exported(document, format, name);
  }
}

/** The table of the first part that there is. */
function csvFormat({ bench, boots }: ReportDocument): TextFormat {
  return bench ? "csv" : boots ? "csv-units" : "csv-files";
}

const partWords: Readonly<Record<DocumentPart, string>> = { bench: "a benchmark", boots: "boots", image: "an image" };

function exported(document: ReportDocument, format: TextFormat, name: string): string {
  const text = exportText(document, format);
  if (text !== undefined) return text;
  const { part } = exportForms[format];
  const held = partsOf(document).map((one) => partWords[one]);
  throw new UserError(
    "bad-usage",
    `${printable(name)} holds no ${part === undefined ? "part" : partWords[part].replace(/^an? /, "")} to write in this form.`,
    held.length === 0 ? "The report is empty." : `It holds ${held.join(" and ")}: use text, md, csv, html or json.`,
  );
}

function partAsked(given: string | undefined): DocumentPart | undefined {
  const part = documentParts.find((name) => name === given);
  if (given !== undefined && !part)
    throw new UserError("bad-usage", `There is no part "${given}".`, `Use one of ${documentParts.join(", ")}.`);
  return part;
}

function onlyPart(document: ReportDocument, part: DocumentPart | undefined): ReportDocument {
  if (part === undefined) return document;
  const { bench, boots, image, ...frame } = document;
  const parts = { bench, boots, image };
  if (!parts[part]) throw new UserError("bad-usage", `The report has no ${part}.`, `It has ${partsOf(document).join(", ") || "nothing"}.`);
  return { ...frame, [part]: parts[part] };
}

function printed({ image, bench, boots }: ReportDocument): string {
  const parts = [
    ...(bench ? [printBench(bench)] : []),
    ...(image ? [printReport(image, { measure: "pageBytes", top: 10 })] : []),
    ...(boots ? [printBoots(boots)] : []),
  ];
  return parts.length > 0 ? parts.join("\n") : "The report is empty.\n";
}

function one(several: readonly ReportDocument[]): ReportDocument {
  const [first, ...rest] = several;
  if (first !== undefined && rest.length === 0) return first;
  throw new UserError(
    "bad-usage",
    "The file has results of several images, and this format holds one.",
    `Choose one with --image: ${namesOf(several)}.`,
  );
}

function namesOf(several: readonly ReportDocument[]): string {
  return several
    .flatMap(({ bench }) => bench?.run.plan.name ?? [])
    .map((name) => printable(name))
    .join(", ");
}
