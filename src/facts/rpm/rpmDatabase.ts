import type { TextFact } from "../fileFact.ts";
import { ndbBlobs } from "./ndbBlobs.ts";
import { readRpmHeader } from "./rpmHeader.ts";
import { sqliteRows } from "./sqliteTable.ts";

/** Red Hat's place and SUSE's; the Berkeley database of releases before 2020 (`Packages`) is not read. */
export const rpmDatabasePath = /^\/(?:var\/lib|usr\/lib\/sysimage)\/rpm\/(?:rpmdb\.sqlite|Packages\.db)$/;

/** A system with two thousand packages has about 100 MB. */
export const rpmDatabaseLimitBytes = 256 * 1024 * 1024;
/** Longer lists are cut off here. */
const maxTextLength = 64 * 1024 * 1024;

/**
 * rpm's database as text in the form of apk's: `P:` name, `V:` version, `F:` folder, `R:` name in it. The database itself is ten times
 * larger, mostly changelogs and checksums.
 */
export function readRpmDatabase(content: Uint8Array): TextFact | undefined {
  const file = Buffer.from(content.buffer, content.byteOffset, content.length);
  const lines: string[] = [];
  let length = 0;
  const add = (line: string): void => {
    lines.push(line);
    length += line.length + 1;
  };
  for (const blob of headers(file)) {
    const found = readRpmHeader(blob);
    if (!found || length > maxTextLength) continue;
    add(`P:${oneLine(found.name)}`);
    add(`V:${oneLine(found.version)}`);
    for (const [folder, names] of found.namesByFolder) {
      add(`F:${oneLine(folder).replace(/^\/+|\/+$/g, "")}`);
      for (const name of names) add(`R:${oneLine(name)}`);
    }
  }
  return lines.length > 0 ? { kind: "text", text: `${lines.join("\n")}\n` } : undefined;
}

function* headers(file: Buffer): Generator<Buffer> {
  yield* ndbBlobs(file);
  for (const [, blob] of sqliteRows(file, "Packages")) if (blob) yield Buffer.from(blob.buffer, blob.byteOffset, blob.length);
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, "?");
}
