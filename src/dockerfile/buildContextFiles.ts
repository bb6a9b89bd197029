/** The files of the build context, as far as they may be read. Paths are relative to its root, with slashes. */
export interface BuildContextFiles {
  read(path: string): string | undefined;
  exists(path: string): boolean;
  /** Names in a folder; empty when it is none. */
  list(path: string): readonly string[];
}
