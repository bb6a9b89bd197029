import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** An API server for faults that a real one does not show when asked: each request is answered by the next of a queue. */
export class HostileApiServer {
  readonly requests: { readonly method: string; readonly url: string; readonly headers: IncomingMessage["headers"] }[] = [];
  readonly #queue: Answer[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      this.requests.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const answer = this.#queue.shift() ?? json(500, { message: "nothing is left to say" });
        answer(request, response, Buffer.concat(parts).toString());
      });
    });
  }

  static async start(): Promise<HostileApiServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new HostileApiServer(server);
  }

  answer(...answers: readonly Answer[]): void {
    this.#queue.push(...answers);
  }

  /** Path of a kubeconfig with one context, `hostile`. `user` is YAML. */
  kubeconfig(user = "{}"): string {
    const path = join(mkdtempSync(join(tmpdir(), "hostile-")), "config");
    const server = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    writeFileSync(
      path,
      `current-context: hostile\ncontexts: [{name: hostile, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: "${server}"}}]\nusers: [{name: u, user: ${user}}]\n`,
    );
    return path;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_, response) => response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}

export function text(status: number, type: string, body: string): Answer {
  return (_, response) => response.writeHead(status, { "content-type": type }).end(body);
}

/** Ends the connection in the middle of the answer, so long after it was begun. */
export function cutOff(body: string, afterMs = 0): Answer {
  return (request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write(body, () => setTimeout(() => request.socket.destroy(), afterMs));
  };
}

/** A watch that says these events and ends. */
export function events(...list: readonly unknown[]): Answer {
  return text(200, "application/json", list.map((event) => `${JSON.stringify(event)}\n`).join(""));
}

/** A watch that says these events and then nothing more, not even its end. */
export function hanging(...list: readonly unknown[]): Answer {
  return (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write(list.map((event) => `${JSON.stringify(event)}\n`).join(""));
  };
}
