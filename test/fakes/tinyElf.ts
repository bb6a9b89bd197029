/** An ELF shared object made in memory, laid out as linkers do: header, tables, strings, text, dynamic section, section headers. */
export interface TinyElf {
  readonly is64?: boolean;
  readonly littleEndian?: boolean;
  readonly machine?: number;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  /** Addresses that RELA entries write to. */
  readonly rela?: readonly number[];
  /** Words of the RELR table as they stand in the file. */
  readonly relr?: readonly bigint[];
  readonly rodata?: string;
  /** A symbol's name in the dynamic strings. */
  readonly symbol?: string;
  readonly hasSections?: boolean;
  /** Puts the dynamic strings behind everything else, as patchelf does. */
  readonly stringsAtEnd?: boolean;
  /** Bytes between the read-only part and the dynamic section. */
  readonly paddingBytes?: number;
}

export function tinyElf(elf: TinyElf = {}): Buffer {
  const { is64 = true, littleEndian = true, machine = 62, hasSections = true } = elf;
  const width = is64 ? 8 : 4;
  /** `value` in `byteCount` bytes of the file's byte order. */
  const number = (value: number | bigint, byteCount: number): Buffer => {
    const bytes = Buffer.alloc(byteCount);
    let rest = BigInt(value);
    for (let at = 0; at < byteCount; at++, rest >>= 8n) bytes[littleEndian ? at : byteCount - 1 - at] = Number(rest & 255n);
    return bytes;
  };
  const native = (value: number | bigint): Buffer => number(value, width);
  const word = (value: number): Buffer => number(value, 4);
  const half = (value: number): Buffer => number(value, 2);

  const strings: string[] = [""];
  const stringAt = (text: string): number => {
    const at = strings.join("\0").length + 1;
    strings.push(text);
    return at;
  };
  const entries: [number, number][] = (elf.needed ?? []).map((name) => [1, stringAt(name)]);
  if (elf.soname !== undefined) entries.push([14, stringAt(elf.soname)]);
  if (elf.rpath !== undefined) entries.push([15, stringAt(elf.rpath)]);
  if (elf.runpath !== undefined) entries.push([29, stringAt(elf.runpath)]);
  if (elf.symbol !== undefined) stringAt(elf.symbol);
  const stringTable = Buffer.from(`${strings.join("\0")}\0`);

  const headBytes = is64 ? 64 : 52;
  const segmentBytes = is64 ? 56 : 32;
  const segmentCount = elf.interpreter === undefined ? 2 : 3;
  const parts: Buffer[] = [];
  let position = headBytes + segmentBytes * segmentCount;
  const place = (bytes: Buffer): number => {
    const at = position;
    parts.push(bytes);
    position += bytes.length;
    return at;
  };
  const interpreter = Buffer.from(elf.interpreter === undefined ? "" : `${elf.interpreter}\0`);
  const interpreterAt = place(interpreter);
  const rela = Buffer.concat((elf.rela ?? []).map((address) => Buffer.concat([native(address), native(8), native(0)])));
  const relaAt = place(rela);
  const relr = Buffer.concat((elf.relr ?? []).map(native));
  const relrAt = place(relr);
  const rodata = Buffer.from(elf.rodata ?? "");
  const rodataAt = place(rodata);
  let stringsAt = elf.stringsAtEnd ? 0 : place(stringTable);
  place(Buffer.alloc(elf.paddingBytes ?? 0));
  const dynamicBytes = (entries.length + 7) * 2 * width;
  if (elf.stringsAtEnd) stringsAt = position + dynamicBytes;
  entries.push([5, stringsAt], [10, stringTable.length], [7, relaAt], [8, rela.length], [36, relrAt], [35, relr.length], [0, 0]);
  const dynamic = Buffer.concat(entries.map(([key, value]) => Buffer.concat([native(key), native(value)])));
  const dynamicAt = place(dynamic);
  if (elf.stringsAtEnd) place(stringTable);

  const section = (type: number, flags: number, at: number, sizeBytes: number): Buffer =>
    Buffer.concat([word(0), word(type), native(flags), native(at), native(at), native(sizeBytes), word(0), word(0), native(1), native(0)]);
  const sections = hasSections
    ? [
        section(0, 0, 0, 0),
        section(3, 2, stringsAt, stringTable.length),
        section(1, 2, rodataAt, rodata.length),
        section(4, 2, relaAt, rela.length),
      ]
    : [];
  const sectionsAt = place(Buffer.concat(sections));

  const segment = (type: number, flags: number, at: number, sizeBytes: number): Buffer =>
    is64
      ? Buffer.concat([word(type), word(flags), ...[at, at, at, sizeBytes, sizeBytes, 1].map(native)])
      : Buffer.concat([word(type), ...[at, at, at, sizeBytes, sizeBytes].map(native), word(flags), native(1)]);
  const segments = [segment(1, 6, 0, position), segment(2, 6, dynamicAt, dynamic.length)];
  if (elf.interpreter !== undefined) segments.push(segment(3, 4, interpreterAt, interpreter.length));
  const head = Buffer.concat([
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, littleEndian ? 1 : 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    half(3),
    half(machine),
    word(1),
    native(0),
    native(headBytes),
    native(hasSections ? sectionsAt : 0),
    word(0),
    half(headBytes),
    half(segmentBytes),
    half(segmentCount),
    half(is64 ? 64 : 40),
    half(sections.length),
    half(0),
  ]);
  return Buffer.concat([head, ...segments, ...parts]);
}
