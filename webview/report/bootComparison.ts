import { formatDuration } from "../../src/base/format.ts";
import type { BootReport } from "../../src/boot/bootReport.ts";
import type { MillisecondDifference } from "../../src/boot/manyBoots.ts";
import { differenceSign, differenceText, intervalText } from "../../src/results/differenceText.ts";
import { el } from "../dom.ts";
import { plainTable } from "../views/plainTable.ts";
import { workClassFill } from "./workClassKeys.ts";

/** These boots beside those of another machine image or pool: what became slower, what faster. */
export function bootComparison({ comparison, unit }: BootReport): Node[] {
  if (!comparison) return [];
  const { boots, ready, phases, units } = comparison;
  const rows = [
    ...(ready ? [row(`${unit} ready`, ready, "strong")] : []),
    ...phases.map(({ phase, ...difference }) => row(phase, difference)),
    ...units.map(({ unit: name, class: work, ...difference }) => row(name, difference, "path", workClassFill(work))),
  ];
  return [
    el("h2", {}, "Before and after ", el("span", { class: "dim" }, `medians of ${boots[0]} boots and of ${boots[1]}`)),
    el(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Before and after, table" },
      plainTable(["What", "Before", "After", "Difference", "95 % interval"], rows),
    ),
    el("p", { class: "dim small" }, "An interval needs five boots on either side; one that leaves 0 out is marked slower or faster."),
  ];
}

function row(name: string, difference: MillisecondDifference, nameClass = "", fillClass?: string): HTMLElement {
  const { beforeMs, afterMs, differenceMs, interval } = difference;
  const sign = differenceSign(interval);
  return el(
    "tr",
    {},
    el(
      "th",
      { scope: "row" },
      fillClass !== undefined && el("span", { class: `swatch ${fillClass}`, "aria-hidden": "true" }),
      el("span", { class: nameClass }, name),
    ),
    el("td", { class: "number" }, beforeMs === undefined ? "–" : formatDuration(beforeMs)),
    el("td", { class: "number" }, afterMs === undefined ? "–" : formatDuration(afterMs)),
    el(
      "td",
      { class: "number" },
      sign && el("span", { class: sign.word === "slower" ? "sign-error" : "sign-passed", "aria-hidden": "true" }, `${sign.sign} `),
      differenceMs === undefined ? "–" : differenceText(differenceMs),
      sign && el("span", { class: "dim under" }, sign.word),
    ),
    el("td", { class: "number dim" }, interval ? intervalText(interval) : "–"),
  );
}
