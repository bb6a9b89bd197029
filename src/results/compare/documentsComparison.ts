import type { ReportDocument } from "../document.ts";
import type { DocumentPart } from "../exportForms.ts";
import { partsOf } from "../exportText.ts";
import { compareBenches, type BenchComparison } from "./benchComparison.ts";
import { compareBootReports, type BootsComparison } from "./bootsComparison.ts";
import { compareImages, type ImageComparison } from "./imageComparison.ts";
import { reportNames } from "./reportNames.ts";

/** A report with the path of its file, as people know it. */
export interface FiledDocument {
  readonly file: string;
  readonly document: ReportDocument;
}

/**
 * Two reports or more, the first one being what the others are compared with. Each part is compared among the reports that hold it;
 * absent: fewer than two do. Plain data that survives JSON.
 */
export interface DocumentsComparison {
  readonly reports: readonly { readonly name: string; readonly file: string; readonly parts: readonly DocumentPart[] }[];
  /** What could not be compared of which report, a sentence each; empty: all of it is compared. */
  readonly leftOut: readonly string[];
  readonly bench?: BenchComparison;
  readonly boots?: BootsComparison;
  readonly image?: ImageComparison;
}

export function compareDocuments(filed: readonly FiledDocument[]): DocumentsComparison {
  const names = reportNames(filed.map(({ file }) => file));
  const given = filed.map(({ file, document }, index) => ({ name: names[index] ?? file, file, document }));
  const reports = given.map(({ name, file, document }) => ({ name, file, parts: partsOf(document) }));
  const benches = given.flatMap(({ name, document: { bench } }) => (bench ? [{ name, bench }] : []));
  const boots = given.flatMap(({ name, document }) => (document.boots ? [{ name, boots: document.boots }] : []));
  const images = given.flatMap(({ name, document: { image } }) => (image ? [{ name, image }] : []));
  return {
    reports,
    leftOut: leftOutOf(reports),
    ...(benches.length > 1 && { bench: compareBenches(benches) }),
    ...(boots.length > 1 && { boots: compareBootReports(boots) }),
    ...(images.length > 1 && { image: compareImages(images) }),
  };
}

const partWords: Readonly<Record<DocumentPart, string>> = { bench: "a benchmark", boots: "boots", image: "an image" };

function leftOutOf(reports: DocumentsComparison["reports"]): readonly string[] {
  const holding = (part: DocumentPart): readonly string[] => reports.flatMap(({ name, parts }) => (parts.includes(part) ? [name] : []));
  const parts = (Object.keys(partWords) as DocumentPart[]).filter((part) => holding(part).length > 0);
  if (parts.every((part) => holding(part).length < 2)) {
    const held = reports.map((report) => `${report.name} holds ${listed(report.parts.map((part) => partWords[part])) || "nothing"}`);
    return [`Nothing can be compared, as no two reports hold the same: ${held.join("; ")}.`];
  }
  return parts.flatMap((part) => {
    const names = holding(part);
    if (names.length === reports.length) return [];
    if (names.length === 1) return [`Only ${names.join("")} holds ${partWords[part]}, so that is not compared.`];
    const lacking = reports.flatMap(({ name }) => (names.includes(name) ? [] : [name]));
    return [
      `${listed(lacking)} ${lacking.length === 1 ? "holds" : "hold"} no ${partWords[part].replace(/^an? /, "")}: of ${listed(names)} alone ${part === "boots" ? "they are" : "it is"} compared.`,
    ];
  });
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}
