import * as vscode from "vscode";
import { UserError } from "../../base/errors.ts";
import type { Problem } from "../../base/text.ts";
import type { PlanDraft } from "../../bench/plan/planDraft.ts";
import { commandIds } from "../ids.ts";

const severities: Readonly<Record<Problem["severity"], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Open plan files, `*.coldstart.yaml`: what is wrong is marked where it stands, and a lens runs the plan. Only text is read. */
export class PlanFiles implements vscode.Disposable {
  readonly #marks = vscode.languages.createDiagnosticCollection("coldstart-plan");
  readonly #subscription = vscode.workspace.onDidCloseTextDocument((document) => this.#marks.delete(document.uri));

  async lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { version } = document;
    const { readPlan } = await import("./planEngine.ts");
    const { value, problems } = readPlan(document.getText());
    // VS Code asks again after each edit.
    if (document.version === version) this.#marks.set(document.uri, problems.map(diagnostic));
    const isWrong = problems.some(({ severity }) => severity === "error");
    const title = isWrong ? "This plan has mistakes" : `$(play) Run this plan${sizeWords(value)}`;
    const command = isWrong ? "workbench.actions.view.problems" : commandIds.runPlan;
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, arguments: isWrong ? [] : [document.uri] })];
  }

  /** The file's draft; throws `plan-unreadable` for one that has mistakes. What is typed and not saved counts. */
  async read(uri: vscode.Uri): Promise<PlanDraft> {
    const { readPlan } = await import("./planEngine.ts");
    const document = await vscode.workspace.openTextDocument(uri);
    const { value, problems } = readPlan(document.getText());
    const errors = problems.filter(({ severity }) => severity === "error");
    if (errors.length === 0) return value;
    this.#marks.set(uri, problems.map(diagnostic));
    const [first] = errors;
    const line = first?.range ? ` in line ${first.range.startLine + 1}` : "";
    throw new UserError(
      "plan-unreadable",
      `The plan has ${errors.length === 1 ? "a mistake" : `${errors.length} mistakes`}${line}: ${first?.message}`,
      "Each is marked in the text.",
    );
  }

  dispose(): void {
    this.#marks.dispose();
    this.#subscription.dispose();
  }
}

function sizeWords({ arms, trialsPerArm }: PlanDraft): string {
  if (!arms || trialsPerArm === undefined) return "";
  return `: ${arms.length} ${arms.length === 1 ? "arm" : "arms"} × ${trialsPerArm} ${trialsPerArm === 1 ? "trial" : "trials"}`;
}

function diagnostic({ message, severity, range }: Problem): vscode.Diagnostic {
  const place = range ? new vscode.Range(range.startLine, range.startColumn, range.endLine, range.endColumn) : new vscode.Range(0, 0, 0, 0);
  const mark = new vscode.Diagnostic(place, message, severities[severity]);
  mark.source = "Coldstart";
  return mark;
}
