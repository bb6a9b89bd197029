/**
 * Reads FlatBuffers tables (flatbuffers.dev, "Internals") by field number, without a schema. Throws `RangeError` where the data points
 * outside itself.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;
  readonly #fields: number;
  readonly #fieldsBytes: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    this.#fields = at - view.getInt32(at, true);
    this.#fieldsBytes = view.getUint16(this.#fields, true);
  }

  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  /** Where the field's value lies; undefined when it has its default. Fields count from 0 in the schema's order. */
  #place(field: number): number | undefined {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.#fieldsBytes) return undefined;
    const offset = this.#view.getUint16(this.#fields + entry, true);
    return offset === 0 ? undefined : this.#at + offset;
  }

  #target(field: number): number | undefined {
    const place = this.#place(field);
    return place === undefined ? undefined : place + this.#view.getUint32(place, true);
  }

  int8(field: number, otherwise: number): number {
    const place = this.#place(field);
    return place === undefined ? otherwise : this.#view.getInt8(place);
  }

  int32(field: number): number {
    const place = this.#place(field);
    return place === undefined ? 0 : this.#view.getInt32(place, true);
  }

  /** Throws beyond what a number holds exactly. */
  int64(field: number): number {
    const place = this.#place(field);
    const value = place === undefined ? 0 : Number(this.#view.getBigInt64(place, true));
    if (!Number.isSafeInteger(value)) throw new RangeError("number is too large");
    return value;
  }

  /** At most `maxBytes` long: many tables may point to one string, which is decoded for each. */
  string(field: number, maxBytes: number): string {
    const bytes = this.bytes(field);
    if (bytes.length > maxBytes) throw new RangeError("string is too long");
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  }

  bytes(field: number): Uint8Array {
    const target = this.#target(field);
    return target === undefined ? new Uint8Array() : slice(this.#view, target);
  }

  table(field: number): FlatTable | undefined {
    const target = this.#target(field);
    return target === undefined ? undefined : new FlatTable(this.#view, target);
  }

  *tables(field: number): Generator<FlatTable> {
    for (const place of this.#elements(field)) yield new FlatTable(this.#view, place);
  }

  *strings(field: number, maxBytes: number): Generator<string> {
    for (const place of this.#elements(field)) {
      const bytes = slice(this.#view, place);
      if (bytes.length > maxBytes) throw new RangeError("string is too long");
      yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
    }
  }

  /** Of a vector of offsets: where they lead. */
  *#elements(field: number): Generator<number> {
    const target = this.#target(field);
    if (target === undefined) return;
    const count = this.#view.getUint32(target, true);
    if (target + 4 + 4 * count > this.#view.byteLength) throw new RangeError("vector is too long");
    for (let i = 0; i < count; i++) {
      const place = target + 4 + 4 * i;
      yield place + this.#view.getUint32(place, true);
    }
  }
}

function slice(view: DataView, at: number): Uint8Array {
  const length = view.getUint32(at, true);
  if (at + 4 + length > view.byteLength) throw new RangeError("vector is too long");
  return new Uint8Array(view.buffer, view.byteOffset + at + 4, length);
}
