import { foreignLine } from "../../base/foreignText.ts";
import { instructionText } from "../instructionText.ts";
import type { Report, ReportLayer } from "../report.ts";

/** A layer or a package in several images, the first one being what the others are compared with. */
export interface WeightRow {
  /** `pip torch`, or the layer's instruction. */
  readonly label: string;
  /** One for each report. */
  readonly cells: readonly WeightCell[];
}

export interface WeightCell {
  /** Absent: the image does not have it. */
  readonly bytes?: number;
  /** Of the bytes, those that startup does not read until ready. */
  readonly untouchedBytes?: number;
  /** Of packages: `2.5.1`; several of one name are listed. */
  readonly version?: string;
  /** To the first report, where what is not there counts as 0; absent for the first report itself. */
  readonly differenceBytes?: number;
  readonly untouchedDifferenceBytes?: number;
  readonly change?: "added" | "removed" | "version" | "size" | "same";
}

interface Weight {
  readonly bytes: number;
  readonly untouchedBytes: number;
  readonly version?: string;
}

interface LayerRow {
  /** The instruction that made it in the first image that has it; empty when the builder kept none. */
  readonly label: string;
  readonly diffIds: Set<string>;
  /** Where the layer lies in the first image that has it; 0 is the base. */
  readonly index: number;
  readonly weights: (Weight | undefined)[];
}

/** How a layer finds the row of another image's layer, the surest first: the same content, the same instruction, the same place and keyword. */
const matches: readonly ((layer: ReportLayer, row: LayerRow) => boolean)[] = [
  ({ diffId }, row) => row.diffIds.has(diffId),
  ({ createdBy }, row) => createdBy !== "" && withoutHashes(instructionText(createdBy)) === withoutHashes(row.label),
  ({ index, createdBy }, row) => index === row.index && keywordOf(instructionText(createdBy)) === keywordOf(row.label),
];

/** Rows without a difference are left out. */
export function layerRows(images: readonly Report[]): readonly WeightRow[] {
  const rows: LayerRow[] = [];
  for (const [at, { layers }] of images.entries()) {
    const put = (layer: ReportLayer, row: LayerRow | undefined): boolean => {
      if (!row) return false;
      row.diffIds.add(layer.diffId);
      row.weights[at] = weightOf(layer);
      return true;
    };
    const known = [...rows];
    let unmatched = layers;
    for (const isMatch of matches) {
      const rowOf = (layer: ReportLayer): LayerRow | undefined => known.find((row) => row.weights[at] === undefined && isMatch(layer, row));
      unmatched = unmatched.filter((layer) => !put(layer, rowOf(layer)));
    }
    for (const layer of unmatched) {
      const weights = images.map((): Weight | undefined => undefined);
      const row = { label: instructionText(layer.createdBy), diffIds: new Set<string>(), index: layer.index, weights };
      put(layer, row);
      rows.push(row);
    }
  }
  return differing(
    rows.map(({ label, index, weights }) => ({ label: label === "" ? `layer ${index + 1}` : foreignLine(label, 120), weights })),
  );
}

/** A copied file's hash is in the instruction's text and changes with its content. */
function withoutHashes(label: string): string {
  return label.replace(/\b(dir|file|multi):[0-9a-f]+/g, "$1");
}

function keywordOf(label: string): string {
  return label.split(" ", 1)[0] ?? "";
}

/** Packages of the same manager and name are one row, whatever their version. Rows without a difference are left out. */
export function packageRows(images: readonly Report[]): readonly WeightRow[] {
  const tables = images.map(({ packages }) => {
    const byName = new Map<string, { bytes: number; untouchedBytes: number; versions: Set<string> }>();
    for (const one of packages) {
      const name = `${one.manager} ${one.name}`;
      const known = byName.get(name) ?? { bytes: 0, untouchedBytes: 0, versions: new Set<string>() };
      byName.set(name, known);
      known.bytes += one.bytes;
      known.untouchedBytes += weightOf(one).untouchedBytes;
      known.versions.add(one.version);
    }
    return byName;
  });
  const names = new Set(tables.flatMap((table) => [...table.keys()]));
  return differing(
    [...names].map((label) => ({
      label,
      weights: tables.map((table) => {
        const found = table.get(label);
        return found && { bytes: found.bytes, untouchedBytes: found.untouchedBytes, version: [...found.versions].sort().join(", ") };
      }),
    })),
  );
}

/** How much of an image lies in layers of the first one. */
export function sharedLayers(image: Report, first: Report | undefined): { readonly count: number; readonly bytes: number } {
  const known = new Set(first?.layers.map(({ diffId }) => diffId));
  const shared = image.layers.filter(({ diffId }) => known.has(diffId));
  return { count: shared.length, bytes: shared.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function weightOf({ bytes, pageBytes }: Pick<ReportLayer, "bytes" | "pageBytes">): Weight {
  return { bytes, untouchedBytes: Math.max(0, bytes - pageBytes) };
}

function differing(rows: readonly { readonly label: string; readonly weights: readonly (Weight | undefined)[] }[]): readonly WeightRow[] {
  const most = ({ cells }: WeightRow, key: "differenceBytes" | "untouchedDifferenceBytes"): number =>
    Math.max(...cells.map((cell) => Math.abs(cell[key] ?? 0)));
  return rows
    .map(({ label, weights }) => ({ label, cells: weights.map((own, index) => weightCell(own, weights[0], index)) }))
    .filter(({ cells }) => cells.some(({ change }) => change !== undefined && change !== "same"))
    .sort(
      (a, b) =>
        most(b, "untouchedDifferenceBytes") - most(a, "untouchedDifferenceBytes") ||
        most(b, "differenceBytes") - most(a, "differenceBytes") ||
        (a.label < b.label ? -1 : 1),
    );
}

function weightCell(own: Weight | undefined, base: Weight | undefined, index: number): WeightCell {
  if (index === 0) return own ?? {};
  if (!own && !base) return {};
  const differenceBytes = (own?.bytes ?? 0) - (base?.bytes ?? 0);
  const untouchedDifferenceBytes = (own?.untouchedBytes ?? 0) - (base?.untouchedBytes ?? 0);
  const change = !base
    ? "added"
    : !own
      ? "removed"
      : own.version !== base.version
        ? "version"
        : differenceBytes !== 0 || untouchedDifferenceBytes !== 0
          ? "size"
          : "same";
  return { ...own, differenceBytes, untouchedDifferenceBytes, change };
}
