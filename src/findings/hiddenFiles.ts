import type { LayerFacts } from "../facts/layerFacts.ts";

/** Bytes of a layer that no container can see: a later layer has replaced or deleted the file. */
export interface HiddenFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly layerIndex: number;
  readonly hiddenByLayerIndex: number;
  /** `sameSize`: replaced by as many bytes, as chown and chmod do. */
  readonly how: "deleted" | "replaced" | "sameSize";
}

/** One content; hard links are further names of it. */
interface Content {
  readonly path: string;
  readonly sizeBytes: number;
  readonly layerIndex: number;
  names: number;
}

interface Node {
  content: Content | undefined;
  children: Map<string, Node> | undefined;
}

/** What each layer hides of those below, by OCI image-spec's layer.md; within one layer nothing is hidden. */
export function hiddenFiles(layers: readonly LayerFacts[]): readonly HiddenFile[] {
  const hidden: HiddenFile[] = [];
  const root: Node = { content: undefined, children: undefined };
  const drop = (content: Content, layerIndex: number, how: HiddenFile["how"]): void => {
    if (--content.names > 0 || content.sizeBytes === 0 || content.layerIndex === layerIndex) return;
    hidden.push({ path: content.path, sizeBytes: content.sizeBytes, layerIndex: content.layerIndex, hiddenByLayerIndex: layerIndex, how });
  };
  const dropAll = (top: Node, layerIndex: number): void => {
    const nodes = [top];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      if (node.content) drop(node.content, layerIndex, "deleted");
      if (node.children) nodes.push(...node.children.values());
    }
  };
  layers.forEach(({ entries }, layerIndex) => {
    for (const { path, type } of entries) {
      if (type !== "whiteout" && type !== "opaque") continue;
      const slash = path.lastIndexOf("/");
      const parent = find(root, path.slice(0, slash));
      const node = path === "/" ? root : parent?.children?.get(path.slice(slash + 1));
      if (!node) continue;
      if (type === "opaque") {
        for (const child of node.children?.values() ?? []) dropAll(child, layerIndex);
        node.children = undefined;
      } else {
        dropAll(node, layerIndex);
        parent?.children?.delete(path.slice(slash + 1));
      }
    }
    for (const entry of entries) {
      const { path, type } = entry;
      if (type === "whiteout" || type === "opaque" || path === "/") continue;
      const node = made(root, path);
      const before = node.content;
      if (type === "hardlink") {
        node.content = find(root, entry.linkTarget ?? "")?.content;
        if (node.content) node.content.names++;
      } else {
        node.content = type === "file" ? { path, sizeBytes: entry.sizeBytes, layerIndex, names: 1 } : undefined;
      }
      if (type !== "directory" && node.children) {
        for (const child of node.children.values()) dropAll(child, layerIndex);
        node.children = undefined;
      }
      if (before && before !== node.content) {
        drop(before, layerIndex, type === "file" && before.sizeBytes === entry.sizeBytes ? "sameSize" : "replaced");
      } else if (before) before.names--;
    }
  });
  return hidden;
}

function find(root: Node, path: string): Node | undefined {
  let node: Node | undefined = root;
  for (const name of path.split("/")) if (name !== "") node = node?.children?.get(name);
  return node;
}

function made(root: Node, path: string): Node {
  let node = root;
  for (let start = 1; start <= path.length;) {
    const slash = path.indexOf("/", start);
    const end = slash < 0 ? path.length : slash;
    const name = path.slice(start, end);
    const children: Map<string, Node> = (node.children ??= new Map<string, Node>());
    let child = children.get(name);
    if (!child) children.set(name, (child = { content: undefined, children: undefined }));
    node = child;
    start = end + 1;
  }
  return node;
}
