import type { CatalogEntry } from "../facts/fileCatalog.ts";
import { folderOf } from "../startup/paths.ts";
import { rules } from "../startup/rules.ts";
import type { Moment, Reading, StartupFile } from "../startup/startupSet.ts";
import { walkStartup } from "../startup/walkStartup.ts";
import { isProvidedByRuntime } from "../traces/resolveTrace.ts";
import type { Inspection, PackageOwner } from "./inspection.ts";
import { referencesOf, type Reference } from "./references.ts";

/** Why a path of an image is or is not in the set of files that its start opens. */
export type Explanation = FileExplanation | FolderExplanation | MissingExplanation;

interface Asked {
  /** As the user wrote it, made absolute. */
  readonly asked: string;
  /** Where it leads, symlinks followed. */
  readonly path: string;
}

export interface FileExplanation extends Asked {
  readonly kind: "file";
  readonly sizeBytes: number;
  readonly layerIndex: number;
  /** What made the layer, as the history says it; empty when it says nothing. */
  readonly createdBy: string;
  readonly package?: ExplainedPackage | undefined;
  readonly verdict: OpenedVerdict | UnlikelyVerdict | UntouchedVerdict;
}

export interface ExplainedPackage {
  readonly manager: string;
  readonly name: string;
  readonly version: string;
  readonly files: number;
  /** Of its files, those that are opened until the first request is answered. */
  readonly openedFiles: number;
}

/** Why a rule names it. */
interface RuleAnswer {
  readonly probability: number;
  readonly rule: string;
  /** One sentence for people. */
  readonly ruleMeaning: string;
  readonly evidence: string;
  readonly moment: Moment;
}

export interface OpenedVerdict extends RuleAnswer {
  readonly kind: "opened";
  readonly pageBytes: number;
  readonly requestPageBytes: number;
  /** Of model weights. */
  readonly reading?: Reading | undefined;
}

/** A rule names it, but it is more likely that it is not opened. */
export interface UnlikelyVerdict extends RuleAnswer {
  readonly kind: "unlikely";
}

/** No rule names it. */
export interface UntouchedVerdict {
  readonly kind: "untouched";
  /** Files that name it, opened ones first; at most `maxReferrers`. */
  readonly referrers: readonly Referrer[];
  readonly referrerCount: number;
  /** The compiled form that Python opens instead of this source. */
  readonly compiledPath?: string | undefined;
  /** The container runtime puts its own file over it. */
  readonly isProvidedByRuntime: boolean;
  /** Of its folder, the files that are opened, in their compiled form or as they are. */
  readonly openedBeside: number;
  /** All files of its folder. */
  readonly filesBeside: number;
}

export interface Referrer extends Reference {
  readonly isOpened: boolean;
  /** Of a referrer that is not opened: how many files name it in turn, and whether one of them is opened. */
  readonly namedBy: { readonly files: number; readonly isOneOpened: boolean };
}

export interface FolderExplanation extends Asked {
  readonly kind: "folder";
  readonly files: number;
  readonly bytes: number;
  /** Until ready. */
  readonly openedFiles: number;
  readonly pageBytes: number;
  /** Opened by the first request only. */
  readonly requestFiles: number;
  /** Those of which most is read. */
  readonly largest: readonly StartupFile[];
}

export interface MissingExplanation extends Asked {
  readonly kind: "missing";
  /** The last folder on the way that is there. */
  readonly nearestFolder: string;
  /** The layer that had it last and the one that removed or hid it; absent: no layer has it. */
  readonly removed?: { readonly fromLayer: number; readonly byLayer?: number | undefined } | undefined;
}

const maxReferrers = 10;
const maxLargest = 5;

/** Explains paths of an image. Pure: what the estimate was made from is asked again, nothing is read. */
export function explain(inspection: Inspection, paths: readonly string[]): readonly Explanation[] {
  const openedByPath = new Map([...inspection.estimate.files, ...inspection.estimate.requestFiles].map((file) => [file.path, file]));
  return paths.map((path) => explainOne(inspection, path, openedByPath));
}

function explainOne(inspection: Inspection, path: string, openedByPath: ReadonlyMap<string, StartupFile>): Explanation {
  const { catalog, question } = inspection;
  const asked = path.startsWith("/") ? path : `${question.workingDir === "/" ? "" : question.workingDir}/${path}`;
  const entry = catalog.resolve(asked);
  if (!entry) return missing(inspection, asked);
  if (entry.type === "directory") return folder(inspection, asked, entry);
  const owner = inspection.packages.find((each) => each.paths.includes(entry.path));
  return {
    kind: "file",
    asked,
    path: entry.path,
    sizeBytes: entry.sizeBytes,
    layerIndex: entry.layerIndex,
    createdBy: createdBy(inspection, entry.layerIndex),
    package: owner && explainedPackage(owner, openedByPath),
    verdict: verdict(inspection, entry, openedByPath),
  };
}

function explainedPackage(owner: PackageOwner, openedByPath: ReadonlyMap<string, StartupFile>): ExplainedPackage {
  const { manager, name, version, paths } = owner;
  return {
    manager,
    name,
    version,
    files: paths.length,
    openedFiles: paths.filter((path) => openedByPath.has(openedForm(path, openedByPath))).length,
  };
}

