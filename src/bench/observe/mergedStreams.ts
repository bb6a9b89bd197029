/**
 * Items of several sources in the order in which they come. Ends when all have ended; the first error ends it and, as leaving early
 * does, aborts the others through `stop`.
 */
export async function* mergedStreams<T>(sources: readonly AsyncIterable<T>[], stop: () => void): AsyncGenerator<T> {
  const queue: T[] = [];
  let open = sources.length;
  let failure: { readonly error: unknown } | undefined;
  let wake = (): void => {};
  async function read(source: AsyncIterable<T>): Promise<void> {
    try {
      for await (const item of source) {
        queue.push(item);
        wake();
      }
    } catch (error) {
      failure ??= { error };
    }
    open--;
    wake();
  }
  const readers = sources.map(read);
  try {
    for (;;) {
      const item = queue.shift();
      if (item !== undefined) yield item;
      else if (failure) throw failure.error;
      else if (open === 0) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stop();
    await Promise.all(readers);
  }
}
