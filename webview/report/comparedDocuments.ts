import { formatCount } from "../../src/base/format.ts";
import type { BenchComparison } from "../../src/results/compare/benchComparison.ts";
import { benchComparisonSentences } from "../../src/results/compare/benchComparisonText.ts";
import type { BootsComparison } from "../../src/results/compare/bootsComparison.ts";
import { bootsComparisonSentences } from "../../src/results/compare/bootsComparisonText.ts";
import type { ComparedTally } from "../../src/results/compare/comparedCell.ts";
import type { ComparedNames } from "../../src/results/compare/comparedTable.ts";
import type { DocumentsComparison } from "../../src/results/compare/documentsComparison.ts";
import { el } from "../dom.ts";
import { comparedImages } from "./comparedImages.ts";
import { comparedSection, comparisonVerdict, settingsSection, timesTable } from "./comparisonTable.ts";

/** Every part that two of the reports hold, each with its answer first; then what could not be compared. */
export function comparisonNodes({ bench, boots, image, leftOut }: DocumentsComparison): Node[] {
  return [
    ...(bench ? [part("Cold start", comparedBenches(bench))] : []),
    ...(boots ? [part("Boots", comparedBoots(boots))] : []),
    ...(image ? [part("Image", comparedImages(image))] : []),
    ...(leftOut.length > 0 ? [el("ul", { class: "notes" }, ...leftOut.map((sentence) => el("li", {}, sentence)))] : []),
  ];
}

const beneath = "medians, and beneath them the difference to the first report with its 95 % interval";

function part(title: string, nodes: readonly Node[]): HTMLElement {
  return el("section", { class: "compared-part" }, el("h2", {}, title), ...nodes);
}

/** What became slower or faster, what was changed, and every time of every arm. */
function comparedBenches(comparison: BenchComparison): readonly Node[] {
  const { settings, arms, reports } = comparison;
  return [
    comparisonVerdict(benchComparisonSentences(comparison), comparison.regressions > 0),
    ...settingsSection("Cold start", settings, reports),
    ...arms.map(({ arm, rows }) =>
      comparedSection({ part: "Cold start", title: arm, explained: beneath }, timesTable(rows, reports), reports),
    ),
    timesNote(reports, comparison),
  ];
}

/** The same of boots: until ready, by phase and by unit. */
function comparedBoots(comparison: BootsComparison): readonly Node[] {
  const { settings, reports, ready, phases, units } = comparison;
  return [
    comparisonVerdict(bootsComparisonSentences(comparison), ready.cells[1]?.change === "slower"),
    ...settingsSection("Boots", settings, reports),
    comparedSection(
      { part: "Boots", title: "Until ready, and phases", explained: beneath },
      timesTable([ready, ...phases], reports),
      reports,
    ),
    ...(units.length > 0
      ? [
          comparedSection(
            { part: "Boots", title: "Units on the chain", explained: "from start to ready, the largest difference first" },
            timesTable(units, reports),
            reports,
          ),
        ]
      : []),
    timesNote(reports, comparison),
  ];
}

function timesNote(reports: ComparedNames, { intervals }: ComparedTally): HTMLElement {
  return el(
    "p",
    { class: "dim small" },
    `${reports.map(({ name }) => name).join(" → ")}, in the order in which they began. ▲ slower and ▼ faster: the interval leaves 0 out by more than the stamps may be off; ≈ it does not.${
      intervals > 10 ? ` Of ${formatCount(intervals)} intervals about one in twenty does so by chance.` : ""
    }`,
  );
}
