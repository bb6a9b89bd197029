import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../../../src/results/report.ts";
import { inspectedReport } from "../parts/coldstart.ts";
import { containerTools, copyImage, makeImage } from "../parts/images.ts";
import { temporaryFolder } from "../parts/process.ts";
import { startRegistry, type Registry } from "../parts/registry.ts";
import { startSlowProxy } from "../parts/slowProxy.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/toc");
const tools = containerTools();
let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(async () => {
  await registry.stop();
});

test("zstd:chunked: the answer of the whole layer for a small part of its bytes", async () => {
  const name = await makeImage(tools, "chunked:1", [
    {
      files: {
        "bin/sh": readFileSync("/bin/sh"),
        "run.sh": "#!/bin/sh\n. /etc/settings\nexec /bin/sh -c true\n",
        "etc/settings": "A=1\n",
        "data/never.bin": randomBytes(20 << 20),
      },
      executable: ["bin/sh", "run.sh"],
      entrypoint: ["/run.sh"],
    },
  ]);
  await copyImage(tools, name, `docker://${registry.host}/chunked:1`, "--dest-compress-format", "zstd:chunked");
  const { sentBytes } = await sameAnswer("chunked:1");
  expect(sentBytes).toBeLessThan(1 << 20);
});

test("eStargz: the answer of the whole layer", async () => {
  const blob = readFileSync(join(fixtures, "layer.estargz"));
  const folder = estargzLayout(blob, "sha256:38027f73564497708c127e0c5e8d6c3787dc21b6768e6d418ec84c17570f8efa");
  await tools.skopeo("copy", "-q", "--dest-tls-verify=false", `oci:${folder}:1`, `docker://${registry.host}/estargz:1`);
  const { report } = await sameAnswer("estargz:1");
  expect(report.totals.files).toBeGreaterThan(10);
});

/** Asks with and without the table of contents, each with a cache of its own, and counts what the first costs. */
async function sameAnswer(image: string): Promise<{ report: Report; sentBytes: number }> {
  const proxy = await startSlowProxy(registry.host, undefined);
  try {
    const byTable = await inspectedReport(temporaryFolder("cache"), `${proxy.host}/${image}`);
    const sentBytes = proxy.blobBytes();
    const byLayer = await inspectedReport(temporaryFolder("cache"), `${registry.host}/${image}`, "--no-toc");
    expect(byTable.estimate.flags.map((flag) => flag.code)).toContain("table-of-contents-only");
    expect(byLayer.estimate.flags.map((flag) => flag.code)).not.toContain("table-of-contents-only");
    expect(byTable.totals).toEqual(byLayer.totals);
    expect(byTable.files).toEqual(byLayer.files);
    return { report: byTable, sentBytes };
  } finally {
    await proxy.stop();
  }
}

/** An OCI layout around one layer that was made elsewhere. */
function estargzLayout(blob: Buffer, tocDigest: string): string {
  const folder = temporaryFolder("estargz");
  const blobs = join(folder, "blobs", "sha256");
  mkdirSync(blobs, { recursive: true });
  const stored = (content: Buffer): { digest: string; size: number } => {
    const hex = createHash("sha256").update(content).digest("hex");
    writeFileSync(join(blobs, hex), content);
    return { digest: `sha256:${hex}`, size: content.length };
  };
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const diffId = `sha256:${createHash("sha256").update(gunzipSync(blob)).digest("hex")}`;
  const config = {
    os: "linux",
    architecture: "amd64",
    config: { Entrypoint: ["/app/m0.py"] },
    rootfs: { type: "layers", diff_ids: [diffId] },
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...stored(json(config)) },
    layers: [
      {
        mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
        ...stored(blob),
        annotations: { "containerd.io/snapshot/stargz/toc.digest": tocDigest },
      },
    ],
  };
  const index = {
    schemaVersion: 2,
    manifests: [{ mediaType: manifest.mediaType, ...stored(json(manifest)), annotations: { "org.opencontainers.image.ref.name": "1" } }],
  };
  writeFileSync(join(folder, "index.json"), json(index));
  writeFileSync(join(folder, "oci-layout"), json({ imageLayoutVersion: "1.0.0" }));
  return folder;
}
