import type { Call } from "../../base/log.ts";
import { readBody } from "../chunks.ts";
import { daemonUnreachable, imageNotFound, imageUnreadable, shown } from "../errors.ts";
import { sendHttp, type HttpResponse } from "../http.ts";
import { isObject, parseJson } from "../manifest.ts";
import { networkFailure } from "../../base/networkFailure.ts";
import type { DaemonHost } from "./daemonHosts.ts";

const maxAnswerBytes = 16 * 1024 * 1024;

/** GET requests to the Docker Engine API, which Podman speaks as well. */
export class DaemonClient {
  readonly #daemon: DaemonHost;
  readonly #timeoutMs: number;
  readonly #base: string;
  readonly #socketPath: string | undefined;

  /** Throws `daemon-unreachable` for addresses of kinds that are not supported. */
  constructor(daemon: DaemonHost, timeoutMs: number) {
    this.#daemon = daemon;
    this.#timeoutMs = timeoutMs;
    const match = /^(unix|npipe|tcp|http|https):\/\/(.+)$/.exec(daemon.host);
    const [, scheme, rest] = match ?? [];
    if (scheme === undefined || rest === undefined) {
      throw daemonUnreachable(`addresses like ${shown(daemon.host)} are not supported, only unix://, npipe:// and tcp://`);
    }
    const isSocket = scheme === "unix" || scheme === "npipe";
    this.#socketPath = isSocket ? rest : undefined;
    const isTls = scheme === "https" || (scheme === "tcp" && daemon.certFolder !== undefined);
    this.#base = isSocket ? "http://localhost" : `${isTls ? "https" : "http"}://${rest.replace(/\/$/, "")}`;
    if (!URL.canParse(this.#base)) throw daemonUnreachable(`${shown(daemon.host)} is no address`);
  }

  /** Which engine it is; throws `daemon-unreachable`. */
  async label(call: Call): Promise<"Docker" | "Podman"> {
    const response = await this.#send("/_ping", call);
    await response.discard();
    if (response.status !== 200) throw daemonUnreachable(`${shown(this.#daemon.host)} answers with status ${response.status}`);
    return response.header("libpod-api-version") === undefined ? "Docker" : "Podman";
  }

  /** JSON of `/images/NAME/ACTION`; undefined when the engine has no such image. */
  async imageJson(name: string, action: "json" | "history", call: Call): Promise<unknown> {
    const response = await this.#send(imagePath(name, action), call);
    const bytes = await readBody(response, maxAnswerBytes);
    if (response.status === 404) return undefined;
    if (response.status !== 200 || !bytes) throw failed(response.status, bytes);
    return parseJson(bytes, "the engine's answer");
  }

  /** The image as `docker save` would write it. */
  async imageArchive(name: string, call: Call): Promise<AsyncIterable<Uint8Array>> {
    const response = await this.#send(imagePath(name, "get"), call);
    if (response.status === 200) return response.body;
    const bytes = await readBody(response, maxAnswerBytes);
    if (response.status === 404) throw imageNotFound(`The engine no longer has the image ${shown(name)}.`, "Pull or build it again.");
    throw failed(response.status, bytes);
  }

  async #send(path: string, call: Call): Promise<HttpResponse> {
    try {
      return await sendHttp(
        { socketPath: this.#socketPath, certFolder: this.#daemon.certFolder, timeoutMs: this.#timeoutMs },
        { method: "GET", url: new URL(path, this.#base), headers: {} },
        call.signal,
      );
    } catch (error) {
      call.signal?.throwIfAborted();
      const failure = networkFailure(error);
      if (!failure) throw error;
      throw daemonUnreachable(`${shown(this.#daemon.host)}: ${failure.why}`, error);
    }
  }
}

/** Names keep their slashes: the engines' routers expect them so. */
function imagePath(name: string, action: string): string {
  const path = name.split("/").map((part) => encodeURIComponent(part).replaceAll("%3A", ":").replaceAll("%40", "@"));
  return `/images/${path.join("/")}/${action}`;
}

function failed(status: number, bytes: Uint8Array | undefined): Error {
  let said = "";
  try {
    const body: unknown = JSON.parse(Buffer.from(bytes ?? []).toString("utf8"));
    if (isObject(body) && typeof body["message"] === "string") said = ` (${shown(body["message"])})`;
  } catch {
    // The status alone must do.
  }
  return imageUnreadable(`the engine answers with status ${status}${said}`);
}
