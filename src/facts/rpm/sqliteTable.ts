/**
 * Just enough of SQLite's file format (sqlite.org/fileformat2.html) to read the rows of one table from a file that lies in memory.
 * The file is hostile data: pages are visited once, and what does not fit is left out.
 */

/** A value of a row; integers and floats are left out, they are not asked for. */
type Column = Uint8Array | undefined;

const tableInterior = 5;
const tableLeaf = 13;
const magic = "SQLite format 3\0";

/** The columns of each row of the table, in key order; empty when the file is no database or has no such table. */
export function* sqliteRows(file: Buffer, table: string): Generator<readonly Column[]> {
  if (file.length < 512 || file.toString("latin1", 0, 16) !== magic) return;
  const pageSize = file.readUInt16BE(16) === 1 ? 65_536 : file.readUInt16BE(16);
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) return;
  const database = { file, pageSize, usableSize: pageSize - file.readUInt8(20) };
  // sqlite_schema: type, name, tbl_name, rootpage, sql.
  for (const [type, name, , root] of rowsOf(database, 1)) {
    if (text(type) !== "table" || text(name) !== table || root === undefined) continue;
    yield* rowsOf(
      database,
      root.reduce((sum, byte) => sum * 256 + byte, 0),
    );
    return;
  }
}

interface Database {
  readonly file: Buffer;
  readonly pageSize: number;
  readonly usableSize: number;
}

function* rowsOf(database: Database, rootPage: number): Generator<readonly Column[]> {
  const { file, pageSize } = database;
  const seen = new Set<number>();
  const open = [rootPage];
  for (let page = open.pop(); page !== undefined; page = open.pop()) {
    const start = (page - 1) * pageSize;
    if (!Number.isSafeInteger(start) || start < 0 || start + pageSize > file.length || seen.has(page)) continue;
    seen.add(page);
    const header = page === 1 ? start + 100 : start;
    const kind = file.readUInt8(header);
    const cellCount = file.readUInt16BE(header + 3);
    const pointers = header + (kind === tableInterior ? 12 : 8);
    if ((kind !== tableInterior && kind !== tableLeaf) || pointers + 2 * cellCount > start + pageSize) continue;
    const cells = Array.from({ length: cellCount }, (_, index) => start + file.readUInt16BE(pointers + 2 * index));
    if (kind === tableLeaf) {
      for (const cell of cells) {
        const payload = payloadAt(database, cell);
        if (payload) yield columnsOf(payload);
      }
    } else {
      // Pushed in falling order, so that rows come in key order.
      open.push(file.readUInt32BE(header + 8));
      for (const cell of cells.reverse()) if (cell + 4 <= file.length) open.push(file.readUInt32BE(cell));
    }
  }
}

/** "B-tree Pages": what of a payload stands in the cell, and the chain of pages for the rest. */
function payloadAt({ file, pageSize, usableSize }: Database, cell: number): Buffer | undefined {
  const size = varintAt(file, cell);
  const key = size && varintAt(file, size.end);
  if (!size || !key || size.value > file.length) return undefined;
  const most = usableSize - 35;
  const least = Math.floor(((usableSize - 12) * 32) / 255) - 23;
  const remainder = least + ((size.value - least) % (usableSize - 4));
  const localSize = size.value <= most ? size.value : remainder <= most ? remainder : least;
  if (key.end + localSize > file.length) return undefined;
  if (localSize === size.value) return file.subarray(key.end, key.end + localSize);
  const parts = [file.subarray(key.end, key.end + localSize)];
  let missing = size.value - localSize;
  let page = key.end + localSize + 4 <= file.length ? file.readUInt32BE(key.end + localSize) : 0;
  // Each page of the chain holds some of what is missing, so this ends.
  while (missing > 0 && page > 0) {
    const start = (page - 1) * pageSize;
    const taken = Math.min(missing, usableSize - 4);
    if (start + 4 + taken > file.length) return undefined;
    parts.push(file.subarray(start + 4, start + 4 + taken));
    missing -= taken;
    page = file.readUInt32BE(start);
  }
  return missing > 0 ? undefined : Buffer.concat(parts);
}

const integerSizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];
const mostColumns = 20;

/** "Record Format": a header of types, then the values. */
function columnsOf(payload: Buffer): readonly Column[] {
  const header = varintAt(payload, 0);
  if (!header) return [];
  const columns: Column[] = [];
  let value = header.value;
  for (let at = header.end; at < header.value && columns.length < mostColumns;) {
    const type = varintAt(payload, at);
    if (!type) break;
    at = type.end;
    const size = type.value >= 12 ? Math.floor((type.value - 12) / 2) : (integerSizes[type.value] ?? 0);
    columns.push(value + size <= payload.length ? payload.subarray(value, value + size) : undefined);
    value += size;
  }
  return columns;
}

/** Big-endian, seven bits a byte; the ninth byte has all eight. */
function varintAt(bytes: Buffer, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let at = start; at < start + 9 && at < bytes.length; at++) {
    const byte = bytes.readUInt8(at);
    if (at === start + 8) return { value: value * 256 + byte, end: at + 1 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}

function text(column: Column): string {
  return column === undefined ? "" : Buffer.from(column).toString("utf8");
}
