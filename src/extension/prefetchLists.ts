import * as vscode from "vscode";
import { formatBytes, formatCount } from "../base/format.ts";
import type { Inspection } from "../inspect/inspection.ts";
import type { TracedSet } from "../traces/tracedSet.ts";
import { visibleText } from "./visibleText.ts";

/** Asks for a lazy loader's format and a place, and writes what startup opens there: as traced where a recorded start is at hand. */
export async function savePrefetchList(imageName: string, inspection: Inspection, traced: TracedSet | undefined): Promise<void> {
  const { prefetchFormats, prefetchFiles } = await import("./engine.ts");
  const items = prefetchFormats.map((format) => ({ label: format.name, detail: format.usage, format }));
  const source = traced ? "as traced" : "as estimated";
  const chosen = await vscode.window.showQuickPick(items, {
    title: `Prefetch list of ${visibleText(imageName, 80)}, ${source}`,
    placeHolder: "Which lazy loader is it for?",
    matchOnDetail: true,
  });
  if (!chosen) return;
  const target = await vscode.window.showSaveDialog({ title: `Prefetch list for ${chosen.label}`, saveLabel: "Save" });
  if (!target) return;
  const list = chosen.format.write(prefetchFiles(inspection, traced), inspection.image.digest);
  await vscode.workspace.fs.writeFile(target, Buffer.from(list.text));
  const left = list.leftOut.map(({ count, reason }) => ` ${formatCount(count)} left out: ${reason}.`).join("");
  void vscode.window.showInformationMessage(
    `${formatCount(list.files)} files, ${formatBytes(list.bytes)} to fetch, ${source}.${left} For: ${chosen.format.usage}`,
  );
}