function verdict(inspection: Inspection, entry: CatalogEntry, openedByPath: ReadonlyMap<string, StartupFile>): FileExplanation["verdict"] {
  const opened = openedByPath.get(entry.path);
  if (opened) {
    const { probability, rule, evidence, moment, pageBytes, requestPageBytes } = opened;
    const reading = inspection.estimate.weights.find((file) => file.path === entry.path)?.reading;
    return { kind: "opened", probability, rule, ruleMeaning: rules[rule] ?? "", evidence, moment, pageBytes, requestPageBytes, reading };
  }
  const note = walkStartup(inspection.catalog, inspection.question).opened.get(entry.path);
  if (note) {
    const { probability, rule, evidence, moment } = note;
    return { kind: "unlikely", probability, rule, ruleMeaning: rules[rule] ?? "", evidence, moment };
  }
  return untouched(inspection, entry, openedByPath);
}

function untouched(inspection: Inspection, entry: CatalogEntry, openedByPath: ReadonlyMap<string, StartupFile>): UntouchedVerdict {
  const references = referencesOf(inspection);
  const isOpened = (path: string): boolean => openedByPath.has(openedForm(path, openedByPath));
  const all = onePerFile(references.to(entry.path));
  const referrers = all
    .map((reference): Referrer => {
      const inTurn = isOpened(reference.path) ? [] : onePerFile(references.to(reference.path));
      return {
        ...reference,
        isOpened: isOpened(reference.path),
        namedBy: { files: inTurn.length, isOneOpened: inTurn.some(({ path }) => isOpened(path)) },
      };
    })
    .sort((a, b) => Number(b.isOpened) - Number(a.isOpened) || Number(b.namedBy.isOneOpened) - Number(a.namedBy.isOneOpened));
  const beside = inspection.catalog
    .list(folderOf(entry.path))
    .map((name) => inspection.catalog.get(joined(folderOf(entry.path), name)))
    .filter((each) => each?.type === "file" || each?.type === "hardlink");
  return {
    kind: "untouched",
    referrers: referrers.slice(0, maxReferrers),
    referrerCount: referrers.length,
    compiledPath: isOpened(entry.path) ? openedForm(entry.path, openedByPath) : undefined,
    isProvidedByRuntime: isProvidedByRuntime(entry.path),
    openedBeside: beside.filter((each) => each && isOpened(each.path)).length,
    filesBeside: beside.length,
  };
}

/** A Python source is not opened where its compiled form is; then that one stands for it. */
function openedForm(path: string, openedByPath: ReadonlyMap<string, StartupFile>): string {
  if (openedByPath.has(path) || !path.endsWith(".py")) return path;
  const start = `${path.slice(0, path.lastIndexOf("/"))}/__pycache__/${path.slice(path.lastIndexOf("/") + 1, -3)}.`;
  for (let minor = 6; minor <= 20; minor++) if (openedByPath.has(`${start}cpython-3${minor}.pyc`)) return `${start}cpython-3${minor}.pyc`;
  return path;
}

/** The strongest reference of each file. */
function onePerFile(references: readonly Reference[]): readonly Reference[] {
  const strength = { always: 2, maybe: 1, "in a function": 0 } as const;
  const best = new Map<string, Reference>();
  for (const reference of references) {
    const before = best.get(reference.path);
    if (!before || strength[reference.when] > strength[before.when]) best.set(reference.path, reference);
  }
  return [...best.values()];
}

function folder({ catalog, estimate }: Inspection, asked: string, entry: CatalogEntry): FolderExplanation {
  const inside = (path: string): boolean => entry.path === "/" || path.startsWith(`${entry.path}/`);
  const all = [...catalog.files()].filter((file) => inside(file.path));
  const opened = estimate.files.filter((file) => inside(file.path));
  return {
    kind: "folder",
    asked,
    path: entry.path,
    files: all.length,
    bytes: all.reduce((sum, file) => sum + file.sizeBytes, 0),
    openedFiles: opened.length,
    pageBytes: opened.reduce((sum, file) => sum + file.pageBytes, 0),
    requestFiles: estimate.requestFiles.filter((file) => inside(file.path)).length,
    largest: [...opened].sort((a, b) => b.pageBytes - a.pageBytes).slice(0, maxLargest),
  };
}

function missing({ catalog, layerFacts }: Inspection, asked: string): MissingExplanation {
  let nearest = folderOf(asked);
  while (nearest !== "/" && catalog.resolve(nearest)?.type !== "directory") nearest = folderOf(nearest);
  const fromLayer = layerFacts.findLastIndex(({ entries }) => entries.some((entry) => entry.path === asked && isContent(entry.type)));
  const byLayer = layerFacts.findIndex(
    ({ entries }, index) => index >= fromLayer && entries.some((entry) => hides(entry.type, entry.path, asked)),
  );
  return {
    kind: "missing",
    asked,
    path: asked,
    nearestFolder: catalog.resolve(nearest)?.path ?? "/",
    removed: fromLayer < 0 ? undefined : { fromLayer, byLayer: byLayer < 0 ? undefined : byLayer },
  };
}

function isContent(type: string): boolean {
  return type !== "whiteout" && type !== "opaque";
}

function hides(type: string, path: string, asked: string): boolean {
  if (type === "whiteout") return asked === path || asked.startsWith(`${path}/`);
  return type === "opaque" && asked.startsWith(`${path}/`);
}

function joined(folderPath: string, name: string): string {
  return folderPath === "/" ? `/${name}` : `${folderPath}/${name}`;
}

function createdBy({ image }: Inspection, layerIndex: number): string {
  const makers = image.config.history.filter((entry) => !entry.emptyLayer);
  return makers.length === image.layers.length ? (makers[layerIndex]?.createdBy ?? "") : "";
}
