import { formatShare } from "../../src/results/measureText.ts";
import { el } from "../dom.ts";

/** A share as number and bar; the number is the second sign beside the bar's colour. */
export function shareCell(value: number | undefined, whole: number): HTMLElement {
  if (value === undefined) return el("td", { class: "number dim" }, "–");
  const bar = el("span", { class: "fill" });
  bar.style.width = `${whole > 0 ? Math.min(100, (100 * value) / whole) : 0}%`;
  return el(
    "td",
    { class: "number share" },
    el("span", { class: "bar", "aria-hidden": "true" }, bar),
    el("span", {}, formatShare(value, whole)),
  );
}
