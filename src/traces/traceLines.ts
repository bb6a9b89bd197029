/** Longer lines are cut: no path and no call that matters is as long. */
const maxLineLength = 1 << 20;

/** The lines of a stream of UTF-8 text, without their ends; `\r\n` counts as one. The last line needs none. */
export async function* traceLines(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8");
  let rest = "";
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      yield withoutReturn(text.slice(start, Math.min(end, start + maxLineLength)));
      start = end + 1;
    }
    rest = text.slice(start, start + maxLineLength);
  }
  rest += decoder.decode();
  if (rest !== "") yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
