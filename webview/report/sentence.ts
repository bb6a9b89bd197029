import { el } from "../dom.ts";

/** What is in brackets stands back, and factors and times of the answer stand out. */
const parts = /(\([^()]*\))|(\d+(?:\.\d+)?× (?:faster|slower))/;

/** A sentence of the verdict with its weights; the words stay as they are. */
export function weighedSentence(text: string): Node[] {
  return text
    .split(parts)
    .filter((part) => part !== undefined && part !== "")
    .map((part) => {
      if (/^\d/.test(part) && parts.test(part)) return el("strong", {}, part);
      return part.startsWith("(") && part.endsWith(")") ? el("span", { class: "dim" }, part) : document.createTextNode(part);
    });
}
