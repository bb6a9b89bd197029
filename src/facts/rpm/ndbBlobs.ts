const pageSizeBytes = 4096;
const slotSizeBytes = 16;
const blockSizeBytes = 16;
/** No distribution has more packages. */
const maxSlots = 200_000;

/** The package headers in rpm's own format `Packages.db` (rpm, lib/backend/ndb/rpmpkg.c); little-endian, as on every machine that uses it. */
export function* ndbBlobs(file: Buffer): Generator<Buffer> {
  if (file.length < 32 || file.toString("latin1", 0, 4) !== "RpmP") return;
  const slotBytes = Math.min(file.readUInt32LE(12) * pageSizeBytes, file.length, maxSlots * slotSizeBytes);
  // The first two slots are the header.
  for (let slot = 2 * slotSizeBytes; slot + slotSizeBytes <= slotBytes; slot += slotSizeBytes) {
    if (file.toString("latin1", slot, slot + 4) !== "Slot") return;
    const start = file.readUInt32LE(slot + 8) * blockSizeBytes;
    if (start === 0 || start + 16 > file.length || file.toString("latin1", start, start + 4) !== "BlbS") continue;
    const end = start + 16 + file.readUInt32LE(start + 12);
    if (end <= file.length) yield file.subarray(start + 16, end);
  }
}
