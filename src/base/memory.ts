/**
 * Frees the memory of bytes that nobody needs any more; they are empty then. Waiting for the garbage collector costs more: it counts
 * such memory as its load and searches its whole heap for it again and again. Bytes that share their memory with others are left.
 */
export function freeBytes(bytes: Uint8Array): void {
  if (bytes.byteLength === bytes.buffer.byteLength) freeBuffer(bytes.buffer);
}

export function freeBuffer(buffer: ArrayBufferLike): void {
  (buffer as ArrayBuffer & { transfer?: (length: number) => ArrayBuffer }).transfer?.(0);
}
