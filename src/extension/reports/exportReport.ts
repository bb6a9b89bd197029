import * as vscode from "vscode";
import { UserError } from "../../base/errors.ts";
import type { ReportDocument } from "../../results/document.ts";
import { exportForms, type ExportFormat } from "../../results/exportForms.ts";
import { chartForms, type ChartChoice, type ChartName } from "../../results/pictures/chartNames.ts";
import { showFailure } from "../failure.ts";
import { exportedText } from "./exportText.ts";

/** Where an export comes from: the report's file, and the extension's own folder with the page of reports. */
export interface ExportContext {
  readonly uri: vscode.Uri;
  readonly extensionUri: vscode.Uri;
  readonly channel: vscode.LogOutputChannel;
}

/** Asks for a place and writes the report there in another form. */
export async function exportReport(
  document: ReportDocument,
  format: ExportFormat,
  { uri, extensionUri, channel }: ExportContext,
): Promise<void> {
  try {
    const text = await exportedText(document, format, extensionUri);
    if (text === undefined) throw new UserError("bad-usage", "The report holds nothing that has this form.", "Choose another form.");
    await save(uri, exportForms[format].ending, Buffer.from(text));
  } catch (error) {
    await showFailure(error, channel);
  }
}

/** Asks for a place and writes a chart there as SVG. */
export async function exportChart(document: ReportDocument, choice: ChartChoice, { uri, channel }: ExportContext): Promise<void> {
  try {
    const { chartPicture, pictureSvg } = await import("./exportEngine.ts");
    const picture = chartPicture(document, choice);
    if (!picture)
      throw new UserError("bad-usage", "The report holds nothing for this chart.", `It needs ${chartForms[choice.name].needs}.`);
    await save(uri, `${choice.name}.svg`, Buffer.from(pictureSvg(picture)));
  } catch (error) {
    await showFailure(error, channel);
  }
}

/** The same for what the page drew of it. What is no PNG is refused: it came from a page. */
export async function savePicture(pngBase64: string, chart: ChartName, { uri, channel }: ExportContext): Promise<void> {
  try {
    const bytes = Buffer.from(pngBase64, "base64");
    if (!bytes.subarray(0, pngSignature.length).equals(pngSignature))
      throw new UserError("bad-usage", "The picture could not be made.", "Export it as SVG.");
    await save(uri, `${chart}.png`, bytes);
  } catch (error) {
    await showFailure(error, channel);
  }
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

async function save(uri: vscode.Uri, ending: string, content: Uint8Array): Promise<void> {
  const stem = uri.path.replace(/^.*\//, "").replace(/\.coldstart\.json$/, "");
  const target = await vscode.window.showSaveDialog({
    title: "Export the report",
    saveLabel: "Export",
    defaultUri: vscode.Uri.joinPath(uri, "..", `${stem}.${ending}`),
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, content);
  const answer = await vscode.window.showInformationMessage(
    `The report was exported to ${vscode.workspace.asRelativePath(target)}.`,
    "Open",
  );
  if (answer === "Open") await vscode.commands.executeCommand("vscode.open", target);
}
