import type { BenchTable } from "../benchTables.ts";
import { benchComparisonSentences, benchComparisonTables } from "./benchComparisonText.ts";
import { bootsComparisonSentences, bootsComparisonTables } from "./bootsComparisonText.ts";
import type { DocumentsComparison } from "./documentsComparison.ts";
import { imageComparisonSentences, imageComparisonTables } from "./imageComparisonText.ts";

/** One part of reports, compared, for terminal and Markdown alike. Texts hold names as they came: who prints escapes. */
export interface ComparisonSection {
  readonly title: string;
  /** What is compared, the first report first. */
  readonly names: readonly string[];
  /** The answer first; never empty. */
  readonly sentences: readonly string[];
  readonly tables: readonly BenchTable[];
}

export function comparisonSections({ bench, boots, image }: DocumentsComparison): readonly ComparisonSection[] {
  const namesOf = ({ reports }: { readonly reports: readonly { readonly name: string }[] }): readonly string[] =>
    reports.map(({ name }) => name);
  return [
    ...(bench
      ? [
          {
            title: "Cold start",
            names: namesOf(bench),
            sentences: benchComparisonSentences(bench),
            tables: benchComparisonTables(bench),
          },
        ]
      : []),
    ...(boots
      ? [{ title: "Boots", names: namesOf(boots), sentences: bootsComparisonSentences(boots), tables: bootsComparisonTables(boots) }]
      : []),
    ...(image
      ? [{ title: "Image", names: namesOf(image), sentences: imageComparisonSentences(image), tables: imageComparisonTables(image) }]
      : []),
  ];
}
