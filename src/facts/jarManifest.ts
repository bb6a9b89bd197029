import { constants, inflateRawSync } from "node:zlib";
import type { TextFact } from "./fileFact.ts";

/** The manifest is an archive's first or second entry (JAR specification; `JarInputStream` finds it only there). */
export const jarHeadBytes = 128 * 1024;

const localHeader = 0x04034b50;
const maxEntries = 50;
const maxManifestBytes = 256 * 1024;

/**
 * The manifest of a Java archive by its first bytes (APPNOTE.TXT, 4.3.7, local file headers), continuation lines joined; only
 * the main section, which says what is started and which archives belong to it. Undefined when it does not lie there.
 */
export function readJarManifest(content: Uint8Array): TextFact | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  for (let at = 0, entry = 0; entry < maxEntries && at + 30 <= bytes.length; entry++) {
    if (bytes.readUInt32LE(at) !== localHeader) return undefined;
    const method = bytes.readUInt16LE(at + 8);
    const sizeBytes = bytes.readUInt32LE(at + 18);
    const nameBytes = bytes.readUInt16LE(at + 26);
    const start = at + 30 + nameBytes + bytes.readUInt16LE(at + 28);
    const name = bytes.toString("latin1", at + 30, at + 30 + nameBytes);
    if (name.toUpperCase() === "META-INF/MANIFEST.MF") {
      const text = inflated(bytes.subarray(start, sizeBytes > 0 ? start + sizeBytes : bytes.length), method);
      return text === undefined ? undefined : { kind: "text", text: mainSection(text) };
    }
    // With a data descriptor the size stands behind the data; only empty entries, folders, can be passed then.
    if ((bytes.readUInt16LE(at + 6) & 8) !== 0 && sizeBytes === 0 && !name.endsWith("/")) return undefined;
    at = start + sizeBytes;
  }
  return undefined;
}

function inflated(data: Buffer, method: number): string | undefined {
  if (method === 0) return data.subarray(0, maxManifestBytes).toString("utf8");
  if (method !== 8) return undefined;
  try {
    return inflateRawSync(data, { maxOutputLength: maxManifestBytes, finishFlush: constants.Z_SYNC_FLUSH }).toString("utf8");
  } catch {
    return undefined;
  }
}

function mainSection(text: string): string {
  const joined = text.replace(/\r\n?/g, "\n").replace(/\n /g, "");
  const end = joined.indexOf("\n\n");
  return (end < 0 ? joined : joined.slice(0, end)).slice(0, 64 * 1024);
}
