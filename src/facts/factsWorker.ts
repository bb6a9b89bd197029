/** The thread that reads layers. It opens them by itself, from plain data: handing over bytes would cost more than reading them. */
import { parentPort } from "node:worker_threads";
import { toPlainError } from "../base/errors.ts";
import type { Log, LogFields } from "../base/log.ts";
import { imageUnreadable } from "../image/errors.ts";
import type { Layer } from "../image/image.ts";
import { openLayer, openLayersTogether } from "../image/layerSource.ts";
import { collectFacts } from "./collect.ts";
import type { FactsJob, FactsMessage } from "./factsWorkers.ts";

const port = parentPort;
if (!port) throw new Error("factsWorker runs only as a worker thread");

/** Progress is told this often at most. */
const progressEveryMs = 100;

/** Log fields come from anywhere; what cannot be cloned must not stop the reading. */
function plain(fields: LogFields | undefined): LogFields | undefined {
  return fields && (JSON.parse(JSON.stringify(fields)) as LogFields);
}

function tell(message: FactsMessage, transfer?: ArrayBuffer[]): void {
  port?.postMessage(message, transfer);
}

const log: Log = {
  debug: (message, fields) => tell({ kind: "log", level: "debug", message, fields: plain(fields) }),
  info: (message, fields) => tell({ kind: "log", level: "info", message, fields: plain(fields) }),
  warn: (message, fields) => tell({ kind: "log", level: "warn", message, fields: plain(fields) }),
  error: (message, fields) =>
    tell({ kind: "log", level: "error", message: message instanceof Error ? message.message : message, fields: plain(fields) }),
};

async function readLayer(layer: Layer, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  let toldAtMs = performance.now();
  let readBytes = 0;
  const encoded = await collectFacts(
    bytes,
    layer,
    (bytesSoFar) => {
      readBytes = bytesSoFar;
      if (performance.now() - toldAtMs < progressEveryMs) return;
      toldAtMs = performance.now();
      tell({ kind: "progress", layerIndex: layer.index, readBytes });
    },
    { log },
  );
  tell({ kind: "layer", layerIndex: layer.index, readBytes, encoded }, [encoded.buffer]);
}

async function run(job: FactsJob): Promise<void> {
  if (job.isTogether) {
    const missing = new Set(job.layers.map((layer) => layer.index));
    for await (const { layer, bytes } of openLayersTogether(job.layers, { log })) {
      await readLayer(layer, bytes);
      missing.delete(layer.index);
    }
    for (const index of missing) throw imageUnreadable(`its layer ${index + 1} is missing`);
  } else {
    for (const layer of job.layers) await readLayer(layer, openLayer(layer, { log }));
  }
}

port.on("message", (job: FactsJob) => {
  run(job).then(
    () => tell({ kind: "finished" }),
    (error: unknown) => tell({ kind: "failed", error: toPlainError(error) }),
  );
});
