import type { TarEntry } from "../image/image.ts";
import type { CatalogEntry, FileCatalog } from "./fileCatalog.ts";
import type { FileFact } from "./fileFact.ts";
import type { LayerFacts } from "./layerFacts.ts";

/** A place in the tree of the root filesystem. */
interface Node {
  entry: CatalogEntry;
  /** By name; only directories have them. */
  children: Map<string, Node> | undefined;
  /** Hard links: the file whose content they share, wherever that stands by then. */
  content: CatalogEntry | undefined;
  /** Taken out of the tree, so that what still points here looks again. */
  isRemoved: boolean;
}

/** As Linux follows them (path_resolution(7)). */
const maxLinks = 40;

/**
 * The root filesystem that the layers make, base first, as OCI image-spec's layer.md has it: whiteouts and opaque directories
 * hide what lower layers put there, never what their own layer does; a file that takes a directory's place removes all below it.
 */
export function squashLayers(layers: readonly LayerFacts[]): FileCatalog {
  const tree = new Tree();
  for (const [layerIndex, layer] of layers.entries()) tree.apply(layer.entries, layerIndex);
  return new SquashedCatalog(tree.root, layers);
}

/**
 * The same root filesystem with facts that have grown since: the layers' entries must be those that `catalog` was made of. Its
 * entries stay the same objects; nothing is wanted yet.
 */
export function withFacts(catalog: FileCatalog, layers: readonly LayerFacts[]): FileCatalog {
  if (!(catalog instanceof SquashedCatalog)) throw new Error("Only a squashed catalog can take facts");
  return catalog.withFacts(layers);
}

class Tree {
  readonly root: Node = newNode(impliedDirectory("/", 0));
  #layerIndex = 0;
  #lastParentPath = "/";
  #lastParent: Node = this.root;

  apply(entries: readonly TarEntry[], layerIndex: number): void {
    this.#layerIndex = layerIndex;
    this.#lastParentPath = "/";
    this.#lastParent = this.root;
    for (const entry of entries) {
      if (entry.type === "whiteout") this.#remove(entry.path);
      else if (entry.type === "opaque") this.#empty(entry.path);
    }
    let unresolved: [TarEntry, number][] = [];
    entries.forEach((entry, entryIndex) => {
      if (entry.type === "whiteout" || entry.type === "opaque") return;
      if (entry.type === "hardlink" && !this.#linkTarget(entry)) unresolved.push([entry, entryIndex]);
      else this.#put(entry, entryIndex);
    });
    // Links to what came later in the tar, or to links of that sort; what is left leads nowhere.
    for (let before = Infinity; unresolved.length > 0 && unresolved.length < before;) {
      before = unresolved.length;
      const rest: [TarEntry, number][] = [];
      for (const [entry, entryIndex] of unresolved) {
        if (this.#linkTarget(entry)) this.#put(entry, entryIndex);
        else rest.push([entry, entryIndex]);
      }
      // A chain that is written backwards would take one round for each link: a hostile layer gets no more than this.
      unresolved = rest.length * 20 < before * 19 || before < 1000 ? rest : [];
    }
  }

  #put(tar: TarEntry, entryIndex: number): void {
    const { path } = tar;
    const content = tar.type === "hardlink" ? this.#linkTarget(tar) : undefined;
    let entry: CatalogEntry = {
      path,
      type: tar.type as CatalogEntry["type"],
      sizeBytes: content?.sizeBytes ?? tar.sizeBytes,
      mode: tar.mode,
      mtimeEpochS: tar.mtimeEpochS,
      linkTarget: tar.linkTarget,
      layerIndex: this.#layerIndex,
      entryIndex,
    };
    if (path === "/") {
      if (entry.type === "directory") this.root.entry = entry;
      return;
    }
    const slash = path.lastIndexOf("/");
    const parent = this.#parentOf(path, slash);
    if (!parent) return;
    const name = path.slice(slash + 1);
    const siblings = (parent.children ??= new Map<string, Node>());
    const old = siblings.get(name);
    // Behind a link of the same layer the entry lands elsewhere than its name says.
    if (parent.entry.path !== this.#lastParentPath) entry = { ...entry, path: childPath(parent, name) };
    if (old && old.entry.type === "directory" && entry.type === "directory") {
      old.entry = entry;
      return;
    }
    if (old) markRemoved(old);
    siblings.set(name, { entry, children: undefined, content, isRemoved: false });
  }

  /** The file whose content a hard link shares, as things stand. */
  #linkTarget(link: TarEntry): CatalogEntry | undefined {
    const node = this.#find(link.linkTarget ?? "/");
    if (!node) return undefined;
    if (node.entry.type === "hardlink") return node.content;
    return node.entry.type === "file" ? node.entry : undefined;
  }

  /** Exactly this path, links not followed. */
  #find(path: string): Node | undefined {
    let node: Node | undefined = this.root;
    for (let start = 1; node && start < path.length;) {
      const slash = path.indexOf("/", start);
      const end = slash < 0 ? path.length : slash;
      node = node.children?.get(path.slice(start, end));
      start = end + 1;
    }
    return node;
  }

