import { journalFields, JournalBoots } from "./journalBoots.ts";

const newline = 10;
const equals = 61;
/** Most fields are told apart from those that matter by this alone. */
const nameLengths = new Set([...journalFields].map((name) => name.length));
/** Values of fields that matter are short; longer ones are skipped unread. */
const maxValueBytes = 65_536;

/**
 * `journalctl -o export` (systemd.io/JOURNAL_EXPORT_FORMATS): fields as `NAME=value` lines, or as `NAME`, eight bytes with the value's
 * length and the value itself; an empty line ends an entry.
 */
export async function readJournalExport(chunks: AsyncIterable<Uint8Array>): Promise<JournalBoots> {
  const boots = new JournalBoots();
  let fields: Record<string, string> = {};
  let held: Buffer = Buffer.alloc(0);
  let skipBytes = 0;
  const finish = (): void => {
    boots.entry(fields);
    fields = {};
  };
  for await (const bytes of chunks) {
    let chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (skipBytes > 0) {
      const skipped = Math.min(skipBytes, chunk.length);
      skipBytes -= skipped;
      chunk = chunk.subarray(skipped);
    }
    const buffer = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    for (;;) {
      const end = buffer.indexOf(newline, at);
      if (end < 0) break;
      if (end === at) {
        finish();
        at = end + 1;
        continue;
      }
      const split = buffer.indexOf(equals, at);
      if (split >= 0 && split < end) {
        if (nameLengths.has(split - at)) keep(fields, buffer.toString("latin1", at, split), buffer, split + 1, end);
        at = end + 1;
        continue;
      }
      if (buffer.length < end + 9) break;
      const length = buffer.readBigUInt64LE(end + 1);
      if (length > BigInt(maxValueBytes)) {
        // One byte more: the value's own line end.
        skipBytes = Number(length) + 1 - Math.max(0, buffer.length - (end + 9));
        at = skipBytes >= 0 ? buffer.length : buffer.length + skipBytes;
        skipBytes = Math.max(0, skipBytes);
        continue;
      }
      const valueEnd = end + 9 + Number(length);
      if (buffer.length < valueEnd + 1) break;
      keep(fields, buffer.toString("latin1", at, end), buffer, end + 9, valueEnd);
      at = valueEnd + 1;
    }
    held = buffer.subarray(at);
    if (held.length > 4 * maxValueBytes && held.indexOf(newline) < 0) {
      // A line that long is no field that matters: its rest is read up to its end as one more line.
      held = Buffer.from("_=");
    }
  }
  finish();
  return boots;
}

function keep(fields: Record<string, string>, name: string, buffer: Buffer, start: number, end: number): void {
  if (journalFields.has(name) && end - start <= maxValueBytes) fields[name] = buffer.toString("utf8", start, end);
}
