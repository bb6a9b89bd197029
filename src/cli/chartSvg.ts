import { UserError } from "../base/errors.ts";
import type { ReportDocument } from "../results/document.ts";
import { ladderArms } from "../results/gainLadder.ts";
import { chartForms, chartNames, type ChartChoice, type ChartName } from "../results/pictures/chartNames.ts";
import { chartPicture, chartsOf } from "../results/pictures/chartPicture.ts";
import { pictureSvg } from "../results/pictures/pictureSvg.ts";
import { printable } from "./table.ts";

/** As commander reads them. */
export interface AskedChart {
  readonly chart?: string;
  readonly of?: string;
}

/** One chart of the report as SVG; `name`: the file's, for people. Throws `UserError` where the report has nothing for it. */
export function chartSvg(document: ReportDocument, name: string, { chart, of }: AskedChart): string {
  const asked = chart === undefined ? undefined : chartNames.find((each) => each === chart);
  if (chart !== undefined && !asked)
    throw new UserError("bad-usage", `There is no chart "${chart}".`, `Use one of ${chartNames.join(", ")}.`);
  const held = chartsOf(document);
  const drawn = asked ?? held[0];
  if (drawn === undefined)
    throw new UserError(
      "bad-usage",
      `${printable(name)} holds nothing to draw.`,
      "A benchmark with trials, boots or an image can be drawn.",
    );
  if (!held.includes(drawn))
    throw new UserError(
      "bad-usage",
      `${printable(name)} holds nothing for the chart ${drawn}: it needs ${chartForms[drawn].needs}.`,
      held.length === 0 ? "No other chart can be drawn of it either." : `Of this report there are ${held.join(", ")}.`,
    );
  const picture = chartPicture(document, { name: drawn, ...(of !== undefined && chosen(document, drawn, of)) });
  // What was chosen is there, and so is the chart.
  if (!picture) throw new Error(`no picture of ${drawn}`);
  return pictureSvg(picture);
}

/** What `--of` means depends on what the chart is of. */
function chosen({ bench, boots }: ReportDocument, chart: ChartName, of: string): Omit<ChartChoice, "name"> {
  switch (chart) {
    case "waterfall": {
      const trial = bench?.run.trials.find(({ id, order }) => id === of || String(order + 1) === of);
      const arm = bench?.summary.arms.find((one) => one.arm === of);
      const trialId = trial?.id ?? arm?.nearestTrialId;
      if (trialId !== undefined) return { trialId };
      if (arm) throw notThere(`a trial of ${of} that counts`, "Give the number of one that does not: --of 3.");
      throw notThere(`an arm or trial ${of}`, `Its arms are ${namesIn(bench?.summary.arms.map((one) => one.arm))}; a trial has a number.`);
    }
    case "gain": {
      const others = (bench && ladderArms(bench.summary.arms, bench.summary.baseline)?.others) ?? [];
      if (others.some(({ arm }) => arm === of)) return { arm: of };
      throw notThere(`an arm ${of} beside ${bench?.summary.baseline ?? ""}`, `There are ${namesIn(others.map(({ arm }) => arm))}.`);
    }
    case "boot": {
      const boot = boots?.boots.findIndex((one) => one.name === of) ?? -1;
      if (boot >= 0) return { boot };
      throw notThere(`a boot ${of}`, `Its boots are ${namesIn(boots?.boots.map((one) => one.name))}.`);
    }
    case "where":
    case "trials":
    case "stages":
    case "image":
      throw new UserError("bad-usage", `The chart ${chart} shows all of the report.`, "Leave --of out.");
  }
}

function notThere(what: string, hint: string): UserError {
  return new UserError("bad-usage", `The report lacks ${printable(what)}.`, hint);
}

function namesIn(names: readonly string[] = []): string {
  return names.slice(0, 12).map(printable).join(", ");
}
