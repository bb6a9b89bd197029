import { expect, test } from "vitest";
import { credentialOf, type ExecCredential } from "../../src/cluster/execCredential.ts";

test.each<[status: unknown, credential: ExecCredential | undefined]>([
  [{ token: "t" }, { token: "t" }],
  [
    { token: "t", expirationTimestamp: "2026-11-28T00:00:00Z" },
    { token: "t", expiresAtEpochMs: Date.UTC(2026, 10, 28) },
  ],
  [
    { clientCertificateData: "c", clientKeyData: "k" },
    { certificate: "c", key: "k" },
  ],
  [{ token: "t", clientCertificateData: "c" }, { token: "t" }],
  [{ clientCertificateData: "c" }, undefined],
  [{ token: 7 }, undefined],
  [undefined, undefined],
])("of %j", (status, credential) => {
  expect(credentialOf(JSON.stringify({ kind: "ExecCredential", status }))).toEqual(credential);
});

test.each(["", "not JSON", "[]", "null"])("%j holds no credentials", (text) => {
  expect(credentialOf(text)).toBeUndefined();
});
