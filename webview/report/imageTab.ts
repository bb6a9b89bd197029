import { formatBytes, formatCount } from "../../src/base/format.ts";
import { formatShare } from "../../src/results/measureText.ts";
import type { PanelImage, ReportMethods } from "../../src/protocol/reportMessages.ts";
import { el } from "../dom.ts";
import { button } from "../elements.ts";

/** What the document knows of the image; all else is in the image's own panel. `host` undefined: there is no such panel. */
export function imageTab({ reference, totalBytes, totalFiles, readBytes }: PanelImage, host: ReportMethods | undefined): Node[] {
  const { value, low, high } = readBytes;
  return [
    el(
      "p",
      { class: "big" },
      "Startup touches ≈ ",
      el("strong", {}, formatShare(value, totalBytes)),
      ` of ${formatBytes(totalBytes)} `,
      el("span", { class: "dim" }, `(4 KiB pages; ${formatShare(low, totalBytes)} to ${formatShare(high, totalBytes)} in 9 of 10 cases)`),
    ),
    el("p", {}, `${reference}: ${formatCount(totalFiles)} files, ${formatBytes(value)} of them read until ready.`),
    ...(host
      ? [
          el(
            "div",
            { class: "actions" },
            button("Show layers, packages and files", "primary", () => void host.openImageReport(reference).catch(() => undefined)),
          ),
        ]
      : []),
  ];
}
