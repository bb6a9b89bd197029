import { el } from "../dom.ts";

/** A table with a head; columns from `firstNumber` on hold numbers, which stand to the right. */
export function plainTable(head: readonly string[], rows: readonly Node[], firstNumber = 1): HTMLElement {
  const cells = head.map((text, at) => el("th", { scope: "col", ...(at >= firstNumber && { class: "number" }) }, text));
  return el("table", {}, el("thead", {}, el("tr", {}, ...cells)), el("tbody", {}, ...rows));
}
