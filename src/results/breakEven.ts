/** What a comparison of both ways to get an image's bytes depends on. */
export interface LoadingModel {
  /** Of the whole image, as it travels. */
  readonly compressedBytes: number;
  /** Of the link to the registry, the same for both. */
  readonly bandwidthBytesPerSecond: number;
  /** From a request for a chunk to its first byte: the round trip and what registry and snapshotter take. */
  readonly requestMs: number;
  /** What a lazy loader fetches at once, as it travels. */
  readonly chunkBytes: number;
  /** How many chunks are waited for at the same time; 1 for an application that reads one file after another. */
  readonly chunksAtOnce: number;
  /** What a full pull takes beyond the transfer: unpacking that does not overlap with it. */
  readonly unpackMs: number;
}

export interface BreakEven {
  /** Share of the image's bytes, 0..1, from which on loading them when they are read takes longer than pulling all first; 1: it never does. */
  readonly share: number;
  readonly fullPullMs: number;
  /** What loading a lazy byte costs, against one of the full pull's transfer: 1 when requests cost nothing. */
  readonly costOfLazyByte: number;
}

/** What the model leaves out; shown beside its answer. */
export const breakEvenAssumptions = [
  "Nothing is fetched before it is read: prefetch lists and background fetches only make lazy loading better.",
  "Every chunk that is read is fetched once and whole, and the reader waits for it.",
  "A full pull uses all of the link, and what it stored is read again at no cost.",
  "The link and the registry are as fast for small requests as for large ones, and slow nobody down for asking often.",
  "Reading and computing do not overlap.",
] as const;

/**
 * From which touched share on lazy loading loses. A chunk costs a request and its transfer; as many as are waited for at once share the
 * link: time for a share s of C bytes in chunks of k is s·C ÷ min(B, n·k ÷ (r + k÷B)), that of the full pull C÷B + unpacking. Undefined when a
 * size or the bandwidth is not above zero.
 */
export function breakEven(model: LoadingModel): BreakEven | undefined {
  const { compressedBytes, bandwidthBytesPerSecond, chunkBytes } = model;
  if (!(compressedBytes > 0) || !(bandwidthBytesPerSecond > 0) || !(chunkBytes > 0)) return undefined;
  const fullPullMs = (1000 * compressedBytes) / bandwidthBytesPerSecond + model.unpackMs;
  const wholeLazilyMs = lazyLoadingMs(model, 1);
  return {
    share: Math.min(1, fullPullMs / wholeLazilyMs),
    fullPullMs,
    costOfLazyByte: wholeLazilyMs / ((1000 * compressedBytes) / bandwidthBytesPerSecond),
  };
}

/** How long reading a share of the image's bytes takes when each chunk is fetched as it is read. */
export function lazyLoadingMs(model: LoadingModel, share: number): number {
  const { compressedBytes, bandwidthBytesPerSecond, requestMs, chunkBytes, chunksAtOnce } = model;
  const transferMs = (1000 * chunkBytes) / bandwidthBytesPerSecond;
  const chunkMs = Math.max(transferMs, (requestMs + transferMs) / Math.max(1, chunksAtOnce));
  return ((share * compressedBytes) / chunkBytes) * chunkMs;
}
