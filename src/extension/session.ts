import * as vscode from "vscode";
import { formatBytes } from "../base/format.ts";
import { UserError } from "../base/errors.ts";
import { askForImage } from "./askForImage.ts";
import type { SavedPanel } from "./savedPanel.ts";
import { dockerfileHover } from "./dockerfileHover.ts";
import { dockerfileLenses, type Lens, type LensAction } from "./dockerfileLenses.ts";
import { Dockerfiles } from "./dockerfiles.ts";
import { logFailure, requireTrust, showFailure } from "./failure.ts";
import { addToIgnoreFile, FindingDiagnostics } from "./findingDiagnostics.ts";
import { lensCommandIds } from "./ids.ts";
import { ImageChoices, type ImageChoice } from "./imageChoices.ts";
import { ImagePanels } from "./imagePanels.ts";
import type { ImageRow } from "./images/imageRow.ts";
import { ImageTree } from "./images/imageTree.ts";
import { progressText } from "./inspectProgress.ts";
import { Inspections } from "./inspections.ts";
import { outputLog } from "./outputLog.ts";
import { currentChunkSizeBytes, readSettings } from "./settings.ts";
import { visibleText } from "./visibleText.ts";

const refreshEveryMs = 500;

export interface SessionOptions {
  readonly context: vscode.ExtensionContext;
  readonly channel: vscode.LogOutputChannel;
  /** Asks VS Code to draw the lenses again. */
  readonly refreshLenses: () => void;
  /** Asks VS Code to draw the view of images again. */
  readonly refreshImages: () => void;
}

/** Everything behind commands, lenses and panels. Made when the first of them is asked for, not at activation. */
export class Session implements vscode.Disposable {
  readonly images: ImageTree;
  readonly #channel: vscode.LogOutputChannel;
  readonly #choices: ImageChoices;
  readonly #inspections: Inspections;
  readonly #dockerfiles: Dockerfiles;
  readonly #panels: ImagePanels;
  readonly #diagnostics: FindingDiagnostics;
  readonly #refreshLenses: () => void;
  readonly #refreshImages: () => void;
  readonly #subscriptions: vscode.Disposable[];
  #refreshedAtMs = -Infinity;

