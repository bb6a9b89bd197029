/** A module that will be imported. */
export interface QueuedModule {
  readonly name: string;
  readonly probability: number;
  readonly rule: string;
  readonly evidence: string;
}

/** Most probable first, so that each module is walked once, at its best. A binary heap. */
export class ModuleQueue {
  private readonly heap: QueuedModule[] = [];

  add(module: QueuedModule): void {
    const { heap } = this;
    let at = heap.push(module) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent] as QueuedModule).probability >= module.probability) break;
      heap[at] = heap[parent] as QueuedModule;
      at = parent;
    }
    heap[at] = module;
  }

  take(): QueuedModule | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as QueuedModule).probability > (heap[child] as QueuedModule).probability) child++;
      if ((heap[child] as QueuedModule).probability <= last.probability) break;
      heap[at] = heap[child] as QueuedModule;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
