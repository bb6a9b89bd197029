import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { delay } from "../../../src/base/abort.ts";

export interface SlowProxy {
  /** `127.0.0.1:PORT`, to be used in place of the registry's. */
  readonly host: string;
  /** Bytes of blobs that went through so far. */
  blobBytes(): number;
  /** Absent: as fast as it goes. Holds for answers that begin after it too. */
  limit(bytesPerSecond: number | undefined): void;
  stop(): Promise<void>;
}

/** Stands between us and a registry and lets blobs through slowly, so that a test can act in the middle of a download. */
export async function startSlowProxy(registryHost: string, bytesPerSecond: number | undefined): Promise<SlowProxy> {
  let limit = bytesPerSecond;
  let blobBytes = 0;
  const throttle = (): Transform =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        blobBytes += chunk.length;
        const waitMs = limit === undefined ? 0 : (1000 * chunk.length) / limit;
        if (waitMs === 0) done(null, chunk);
        else
          void delay(waitMs).then(() => {
            if (this.destroyed) return;
            done(null, chunk);
          });
      },
    });
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const [host, port] = registryHost.split(":");
    const upstream = request({ host, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      const isBlob = incoming.url?.includes("/blobs/") === true;
      // The client may leave in the middle: that is what the tests are about.
      void (isBlob ? pipeline(answer, throttle(), outgoing) : pipeline(answer, outgoing)).catch(() => {});
    });
    upstream.on("error", () => outgoing.destroy());
    outgoing.on("close", () => upstream.destroy());
    incoming.pipe(upstream);
  };
  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    blobBytes: () => blobBytes,
    limit: (bytes) => {
      limit = bytes;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
