import type { ElfFact } from "./fileFact.ts";
import type { FactReader } from "./extractors.ts";

export function looksLikeElf(start: Uint8Array): boolean {
  return start[0] === 0x7f && start[1] === 0x45 && start[2] === 0x4c && start[3] === 0x46;
}

/** From the whole file. Undefined when the header is broken. */
export function readElf(content: Uint8Array): ElfFact | undefined {
  void content;
  return undefined;
}

/** For a file that comes in chunks. */
export function elfReader(sizeBytes: number): FactReader {
  void sizeBytes;
  return { push() {}, finish: () => undefined };
}
