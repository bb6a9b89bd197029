/** What a package's header says of it and its files. */
export interface RpmPackage {
  readonly name: string;
  /** `epoch:version-release`, the epoch only where there is one. */
  readonly version: string;
  /** Files and folders by the folder that they lie in, which ends with a slash. */
  readonly namesByFolder: ReadonlyMap<string, readonly string[]>;
}

const tags = { name: 1000, version: 1001, release: 1002, epoch: 1003, dirIndexes: 1116, baseNames: 1117, dirNames: 1118 } as const;
const types = { int32: 4, string: 6, stringArray: 8, i18nString: 9 } as const;
const entrySizeBytes = 16;
const maxEntries = 10_000;

/** Reads an immutable header as rpm's database has it (rpm, docs/manual/format_header.md, without the lead). Undefined when it is none. */
export function readRpmHeader(blob: Buffer): RpmPackage | undefined {
  if (blob.length < 8) return undefined;
  const entryCount = blob.readUInt32BE(0);
  const dataStart = 8 + entryCount * entrySizeBytes;
  if (entryCount > maxEntries || dataStart > blob.length) return undefined;
  const entries = new Map<number, { readonly type: number; readonly start: number; readonly count: number }>();
  for (let at = 8; at < dataStart; at += entrySizeBytes) {
    const start = dataStart + blob.readInt32BE(at + 8);
    if (start < dataStart || start > blob.length) continue;
    entries.set(blob.readUInt32BE(at), { type: blob.readUInt32BE(at + 4), start, count: blob.readUInt32BE(at + 12) });
  }
  const strings = (tag: number): readonly string[] => {
    const entry = entries.get(tag);
    const isText = entry?.type === types.string || entry?.type === types.stringArray || entry?.type === types.i18nString;
    return entry && isText ? stringsAt(blob, entry.start, entry.type === types.string ? 1 : entry.count) : [];
  };
  const numbers = (tag: number): readonly number[] => {
    const entry = entries.get(tag);
    if (entry?.type !== types.int32 || entry.start + 4 * entry.count > blob.length) return [];
    return Array.from({ length: entry.count }, (_, index) => blob.readUInt32BE(entry.start + 4 * index));
  };
  const [name] = strings(tags.name);
  if (name === undefined) return undefined;
  const [epoch] = numbers(tags.epoch);
  const version = `${epoch === undefined ? "" : `${epoch}:`}${strings(tags.version)[0] ?? ""}-${strings(tags.release)[0] ?? ""}`;
  const folders = strings(tags.dirNames);
  const folderOf = numbers(tags.dirIndexes);
  const namesByFolder = new Map<string, string[]>();
  strings(tags.baseNames).forEach((baseName, index) => {
    const folder = folders[folderOf[index] ?? -1];
    if (folder === undefined) return;
    const names = namesByFolder.get(folder);
    if (names) names.push(baseName);
    else namesByFolder.set(folder, [baseName]);
  });
  return { name, version, namesByFolder };
}

/** Strings that end with NUL, one after the other. */
function stringsAt(blob: Buffer, start: number, count: number): readonly string[] {
  const strings: string[] = [];
  for (let at = start; strings.length < count;) {
    const end = blob.indexOf(0, at);
    if (end < 0) break;
    strings.push(blob.toString("utf8", at, end));
    at = end + 1;
  }
  return strings;
}
