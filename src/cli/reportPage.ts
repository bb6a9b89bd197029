import { readFile } from "node:fs/promises";
import { UserError } from "../base/errors.ts";
import { pagePartFiles, type ReportPageParts } from "../results/reportHtml.ts";

/** The built page of reports: beside the packed command line, or in this repository's `dist` when run from its sources. */
export async function readReportPage(): Promise<ReportPageParts> {
  for (const folder of ["./", "../../dist/cli/"]) {
    try {
      const part = (name: string): Promise<string> => readFile(new URL(`${folder}${name}`, import.meta.url), "utf8");
      const { script, style, notices } = pagePartFiles;
      return { script: await part(script), style: await part(style), notices: await part(notices) };
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    }
  }
  throw new UserError("file-unreadable", "The page of reports is not built.", "Run npm run build, then again.");
}
