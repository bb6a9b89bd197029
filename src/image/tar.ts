import type { Call } from "../base/log.ts";
import { layerUnreadable } from "./layerErrors.ts";
import type { RawHeader, TarHeader } from "./tarHeader.ts";
import { blockBytes, hasContent, memberType, parseHeaderBlock, parseNumber, parsePaxRecords } from "./tarHeader.ts";

/** Extended headers are held in memory; no kernel takes a path of this length. */
const maxExtensionBytes = 4 * 1024 * 1024;

/** What `TarParser` tells, in tar order: `member`, its `data` (any number of non-empty pieces), `end`. */
export interface TarHandler {
  /** `dataOffset` is where the content begins, counted from the start of the tar. */
  member(header: TarHeader, dataOffset: number): void;
  /** A piece of the current member's content: a view, valid until the call returns. */
  data(piece: Uint8Array): void;
  end(): void;
}

/**
 * Reads a tar that is pushed in pieces of any size: ustar, PAX, GNU long names and sparse files, base-256 numbers.
 * Throws `layer-unreadable` where the position of the next header cannot be known.
 */
export class TarParser {
  readonly #handler: TarHandler;
  #state: "header" | "extension" | "sparseMap" | "content" | "padding" | "ended" = "header";
  #offset = 0;
  #sawZeroBlock = false;
  /** A header block that straddles pieces. */
  readonly #partial = Buffer.allocUnsafe(blockBytes);
  #partialBytes = 0;
  #remaining = 0;
  #padding = 0;
  #extensionFlag = 0;
  #extension: Buffer[] = [];
  #globalPax: ReadonlyMap<string, string> = new Map();
  #pax: ReadonlyMap<string, string> | undefined;
  #longName: string | undefined;
  #longLink: string | undefined;
  #sparseHeader: { readonly raw: RawHeader; readonly realBytes: number } | undefined;

  constructor(handler: TarHandler) {
    this.#handler = handler;
  }

