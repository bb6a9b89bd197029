import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { delay } from "../../../src/base/abort.ts";
import { adminServer } from "../cluster/ownNamespace.ts";

/** A way to the test cluster's API server that can be away for a while, as it looks when the server restarts. */
export async function cuttableWay(): Promise<{ readonly port: number; cut(durationMs: number): Promise<void>; close(): Promise<void> }> {
  const { hostname, port: serverPort } = adminServer();
  const sockets = new Set<Socket>();
  const listen = async (port: number): Promise<Server> => {
    const server = createServer((socket) => {
      const upstream = connect(Number(serverPort), hostname);
      for (const end of [socket, upstream]) {
        sockets.add(end);
        end.on("error", () => {});
        end.on("close", () => sockets.delete(end));
      }
      socket.pipe(upstream).pipe(socket);
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return server;
  };
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    await closed;
  };
  return {
    port,
    close,
    async cut(durationMs) {
      await close();
      await delay(durationMs);
      server = await listen(port);
    },
  };
}