  #remove(path: string): void {
    if (path === "/") {
      this.#empty(path);
      return;
    }
    const slash = path.lastIndexOf("/");
    const parent = this.#find(slash === 0 ? "/" : path.slice(0, slash));
    const name = path.slice(slash + 1);
    const node = parent?.children?.get(name);
    if (!node) return;
    markRemoved(node);
    parent?.children?.delete(name);
  }

  #empty(path: string): void {
    const node = this.#find(path);
    if (!node?.children) return;
    for (const child of node.children.values()) markRemoved(child);
    node.children = undefined;
  }

  /** The directory that the entry goes into, made when it is missing. Tars name a directory's entries one after the other. */
  #parentOf(path: string, slash: number): Node | undefined {
    // Compared in place: cutting out each parent's path would cost more than all the rest.
    const last = this.#lastParentPath;
    const isSame = slash === (last === "/" ? 0 : last.length) && path.startsWith(last);
    if (isSame && !this.#lastParent.isRemoved) return this.#lastParent;
    const parentPath = slash === 0 ? "/" : path.slice(0, slash);
    const parent = parentPath === "/" ? this.root : this.#directory(parentPath, { links: 0 });
    if (!parent) return undefined;
    this.#lastParent = parent;
    this.#lastParentPath = parentPath;
    return parent;
  }

  /**
   * Unpackers follow a symlink that their own layer made, while one of a lower layer gives way to a directory: overlay
   * file systems unpack each layer by itself.
   */
  #directory(path: string, budget: { links: number }): Node | undefined {
    const stack: Node[] = [this.root];
    for (const name of path.split("/")) {
      if (name === "" || name === ".") continue;
      if (name === "..") {
        if (stack.length > 1) stack.pop();
        continue;
      }
      const node = stack[stack.length - 1] as Node;
      const child = node.children?.get(name);
      if (child?.entry.type === "directory") {
        stack.push(child);
        continue;
      }
      if (child?.entry.type === "symlink" && child.entry.layerIndex === this.#layerIndex) {
        if (++budget.links > maxLinks) return undefined;
        const target = child.entry.linkTarget ?? "";
        const reached = this.#directory(target.startsWith("/") ? target : `${node.entry.path}/${target}`, budget);
        if (!reached) return undefined;
        stack.length = 0;
        stack.push(...this.#chain(reached.entry.path));
        continue;
      }
      if (child) markRemoved(child);
      const made = newNode(impliedDirectory(childPath(node, name), this.#layerIndex));
      (node.children ??= new Map()).set(name, made);
      stack.push(made);
    }
    return stack[stack.length - 1];
  }

  /** All directories from the root to this one. */
  #chain(path: string): Node[] {
    const chain = [this.root];
    for (const name of path.split("/")) {
      const next = name === "" ? undefined : chain[chain.length - 1]?.children?.get(name);
      if (next) chain.push(next);
    }
    return chain;
  }
}

function newNode(entry: CatalogEntry): Node {
  return { entry, children: undefined, content: undefined, isRemoved: false };
}

function childPath(parent: Node, name: string): string {
  return parent.entry.path === "/" ? `/${name}` : `${parent.entry.path}/${name}`;
}

function impliedDirectory(path: string, layerIndex: number): CatalogEntry {
  return { path, type: "directory", sizeBytes: 0, mode: 0o755, mtimeEpochS: 0, layerIndex, entryIndex: -1 };
}

function markRemoved(top: Node): void {
  const nodes = [top];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    node.isRemoved = true;
    if (node.children) for (const child of node.children.values()) nodes.push(child);
  }
}