  push(piece: Uint8Array): void {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let at = 0;
    while (at < chunk.length) {
      switch (this.#state) {
        case "ended":
          this.#offset += chunk.length - at;
          return;
        case "padding": {
          const taken = Math.min(this.#padding, chunk.length - at);
          at += taken;
          this.#offset += taken;
          this.#padding -= taken;
          if (this.#padding === 0) this.#state = "header";
          break;
        }
        case "content":
        case "extension": {
          const taken = Math.min(this.#remaining, chunk.length - at);
          const data = chunk.subarray(at, at + taken);
          at += taken;
          this.#offset += taken;
          this.#remaining -= taken;
          if (this.#state === "content") this.#handler.data(data);
          else this.#extension.push(this.#remaining === 0 && this.#extension.length === 0 ? data : Buffer.from(data));
          if (this.#remaining === 0) this.#finishBody();
          break;
        }
        case "header":
        case "sparseMap":
          if (this.#partialBytes === 0 && chunk.length - at >= blockBytes) {
            this.#offset += blockBytes;
            this.#block(chunk, at);
            at += blockBytes;
          } else {
            const taken = Math.min(blockBytes - this.#partialBytes, chunk.length - at);
            chunk.copy(this.#partial, this.#partialBytes, at, at + taken);
            this.#partialBytes += taken;
            at += taken;
            this.#offset += taken;
            if (this.#partialBytes === blockBytes) {
              this.#partialBytes = 0;
              this.#block(this.#partial, 0);
            }
          }
          break;
      }
    }
  }

  /** To be called at the end of the input. A tar may end at a header; the two closing zero blocks are often missing. */
  finish(): void {
    const isAtHeader = this.#state === "header" && this.#partialBytes === 0 && !this.#hasExtension;
    if (this.#state !== "ended" && this.#state !== "padding" && !isAtHeader) throw layerUnreadable("its tar is cut off");
  }

  get #hasExtension(): boolean {
    return this.#pax !== undefined || this.#longName !== undefined || this.#longLink !== undefined;
  }

  #block(block: Buffer, at: number): void {
    if (this.#state === "sparseMap") {
      // A further block of an old GNU sparse map; its byte 504 says whether another one follows.
      if (block[at + 504] === 0) this.#startSparse();
      return;
    }
    const raw = parseHeaderBlock(block, at);
    if (!raw) {
      if (this.#sawZeroBlock) this.#state = "ended";
      this.#sawZeroBlock = true;
      return;
    }
    if (this.#sawZeroBlock) throw layerUnreadable("its tar has data after its end mark");
    switch (raw.typeFlag) {
      case 0x78: // x: PAX header of the next member
      case 0x58: // X: the same, by old Solaris
      case 0x67: // g: PAX header of all further members
      case 0x4c: // L: GNU long name
      case 0x4b: // K: GNU long link name
        if (raw.storedBytes > maxExtensionBytes) throw layerUnreadable("its tar has an extended header of an impossible size");
        this.#extensionFlag = raw.typeFlag;
        this.#startBody("extension", raw.storedBytes);
        return;
      case 0x53: // S: GNU sparse file
        if (raw.isGnu) {
          this.#sparseHeader = { raw, realBytes: parseNumber(block, at + 483, 12) };
          if (block[at + 482] === 0) this.#startSparse();
          else this.#state = "sparseMap";
          return;
        }
        break;
    }
    this.#startMember(raw, undefined);
  }

  #startSparse(): void {
    const sparse = this.#sparseHeader;
    this.#sparseHeader = undefined;
    if (sparse) this.#startMember(sparse.raw, sparse.realBytes);
  }

  #startMember(raw: RawHeader, sparseBytes: number | undefined): void {
    let { name, linkName, storedBytes, mtimeEpochS } = raw;
    let sizeBytes = sparseBytes;
    if (this.#longName !== undefined) name = this.#longName;
    if (this.#longLink !== undefined) linkName = this.#longLink;
    if (this.#pax || this.#globalPax.size > 0) {
      const get = (key: string): string | undefined => (this.#pax?.has(key) ? this.#pax.get(key) : this.#globalPax.get(key)) || undefined;
      name = get("path") ?? name;
      linkName = get("linkpath") ?? linkName;
      const mtime = Number(get("mtime") ?? NaN);
      if (Number.isFinite(mtime)) mtimeEpochS = mtime;
      const size = get("size");
      if (size !== undefined) storedBytes = paxSize(size);
      const isSparse =
        get("GNU.sparse.major") !== undefined || get("GNU.sparse.map") !== undefined || get("GNU.sparse.numblocks") !== undefined;
      if (isSparse) {
        name = get("GNU.sparse.name") ?? name;
        sizeBytes = paxSize(get("GNU.sparse.realsize") ?? get("GNU.sparse.size") ?? String(storedBytes));
      }
    }
    if (sizeBytes !== undefined && (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0)) {
      throw layerUnreadable("its tar has a member of an impossible size");
    }
    this.#pax = undefined;
    this.#longName = undefined;
    this.#longLink = undefined;
    const type = memberType(raw.typeFlag, name);
    const bodyBytes = hasContent(raw.typeFlag) ? storedBytes : 0;
    this.#handler.member(
      {
        name,
        type,
        sizeBytes: type === "file" ? (sizeBytes ?? bodyBytes) : 0,
        linkName,
        mode: raw.mode & 0o7777,
        mtimeEpochS,
        isSparse: sizeBytes !== undefined,
      },
      this.#offset,
    );
    this.#startBody("content", bodyBytes);
  }

  #startBody(state: "content" | "extension", bytes: number): void {
    this.#state = state;
    this.#remaining = bytes;
    this.#padding = (blockBytes - (bytes % blockBytes)) % blockBytes;
    if (bytes === 0) this.#finishBody();
  }

  #finishBody(): void {
    const wasExtension = this.#state === "extension";
    this.#state = this.#padding > 0 ? "padding" : "header";
    if (wasExtension) this.#applyExtension();
    else this.#handler.end();
  }

  #applyExtension(): void {
    const data = this.#extension.length === 1 ? (this.#extension[0] as Buffer) : Buffer.concat(this.#extension);
    this.#extension = [];
    switch (this.#extensionFlag) {
      case 0x67: {
        const merged = new Map(this.#globalPax);
        for (const [key, value] of parsePaxRecords(data)) merged.set(key, value);
        if (merged.size > 1000) throw layerUnreadable("its tar has too many global extended headers");
        this.#globalPax = merged;
        break;
      }
      case 0x4c:
        this.#longName = upToNul(data);
        break;
      case 0x4b:
        this.#longLink = upToNul(data);
        break;
      default:
        this.#pax = parsePaxRecords(data);
    }
  }
}

function paxSize(text: string): number {
  const size = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(size)) throw layerUnreadable("its tar has a member of an impossible size");
  return size;
}

function upToNul(data: Buffer): string {
  const nul = data.indexOf(0);
  return data.toString("utf8", 0, nul < 0 ? data.length : nul);
}

/** One member of a tar that is read as a stream. */
export interface TarMember {
  readonly header: TarHeader;
  /** Where the content begins, counted from the start of the tar. */
  readonly dataOffset: number;
  /** The stored content, once; what is not read before the next member is asked for is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

type TarEvent = { readonly header: TarHeader; readonly dataOffset: number } | { readonly data: Uint8Array } | "end";

/** The members of a plain tar, in order. For layers with many members `TarParser` itself is faster. */
export async function* readTar(chunks: AsyncIterable<Uint8Array>, call: Call = {}): AsyncGenerator<TarMember> {
  let events: TarEvent[] = [];
  let next = 0;
  const parser = new TarParser({
    member: (header, dataOffset) => events.push({ header, dataOffset }),
    data: (piece) => events.push({ data: piece }),
    end: () => events.push("end"),
  });
  const source = chunks[Symbol.asyncIterator]();
  async function nextEvent(): Promise<TarEvent | undefined> {
    while (next >= events.length) {
      call.signal?.throwIfAborted();
      events = [];
      next = 0;
      const chunk = await source.next();
      if (chunk.done) {
        parser.finish();
        return undefined;
      }
      parser.push(chunk.value);
    }
    return events[next++];
  }
  try {
    for (;;) {
      const event = await nextEvent();
      if (event === undefined) return;
      if (event === "end" || "data" in event) continue;
      let isOpen = true;
      const content = (async function* (): AsyncGenerator<Uint8Array> {
        while (isOpen) {
          const piece = await nextEvent();
          if (piece === undefined || piece === "end") isOpen = false;
          else if ("data" in piece && isOpen) yield piece.data;
        }
      })();
      yield { header: event.header, dataOffset: event.dataOffset, content };
      while (isOpen) {
        const piece = await nextEvent();
        if (piece === undefined || piece === "end") isOpen = false;
      }
    }
  } finally {
    await source.return?.();
  }
}
