import type { HttpResponse } from "./http.ts";

/** The whole body, or undefined when it is longer than the limit. Bounds memory before anything is parsed. */
export async function readBody(response: HttpResponse, maxBytes: number): Promise<Uint8Array | undefined> {
  const announced = Number(response.header("content-length") ?? 0);
  if (announced > maxBytes) {
    await response.discard();
    return undefined;
  }
  return readAll(response.body, maxBytes);
}

/** All of the chunks in one piece, or undefined when they are more than the limit. */
export async function readAll(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) return undefined;
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

/**
 * Joins small chunks, so that what comes after pays its price per chunk less often. A plain connection gives up to 64 KiB at once,
 * which pass as they are: joining those costs more than it saves. The last one may be small.
 */
export async function* inLargeChunks(chunks: AsyncIterable<Uint8Array>, minBytes = 48 * 1024): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes < minBytes) continue;
    yield parts.length === 1 ? chunk : Buffer.concat(parts);
    parts = [];
    sizeBytes = 0;
  }
  if (sizeBytes > 0) yield Buffer.concat(parts);
}
