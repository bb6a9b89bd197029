import { createServer, type Server } from "node:http";
import { savedTars } from "./savedArchives.ts";
import { sha256 } from "./tinyImage.ts";

/** Docker's Engine API on a socket, for archives of versions that no machine has at once. Each entry counts the archives sent. */
export interface DockerEngine {
  readonly sentArchives: () => number;
  stop(): Promise<void>;
}

export async function startDockerEngine(socket: string, archive: Buffer, history: unknown = []): Promise<DockerEngine> {
  let sent = 0;
  const server: Server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path === "/_ping") response.end("OK");
    else if (path === "/images/team/app:1/json") {
      response.end(
        JSON.stringify({
          Id: sha256(Buffer.from("id")),
          Os: "linux",
          Architecture: "amd64",
          Config: { Cmd: ["/file"], Env: null },
          RootFS: { Type: "layers", Layers: savedTars.map(sha256) },
        }),
      );
    } else if (path.endsWith("/history")) response.end(JSON.stringify(history));
    else if (path.endsWith("/get")) {
      sent++;
      response.end(archive);
    } else response.writeHead(404).end('{"message":"No such image"}');
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    sentArchives: () => sent,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
