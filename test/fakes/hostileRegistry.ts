import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { Digest } from "../../src/image/image.ts";
import { sha256, tinyTar } from "./tinyImage.ts";

export interface SeenRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
}

/** Takes over an answer; `serve` gives the honest one. */
export type Fault = (request: IncomingMessage, response: ServerResponse, serve: () => void) => void;

/** What a pushed image is made of; what is not given is in order. */
export interface PushedImage {
  readonly layers?: readonly Buffer[];
  readonly config?: object;
  readonly manifest?: object;
  readonly layerMediaType?: string;
}

export const ociManifest = "application/vnd.oci.image.manifest.v1+json";
export const ociIndex = "application/vnd.oci.image.index.v1+json";
export const ociConfig = "application/vnd.oci.image.config.v1+json";
export const ociLayer = "application/vnd.oci.image.layer.v1.tar+gzip";

/** A registry in memory that does what real ones do only on bad days. */
export class HostileRegistry {
  readonly requests: SeenRequest[] = [];
  readonly blobs = new Map<string, Buffer>();
  readonly #manifests = new Map<string, { readonly bytes: Buffer; readonly mediaType: string }>();
  readonly #faults: { readonly path: RegExp; readonly fault: Fault }[] = [];
  readonly #server = createServer((request, response) => this.#answer(request, response));

  static async start(): Promise<HostileRegistry> {
    const registry = new HostileRegistry();
    await registry.listen(0);
    return registry;
  }

  /** For a registry that was stopped: on the port that it had before. */
  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  /** The first fault whose pattern matches the path answers. */
  on(path: RegExp, fault: Fault): void {
    this.#faults.push({ path, fault });
  }

  pushBlob(bytes: Buffer): { digest: Digest; size: number } {
    const digest = sha256(bytes);
    this.blobs.set(digest, bytes);
    return { digest, size: bytes.length };
  }

  pushManifest(
    repository: string,
    tag: string,
    content: object | Buffer,
    mediaType: string,
  ): { digest: Digest; size: number; mediaType: string } {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    const digest = sha256(bytes);
    for (const reference of [tag, digest]) this.#manifests.set(`${repository}/${reference}`, { bytes, mediaType });
    return { digest, size: bytes.length, mediaType };
  }

  pushImage(repository: string, tag: string, image: PushedImage = {}): { digest: Digest; size: number; mediaType: string } {
    const tars = image.layers ?? [tinyTar([{ name: "a", content: "hello" }])];
    const config = image.config ?? { os: "linux", architecture: "amd64", rootfs: { type: "layers", diff_ids: tars.map(sha256) } };
    const mediaType = image.layerMediaType ?? ociLayer;
    const manifest = image.manifest ?? {
      schemaVersion: 2,
      mediaType: ociManifest,
      config: { mediaType: ociConfig, ...this.pushBlob(Buffer.from(JSON.stringify(config))) },
      layers: tars.map((tar) => ({ mediaType, ...this.pushBlob(gzipSync(tar, { level: 0 })) })),
    };
    return this.pushManifest(repository, tag, manifest, ociManifest);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "";
    this.requests.push({ path, authorization: request.headers.authorization, range: request.headers.range });
    const fault = this.#faults.find((candidate) => candidate.path.test(path))?.fault;
    const serve = (): void => this.#serve(path, request, response);
    if (fault) fault(request, response, serve);
    else serve();
  }

  #serve(path: string, request: IncomingMessage, response: ServerResponse): void {
    const manifest = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(path);
    const found = manifest && this.#manifests.get(`${manifest[1]}/${manifest[2]}`);
    if (found) {
      response.writeHead(200, { "content-type": found.mediaType, "docker-content-digest": sha256(found.bytes) }).end(found.bytes);
      return;
    }
    const blob = this.blobs.get(/\/blobs\/([^/]+)$/.exec(path)?.[1] ?? "");
    if (blob) {
      serveBlob(blob, request, response);
      return;
    }
    const code = path.includes("/manifests/") ? "MANIFEST_UNKNOWN" : "BLOB_UNKNOWN";
    response.writeHead(404, { "content-type": "application/json" }).end(JSON.stringify({ errors: [{ code, message: "unknown" }] }));
  }
}

/** With ranges as registries serve them. */
export function serveBlob(blob: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  if (!range) {
    response.writeHead(200, { "content-length": blob.length }).end(blob);
    return;
  }
  const start = Number(range[1]);
  const end = range[2] ? Math.min(Number(range[2]) + 1, blob.length) : blob.length;
  if (start >= blob.length) response.writeHead(416).end();
  else {
    const headers = { "content-length": end - start, "content-range": `bytes ${start}-${end - 1}/${blob.length}` };
    response.writeHead(206, headers).end(blob.subarray(start, end));
  }
}
