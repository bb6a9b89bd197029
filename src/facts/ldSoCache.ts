/** The two headers of glibc's cache: the old format may stand in front of the current one (glibc, sysdeps/generic/dl-cache.h). */
const currentMagic = Buffer.from("glibc-ld.so.cache1.1", "latin1");
const headerBytes = 48;
const entryBytes = 24;

/**
 * `/etc/ld.so.cache` as text, one line `soname path` per library in the cache's order; of several lines with one soname the
 * linker takes the first that fits the machine. Undefined when it is no such cache.
 */
export function ldSoCacheText(content: Uint8Array): string | undefined {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  const start = bytes.indexOf(currentMagic);
  if (start < 0 || start + headerBytes > bytes.length) return undefined;
  const littleEndian = bytes.readUInt32LE(start + 20) <= bytes.readUInt32BE(start + 20);
  const uint32 = (at: number): number => (littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const count = Math.min(uint32(start + 20), Math.floor((bytes.length - start - headerBytes) / entryBytes));
  const lines: string[] = [];
  for (let index = 0; index < count; index++) {
    const at = start + headerBytes + index * entryBytes;
    const soname = stringAt(bytes, start + uint32(at + 4));
    const path = stringAt(bytes, start + uint32(at + 8));
    if (soname !== undefined && path !== undefined) lines.push(`${soname} ${path}`);
  }
  return lines.join("\n");
}

function stringAt(bytes: Buffer, start: number): string | undefined {
  if (start >= bytes.length) return undefined;
  const end = bytes.indexOf(0, start);
  return end <= start || end - start > 4096 ? undefined : bytes.toString("utf8", start, end);
}
