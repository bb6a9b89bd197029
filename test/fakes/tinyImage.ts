import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { Digest, Image, Layer } from "../../src/image/image.ts";

/** One member of a tar made in memory. What is not given is as ordinary as can be. */
export interface TinyMember {
  readonly name: string;
  /** Tar's type flag: `0` file, `1` hard link, `2` symlink, `5` directory, `x` PAX, `L` GNU long name, … */
  readonly flag?: string;
  readonly content?: string | Uint8Array;
  readonly linkName?: string;
  readonly mode?: number;
  readonly mtime?: number;
  /** Written into the size field as it is, whatever the content is. */
  readonly sizeField?: string | Uint8Array;
  readonly magic?: "ustar" | "gnu" | "none";
  readonly prefix?: string;
  /** Last touch to the header block, before its checksum. */
  readonly patch?: (block: Buffer) => void;
}

/** One header block and its padded content. */
export function tinyMember(member: TinyMember): Buffer {
  const block = Buffer.alloc(512);
  const content = Buffer.from(member.content ?? "");
  block.write(member.name, 0, 100);
  block.write(`${(member.mode ?? 0o644).toString(8).padStart(7, "0")}\0`, 100);
  block.write("0000000\0", 108);
  block.write("0000000\0", 116);
  if (member.sizeField === undefined) block.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  else if (typeof member.sizeField === "string") block.write(member.sizeField, 124, 12);
  else block.set(member.sizeField, 124);
  block.write(`${(member.mtime ?? 1_700_000_000).toString(8).padStart(11, "0")}\0`, 136);
  block.write(member.flag ?? "0", 156, 1);
  block.write(member.linkName ?? "", 157, 100);
  const magic = member.magic ?? "ustar";
  if (magic !== "none") block.write(magic === "gnu" ? "ustar  \0" : "ustar\x0000", 257);
  block.write(member.prefix ?? "", 345, 155);
  member.patch?.(block);
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([block, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** `length key=value` records, as the content of a member with flag `x` or `g`. */
export function paxRecords(records: Readonly<Record<string, string>>): string {
  return Object.entries(records)
    .map(([key, value]) => {
      const rest = Buffer.byteLength(` ${key}=${value}\n`);
      let length = rest + String(rest).length;
      if (String(length).length > String(rest).length) length++;
      return `${length} ${key}=${value}\n`;
    })
    .join("");
}

export const tarEnd: Buffer = Buffer.alloc(1024);

export function tinyTar(members: readonly TinyMember[]): Buffer {
  return Buffer.concat([...members.map(tinyMember), tarEnd]);
}

export function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** The bytes in pieces of this size, as a network or a file gives them. */
export async function* inPieces(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

const compressors = { gzip: gzipSync, zstd: zstdCompressSync, none: (bytes: Buffer) => bytes };

/** An image whose layers lie as blobs in a folder. */
export async function tinyImage(
  dir: string,
  layers: readonly (readonly TinyMember[])[],
  compression: keyof typeof compressors = "gzip",
): Promise<Image> {
  const made: Layer[] = [];
  for (const [index, members] of layers.entries()) {
    const tar = tinyTar(members);
    const blob = compressors[compression](tar);
    const path = join(dir, `${sha256(blob).slice(7)}.blob`);
    await writeFile(path, blob);
    made.push({
      index,
      digest: sha256(blob),
      diffId: sha256(tar),
      mediaType: `application/vnd.oci.image.layer.v1.tar${compression === "none" ? "" : `+${compression}`}`,
      blobSizeBytes: blob.length,
      annotations: {},
      source: { kind: "file", path, offset: 0, sizeBytes: blob.length },
    });
  }
  return {
    reference: `oci:${dir}`,
    origin: "oci",
    originLabel: "OCI layout",
    configDigest: sha256(Buffer.from("config")),
    platform: { os: "linux", architecture: "amd64" },
    config: { entrypoint: [], cmd: [], env: [], workingDir: "", user: "", labels: {}, history: [], onBuild: [] },
    layers: made,
  };
}
