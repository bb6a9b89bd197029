import type { PycFact } from "../fileFact.ts";

/** The header of a compiled module: magic, flags, then source time and size, or a hash (PEP 552). */
export function readPyc(content: Uint8Array): PycFact | undefined {
  if (content.length < 16 || content[2] !== 0x0d || content[3] !== 0x0a) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, 16);
  return {
    kind: "pyc",
    flags: view.getUint32(4, true),
    sourceMtimeEpochS: view.getUint32(8, true),
    sourceSizeBytes: view.getUint32(12, true),
  };
}
