import { hashOf } from "../../facts/javascript/keywords.ts";
import {
  defaultName,
  functionNames,
  handlerLabel,
  readMark,
  stringsLabel,
  type FunctionNames,
} from "../../facts/javascript/functionNames.ts";

const defaultLabel = hashOf(defaultName) & 0xffff;

/** How far names reach along imports: packages pass on what other files of theirs define. */
const maxReach = 3;
const maxLinks = 60;
/** Spread further than this, names say nothing any more. */
const maxSteps = 3_000_000;

interface File {
  /** Labels of functions that run, and names that running code mentions. */
  readonly live: Set<number>;
  /** Functions that nobody was seen to call. */
  readonly waiting: Map<number, FunctionNames>;
  readonly imports: Set<File>;
  readonly importers: Set<File>;
  /** Modules as a whole by the hash of their variable here, until it is called. */
  readonly bindings: Map<number, File[]>;
  readonly path: string;
}

/**
 * Which named functions of the loaded modules run: those whose name is mentioned by code that runs, in the same file or in one that
 * imports it; a method also by the files that its own file imports (a base class, a framework that is handed an object).
 * Names stand for functions, so the answer errs on the side of "runs" for common names.
 */
export class LiveNames {
  private readonly files = new Map<string, File>();
  /** Told of each function when it turns out to run. */
  private readonly onLive: (path: string, label: number) => void;
  private steps = 0;

  constructor(onLive: (path: string, label: number) => void) {
    this.onLive = onLive;
  }

  /** The module is loaded: what it does at its own level runs. */
  load(path: string, packed: string | undefined): void {
    const file = this.at(path);
    const names: number[] = [];
    for (const each of functionNames(packed)) {
      if (each.label === 0) names.push(...each.names);
      else if (each.label !== stringsLabel && (!file.live.has(each.label) || !file.waiting.has(each.label)))
        file.waiting.set(each.label, each);
    }
    this.use(file, names);
    this.wake(file, file, 0);
    for (const importer of this.reachable(file, "importers")) this.wake(file, importer, 1);
    for (const imported of this.reachable(file, "imports")) this.wake(file, imported, -1);
  }

  /** Requests come: their handlers run. */
  handleRequests(): void {
    for (const file of [...this.files.values()]) {
      const each = file.waiting.get(handlerLabel);
      if (!each) continue;
      file.waiting.delete(handlerLabel);
      this.start(file, each);
    }
  }

  /** `binding`: see `JavaScriptLoad`. */
  link(importer: string, path: string, binding: number | undefined): void {
    const from = this.at(importer);
    const to = this.at(path);
    this.bind(from, to, binding);
    if (from === to || from.imports.has(to) || to.importers.size >= maxLinks || from.imports.size >= maxLinks) return;
    const below = [to, ...this.reachable(to, "imports")];
    const above = [from, ...this.reachable(from, "importers")];
    from.imports.add(to);
    to.importers.add(from);
    for (const one of below.slice(0, 200)) this.wake(one, from, 1);
    for (const one of above.slice(0, 200)) this.wake(to, one, 1);
    for (const one of above.slice(0, 200)) this.wake(one, to, -1);
  }

  private bind(from: File, to: File, binding: number | undefined): void {
    if (binding === undefined || from.live.has(binding)) this.use(to, [defaultLabel]);
    else if (binding !== 0) {
      const bound = from.bindings.get(binding);
      if (!bound) from.bindings.set(binding, [to]);
      else if (!bound.includes(to)) bound.push(to);
    }
  }

  isLive(path: string, label: number): boolean {
    return this.at(path).live.has(label);
  }

  private at(path: string): File {
    let file = this.files.get(path);
    if (!file) {
      file = { live: new Set(), waiting: new Map(), imports: new Set(), importers: new Set(), bindings: new Map(), path };
      this.files.set(path, file);
    }
    return file;
  }

  private reachable(start: File, direction: "imports" | "importers"): Set<File> {
    const found = new Set<File>();
    let edge: Iterable<File> = [start];
    for (let reach = 1; reach < maxReach; reach++) {
      const next = new Set<File>();
      for (const file of edge)
        for (const other of file[direction])
          if (other !== start && !found.has(other) && found.size < 300) {
            found.add(other);
            next.add(other);
          }
      edge = next;
    }
    return found;
  }

  /** Starts functions of `file` that the running code of `by` mentions. `reach`: 1 from an importer, -1 from an imported file. */
  private wake(file: File, by: File, reach: -1 | 0 | 1): void {
    this.steps += file.waiting.size;
    if (this.steps > maxSteps) return;
    const started: FunctionNames[] = [];
    for (const [label, each] of file.waiting) {
      const isMentioned = by.live.has(label) || (each.isGetter && by.live.has(label ^ readMark));
      if (!isMentioned || isOwnLabel(label, reach) || (reach < 0 && (!each.isMethod || each.isGetter))) continue;
      started.push(each);
      file.waiting.delete(label);
    }
    for (const each of started) this.start(file, each);
  }

  private start(file: File, { label, names }: FunctionNames): void {
    this.use(file, label === handlerLabel ? names : [label, ...names]);
    if (label === handlerLabel) file.live.add(label);
    this.onLive(file.path, label);
  }

  private use(file: File, names: readonly number[]): void {
    const fresh = names.filter((name) => !file.live.has(name));
    if (fresh.length === 0) return;
    for (const name of fresh) file.live.add(name);
    this.spread(file, fresh, 0);
    if (file.bindings.size > 0)
      for (const name of fresh) {
        const bound = file.bindings.get(name);
        if (!bound) continue;
        file.bindings.delete(name);
        for (const to of bound) this.use(to, [defaultLabel]);
      }
    for (const other of this.reachable(file, "imports")) this.spread(other, fresh, 1);
    for (const other of this.reachable(file, "importers")) this.spread(other, fresh, -1);
  }

  private spread(file: File, fresh: readonly number[], reach: -1 | 0 | 1): void {
    if (file.waiting.size === 0) return;
    this.steps += Math.min(fresh.length, file.waiting.size) + 1;
    if (this.steps > maxSteps) return;
    for (const name of fresh) {
      const getter = file.waiting.get(name ^ readMark);
      for (const each of [file.waiting.get(name), getter?.isGetter ? getter : undefined]) {
        if (!each || isOwnLabel(each.label, reach) || (reach < 0 && (!each.isMethod || each.isGetter))) continue;
        file.waiting.delete(each.label);
        this.start(file, each);
      }
    }
  }
}

/** Labels that say nothing to other files, or nothing at all until they are asked for. */
function isOwnLabel(label: number, reach: -1 | 0 | 1): boolean {
  return label === handlerLabel || (label === defaultLabel && reach !== 0);
}
