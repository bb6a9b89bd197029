import * as vscode from "vscode";
import { isCancelled, isUserError, UserError } from "../base/errors.ts";
import type { PanelFailure } from "../protocol/messages.ts";
import { visibleText } from "./visibleText.ts";

/**
 * The one place where a failure becomes a message. Cancellation is shown nowhere; what the user can mend says how; anything
 * else is our bug and leads to the log.
 */
export async function showFailure(error: unknown, channel: vscode.LogOutputChannel): Promise<void> {
  if (isCancelled(error)) return;
  const failure = failureOf(error);
  logFailure(error, channel);
  const words = failure.isBug ? `This is a bug in Coldstart: ${failure.message}` : `${failure.message} ${failure.hint}`;
  const answer = await vscode.window.showErrorMessage(visibleText(words, 600), "Show Log");
  if (answer === "Show Log") channel.show();
}

export function logFailure(error: unknown, channel: vscode.LogOutputChannel): void {
  if (isUserError(error)) channel.error(`${error.message} ${error.hint} [${error.code}]`);
  else channel.error(error instanceof Error ? error : String(error));
}

export function failureOf(error: unknown): PanelFailure {
  if (isUserError(error)) return { code: error.code, message: error.message, hint: error.hint, isBug: false };
  return { code: "bug", message: error instanceof Error ? error.message : String(error), hint: "", isBug: true };
}

/** Nothing is opened, contacted or executed for a workspace that the user does not trust. */
export function requireTrust(refusal = "Coldstart inspects no image in Restricted Mode."): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserError("untrusted-workspace", refusal, 'Trust this workspace with the command "Workspaces: Manage Workspace Trust".');
}