  constructor({ context, channel, refreshLenses, refreshImages }: SessionOptions) {
    const log = outputLog(channel);
    this.#channel = channel;
    this.#refreshLenses = refreshLenses;
    this.#refreshImages = refreshImages;
    this.#choices = new ImageChoices(context.workspaceState);
    this.#inspections = new Inspections(log);
    this.images = new ImageTree(this.#choices, this.#inspections);
    this.#dockerfiles = new Dockerfiles(this.#inspections, this.#choices, channel, log);
    this.#panels = new ImagePanels({ extensionUri: context.extensionUri, inspections: this.#inspections, channel });
    this.#diagnostics = new FindingDiagnostics(this.#dockerfiles, (error) => logFailure(error, channel));
    // The age in the lenses is told in minutes.
    const everyMinute = setInterval(refreshLenses, 60_000);
    this.#subscriptions = [
      this.#inspections,
      this.#panels,
      this.#diagnostics,
      this.#inspections.onDidChange((imageName) => this.#refreshAfter(imageName)),
      vscode.workspace.onDidGrantWorkspaceTrust(refreshLenses),
      vscode.workspace.onDidGrantWorkspaceTrust(refreshImages),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#diagnostics.refresh()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration("coldstart")) return;
        refreshLenses();
        refreshImages();
        if (change.affectsConfiguration("coldstart.chunkSize"))
          this.#inspections.setChunkSize(currentChunkSizeBytes()).catch((error: unknown) => logFailure(error, channel));
      }),
      { dispose: () => clearInterval(everyMinute) },
    ];
  }

  async lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const view = await this.#dockerfiles.view(document);
    return view ? dockerfileLenses(view).map((lens) => codeLens(lens, document.uri)) : [];
  }

  async hover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const view = await this.#dockerfiles.view(document);
    const hover = view && dockerfileHover(view, position.line);
    if (!hover) return undefined;
    // Neither trusted nor HTML: links to commands and markup stay text.
    return new vscode.Hover(new vscode.MarkdownString(hover.markdown), range(hover.range));
  }

  codeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    return this.#diagnostics.actions(document, range);
  }

  ignore(path: string, lines: readonly string[]): Promise<void> {
    return addToIgnoreFile(path, lines);
  }

  async inspectImage(name?: string): Promise<void> {
    requireTrust();
    const imageName = typeof name === "string" ? name : (await askForImage("Inspect Image", [], this.#choices.recent()))?.name;
    if (imageName === undefined) return;
    await this.#choices.addRecent(imageName);
    await this.#inspectVisibly(imageName);
    this.#panels.show(imageName);
  }

  async inspectDockerfile(resource?: vscode.Uri): Promise<void> {
    requireTrust();
    const document = await dockerfileDocument(resource);
    const choice = this.#choices.get(document.uri) ?? (await this.#ask(document));
    if (!choice) return;
    await this.#choices.set(document.uri, choice);
    await this.#inspectVisibly(choice.name);
    // Works out the answer for the text before the panel shows it.
    await this.#dockerfiles.view(document);
    this.#panels.show(choice.name);
  }

  /** Asks, remembers and inspects; the lenses then say what they found. */
  async chooseImage(resource?: vscode.Uri): Promise<void> {
    requireTrust();
    const document = await dockerfileDocument(resource);
    const choice = await this.#ask(document);
    if (!choice) return;
    await this.#choices.set(document.uri, choice);
    this.#refreshLenses();
    this.#diagnostics.refresh();
    await this.#inspectVisibly(choice.name);
  }

  /** Takes an image off the list; what was learnt of its layers stays in the cache. */
  async forgetImage(row?: ImageRow): Promise<void> {
    if (row?.kind !== "image") return;
    await this.#choices.forget(row.name);
    this.#refreshImages();
  }

  async clearCache(): Promise<void> {
    requireTrust();
    const { clearCache } = await import("./engine.ts");
    const { folder, freedBytes } = await clearCache(readSettings());
    void vscode.window.showInformationMessage(
      `Coldstart's cache is empty: ${formatBytes(freedBytes)} were freed in ${visibleText(folder, 200)}.`,
    );
  }

  /** The lens "Inspect IMAGE": an image that was guessed becomes the chosen one. */
  async inspectForDockerfile(uri: vscode.Uri, imageName: string): Promise<void> {
    requireTrust();
    const document = await dockerfileDocument(uri);
    const guess = this.#dockerfiles.guesses(document).find(({ name }) => name === imageName);
    const chosen = this.#choices.get(uri);
    if (chosen?.name !== imageName)
      await this.#choices.set(uri, { name: imageName, ...(guess?.target !== undefined && { target: guess.target }) });
    await this.#inspectVisibly(imageName);
  }

  async showImage(imageName: string, layerIndex?: number): Promise<void> {
    this.#panels.show(imageName, layerIndex);
  }

  async showFailureOf(imageName: string): Promise<void> {
    const state = this.#inspections.get(imageName);
    if (state?.kind === "failed") await showFailure(state.error, this.#channel);
  }

  restorePanel(panel: vscode.WebviewPanel, saved: SavedPanel): void {
    if (saved.imageName === undefined) panel.dispose();
    else this.#panels.attach(panel, saved.imageName);
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  /** While an image is read its progress changes often; lenses that move all the time cannot be read. */
  #refreshAfter(imageName: string): void {
    const isReading = this.#inspections.get(imageName)?.kind === "reading";
    if (!isReading) this.#diagnostics.refresh();
    const nowMs = performance.now();
    if (isReading && nowMs - this.#refreshedAtMs < refreshEveryMs) return;
    this.#refreshedAtMs = nowMs;
    this.#refreshLenses();
    this.#refreshImages();
  }

  #ask(document: vscode.TextDocument): Promise<ImageChoice | undefined> {
    const title = `Image that is built from ${vscode.workspace.asRelativePath(document.uri)}`;
    return askForImage(title, this.#dockerfiles.guesses(document), this.#choices.recent());
  }

  /** Reads an image with a notification that tells how far it is and lets the user stop it. */
  async #inspectVisibly(imageName: string): Promise<void> {
    const title = `Reading ${visibleText(imageName, 80)}`;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => this.#inspections.cancel(imageName));
        let shown = 0;
        const listener = this.#inspections.onDidChange((name) => {
          const state = this.#inspections.get(imageName);
          if (name !== imageName || state?.kind !== "reading") return;
          const { readBytes, totalBytes } = state.progress;
          const percent = totalBytes > 0 ? Math.min(100, (100 * readBytes) / totalBytes) : 0;
          progress.report({ message: progressText(state.progress), increment: Math.max(0, percent - shown) });
          shown = Math.max(shown, percent);
        });
        try {
          await this.#inspections.inspect(imageName);
        } finally {
          listener.dispose();
        }
      },
    );
  }
}

async function dockerfileDocument(resource: vscode.Uri | undefined): Promise<vscode.TextDocument> {
  if (resource instanceof vscode.Uri) return vscode.workspace.openTextDocument(resource);
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId === "dockerfile") return document;
  throw new UserError("bad-usage", "No Dockerfile is open.", "Open a Dockerfile and try again.");
}

function codeLens(lens: Lens, uri: vscode.Uri): vscode.CodeLens {
  return new vscode.CodeLens(range(lens.range), { title: lens.title, ...lensCommand(lens.action, uri) });
}

/** Without a command VS Code draws a lens as plain text. */
function lensCommand(action: LensAction | undefined, uri: vscode.Uri): { command: string; arguments?: unknown[] } {
  switch (action?.kind) {
    case undefined:
      return { command: "" };
    case "showImage":
      return { command: lensCommandIds.showImage, arguments: [action.imageName, action.layerIndex] };
    case "chooseImage":
      return { command: lensCommandIds.chooseImage, arguments: [uri] };
    case "inspect":
      return { command: lensCommandIds.inspect, arguments: [uri, action.imageName] };
    case "showFailure":
      return { command: lensCommandIds.showFailure, arguments: [action.imageName] };
    case "manageTrust":
      return { command: "workbench.trust.manage" };
  }
}

function range(text: { startLine: number; startColumn: number; endLine: number; endColumn: number }): vscode.Range {
  return new vscode.Range(text.startLine, text.startColumn, text.endLine, text.endColumn);
}
