import { basename } from "node:path";
import * as vscode from "vscode";
import type { Call } from "../../base/log.ts";
import type { BenchRun } from "../../bench/benchRun.ts";
import type { BootReport } from "../../boot/bootReport.ts";
import type { ReportDocument } from "../../results/document.ts";
import { UserError } from "../../base/errors.ts";

/** Reads a report's file. Throws `UserError` for one that is none, is newer than this version or too large. */
export async function readReport(uri: vscode.Uri, call: Call): Promise<ReportDocument> {
  const { readDocument, readReportFile } = await import("./reportEngine.ts");
  const text = uri.scheme === "file" ? await readReportFile(uri.fsPath, call) : await readElsewhere(uri);
  return readDocument(text, basename(uri.path)).value;
}

/** Writes a report of what was measured, as a whole or not at all. */
export async function saveReport(
  uri: vscode.Uri,
  parts: { readonly bench?: BenchRun; readonly boots?: BootReport },
  version: string,
): Promise<void> {
  const { documentOf, writeDocument } = await import("./reportEngine.ts");
  const document = documentOf(parts, { atEpochMs: Date.now(), version });
  if (uri.scheme !== "file") throw new UserError("file-unreadable", "Reports are saved on disks only.", "Choose a folder of this machine.");
  await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(uri, ".."));
  await writeDocument(uri.fsPath, document);
}

/** Where a report goes: below the workspace's folder, else where the user says; undefined when they say nothing. */
export async function placeForReport(name: string, beside: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  const folder = reportsFolder(beside);
  const fileName = reportFileName(name, new Date());
  if (folder) return vscode.Uri.joinPath(folder, fileName);
  return vscode.window.showSaveDialog({
    title: "Where is the report saved?",
    saveLabel: "Save",
    filters: { "Coldstart report": ["coldstart.json"] },
    ...(beside?.scheme === "file" && { defaultUri: vscode.Uri.joinPath(beside, "..", fileName) }),
  });
}

/** Benchmarks of earlier runs, as far as their reports lie where new ones are put. */
export async function earlierRuns(beside: vscode.Uri | undefined, call: Call): Promise<readonly BenchRun[]> {
  const folder = reportsFolder(beside);
  if (!folder) return [];
  const { readEarlierRuns } = await import("./reportEngine.ts");
  return readEarlierRuns([folder.fsPath], call);
}

/** Below the workspace's folder of a file, else the first on a disk; undefined without one. */
function reportsFolder(beside: vscode.Uri | undefined): vscode.Uri | undefined {
  const own = beside && vscode.workspace.getWorkspaceFolder(beside);
  const folder = own ?? vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file");
  return folder?.uri.scheme === "file" ? vscode.Uri.joinPath(folder.uri, ".coldstart") : undefined;
}

/** `tiny-1-2026-11-28-004526.coldstart.json`: safe on every system, and sorted by time for one plan. */
export function reportFileName(planName: string, at: Date): string {
  const name =
    planName
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[-.]+|[-.]+$/g, "")
      .slice(0, 60) || "benchmark";
  const stamp = at.toISOString().slice(0, 19).replace("T", "-").replaceAll(":", "");
  return `${name}-${stamp}.coldstart.json`;
}

/** Of other file systems: a repository that is looked at without a checkout, for instance. */
async function readElsewhere(uri: vscode.Uri): Promise<string> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > 50_000_000)
    throw new UserError("limit-exceeded", `${basename(uri.path)} is too large to be read from there.`, "Copy it to this machine.");
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}
