import { formatBytes, formatCount } from "../base/format.ts";
import type { LayerFacts } from "../facts/layerFacts.ts";
import { countText, largest, severityOf } from "./draft.ts";
import { leastBytes, type Finding } from "./finding.ts";
import { hiddenFiles, type HiddenFile } from "./hiddenFiles.ts";
import { layerTexts, type ImageView } from "./imageView.ts";

const known = new WeakMap<readonly LayerFacts[], readonly HiddenFile[]>();

/** What later layers hide of earlier ones. Within the base image nobody but its maker can change it. */
export function hiddenFindings(view: ImageView): Finding[] {
  const { layerFacts } = view.inspection;
  const hidden = known.get(layerFacts) ?? hiddenFiles(layerFacts);
  known.set(layerFacts, hidden);
  const groups = new Map<string, HiddenFile[]>();
  for (const file of hidden) {
    if (file.hiddenByLayerIndex < view.baseLayerCount || packageDatabase.test(file.path)) continue;
    const key = `${file.hiddenByLayerIndex} ${file.layerIndex} ${file.how === "deleted"}`;
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return [...groups.values()].flatMap((files): Finding[] => {
    const [first] = files;
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    if (!first || sizeBytes < leastBytes) return [];
    const source = first.layerIndex < view.baseLayerCount ? "the base image" : `layer ${first.layerIndex + 1}`;
    const amount = `${formatBytes(sizeBytes)} in ${countText(files.length)}`;
    const shown = largest(files).slice(0, 2);
    const more = files.length > shown.length ? ` and ${formatCount(files.length - shown.length)} more` : "";
    const names = `${shown.map(({ path }) => path).join(", ")}${more}`;
    return [
      {
        code: first.how === "deleted" ? "deleted-files" : "rewritten-files",
        severity: severityOf(sizeBytes, view),
        message:
          first.how === "deleted"
            ? `Deleting files of ${source} frees nothing: ${amount} stay in the image unseen (${names}).`
            : `Files of ${source} are stored a second time: ${amount} stay in the image unseen (${names}).`,
        advice: adviceFor(first, changesMetadata(first.hiddenByLayerIndex, files, view), view),
        sizeBytes,
        readBytes: null,
        layerIndex: first.hiddenByLayerIndex,
        sourceLayerIndex: first.layerIndex,
        fileCount: files.length,
        evidence: largest(files),
      },
    ];
  });
}

/** Whether the instruction changes owners or modes, and most bytes are as many as before. */
function changesMetadata(layerIndex: number, files: readonly HiddenFile[], { inspection }: ImageView): boolean {
  const text = layerTexts(inspection)[layerIndex] ?? "";
  const of = (some: readonly HiddenFile[]): number => some.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return /\bch(?:own|mod|grp)\b/.test(text) && of(files.filter(({ how }) => how === "sameSize")) >= of(files) / 2;
}

/** Every installation writes these again; joining all of them into one instruction would be worse. */
const packageDatabase = /^\/var\/(?:lib\/dpkg\/|cache\/debconf\/|log\/)|^\/etc\/ld\.so\.cache$|^\/(?:usr\/)?lib\/apk\/db\//;

function adviceFor({ how, layerIndex }: HiddenFile, onlyMetadata: boolean, { baseLayerCount }: ImageView): string {
  if (layerIndex < baseLayerCount)
    return how === "deleted"
      ? "Choose a base image without them: a later layer only hides them."
      : "Choose a base image that has the wanted version already.";
  if (how === "deleted") return "Delete them in the instruction that makes them, or make them in an earlier stage and copy what is wanted.";
  return onlyMetadata
    ? "Changing owner or mode stores a file again. Set them where the files come from: COPY --chown or --chmod, or the same RUN."
    : "Make them once: join the two instructions, or do the work in an earlier stage.";
}