class SquashedCatalog implements FileCatalog {
  readonly fileCount: number;
  readonly totalSizeBytes: number;
  readonly wanted = new Set<CatalogEntry>();
  readonly #root: Node;
  readonly #layers: readonly LayerFacts[];
  /** By the link's entry. */
  readonly #contents: Map<CatalogEntry, CatalogEntry>;
  #inOrder: readonly CatalogEntry[] | undefined;

  constructor(root: Node, layers: readonly LayerFacts[], same?: SquashedCatalog) {
    this.#root = root;
    this.#layers = layers;
    if (same) {
      this.#contents = same.#contents;
      this.#inOrder = same.#inOrder;
      this.fileCount = same.fileCount;
      this.totalSizeBytes = same.totalSizeBytes;
      return;
    }
    this.#contents = new Map();
    let fileCount = 0;
    let totalSizeBytes = 0;
    const files = new Set<CatalogEntry>();
    const nodes = [root];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      if (node.entry.type === "file") {
        fileCount++;
        totalSizeBytes += node.entry.sizeBytes;
      } else if (node.content) {
        fileCount++;
        this.#contents.set(node.entry, node.content);
      }
      if (node.children) for (const child of node.children.values()) nodes.push(child);
    }
    for (const content of this.#contents.values()) {
      if (files.has(content)) continue;
      files.add(content);
      if (this.get(content.path) !== content) totalSizeBytes += content.sizeBytes;
    }
    this.fileCount = fileCount;
    this.totalSizeBytes = totalSizeBytes;
  }

  withFacts(layers: readonly LayerFacts[]): FileCatalog {
    return new SquashedCatalog(this.#root, layers, this);
  }

  get(path: string): CatalogEntry | undefined {
    let node: Node | undefined = this.#root;
    for (let start = 1; node && start < path.length;) {
      const slash = path.indexOf("/", start);
      const end = slash < 0 ? path.length : slash;
      node = node.children?.get(path.slice(start, end));
      start = end + 1;
    }
    return path.startsWith("/") ? node?.entry : undefined;
  }

  resolve(path: string): CatalogEntry | undefined {
    return this.#resolve(path)?.entry;
  }

  file(path: string): CatalogEntry | undefined {
    const entry = this.resolve(path);
    return entry?.type === "file" || entry?.type === "hardlink" ? entry : undefined;
  }

  list(path: string): readonly string[] {
    const children = this.#resolve(path)?.children;
    return children ? [...children.keys()] : [];
  }

  files(): Iterable<CatalogEntry> {
    if (!this.#inOrder) {
      const inOrder: CatalogEntry[] = [];
      const nodes = [this.#root];
      for (let node = nodes.pop(); node; node = nodes.pop()) {
        if (node.entry.type === "file" || node.entry.type === "hardlink") inOrder.push(node.entry);
        if (!node.children) continue;
        // Pushed in falling order, so that they are taken in rising order.
        const names = [...node.children.keys()].sort();
        for (let i = names.length - 1; i >= 0; i--) nodes.push(node.children.get(names[i] as string) as Node);
      }
      this.#inOrder = inOrder;
    }
    return this.#inOrder;
  }

  fact(entry: CatalogEntry): FileFact | undefined {
    const content = entry.type === "hardlink" ? this.#contents.get(entry) : entry;
    const layer = content && this.#layers[content.layerIndex];
    if (!layer || content.entryIndex < 0) return undefined;
    const fact = layer.fact(content.entryIndex);
    if (fact === undefined && layer.isPending(content.entryIndex)) this.wanted.add(content);
    return fact;
  }

  #resolve(path: string): Node | undefined {
    const stack: Node[] = [this.#root];
    // What is still to be walked, next name last: links put their target's names on top.
    const rest = path.split("/").reverse();
    let links = 0;
    for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
      if (name === "" || name === ".") continue;
      const node = stack[stack.length - 1] as Node;
      if (node.entry.type !== "directory") return undefined;
      if (name === "..") {
        if (stack.length > 1) stack.pop();
        continue;
      }
      const child = node.children?.get(name);
      if (!child) return undefined;
      if (child.entry.type !== "symlink") {
        stack.push(child);
        continue;
      }
      const target = child.entry.linkTarget ?? "";
      if (target === "" || ++links > maxLinks) return undefined;
      if (target.startsWith("/")) stack.length = 1;
      rest.push(...target.split("/").reverse());
    }
    const found = stack[stack.length - 1];
    return found && found.entry.type !== "other" ? found : undefined;
  }
}
