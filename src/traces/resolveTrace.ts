import type { CatalogEntry, FileCatalog } from "../facts/fileCatalog.ts";
import { interpreterLineOf } from "../startup/walkStartup.ts";
import type { TracedFile, TracedSet } from "./tracedSet.ts";

/** A recorded file that the image has. */
export interface ResolvedFile extends Omit<TracedFile, "path"> {
  readonly entry: CatalogEntry;
}

export interface ResolvedTrace {
  /** By the image's path, symlinks resolved; in the trace's order. */
  readonly files: ReadonlyMap<string, ResolvedFile>;
  /** Paths of the trace that are no files of the image. */
  readonly dropped: {
    /** What the container runtime and the kernel provide: `/proc`, `/dev`, `/etc/hosts`. */
    readonly runtime: number;
    readonly folders: number;
    /** Not in the image: made while it ran, mounted, or of another image. */
    readonly missing: number;
  };
  /** The folder on the recording machine where the container's root was; empty when paths were the container's own. */
  readonly hostRoot: string;
}

/** Whether a container finds something else at this path than what the image has there. */
export function isProvidedByRuntime(path: string): boolean {
  return runtimeFolders.test(path) || runtimeFiles.has(path);
}

/** Mounted by every runtime (OCI runtime-spec, config-linux.md "Default Filesystems"), and the files that engines put over the image's. */
const runtimeFolders = /^\/(?:proc|sys|dev|run\/secrets)(?:\/|$)/;
const runtimeFiles: ReadonlySet<string> = new Set(["/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/.dockerenv", "/run/.containerenv"]);
/** Scripts that are interpreted by scripts: the kernel follows no more (BINPRM_MAX_DEPTH in fs/exec.c is 5). */
const maxInterpreters = 5;
const sampleSize = 2000;

/**
 * Finds the recorded paths in the image, as the kernel would. Pure. Paths from outside of the container (fanotify and fatrace on
 * the host) are recognized by the folder that most of them begin with; relative ones begin at the container's working directory.
 */
export function resolveTrace(catalog: FileCatalog, traced: TracedSet, workingDir: string): ResolvedTrace {
  const hostRoot = hostRootOf(catalog, traced.files);
  const files = new Map<string, ResolvedFile>();
  const dropped = { runtime: 0, folders: 0, missing: 0 };
  const add = (entry: CatalogEntry, seen: Omit<TracedFile, "path">): void => {
    const before = files.get(entry.path);
    files.set(entry.path, before ? bothSeen(before, seen) : { ...seen, entry });
  };
  for (const { path: recorded, ...seen } of traced.files) {
    const path = inContainer(recorded, hostRoot, workingDir);
    if (isProvidedByRuntime(path)) {
      dropped.runtime++;
      continue;
    }
    const entry = catalog.resolve(path);
    if (entry?.type === "directory") dropped.folders++;
    else if (!entry || (entry.type !== "file" && entry.type !== "hardlink")) dropped.missing++;
    else {
      add(entry, seen);
      if (traced.lacksInterpreters && seen.executed)
        for (const opened of interpretersOf(catalog, entry)) add(opened, { firstOpenMs: seen.firstOpenMs });
    }
  }
  return { files, dropped, hostRoot };
}

function inContainer(path: string, hostRoot: string, workingDir: string): string {
  if (hostRoot !== "" && path.startsWith(`${hostRoot}/`)) return path.slice(hostRoot.length);
  return path.startsWith("/") ? path : `${workingDir === "" ? "/" : workingDir}/${path}`;
}

/** Two paths that lead to one file. */
function bothSeen(one: ResolvedFile, other: Omit<TracedFile, "path">): ResolvedFile {
  const first = [one.firstOpenMs, other.firstOpenMs].filter((ms) => ms !== undefined);
  return {
    ...one,
    ...(first.length > 0 && { firstOpenMs: Math.min(...first) }),
    executed: one.executed === true || other.executed,
    moment: one.moment && other.moment,
    pagesRead: one.pagesRead ?? other.pagesRead,
    requestPagesRead: one.requestPagesRead ?? other.requestPagesRead,
    ranges: one.ranges || other.ranges ? [...(one.ranges ?? []), ...(other.ranges ?? [])] : undefined,
  };
}

/** What the kernel opens to execute a file: a script's `#!` program and a program's dynamic linker (execve(2)). */
function* interpretersOf(catalog: FileCatalog, executed: CatalogEntry): Generator<CatalogEntry> {
  let program: CatalogEntry | undefined = executed;
  for (let depth = 0; program && depth < maxInterpreters; depth++) {
    const fact = catalog.fact(program);
    const path: string | undefined = fact?.kind === "elf" ? fact.interpreter : /^\s*(\/\S+)/.exec(interpreterLineOf(fact) ?? "")?.[1];
    program = path === undefined ? undefined : catalog.file(path);
    if (program) yield program;
  }
}

/**
 * Where the container's root was on the recording machine: the prefix without which most of the paths that the image lacks are in
 * it. Empty when they are few: then they are files that came while the container ran.
 */
function hostRootOf(catalog: FileCatalog, files: readonly TracedFile[]): string {
  const votes = new Map<string, number>();
  let found = 0;
  for (const { path } of files.slice(0, sampleSize)) {
    if (!path.startsWith("/") || runtimeFolders.test(path)) continue;
    if (catalog.file(path)) {
      found++;
      continue;
    }
    // Short endings such as `/passwd` prove nothing: at least one folder must be there too.
    for (let slash = path.indexOf("/", 1); slash > 0 && path.indexOf("/", slash + 1) > 0; slash = path.indexOf("/", slash + 1))
      if (catalog.file(path.slice(slash))) votes.set(path.slice(0, slash), (votes.get(path.slice(0, slash)) ?? 0) + 1);
  }
  const [root, count] = [...votes].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length)[0] ?? ["", 0];
  return count > found ? root : "";
}
