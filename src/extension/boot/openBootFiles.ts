import { realpath } from "node:fs/promises";
import { basename } from "node:path";
import * as vscode from "vscode";
import { UserError } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import { withNotice } from "../bench/runPlan.ts";
import { pickAlone } from "../pick.ts";
import { visibleText } from "../visibleText.ts";
import { isBelow } from "./isBelow.ts";
import { showBoots } from "./showBoots.ts";

/** Reads boots from files that the user chooses, and shows the report, which is saved. Without trust the workspace's own files only. */
export async function openBootFiles(call: Call): Promise<void> {
  const chosen = await choose();
  const [first] = chosen ?? [];
  if (!chosen || !first) return;
  for (const { scheme, path } of chosen) {
    if (scheme !== "file")
      throw new UserError("file-unreadable", `${path} is not on this machine.`, "Copy it to a folder of this machine.");
  }
  const paths = chosen.map(({ fsPath }) => fsPath);
  if (!vscode.workspace.isTrusted) await requireOwn(paths);
  const { readBoots } = await import("./bootEngine.ts");
  const boots = await withNotice(`Reading ${visibleText(basename(first.fsPath), 60)}`, (signal) => readBoots(paths, { ...call, signal }));
  await showBoots(boots, `boot-${basename(first.fsPath)}`);
}

/** A dialog of VS Code lets people choose files or folders, not both. */
async function choose(): Promise<readonly vscode.Uri[] | undefined> {
  const kind = await pickAlone<"folder" | "files">("Open boot files", {
    placeholder: "Where do the boots lie?",
    items: [
      { label: "Folders", detail: "Each is a boot, or holds a folder for each boot.", value: "folder" },
      {
        label: "Files",
        detail: "Of one boot: what systemctl show, journalctl, systemd-analyze or cloud-init analyze dump printed.",
        value: "files",
      },
    ],
  });
  if (kind === undefined) return undefined;
  return vscode.window.showOpenDialog({
    title: "Open boot files",
    openLabel: "Open",
    canSelectMany: true,
    canSelectFiles: kind === "files",
    canSelectFolders: kind === "folder",
  });
}

/** Links that lead out of the workspace do not count as its files. */
async function requireOwn(paths: readonly string[]): Promise<void> {
  const folders = await Promise.all(
    (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file").map(({ uri }) => realpath(uri.fsPath)),
  );
  for (const path of paths) {
    const real = await realpath(path);
    if (folders.some((folder) => isBelow(real, folder))) continue;
    throw new UserError(
      "untrusted-workspace",
      `${path} is not in this workspace, and in Restricted Mode nothing else is read.`,
      'Trust this workspace with the command "Workspaces: Manage Workspace Trust".',
    );
  }
}
