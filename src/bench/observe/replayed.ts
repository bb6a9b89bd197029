/**
 * A source that many read, each from its first item on, whenever it comes. Reading begins with the first reader and goes on to the end
 * whether or not anyone is left; keeps every item, so it is for few and small ones. The source's error reaches every reader.
 */
export function replayed<T>(source: AsyncIterable<T>): AsyncIterable<T> {
  const items: T[] = [];
  let ending: { readonly error?: unknown } | undefined;
  let waiting: (() => void)[] = [];
  let isReading = false;

  function announce(): void {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  async function read(): Promise<void> {
    try {
      for await (const item of source) {
        items.push(item);
        announce();
      }
      ending = {};
    } catch (error) {
      ending = { error };
    }
    announce();
  }

  return {
    async *[Symbol.asyncIterator]() {
      if (!isReading) {
        isReading = true;
        void read();
      }
      for (let next = 0; ;) {
        const item = items[next];
        if (next < items.length) {
          next++;
          yield item as T;
        } else if (ending) {
          if ("error" in ending) throw ending.error;
          return;
        } else await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };
}
