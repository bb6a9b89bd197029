import { layerUnreadable } from "./layerErrors.ts";

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;

/** Longest header of a frame: magic, descriptor, window, dictionary, content size (RFC 8878, section 3.1.1.1). */
const maxHeaderBytes = 4 + 1 + 1 + 4 + 8;

/** A piece of one frame of a zstd stream; skippable frames are left out. */
export interface ZstdPiece {
  readonly bytes: Uint8Array;
  /** The frame ends with this piece. */
  readonly isLast: boolean;
}

/**
 * Finds where zstd frames end without decompressing them (RFC 8878, section 3.1). Needed because Node's zstd drops
 * every frame after the first, while layers of many frames are common: `zstd:chunked` has one or more for each file.
 */
export class ZstdFrameSplitter {
  #state: "header" | "block" | "body" | "checksum" | "skip" = "header";
  /** Bytes of the current field, which may straddle chunks. */
  readonly #field = new Uint8Array(maxHeaderBytes);
  #have = 0;
  #need = 5;
  #bodyBytes = 0;
  #isLastBlock = false;
  #hasChecksum = false;

  /** Whether the stream may end here. */
  get isBetweenFrames(): boolean {
    return this.#state === "header" && this.#have === 0;
  }

  *split(chunk: Uint8Array): Generator<ZstdPiece> {
    let start = 0;
    let at = 0;
    // A header that began in an earlier chunk was held back until it was known to be no skippable one.
    let held = this.#state === "header" ? this.#field.slice(0, this.#have) : undefined;
    while (at < chunk.length) {
      if (this.#state === "body" || this.#state === "skip") {
        const taken = Math.min(this.#bodyBytes, chunk.length - at);
        at += taken;
        this.#bodyBytes -= taken;
        if (this.#bodyBytes > 0) break;
        if (this.#state === "skip") {
          start = at;
          this.#expect("header", 5);
        } else if (!this.#isLastBlock) this.#expect("block", 3);
        else if (this.#hasChecksum) this.#expect("checksum", 4);
        else {
          yield { bytes: chunk.subarray(start, at), isLast: true };
          start = at;
          this.#expect("header", 5);
        }
        continue;
      }
      if (this.#state === "header" && this.#have === 0) start = at;
      const taken = Math.min(this.#need - this.#have, chunk.length - at);
      this.#field.set(chunk.subarray(at, at + taken), this.#have);
      this.#have += taken;
      at += taken;
      if (this.#have < this.#need) break;
      switch (this.#state) {
        case "header": {
          const magic = this.#number(0, 4);
          if ((magic & 0xfffffff0) >>> 0 === skippableMagic) {
            if (this.#need < 8) {
              this.#need = 8;
              break;
            }
            this.#bodyBytes = this.#number(4, 4);
            held = undefined;
            start = at;
            this.#state = "skip";
            if (this.#bodyBytes === 0) this.#expect("header", 5);
            break;
          }
          if (magic !== frameMagic) throw layerUnreadable("its zstd data has something between the frames that is none");
          const headerBytes = frameHeaderBytes(this.#field[4] ?? 0);
          if (this.#need < headerBytes) {
            this.#need = headerBytes;
            break;
          }
          this.#hasChecksum = ((this.#field[4] ?? 0) & 0x04) !== 0;
          if (held && held.length > 0) yield { bytes: held, isLast: false };
          held = undefined;
          this.#expect("block", 3);
          break;
        }
        case "block": {
          const header = this.#number(0, 3);
          this.#isLastBlock = (header & 1) !== 0;
          const type = (header >> 1) & 3;
          if (type === 3) throw layerUnreadable("its zstd data has a block of a reserved type");
          // A run-length block stores one byte, whatever its size says.
          this.#bodyBytes = type === 1 ? 1 : header >> 3;
          if (this.#bodyBytes > 0) this.#state = "body";
          else if (!this.#isLastBlock) this.#expect("block", 3);
          else if (this.#hasChecksum) this.#expect("checksum", 4);
          else {
            yield { bytes: chunk.subarray(start, at), isLast: true };
            start = at;
            this.#expect("header", 5);
          }
          break;
        }
        case "checksum":
          yield { bytes: chunk.subarray(start, at), isLast: true };
          start = at;
          this.#expect("header", 5);
          break;
      }
    }
    if (this.#state !== "header" && this.#state !== "skip" && start < chunk.length) yield { bytes: chunk.subarray(start), isLast: false };
  }

  #expect(state: "header" | "block" | "checksum", bytes: number): void {
    this.#state = state;
    this.#have = 0;
    this.#need = bytes;
  }

  #number(from: number, bytes: number): number {
    let value = 0;
    for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (this.#field[from + i] ?? 0);
    return value;
  }
}

function frameHeaderBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const contentSizeFlag = descriptor >> 6;
  const contentSizeBytes = contentSizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 1 << contentSizeFlag;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  return 4 + 1 + (isSingleSegment ? 0 : 1) + dictionaryBytes + contentSizeBytes;
}
