import { formatBytes, formatCount } from "../base/format.ts";
import type { CatalogEntry } from "../facts/fileCatalog.ts";
import { evidenceCount, leastBytes, type Finding, type FindingCode, type Remedy } from "./finding.ts";
import type { ImageView } from "./imageView.ts";

/** A finding before its bytes are counted. */
export interface Draft {
  readonly code: FindingCode;
  /** The start of the sentence, up to the colon. */
  readonly title: string;
  readonly advice: string;
  readonly layerIndex: number;
  readonly files: readonly CatalogEntry[];
  readonly remedy?: Remedy;
}

/** Collects files under a key of the detector's choice and the layer that holds them; all layers of the base image are one place. */
export class Groups<Key> {
  readonly #groups = new Map<Key, Map<number, CatalogEntry[]>>();
  readonly #baseLayerCount: number;

  constructor({ baseLayerCount }: ImageView) {
    this.#baseLayerCount = baseLayerCount;
  }

  add(key: Key, entry: CatalogEntry): void {
    const place = entry.layerIndex < this.#baseLayerCount ? 0 : entry.layerIndex;
    const byLayer = this.#groups.get(key) ?? new Map<number, CatalogEntry[]>();
    this.#groups.set(key, byLayer);
    const files = byLayer.get(place);
    if (files) files.push(entry);
    else byLayer.set(place, [entry]);
  }

  /** Drafts of each group; `draft` says what it is. */
  drafts(draft: (key: Key, files: readonly CatalogEntry[], layerIndex: number) => Omit<Draft, "files" | "layerIndex">): Draft[] {
    return [...this.#groups].flatMap(([key, byLayer]) =>
      [...byLayer].map(([layerIndex, files]): Draft => ({ ...draft(key, files, layerIndex), files, layerIndex })),
    );
  }
}

/** From this share of the image on, or from `warningBytes`, a finding is a warning. */
const warningFraction = 0.05;
const warningBytes = 100_000_000;

/** Counts what no earlier draft has counted; a draft that is left with too little is none. */
export function countedFindings(drafts: readonly Draft[], view: ImageView): Finding[] {
  const counted = new Set<CatalogEntry>();
  const findings: Finding[] = [];
  for (const draft of drafts) {
    const files = draft.files.filter((entry) => !counted.has(entry));
    const sizeBytes = files.reduce((sum, entry) => sum + entry.sizeBytes, 0);
    if (sizeBytes < leastBytes) continue;
    for (const entry of files) counted.add(entry);
    const readBytes = files.reduce((sum, { path }) => sum + (view.openedBytes.get(path) ?? 0), 0);
    findings.push({
      code: draft.code,
      severity: severityOf(sizeBytes, view),
      message: `${draft.title}: ${formatBytes(sizeBytes)} in ${countText(files.length)}, ${readText(readBytes, view)}.`,
      advice: draft.advice,
      sizeBytes,
      readBytes,
      layerIndex: draft.layerIndex,
      fileCount: files.length,
      evidence: largest(files),
      ...(draft.remedy && { remedy: draft.remedy }),
    });
  }
  return findings;
}

export function severityOf(sizeBytes: number, { inspection }: ImageView): Finding["severity"] {
  const { bytes } = inspection.estimate.totals;
  return sizeBytes >= warningBytes || sizeBytes >= warningFraction * bytes ? "warning" : "information";
}

/** The files with most bytes, for evidence. */
export function largest(files: readonly { readonly path: string; readonly sizeBytes: number }[]): Finding["evidence"] {
  const sorted = [...files].sort((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1));
  return sorted.slice(0, evidenceCount).map(({ path, sizeBytes }) => ({ path, sizeBytes }));
}

/** `gcc-12, g++-12 and 3 more`. */
export function shownNames(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

export function countText(files: number): string {
  return files === 1 ? "1 file" : `${formatCount(files)} files`;
}

function readText(readBytes: number, { inspection }: ImageView): string {
  const unsure = inspection.estimate.confidence === "low" ? ", so far as can be told without running it" : "";
  return readBytes === 0 ? `none of it read at startup${unsure}` : `of which startup reads ${formatBytes(readBytes)}${unsure}`;
}
