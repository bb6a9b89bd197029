import { UserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import { benchCsv } from "../results/benchCsv.ts";
import { benchMarkdown } from "../results/benchMarkdown.ts";
import { benchTrace } from "../results/benchTrace.ts";
import { documentText, type ReportBench, type ReportDocument } from "../results/document.ts";
import { readReportFile, writeWhole } from "../results/documentFile.ts";
import { readReports } from "../results/imports/readReports.ts";
import { printBench } from "./printBench.ts";
import { printBoots } from "./printBoots.ts";
import { printReport } from "./printReport.ts";
import { printable } from "./table.ts";

/** The options of `coldstart report`, as commander reads them. */
export interface ReportArguments {
  readonly file: string;
  readonly format: string;
  /** Which of several images' results. */
  readonly image?: string;
  readonly output?: string;
}

const reportFormats = ["text", "md", "csv", "json", "trace"] as const;
type ReportFormat = (typeof reportFormats)[number];

/** Prints a saved report, or another tool's results, in another form. */
export async function reportCommand(given: ReportArguments, call: Call): Promise<void> {
  const format = reportFormats.find((name) => name === given.format);
  if (!format) throw new UserError("bad-usage", `There is no format "${given.format}".`, `Use one of ${reportFormats.join(", ")}.`);
  const { value, problems } = readReports(await readReportFile(given.file, call), given.file);
  for (const { severity, message } of problems) process.stderr.write(`${severity}: ${printable(message)}\n`);
  const text = textIn(format, chosen(value, given.image), given.file);
  if (given.output === undefined) process.stdout.write(text);
  else await writeWhole(given.output, text);
}

function chosen(documents: readonly ReportDocument[], image: string | undefined): readonly ReportDocument[] {
  if (image === undefined) return documents;
  const found = documents.filter(({ bench }) => bench?.run.plan.name === image);
  if (found.length > 0) return found;
  throw new UserError("bad-usage", `The file has no results of ${printable(image)}.`, `It has those of ${namesOf(documents)}.`);
}

function textIn(format: ReportFormat, documents: readonly ReportDocument[], file: string): string {
  switch (format) {
    case "text":
      return documents.map(printed).join("\n\n");
    case "md":
      return benchesOf(documents, file).map(benchMarkdown).join("\n");
    case "csv":
      return benchCsv(one(benchesOf(documents, file)));
    case "json":
      return documentText(one(documents));
    case "trace":
      return benchTrace(one(benchesOf(documents, file)));
  }
}

function printed({ image, bench, boots }: ReportDocument): string {
  const parts = [
    ...(bench ? [printBench(bench)] : []),
    ...(image ? [printReport(image, { measure: "pageBytes", top: 10 })] : []),
    ...(boots ? [printBoots(boots)] : []),
  ];
  return parts.length > 0 ? parts.join("\n") : "The report is empty.\n";
}

function benchesOf(documents: readonly ReportDocument[], file: string): readonly ReportBench[] {
  const benches = documents.flatMap(({ bench }) => bench ?? []);
  if (benches.length > 0) return benches;
  throw new UserError("bad-usage", `${file} holds no benchmark.`, "Use the format text or json.");
}

function one<T extends ReportDocument | ReportBench>(several: readonly T[]): T {
  const [first, ...rest] = several;
  if (first !== undefined && rest.length === 0) return first;
  throw new UserError(
    "bad-usage",
    "The file has results of several images, and this format holds one.",
    `Choose one with --image: ${namesOf(several)}.`,
  );
}

function namesOf(several: readonly (ReportDocument | ReportBench)[]): string {
  return several
    .flatMap((each) => ("run" in each ? each.run.plan.name : (each.bench?.run.plan.name ?? [])))
    .map((name) => printable(name))
    .join(", ");
}
