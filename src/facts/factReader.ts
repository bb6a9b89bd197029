import type { FileFact } from "./fileFact.ts";

/** Takes one file's content chunk by chunk, from its start. */
export interface FactReader {
  /** The chunk may be reused by the caller afterwards. */
  push(chunk: Uint8Array): void;
  /** Undefined when the content turned out to say nothing. */
  finish(): FileFact | undefined;
}
