import { createHash } from "node:crypto";
import { parseJsonObject } from "../../base/json.ts";
import { rowsOf, type NodeReport } from "./nodeReport.ts";

/** What an arm's image leaves on a node: the names and the layers to look for when it must be gone. */
export interface ImageLayers {
  /** Digests of the compressed layers, base first. */
  readonly digests: readonly string[];
  /** Digests of the uncompressed layers, base first. */
  readonly diffIds: readonly string[];
}

/** Snapshots of unpacked layers are named by these (OCI image specification, "Layer ChainID"), base first. */
export function chainIdsOf(diffIds: readonly string[]): readonly string[] {
  const chain: string[] = [];
  for (const diffId of diffIds) {
    const parent = chain.at(-1);
    chain.push(parent === undefined ? diffId : `sha256:${createHash("sha256").update(`${parent} ${diffId}`).digest("hex")}`);
  }
  return chain;
}

/** Layers of an image from the documents that `describeScript` printed; undefined when the node has not all of them. */
export function imageLayersOf(report: NodeReport, image: string): ImageLayers | undefined {
  const target = rowsOf(report, "target").find(([name]) => name === image)?.[1];
  const documents = new Map(rowsOf(report, "document").map(([digest = "", ...words]) => [digest, parseJsonObject(words.join(" "))]));
  for (const manifest of manifestsOf(target, documents)) {
    const layers = listOf(manifest["layers"]);
    const config = documents.get(digestOf(manifest["config"]) ?? "");
    const rootfs = config?.["rootfs"] as { diff_ids?: unknown } | undefined;
    const diffIds = listOf(rootfs?.diff_ids).filter((id) => typeof id === "string");
    if (layers.length > 0 && diffIds.length === layers.length)
      return { digests: layers.map((layer) => digestOf(layer) ?? "").filter(Boolean), diffIds };
  }
  return undefined;
}

type Document = Readonly<Record<string, unknown>>;

function manifestsOf(digest: string | undefined, documents: ReadonlyMap<string, Document | undefined>): Document[] {
  const document = documents.get(digest ?? "");
  if (!document) return [];
  const inner = listOf(document["manifests"]).flatMap((manifest) => {
    const found = documents.get(digestOf(manifest) ?? "");
    return found ? [found] : [];
  });
  return inner.length > 0 ? inner : [document];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function digestOf(value: unknown): string | undefined {
  const digest = (value as { digest?: unknown } | undefined)?.digest;
  return typeof digest === "string" && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : undefined;
}
