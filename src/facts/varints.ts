/** Non-negative integers up to 2^53 in 7-bit groups, lowest first, as in protocol buffers. */
export class VarintWriter {
  #buffer = Buffer.allocUnsafe(64 * 1024);
  #length = 0;

  write(value: number): void {
    if (this.#length + 8 > this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer], this.#buffer.length * 2);
    let rest = value;
    while (rest > 127) {
      this.#buffer[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#length++] = rest;
  }

  /** A signed integer, small absolute values short. */
  writeSigned(value: number): void {
    this.write(value < 0 ? -2 * value - 1 : 2 * value);
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}

/** Throws `RangeError` when the data ends early. */
export class VarintReader {
  readonly #data: Uint8Array;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  read(): number {
    let byte = this.#data[this.#at++];
    if (byte === undefined) throw new RangeError("varint data ends early");
    if (byte < 128) return byte;
    let value = byte & 127;
    let factor = 128;
    do {
      byte = this.#data[this.#at++];
      if (byte === undefined) throw new RangeError("varint data ends early");
      value += (byte & 127) * factor;
      factor *= 128;
    } while (byte > 127);
    return value;
  }

  readSigned(): number {
    const value = this.read();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
