import type { ReportBoot } from "../../src/boot/bootReport.ts";
import { el } from "../dom.ts";

/** What systemd-analyze says of the same boot, and which units of the corrected chain it leaves out. */
export function systemdChain({ chain, systemdChain: lines }: ReportBoot, root: string): Node {
  if (!lines)
    return el("p", { class: "dim" }, `systemd-analyze tells no chain of ${root} here: the boot had not finished, or its files do not say.`);
  const missing = unitsMissingIn(lines, chain);
  return el(
    "div",
    {},
    el(
      "pre",
      { class: "systemd-chain", tabindex: 0, "aria-label": "Output of systemd-analyze critical-chain" },
      ...lines.map((line) => el("span", { class: "line" }, line)),
    ),
    el(
      "p",
      { class: "dim small" },
      "@: when it became active or started. +: how long its latest start took. ",
      missing.length === 0
        ? "It names every unit of the corrected chain."
        : `Not in it, but on the corrected chain: ${missing.join(", ")}.`,
    ),
  );
}

/** Units that started, failed or waited on the corrected chain and stand in none of systemd's lines. */
export function unitsMissingIn(lines: readonly string[], { spans }: ReportBoot["chain"]): readonly string[] {
  const named = new Set(lines.map((line) => /^[│ ]*(?:[├└]─)?(\S+)/u.exec(line)?.[1]));
  const onChain = spans.filter(({ kind }) => kind !== "gap" && kind !== "lead-in").map(({ unit }) => unit);
  return [...new Set(onChain)].filter((unit) => !named.has(unit));
}
