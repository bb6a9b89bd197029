import type { CatalogEntry, FileCatalog } from "../facts/fileCatalog.ts";
import type { Flag, Moment, Reading, RuleName } from "./startupSet.ts";

/** One process that the container starts, as far as it is known. */
export interface Command {
  /** Non-empty; words that cannot be known are `unknownWord`. */
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  /** Absolute in the image. */
  readonly cwd: string;
  /** 0 is root. */
  readonly uid: number;
  /** 0..1: whether it is started at all before the container is ready. */
  readonly probability: number;
  /** Who starts it: `ENTRYPOINT`, `/docker-entrypoint.sh:12`. */
  readonly startedBy: string;
}

/** Stands in `argv` for a word that only running the container would tell. */
export const unknownWord = "\u0000?";

/** What a rule knows of an opening beyond that it happens. */
export interface Opening {
  /** Absent: until ready. */
  readonly moment?: Moment | undefined;
  /** Absent: as files of this kind are read, see `pages.ts`. */
  readonly reading?: Reading | undefined;
}

/** What the rules see of the image and where they leave what they find. One walk belongs to one estimate. */
export interface StartupWalk {
  readonly catalog: FileCatalog;
  readonly elf: ElfLoader;
  /**
   * Notes that this path is opened. Symlinks are followed; a path that is not there is ignored (programs probe).
   * Of several notes on one file the most probable wins, an earlier moment before a later one. Returns the file, if there is one.
   */
  open(path: string, rule: RuleName, probability: number, evidence: string, how?: Opening): CatalogEntry | undefined;
  /** Follows a further process: a script's command, a wrapper's argument, a worker. Repeated and too deep calls are ignored. */
  run(command: Command): void;
  flag(flag: Flag): void;
}

/** What the dynamic linker would map (ld.so(8)); glibc and musl. */
export interface ElfLoader {
  /**
   * The file and all it needs, in load order, symlinks resolved; libraries that were not found are left out.
   * `loaded`: sonames that the process has mapped already → their path; they are not searched again.
   */
  closure(path: string, env: ReadonlyMap<string, string>, loaded?: ReadonlyMap<string, string>): readonly string[];
  /** Opens the closure with one rule: the linker's own files (`/etc/ld.so.cache`) included. Returns it. */
  load(
    command: Command,
    path: string,
    rule: RuleName,
    probability: number,
    evidence: string,
    loaded?: ReadonlyMap<string, string>,
  ): readonly string[];
}

/** How one kind of program starts. `rules.ts` lists them; the first that matches is asked. */
export interface Runtime {
  readonly name: string;
  /** `executable` is the resolved file; `programName` the last part of argv[0]. */
  matches(programName: string, executable: string, walk: StartupWalk): boolean;
  /** The executable itself and its libraries are opened already; `executable` is symlink-resolved, `invokedPath` is not (virtual environments). */
  start(command: Command, executable: string, invokedPath: string, walk: StartupWalk): void;
}
