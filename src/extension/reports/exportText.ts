import * as vscode from "vscode";
import { UserError } from "../../base/errors.ts";
import type { ReportDocument } from "../../results/document.ts";
import type { ExportFormat } from "../../results/exportForms.ts";

/** The report in another form; undefined when it holds nothing that has that form. */
export async function exportedText(document: ReportDocument, format: ExportFormat, extensionUri: vscode.Uri): Promise<string | undefined> {
  const { exportText, pagePartFiles, reportHtml } = await import("./exportEngine.ts");
  if (format !== "html") return exportText(document, format);
  const part = async (name: string): Promise<string> => {
    const uri = vscode.Uri.joinPath(extensionUri, "dist", "webview", name);
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    } catch (cause) {
      throw new UserError("file-unreadable", `The page of reports is missing: ${name}.`, "Install Coldstart again.", { cause });
    }
  };
  const { script, style, notices } = pagePartFiles;
  return reportHtml(document, { script: await part(script), style: await part(style), notices: await part(notices) });
}
