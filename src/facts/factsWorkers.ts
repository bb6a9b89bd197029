import { Worker } from "node:worker_threads";
import { fromPlainError } from "../base/errors.ts";
import type { PlainError } from "../base/errors.ts";
import type { Call, LogFields } from "../base/log.ts";
import type { Layer } from "../image/image.ts";
import { sharesStream } from "../image/layerSource.ts";
import { workerOutOfMemory } from "./errors.ts";

/** What a worker is asked to read: one layer, or several that lie in one stream. */
export interface FactsJob {
  readonly layers: readonly Layer[];
  readonly isTogether: boolean;
}

/** What a worker tells; `layerIndex` is `Layer.index`. */
export type FactsMessage =
  | { readonly kind: "progress"; readonly layerIndex: number; readonly readBytes: number }
  | { readonly kind: "layer"; readonly layerIndex: number; readonly readBytes: number; readonly encoded: Uint8Array }
  | {
      readonly kind: "log";
      readonly level: "debug" | "info" | "warn" | "error";
      readonly message: string;
      readonly fields?: LogFields | undefined;
    }
  | { readonly kind: "finished" }
  | { readonly kind: "failed"; readonly error: PlainError };

export type LayerReadEvent =
  | { readonly kind: "progress"; readonly layer: Layer; readonly readBytes: number }
  | { readonly kind: "read"; readonly layer: Layer; readonly readBytes: number; readonly encoded: Uint8Array };

/** A layer of hostile data must not take the whole process's memory; honest ones need a tenth of it. */
const resourceLimits = { maxOldGenerationSizeMb: 2048 };

/**
 * Reads the layers in worker threads, at most `threads` at a time, largest first. The first failure ends all; so does the signal,
 * and so does leaving the iteration: the threads are ended at once, wherever they are.
 */
export async function* readInWorkers(layers: readonly Layer[], threads: number, call: Call): AsyncGenerator<LayerReadEvent> {
  const jobs = jobsOf(layers);
  const layerByIndex = new Map(layers.map((layer) => [layer.index, layer]));
  const events: LayerReadEvent[] = [];
  const workers = new Set<Worker>();
  let failure: { readonly error: unknown } | undefined;
  let unfinished = jobs.length;
  let wake: (() => void) | undefined;

  function fail(error: unknown): void {
    failure ??= { error };
    wake?.();
  }

  function start(): void {
    const first = jobs.shift();
    if (!first) return;
    const worker = new Worker(new URL(import.meta.url.endsWith(".ts") ? "./factsWorker.ts" : "./factsWorker.js", import.meta.url), {
      resourceLimits,
    });
    workers.add(worker);
    worker.on("message", (message: FactsMessage) => {
      const layer = "layerIndex" in message ? layerByIndex.get(message.layerIndex) : undefined;
      switch (message.kind) {
        case "progress":
          if (layer) events.push({ kind: "progress", layer, readBytes: message.readBytes });
          break;
        case "layer":
          if (layer) events.push({ kind: "read", layer, readBytes: message.readBytes, encoded: message.encoded });
          break;
        case "log":
          call.log?.[message.level](message.message, message.fields);
          return;
        case "finished": {
          unfinished--;
          const next = jobs.shift();
          if (next) worker.postMessage(next);
          else {
            workers.delete(worker);
            void worker.terminate();
          }
          break;
        }
        case "failed":
          fail(fromPlainError(message.error));
          return;
      }
      wake?.();
    });
    worker.on("error", (error: NodeJS.ErrnoException) => {
      fail(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? workerOutOfMemory() : error);
    });
    worker.on("exit", (code) => {
      if (workers.has(worker)) fail(new Error(`A worker thread ended with ${code} before its layer was read`));
    });
    worker.postMessage(first);
  }

  const onAbort = (): void => fail(call.signal?.reason);
  call.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    call.signal?.throwIfAborted();
    for (let i = Math.max(1, Math.min(threads, jobs.length)); i > 0; i--) start();
    for (;;) {
      if (failure) throw failure.error as Error;
      const event = events.shift();
      if (event) yield event;
      else if (unfinished === 0) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
    }
  } finally {
    call.signal?.removeEventListener("abort", onAbort);
    const running = [...workers];
    workers.clear();
    await Promise.all(running.map((worker) => worker.terminate()));
  }
}

/** Layers whose bytes come in one stream (a daemon's export, a compressed archive) are one job, whose worker sorts them out. */
function jobsOf(layers: readonly Layer[]): FactsJob[] {
  const jobs = layers.filter(({ source }) => !sharesStream(source)).map((layer): FactsJob => ({ layers: [layer], isTogether: false }));
  const together = layers.filter(({ source }) => sharesStream(source));
  if (together.length > 0) jobs.push({ layers: together, isTogether: true });
  const sizeOf = (job: FactsJob): number => job.layers.reduce((sum, layer) => sum + (layer.blobSizeBytes ?? 0), 0);
  return jobs.sort((a, b) => sizeOf(b) - sizeOf(a));
}
