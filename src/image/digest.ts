import { createHash } from "node:crypto";
import { digestMismatch } from "./errors.ts";
import type { Digest } from "./image.ts";

/** The two algorithms that the OCI image-spec registers, with the length of their hexadecimal form (descriptor.md, "Digests"). */
const hexLength: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha512", 128],
]);

/** Whether the text is a digest that can be checked. Only these are used in paths and URLs. */
export function isDigest(text: string): text is Digest {
  const colon = text.indexOf(":");
  const length = hexLength.get(text.slice(0, colon));
  return length !== undefined && text.length === colon + 1 + length && /^[0-9a-f]+$/.test(text.slice(colon + 1));
}

/** `sha256:9f86…` as `{ algorithm: "sha256", hex: "9f86…" }`. */
export function digestParts(digest: Digest): { readonly algorithm: string; readonly hex: string } {
  const colon = digest.indexOf(":");
  return { algorithm: digest.slice(0, colon), hex: digest.slice(colon + 1) };
}

export function digestOf(bytes: Uint8Array, algorithm = "sha256"): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

/** Checks content that arrives in pieces. */
export interface DigestVerifier {
  update(chunk: Uint8Array): void;
  /** Call it once, at the end. Throws `digest-mismatch`; `what` names the content in the error. */
  verify(what: string): void;
}

export function digestVerifier(expected: Digest): DigestVerifier {
  const { algorithm } = digestParts(expected);
  const hash = createHash(algorithm);
  return {
    update(chunk) {
      hash.update(chunk);
    },
    verify(what) {
      const actual = `${algorithm}:${hash.digest("hex")}`;
      if (actual !== expected) throw digestMismatch(what, expected, actual);
    },
  };
}

/** `bytes`, if they are what the digest says; throws `digest-mismatch` otherwise. */
export function verifiedBytes(bytes: Uint8Array, expected: Digest, what: string): Uint8Array {
  const verifier = digestVerifier(expected);
  verifier.update(bytes);
  verifier.verify(what);
  return bytes;
}
