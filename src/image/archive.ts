import { createReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { posix } from "node:path";
import { isUserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import { readAll } from "./chunks.ts";
import { compressionOf, decompress } from "./decompress.ts";
import { imageNotFound, imageUnreadable, limitExceeded } from "./errors.ts";
import type { LayerSource } from "./image.ts";
import { readTar, TarParser } from "./tar.ts";
import { blockBytes, hasContent, parseHeaderBlock, type TarHeader } from "./tarHeader.ts";

/** A tar that holds an image, with its members by normalised name. Symbolic and hard links among members are followed. */
export interface Archive {
  readonly path: string;
  /** Undefined when there is no such member or it is no file. */
  read(name: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Where a member lies; undefined when there is none. */
  source(name: string): LayerSource | undefined;
  /** Stored size; undefined when there is no such member. */
  sizeBytes(name: string): number | undefined;
}

interface Member {
  readonly type: TarHeader["type"];
  readonly offset: number;
  readonly sizeBytes: number;
  /** Normalised target of a link. */
  readonly link: string | undefined;
}

const maxMembers = 100_000;
/** Of a compressed archive, what may be JSON is kept from the one pass over it. */
const maxKeptBytes = 64 * 1024 * 1024;
const maxKeptMemberBytes = 32 * 1024 * 1024;

/**
 * Finds the members of an archive: by seeking from header to header, or, when it is compressed, in one pass over all of it.
 * Throws `image-not-found` or `image-unreadable`.
 */
export async function openArchive(path: string, call: Call): Promise<Archive> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw imageNotFound(`There is no file ${path}.`, "Check the path.");
    throw imageUnreadable(`${path} cannot be opened`, error);
  }
  try {
    if ((await file.stat()).isDirectory()) {
      throw imageNotFound(`${path} is a folder, not an archive.`, "For a folder in the OCI layout write oci: before the path.");
    }
    const start = Buffer.alloc(4);
    await file.read(start, 0, 4, 0);
    return compressionOf(start) === "none" ? await seekMembers(path, file, call) : await streamMembers(path, call);
  } catch (error) {
    if (isUserError(error) && error.code === "layer-unreadable") throw imageUnreadable(`${path} is no tar archive, or damaged`, error);
    throw error;
  } finally {
    await file.close();
  }
}

/** `./a//b` and `a/b` are one member. */
export function memberName(name: string): string {
  return posix.normalize(`/${name}`).replace(/^\/|\/$/g, "");
}

async function seekMembers(path: string, file: FileHandle, call: Call): Promise<Archive> {
  const members = new Map<string, Member>();
  const { size: archiveBytes } = await file.stat();
  const block = Buffer.alloc(blockBytes);
  let found: { header: TarHeader; dataOffset: number } | undefined;
  const newParser = (): TarParser =>
    new TarParser({
      member: (header, dataOffset) => (found = { header, dataOffset }),
      data() {},
      end() {},
    });
  let parser = newParser();
  let memberStart = 0;
  let at = 0;
  while (at < archiveBytes) {
    call.signal?.throwIfAborted();
    const { bytesRead } = await file.read(block, 0, blockBytes, at);
    const raw = bytesRead === blockBytes ? parseHeaderBlock(block, 0) : undefined;
    if (!raw) break;
    parser.push(Buffer.from(block));
    at += blockBytes;
    if (!found) {
      // An extended header, or the map of a sparse file: what belongs to it comes before the next header.
      const bodyBytes = paddedBytes(raw.storedBytes);
      if (bodyBytes > maxKeptBytes || raw.typeFlag === 0x53) throw imageUnreadable(`${path} has a member that no image archive has`);
      const body = Buffer.alloc(bodyBytes);
      await file.read(body, 0, bodyBytes, at);
      parser.push(body);
      at += bodyBytes;
      continue;
    }
    const { header, dataOffset } = found;
    const storedBytes = hasContent(raw.typeFlag) ? (header.type === "file" && !header.isSparse ? header.sizeBytes : raw.storedBytes) : 0;
    addMember(members, header, memberStart + dataOffset, path);
    at = memberStart + dataOffset + paddedBytes(storedBytes);
    if (memberStart + dataOffset + storedBytes > archiveBytes) throw imageUnreadable(`${path} is cut off`);
    memberStart = at;
    found = undefined;
    parser = newParser();
  }
  if (members.size === 0) throw imageUnreadable(`${path} is no tar archive`);
  const find = finder(members);
  return {
    path,
    async read(name, maxBytes) {
      const member = find(name)?.member;
      if (!member) return undefined;
      checkSize(path, name, member.sizeBytes, maxBytes);
      if (member.sizeBytes === 0) return new Uint8Array();
      return readAll(readFileRange(path, member.offset, member.sizeBytes), maxBytes);
    },
    source(name) {
      const member = find(name)?.member;
      return member && { kind: "file", path, offset: member.offset, sizeBytes: member.sizeBytes };
    },
    sizeBytes: (name) => find(name)?.member.sizeBytes,
  };
}

async function streamMembers(path: string, call: Call): Promise<Archive> {
  const members = new Map<string, Member>();
  const kept = new Map<string, Uint8Array>();
  let keptBytes = 0;
  for await (const { header, dataOffset, content } of readTar(decompress(readFileRange(path)), call)) {
    const name = addMember(members, header, dataOffset, path);
    if (header.type !== "file" || header.sizeBytes > maxKeptMemberBytes) continue;
    const json = await readJsonLike(content);
    if (!json) continue;
    keptBytes += json.length;
    if (keptBytes > maxKeptBytes)
      throw limitExceeded(`${path} holds more manifests and configs than Coldstart reads.`, "Unpack it and name one image.");
    kept.set(name, json);
  }
  if (members.size === 0) throw imageUnreadable(`${path} is no tar archive`);
  const find = finder(members);
  return {
    path,
    async read(name, maxBytes) {
      const found = find(name);
      if (!found) return undefined;
      checkSize(path, name, found.member.sizeBytes, maxBytes);
      return kept.get(found.name);
    },
    source(name) {
      const found = find(name);
      return found && { kind: "archive-member", path, member: found.name };
    },
    sizeBytes: (name) => find(name)?.member.sizeBytes,
  };
}

/** The content if it begins like JSON; layers are left unread. */
async function readJsonLike(content: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  for await (const piece of content) {
    const first = parts[0] ?? piece;
    if (first[0] !== 0x7b && first[0] !== 0x5b) return undefined;
    parts.push(Buffer.from(piece));
  }
  return Buffer.concat(parts);
}

/** The bytes of a file, or a part of it. */
export function readFileRange(path: string, offset = 0, sizeBytes = Infinity): AsyncIterable<Uint8Array> {
  if (sizeBytes === 0) return noBytes();
  return createReadStream(path, { start: offset, end: offset + sizeBytes - 1, highWaterMark: 256 * 1024 });
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

function addMember(members: Map<string, Member>, header: TarHeader, offset: number, path: string): string {
  const name = memberName(header.name);
  if (members.size >= maxMembers) throw limitExceeded(`${path} has more than ${maxMembers} members.`, "This is no archive of an image.");
  const link =
    header.type === "symlink"
      ? memberName(posix.join(posix.dirname(name), header.linkName))
      : header.type === "hardlink"
        ? memberName(header.linkName)
        : undefined;
  members.set(name, { type: header.type, offset, sizeBytes: header.sizeBytes, link });
  return name;
}

function finder(members: ReadonlyMap<string, Member>): (name: string) => { name: string; member: Member } | undefined {
  return (name) => {
    let current = memberName(name);
    for (let hop = 0; hop < 10; hop++) {
      const member = members.get(current);
      if (member?.type === "file") return { name: current, member };
      if (member?.link === undefined) return undefined;
      current = member.link;
    }
    return undefined;
  };
}

function checkSize(path: string, name: string, sizeBytes: number, maxBytes: number): void {
  if (sizeBytes > maxBytes)
    throw limitExceeded(`${name} in ${path} has ${sizeBytes} bytes, more than Coldstart reads.`, "Check how the image was built.");
}

function paddedBytes(bytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes;
}
