import { expect, test } from "vitest";
import { readFact } from "../../src/facts/extractors.ts";
import type { TarEntry } from "../../src/image/image.ts";

function factOf(path: string): unknown {
  const content = new TextEncoder().encode("root:$y$j9T$hash:19000:0:99999:7:::\n");
  const entry: TarEntry = { path, type: "file", sizeBytes: content.length, mode: 0o600, mtimeEpochS: 0 };
  return readFact(entry, content);
}

test.each([
  "/etc/shadow",
  "/etc/gshadow-",
  "/etc/ssl/private/site.key",
  "/etc/nginx/certs/site.pem",
  "/etc/ssh/ssh_host_rsa_key",
  "/etc/security/opasswd",
])("%s is not remembered", (path) => {
  expect(factOf(path)).toBeUndefined();
});

test("settings beside them are", () => {
  expect(factOf("/etc/nginx/nginx.conf")).toMatchObject({ kind: "text" });
});
