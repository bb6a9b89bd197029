import { isUserError } from "../../base/errors.ts";
import { measureText, shareText, type ReportMeasure } from "../../results/measureText.ts";
import { progressText } from "../inspectProgress.ts";
import type { ImageState } from "../inspections.ts";
import { visibleText } from "../visibleText.ts";

/** One row of the view "Images": an image that was inspected in this workspace. */
export interface ImageRow {
  readonly kind: "image";
  readonly name: string;
}

/** What a row looks like; icons are names of VS Code's own. */
export interface ImageRowText {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: string;
}

/** `state`: undefined where the image was inspected before this session. */
export function imageRowText(name: string, state: ImageState | undefined, measure: ReportMeasure): ImageRowText {
  const label = visibleText(name, 80);
  switch (state?.kind) {
    case undefined:
      return { label, description: "inspected before", tooltip: "Open it to see what startup touches.", icon: "package" };
    case "reading":
      return { label, description: "being read", tooltip: progressText(state.progress), icon: "loading~spin" };
    case "failed": {
      const { error } = state;
      const why = isUserError(error) ? `${error.message} ${error.hint}` : String(error);
      return { label, description: "could not be read", tooltip: visibleText(why, 600), icon: "error" };
    }
    case "known": {
      const { estimate } = state.answered;
      const share = (which: ReportMeasure): string =>
        `${shareText(which, estimate.measures[which].value, estimate.totals)} (${measureText(which, estimate.chunkSizeBytes).inBrackets})`;
      const other = measure === "openedFiles" ? "pageBytes" : "openedFiles";
      return {
        label,
        description: `≈ ${share(measure)}`,
        tooltip: `Startup touches ≈ ${share(measure)}, ${share(other)}.`,
        icon: "package",
      };
    }
  }
}
