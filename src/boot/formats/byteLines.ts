/** Longer lines are cut: no line that tells of a unit is as long. */
const maxLineBytes = 1 << 20;
const newline = 10;

/** The lines of a stream as bytes, without their ends; most are views of the chunk they came in. The last line needs no end. */
export async function* byteLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const bytes of chunks) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const line = chunk.subarray(start, end);
      yield restBytes === 0 ? line : Buffer.concat([...rest, line]).subarray(0, maxLineBytes);
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length && restBytes < maxLineBytes) {
      rest.push(chunk.subarray(start));
      restBytes += chunk.length - start;
    }
  }
  if (restBytes > 0) yield Buffer.concat(rest).subarray(0, maxLineBytes);
}
