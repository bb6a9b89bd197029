interface RpmFields {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch?: number;
  /** Absolute paths. */
  readonly files: readonly string[];
}

/** A package header as rpm's database holds it. */
export function rpmHeader({ name, version, release, epoch, files }: RpmFields): Buffer {
  const folders = [...new Set(files.map((path) => path.slice(0, path.lastIndexOf("/") + 1)))];
  const text = (values: readonly string[]): Buffer => Buffer.from(values.map((value) => `${value}\0`).join(""));
  const numbers = (values: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
    return bytes;
  };
  const fields: [tag: number, type: number, count: number, data: Buffer][] = [
    [1000, 6, 1, text([name])],
    [1001, 6, 1, text([version])],
    [1002, 6, 1, text([release])],
    ...(epoch === undefined ? [] : [[1003, 4, 1, numbers([epoch])] as [number, number, number, Buffer]]),
    [1116, 4, files.length, numbers(files.map((path) => folders.indexOf(path.slice(0, path.lastIndexOf("/") + 1))))],
    [1117, 8, files.length, text(files.map((path) => path.slice(path.lastIndexOf("/") + 1)))],
    [1118, 8, folders.length, text(folders)],
  ];
  const head = Buffer.alloc(8 + 16 * fields.length);
  head.writeUInt32BE(fields.length, 0);
  let offset = 0;
  fields.forEach(([tag, type, count, data], index) => {
    head.writeUInt32BE(tag, 8 + 16 * index);
    head.writeUInt32BE(type, 12 + 16 * index);
    head.writeUInt32BE(offset, 16 + 16 * index);
    head.writeUInt32BE(count, 20 + 16 * index);
    offset += data.length;
  });
  head.writeUInt32BE(offset, 4);
  return Buffer.concat([head, ...fields.map(([, , , data]) => data)]);
}
