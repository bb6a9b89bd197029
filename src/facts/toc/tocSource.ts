import type { Call } from "../../base/log.ts";
import type { TableOfContents } from "./tocFile.ts";

/** A table of contents that can be loaded. */
export interface TocSource {
  /** Names the table and the layer by their digests: what is kept of it is kept under this key. */
  readonly key: string;
  /** Throws `BadTableOfContents`, `digest-mismatch`, or what the origin throws. `readBytes` were fetched for it. */
  load(call: Call): Promise<{ readonly table: TableOfContents; readonly readBytes: number }>;
}

/** Tables are read into memory; that of a layer of 100,000 files has some 40 MB. */
export const maxTableBytes = 256 * 1024 * 1024;
