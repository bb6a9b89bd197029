import type { Call } from "../../base/log.ts";
import { readBody } from "../chunks.ts";
import { verifiedBytes } from "../digest.ts";
import { imageUnreadable, limitExceeded, registryFailed } from "../errors.ts";
import type { HttpResponse } from "../http.ts";
import type { Digest } from "../image.ts";
import { networkFailure } from "../../base/networkFailure.ts";
import type { RegistryClient } from "./registryClient.ts";
import { Patience, withRetries } from "./retry.ts";

/** Where a blob lies in a registry. */
export interface BlobAddress {
  readonly repository: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/** A small blob wholly, checked against its digest. */
export async function fetchBlob(
  client: RegistryClient,
  blob: BlobAddress,
  maxBytes: number,
  what: string,
  call: Call,
): Promise<Uint8Array> {
  if (blob.sizeBytes > maxBytes)
    throw limitExceeded(`${what} has ${blob.sizeBytes} bytes, more than Coldstart reads.`, "Check how the image was built.");
  return withRetries(
    client.host,
    async () => {
      const response = await client.get(blob.repository, `blobs/${blob.digest}`, what, {}, call);
      const bytes = await readBody(response, maxBytes);
      if (!bytes) throw imageUnreadable(`${what} is longer than announced`);
      return verifiedBytes(bytes, blob.digest, what);
    },
    call,
  );
}

/**
 * The bytes of a blob as they come, unverified. A connection that drops is taken up again where it dropped, as often as there
 * is progress in between.
 */
export async function* streamBlob(client: RegistryClient, blob: BlobAddress, call: Call): AsyncGenerator<Uint8Array> {
  const patience = new Patience(client.host);
  let offset = 0;
  for (;;) {
    try {
      const headers: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
      const response = await client.get(blob.repository, `blobs/${blob.digest}`, "such a layer", headers, call);
      for await (const chunk of fromOffset(response, offset, client.host)) {
        offset += chunk.length;
        if (offset > blob.sizeBytes)
          throw imageUnreadable(`a layer is longer than the ${blob.sizeBytes} bytes that the manifest announces`);
        patience.reset();
        yield chunk;
      }
      if (offset >= blob.sizeBytes) return;
      throw new ShortBodyError();
    } catch (error) {
      // All is here already: only the end of the answer got lost.
      if (offset >= blob.sizeBytes && networkFailure(error)) return;
      await patience.afterFailure(error, call);
      call.log?.debug("a download is taken up again", { host: client.host, digest: blob.digest, offset });
    }
  }
}

/** Bytes `startByte` up to, not including, `endByteExclusive`, unverified. */
export async function fetchBlobRange(
  client: RegistryClient,
  blob: BlobAddress,
  startByte: number,
  endByteExclusive: number,
  call: Call,
): Promise<Uint8Array> {
  const sizeBytes = endByteExclusive - startByte;
  return withRetries(
    client.host,
    async () => {
      const headers = { range: `bytes=${startByte}-${endByteExclusive - 1}` };
      const response = await client.get(blob.repository, `blobs/${blob.digest}`, "such a layer", headers, call);
      if (response.status !== 206) {
        await response.discard();
        throw registryFailed(client.host, "it does not hand out parts of a layer");
      }
      checkContentRange(response, startByte, client.host);
      const bytes = await readBody(response, sizeBytes);
      if (bytes?.length !== sizeBytes) throw registryFailed(client.host, "it hands out another part of a layer than asked for");
      return bytes;
    },
    call,
  );
}

/** Counts as a dropped connection. */
class ShortBodyError extends Error {
  readonly code = "ECONNRESET";
}

/** The body from `offset` on, also of a server that ignores Range and begins anew. */
async function* fromOffset(response: HttpResponse, offset: number, host: string): AsyncGenerator<Uint8Array> {
  if (response.status === 206) checkContentRange(response, offset, host);
  let skip = response.status === 206 ? 0 : offset;
  for await (const chunk of response.body) {
    if (skip >= chunk.length) {
      skip -= chunk.length;
      continue;
    }
    yield skip > 0 ? chunk.subarray(skip) : chunk;
    skip = 0;
  }
}

function checkContentRange(response: HttpResponse, startByte: number, host: string): void {
  const start = /^bytes (\d+)-/.exec(response.header("content-range") ?? "")?.[1];
  if (start !== undefined && Number(start) !== startByte) throw registryFailed(host, "it hands out another part of a layer than asked for");
}
