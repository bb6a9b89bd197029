import * as vscode from "vscode";
import { UserError } from "../../base/errors.ts";
import type { ExportFormat } from "../../protocol/reportMessages.ts";
import type { ReportDocument } from "../../results/document.ts";
import { showFailure } from "../failure.ts";

const endings: Readonly<Record<ExportFormat, string>> = {
  json: "json",
  csv: "csv",
  markdown: "md",
  html: "html",
  "chrome-trace": "trace.json",
};

/** Asks for a place and writes the report there in another form. */
export async function exportReport(
  uri: vscode.Uri,
  document: ReportDocument,
  format: ExportFormat,
  channel: vscode.LogOutputChannel,
): Promise<void> {
  try {
    const { exportText } = await import("./exportText.ts");
    const text = exportText(document, format);
    if (text === undefined) throw new UserError("bad-usage", "The report holds nothing that has this form.", "Choose another form.");
    const stem = uri.path.replace(/^.*\//, "").replace(/\.coldstart\.json$/, "");
    const target = await vscode.window.showSaveDialog({
      title: "Export the report",
      saveLabel: "Export",
      defaultUri: vscode.Uri.joinPath(uri, "..", `${stem}.${endings[format]}`),
    });
    if (!target) return;
    await vscode.workspace.fs.writeFile(target, Buffer.from(text));
    const answer = await vscode.window.showInformationMessage(
      `The report was exported to ${vscode.workspace.asRelativePath(target)}.`,
      "Open",
    );
    if (answer === "Open") await vscode.commands.executeCommand("vscode.open", target);
  } catch (error) {
    await showFailure(error, channel);
  }
}
