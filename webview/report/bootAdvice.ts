import { formatDuration } from "../../src/base/format.ts";
import type { AdviceAnswer, ClassAdvice } from "../../src/boot/advice.ts";
import type { BootReport } from "../../src/boot/bootReport.ts";
import { el } from "../dom.ts";
import { workClassFill } from "./workClassKeys.ts";

const questions: Readonly<Record<AdviceAnswer["question"], string>> = {
  "in-image": "Could it be in the machine image?",
  faster: "Could it be faster?",
  parallel: "Could it run beside others?",
  needed: "Is it needed before the node is ready?",
};

const signs: Readonly<Record<AdviceAnswer["verdict"], readonly [string, string]>> = {
  yes: ["✓", "yes"],
  maybe: ["◔", "maybe"],
  no: ["–", "no"],
  done: ["✓", "done already"],
};

/** What to do, the most promising first, each with the seconds it would save. */
export function bootAdvice({ advice, assumptions }: BootReport): Node[] {
  if (advice.length === 0) return [];
  return [
    el("h2", {}, "What would help ", el("span", { class: "dim" }, "how much sooner the node would be ready without it")),
    el("div", { class: "advice" }, ...advice.map(adviceElement)),
    el("p", { class: "dim small" }, `Assumed: ${assumptions.join(" ")}`),
  ];
}

function adviceElement({ class: work, title, units, onChainMs, savedMs, answers }: ClassAdvice): HTMLElement {
  return el(
    "article",
    {},
    el(
      "h3",
      {},
      el("span", { class: `swatch ${workClassFill(work)}`, "aria-hidden": "true" }),
      el("strong", {}, title),
      " ",
      el("strong", { class: "saved" }, savedMs === undefined ? "" : `−${formatDuration(savedMs)}`),
      el(
        "span",
        { class: "dim" },
        ` ${formatDuration(onChainMs)} of the chain: ${units.slice(0, 4).join(", ")}${units.length > 4 ? ", …" : ""}`,
      ),
    ),
    el(
      "ul",
      { class: "answers" },
      ...answers.map(({ question, verdict, because }) =>
        el(
          "li",
          {},
          el("span", { class: verdict === "yes" ? "sign-passed" : "dim", "aria-hidden": "true" }, signs[verdict][0]),
          el("span", {}, questions[question], " ", el("strong", {}, `${signs[verdict][1]}.`), el("span", { class: "dim" }, ` ${because}`)),
        ),
      ),
    ),
  );
}
