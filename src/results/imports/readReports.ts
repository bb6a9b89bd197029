import { foreignLine } from "../../base/foreignText.ts";
import { parseJsonObject } from "../../base/json.ts";
import type { WithProblems } from "../../base/text.ts";
import type { ReportDocument } from "../document.ts";
import { reportUnreadable } from "../errors.ts";
import { isOwnReport, notJson, readOwnReport } from "../readDocument.ts";
import { readFastpullJson, readFastpullText } from "./fastpull.ts";
import { readHelloBenchJson, readHelloBenchLog } from "./helloBench.ts";
import { importedDocument, type ImportedBench } from "./importedRun.ts";
import { readSociBenchmark } from "./sociBenchmark.ts";

/**
 * Reads a report of Coldstart's or results of a tool that it knows, told by their content. Results of several images give a document for
 * each, in their order; never empty. Throws `UserError` for anything else. `name` is for messages and may tell what a file leaves out.
 */
export function readReports(text: string, name: string): WithProblems<readonly ReportDocument[]> {
  const json = parseJsonObject(text);
  if (json && isOwnReport(json)) {
    const { value, problems } = readOwnReport(json, name);
    return { value: [value], problems };
  }
  const benches = json
    ? (readSociBenchmark(json) ?? readFastpullJson(json, name) ?? readHelloBenchJson(json))
    : (listBenches(text) ?? readFastpullText(text, name) ?? readHelloBenchLog(text));
  if (!benches) throw json ? reportUnreadable(name, "it is JSON, but of something else") : notJson(text, name);
  const having = benches.filter(({ arms }) => arms.some(({ trials }) => trials.length > 0));
  const empty = benches.filter((bench) => !having.includes(bench));
  if (having.length === 0) throw reportUnreadable(name, "no run is in it");
  return {
    value: having.map(importedDocument),
    problems: empty.map((bench) => ({ severity: "warning", message: `No run of ${foreignLine(bench.name, 100)} is in the file.` })),
  };
}

function listBenches(text: string): readonly ImportedBench[] | undefined {
  if (!text.trimStart().startsWith("[")) return undefined;
  try {
    return readHelloBenchJson(JSON.parse(text));
  } catch {
    return undefined;
  }
}
