import { createHash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import type { Layer } from "../../src/image/image.ts";
import { openLayer } from "../../src/image/layerSource.ts";

/** Opens a layer from its plain data alone, as the worker threads of the facts do, and sends home the digest. */
const hash = createHash("sha256");
for await (const chunk of openLayer(workerData as Layer, {})) hash.update(chunk);
parentPort?.postMessage(`sha256:${hash.digest("hex")}`);
