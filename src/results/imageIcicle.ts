import { formatBytes } from "../base/format.ts";
import { instructionText } from "./instructionText.ts";
import { formatShare } from "./measureText.ts";
import type { Report, ReportLayer, ReportPackage } from "./report.ts";

/** One stretch of an image: a layer, or within one a package, what no package owns, or what is too small to be seen alone. */
export interface IcicleNode {
  /** Unique in the image; the same for the same report. */
  readonly key: string;
  readonly kind: "layer" | "package" | "no-package" | "small";
  readonly label: string;
  /** Of the final root filesystem. */
  readonly bytes: number;
  /** 4 KiB pages that startup reads, estimated. */
  readonly touchedBytes: number;
  /** Index of the layer in the image; absent for several small layers together. */
  readonly layerIndex?: number;
  /** They add up to `bytes`, or to more where a package has files in other layers, too: it stands whole where most of it is. */
  readonly children: readonly IcicleNode[];
}

/** What is a smaller share of the image has no stretch of its own: nobody could point at it. */
const smallestShare = 0.004;
const mostPackages = 14;

/** Layer → package, sizes in bytes, base layer first and packages by size. */
export function imageIcicle({ layers, packages, totals }: Pick<Report, "layers" | "packages" | "totals">): readonly IcicleNode[] {
  const smallestBytes = totals.bytes * smallestShare;
  const large = layers.filter(({ bytes }) => bytes > 0 && bytes >= smallestBytes);
  const small = layers.filter(({ bytes }) => bytes > 0 && bytes < smallestBytes);
  const nodes = large.map((layer) =>
    layerNode(
      layer,
      packages.filter(({ layerIndex }) => layerIndex === layer.index),
      smallestBytes,
    ),
  );
  if (small.length === 0) return nodes;
  const sums = summed(small);
  return [
    ...nodes,
    {
      key: "small-layers",
      kind: "small",
      label: small.length === 1 ? "1 small layer" : `${small.length} small layers`,
      ...sums,
      children: [],
    },
  ];
}

function layerNode(layer: ReportLayer, packages: readonly ReportPackage[], smallestBytes: number): IcicleNode {
  const bySize = [...packages].sort((a, b) => b.bytes - a.bytes);
  const shown = bySize.filter(({ bytes }, rank) => rank < mostPackages && bytes >= smallestBytes && bytes > 0);
  const others = bySize.slice(shown.length);
  const of = { layerIndex: layer.index, children: [] };
  const small = summed(others);
  const owned = summed(packages);
  const rest = { bytes: Math.max(0, layer.bytes - owned.bytes), touchedBytes: Math.max(0, layer.pageBytes - owned.touchedBytes) };
  const children: IcicleNode[] = [
    ...shown.map((one): IcicleNode => ({
      key: `${layer.index} ${one.manager} ${one.name} ${one.version}`,
      kind: "package",
      label: `${one.manager} ${one.name} ${one.version}`.trim(),
      bytes: one.bytes,
      touchedBytes: Math.min(one.bytes, one.pageBytes),
      ...of,
    })),
    ...(small.bytes > 0
      ? [
          {
            key: `${layer.index} small`,
            kind: "small",
            label: others.length === 1 ? "1 smaller package" : `${others.length} smaller packages`,
            ...small,
            ...of,
          } as const,
        ]
      : []),
    ...(rest.bytes > 0
      ? [{ key: `${layer.index} rest`, kind: "no-package", label: "files of no package", ...capped(rest), ...of } as const]
      : []),
  ];
  const text = instructionText(layer.createdBy);
  return {
    key: String(layer.index),
    kind: "layer",
    label: text === "" ? `layer ${layer.index + 1}` : `${layer.index + 1} ${text}`,
    bytes: layer.bytes,
    touchedBytes: Math.min(layer.bytes, layer.pageBytes),
    layerIndex: layer.index,
    children,
  };
}

function summed(parts: readonly { readonly bytes: number; readonly pageBytes: number }[]): Pick<IcicleNode, "bytes" | "touchedBytes"> {
  const sum = (of: (part: { readonly bytes: number; readonly pageBytes: number }) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  return capped({ bytes: sum(({ bytes }) => bytes), touchedBytes: sum(({ pageBytes }) => pageBytes) });
}

function capped({ bytes, touchedBytes }: Pick<IcicleNode, "bytes" | "touchedBytes">): Pick<IcicleNode, "bytes" | "touchedBytes"> {
  return { bytes, touchedBytes: Math.min(bytes, touchedBytes) };
}

/** Where a stretch lies, as shares of the whole width, and which share of the image's bytes it is. */
export interface PlacedNode {
  readonly node: IcicleNode;
  readonly from: number;
  readonly width: number;
  readonly share: number;
  readonly parent: IcicleNode | undefined;
}

/** Shares of the whole width. A layer is as wide as its bytes, or as its packages where those are more. */
export function placedNodes(nodes: readonly IcicleNode[]): readonly PlacedNode[] {
  const wholeBytes = Math.max(
    1,
    sumOf(nodes, ({ bytes }) => bytes),
  );
  const wholeWeight = Math.max(1, sumOf(nodes, weightOf));
  const placed: PlacedNode[] = [];
  let from = 0;
  for (const node of nodes) {
    const width = weightOf(node) / wholeWeight;
    placed.push({ node, from, width, share: node.bytes / wholeBytes, parent: undefined });
    let within = from;
    for (const child of node.children) {
      placed.push({ node: child, from: within, width: child.bytes / wholeWeight, share: child.bytes / wholeBytes, parent: node });
      within += child.bytes / wholeWeight;
    }
    from += width;
  }
  return placed;
}

function weightOf({ bytes, children }: IcicleNode): number {
  return Math.max(
    bytes,
    sumOf(children, (child) => child.bytes),
  );
}

function sumOf(nodes: readonly IcicleNode[], of: (node: IcicleNode) => number): number {
  return nodes.reduce((sum, node) => sum + of(node), 0);
}

/** All that a picture shows of a stretch, in words. */
export function placedText({ node, share, parent }: PlacedNode): string {
  const size = `${formatBytes(node.bytes)}, ${formatShare(share, 1)} of the image`;
  return `${node.label}${parent ? ` in layer ${parent.label}` : ""}: ${size}; ${formatBytes(node.touchedBytes)} of it touched (${formatShare(node.touchedBytes, node.bytes)})`;
}
