import { dirname, join } from "node:path";
import * as vscode from "vscode";
import type { TextRange } from "../base/text.ts";
import type { PlacedFinding } from "../findings/finding.ts";
import type { Dockerfiles, DockerfileFindings } from "./dockerfiles.ts";
import { addedIgnoreText, findingMark } from "./findingTexts.ts";
import { dockerfileSelector, lensCommandIds } from "./ids.ts";

/** While keys are pressed faster than this, marks stay as they are. */
const settleMs = 250;

/** Marks findings in open Dockerfiles, and offers what mends them. */
export class FindingDiagnostics implements vscode.Disposable {
  readonly #dockerfiles: Dockerfiles;
  readonly #collection = vscode.languages.createDiagnosticCollection("coldstart");
  readonly #found = new Map<string, DockerfileFindings>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #onError: (error: unknown) => void;

  constructor(dockerfiles: Dockerfiles, onError: (error: unknown) => void) {
    this.#dockerfiles = dockerfiles;
    this.#onError = onError;
    this.#subscriptions = [
      this.#collection,
      vscode.workspace.onDidOpenTextDocument((document) => this.#later(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#later(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document.uri)),
      vscode.workspace.onDidSaveTextDocument(({ fileName }) => {
        if (!fileName.endsWith(".dockerignore")) return;
        dockerfiles.forgetContexts();
        this.refresh();
      }),
    ];
    this.refresh();
  }

  /** Looks at all open Dockerfiles again. */
  refresh(): void {
    for (const document of vscode.workspace.textDocuments) this.#later(document);
  }

  /** What mends the findings of the instructions in this range. */
  actions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const found = this.#found.get(document.uri.toString());
    // Edits are made for one state of the text only.
    if (!found || found.version !== document.version) return [];
    const marks = this.#collection.get(document.uri) ?? [];
    return found.findings.flatMap((finding) => {
      if (!finding.place || !editorRange(finding.place.range).intersection(range)) return [];
      const mark = findingMark(finding);
      const diagnostics = marks.filter(({ message }) => message === mark?.message);
      return [...fixActions(finding, document, found.ignoreFileName, diagnostics), ...panelActions(finding, found.imageName, diagnostics)];
    });
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #later(document: vscode.TextDocument): void {
    if (document.languageId !== dockerfileSelector.language || document.isClosed || document.uri.scheme === "git") return;
    const key = document.uri.toString();
    clearTimeout(this.#waiting.get(key));
    this.#waiting.set(
      key,
      setTimeout(() => {
        this.#waiting.delete(key);
        this.#update(document).catch(this.#onError);
      }, settleMs),
    );
  }

  async #update(document: vscode.TextDocument): Promise<void> {
    const found = await this.#dockerfiles.findings(document);
    if (!found || document.isClosed || found.version !== document.version) return;
    this.#found.set(document.uri.toString(), found);
    this.#collection.set(
      document.uri,
      found.findings.flatMap((finding) => diagnostic(finding, document.uri)),
    );
  }

  #forget(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.#waiting.get(key));
    this.#waiting.delete(key);
    this.#found.delete(key);
    this.#collection.delete(uri);
  }
}

function diagnostic(finding: PlacedFinding, uri: vscode.Uri): vscode.Diagnostic[] {
  const mark = findingMark(finding);
  if (!mark) return [];
  const severity = mark.severity === "warning" ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Information;
  const made = new vscode.Diagnostic(editorRange(mark.range), mark.message, severity);
  made.source = "Coldstart";
  made.code = mark.code;
  made.relatedInformation = mark.related.map(
    ({ range, message }) => new vscode.DiagnosticRelatedInformation(new vscode.Location(uri, editorRange(range)), message),
  );
  return [made];
}

function fixActions(
  { fix, code }: PlacedFinding,
  document: vscode.TextDocument,
  ignoreFileName: string | undefined,
  diagnostics: vscode.Diagnostic[],
): vscode.CodeAction[] {
  if (!fix) return [];
  const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = diagnostics;
  // Another base image is a decision, not a correction.
  action.isPreferred = code !== "devel-base";
  if (fix.edits.length > 0) {
    action.edit = new vscode.WorkspaceEdit();
    for (const { range, newText } of fix.edits) action.edit.replace(document.uri, editorRange(range), newText);
  } else if (ignoreFileName !== undefined && document.uri.scheme === "file") {
    const ignoreFile = join(dirname(document.uri.fsPath), ignoreFileName);
    action.command = { title: fix.title, command: lensCommandIds.ignore, arguments: [ignoreFile, fix.ignoreLines] };
  } else return [];
  return [action];
}

function panelActions({ layerIndex }: PlacedFinding, imageName: string | undefined, diagnostics: vscode.Diagnostic[]): vscode.CodeAction[] {
  if (imageName === undefined || layerIndex === null) return [];
  const title = `Show layer ${layerIndex + 1} and its files`;
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = diagnostics;
  action.command = { title, command: lensCommandIds.showImage, arguments: [imageName, layerIndex] };
  return [action];
}

/** Adds lines to an ignore file, which is made if need be, and saves it: builders read the file, not the editor. */
export async function addToIgnoreFile(path: string, lines: readonly string[]): Promise<void> {
  const uri = vscode.Uri.file(path);
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: true });
  await vscode.workspace.applyEdit(edit);
  const document = await vscode.workspace.openTextDocument(uri);
  const text = addedIgnoreText(document.getText(), lines);
  const insertion = new vscode.WorkspaceEdit();
  insertion.insert(uri, document.lineAt(document.lineCount - 1).range.end, text);
  await vscode.workspace.applyEdit(insertion);
  await document.save();
}

function editorRange(text: TextRange): vscode.Range {
  return new vscode.Range(text.startLine, text.startColumn, text.endLine, text.endColumn);
}
