import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Call } from "../../../src/base/log.ts";
import { silentLog } from "../../../src/base/log.ts";
import { readImageFacts } from "../../../src/facts/imageFacts.ts";
import type { FactsOptions } from "../../../src/facts/imageFacts.ts";
import type { LayerFacts } from "../../../src/facts/layerFacts.ts";
import { fetchPending, keepFetched } from "../../../src/facts/toc/fetchPending.ts";
import type { Image } from "../../../src/image/image.ts";
import { openImage } from "../../../src/image/open.ts";
import { defaultImageSettings } from "../../../src/image/settings.ts";
import { HostileRegistry, ociConfig, ociIndex, ociLayer, ociManifest } from "../../fakes/hostileRegistry.ts";
import { sha256, tinyMember } from "../../fakes/tinyImage.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/toc");
const gzipLayer = readFileSync(join(fixtures, "layer.tar.gz"));
const ztoc = gunzipSync(readFileSync(join(fixtures, "layer.ztoc.gz")));
const estargzLayer = readFileSync(join(fixtures, "layer.estargz"));
const estargzDigest = "sha256:38027f73564497708c127e0c5e8d6c3787dc21b6768e6d418ec84c17570f8efa";

let registry: HostileRegistry;
let dir = "";
beforeEach(async () => {
  registry = await HostileRegistry.start();
  dir = await mkdtemp(join(tmpdir(), "coldstart-toc-"));
});
afterEach(async () => {
  await registry.stop();
  await rm(dir, { recursive: true, force: true });
});

interface PushedLayer {
  readonly blob: Buffer;
  readonly tar: Buffer;
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Pushes an image of one layer and opens it. */
async function pushed({ blob, tar, mediaType = ociLayer, annotations = {} }: PushedLayer): Promise<Image> {
  const config = { os: "linux", architecture: "amd64", rootfs: { type: "layers", diff_ids: [sha256(tar)] } };
  const manifest = {
    schemaVersion: 2,
    mediaType: ociManifest,
    config: { mediaType: ociConfig, ...registry.pushBlob(Buffer.from(JSON.stringify(config))) },
    layers: [{ mediaType, annotations, ...registry.pushBlob(blob) }],
  };
  registry.pushManifest("app", "1", manifest, ociManifest);
  const platform = { os: "linux", architecture: "amd64" };
  return openImage(`docker://${registry.host}/app:1`, { settings: defaultImageSettings, platform }, {});
}

function options(preferTableOfContents = true): FactsOptions {
  return { cacheDir: join(dir, preferTableOfContents ? "toc" : "contents"), maxCacheBytes: 1e9, threads: 1, preferTableOfContents };
}

async function factsOf(image: Image, preferTableOfContents = true, call: Call = {}): Promise<LayerFacts> {
  for await (const event of readImageFacts(image, options(preferTableOfContents), call)) {
    if (event.kind === "facts") return event.layers[0] as LayerFacts;
  }
  throw new Error("no facts came");
}

function pendingOf(facts: LayerFacts): number[] {
  return [...facts.entries.keys()].filter((i) => facts.isPending(i));
}

async function fetched(image: Image, facts: LayerFacts, indices = pendingOf(facts)): Promise<LayerFacts> {
  const [layer] = image.layers;
  if (!layer) throw new Error("the image has no layer");
  const all = await fetchPending(layer, facts, indices, {});
  await keepFetched(all, options(), {});
  return all;
}

/** Entries with their facts, by path: the tools put them in different orders. */
function known(facts: LayerFacts): unknown[] {
  return facts.entries.map((entry, i) => ({ ...entry, fact: facts.fact(i) })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

const blobRequests = (): (string | undefined)[] =>
  registry.requests.filter(({ path }) => path.includes(sha256(estargzLayer)) || path.includes(sha256(gzipLayer))).map(({ range }) => range);

const estargz: PushedLayer = {
  blob: estargzLayer,
  tar: gunzipSync(estargzLayer),
  annotations: { "containerd.io/snapshot/stargz/toc.digest": estargzDigest },
};

/** A zstd:chunked layer as containers/storage writes it, with one content in two chunks and one of zeros. */
function zstdChunked(patch: (entries: Record<string, unknown>[]) => void = () => {}): PushedLayer {
  const script = Buffer.from(`import os\n${"# line\n".repeat(500)}import json\n`);
  const members = [
    { name: "app/", flag: "5", mode: 0o755 },
    { name: "app/a.py", content: "import sys\n" },
    { name: "app/b.py", content: script },
    { name: "app/zeros.py", content: new Uint8Array(700) },
    { name: "app/link", flag: "2", linkName: "a.py" },
  ];
  const tar = Buffer.concat([...members.map(tinyMember), Buffer.alloc(1024)]);
  const parts: Buffer[] = [];
  const entries: Record<string, unknown>[] = [];
  let at = 0;
  let tarAt = 0;
  const append = (plain: Buffer): { offset: number; endOffset: number } => {
    const frame = zstdCompressSync(plain);
    parts.push(frame);
    at += frame.length;
    return { offset: at - frame.length, endOffset: at };
  };
  for (const { name, flag, content, linkName, mode } of members) {
    const bytes = Buffer.from(content ?? "");
    append(tar.subarray(tarAt, tarAt + 512));
    tarAt += 512;
    const type = flag === "5" ? "dir" : flag === "2" ? "symlink" : "reg";
    const common = {
      type,
      name: name.replace(/\/$/, ""),
      mode: mode ?? 0o644,
      modtime: "2023-11-14T22:13:20Z",
      linkName,
      size: bytes.length || undefined,
    };
    if (name === "app/b.py") {
      const cut = 1000;
      entries.push({
        ...common,
        digest: sha256(bytes),
        ...append(bytes.subarray(0, cut)),
        chunkSize: cut,
        chunkDigest: sha256(bytes.subarray(0, cut)),
      });
      entries.push({
        type: "chunk",
        name: common.name,
        ...append(bytes.subarray(cut)),
        chunkOffset: cut,
        chunkSize: bytes.length - cut,
        chunkDigest: sha256(bytes.subarray(cut)),
      });
    } else if (name === "app/zeros.py") {
      append(bytes);
      entries.push({ ...common, digest: sha256(bytes), chunkSize: bytes.length, chunkType: "zeros" });
    } else entries.push(bytes.length > 0 ? { ...common, digest: sha256(bytes), ...append(bytes) } : common);
    tarAt += bytes.length;
    const padding = (512 - (bytes.length % 512)) % 512;
    if (padding > 0) append(Buffer.alloc(padding));
    tarAt += padding;
  }
  append(Buffer.alloc(1024));
  patch(entries);
  const json = Buffer.from(JSON.stringify({ version: 1, entries }));
  const table = zstdCompressSync(json);
  const skippable = Buffer.alloc(8);
  skippable.writeUInt32LE(0x184d2a50);
  skippable.writeUInt32LE(table.length, 4);
  return {
    blob: Buffer.concat([...parts, skippable, table]),
    tar,
    mediaType: "application/vnd.oci.image.layer.v1.tar+zstd",
    annotations: {
      "io.github.containers.zstd-chunked.manifest-checksum": sha256(table),
      "io.github.containers.zstd-chunked.manifest-position": `${at + 8}:${table.length}:${json.length}:1`,
    },
  };
}

/** The gzip layer, with its zTOC as a referrer. */
async function soci(zTable = ztoc): Promise<Image> {
  const image = await pushed({ blob: gzipLayer, tar: gunzipSync(gzipLayer) });
  const index = registry.pushManifest(
    "app",
    "soci",
    {
      schemaVersion: 2,
      mediaType: ociManifest,
      artifactType: "application/vnd.amazon.soci.index.v1+json",
      config: { mediaType: "application/vnd.amazon.soci.index.v1+json", ...registry.pushBlob(Buffer.from("{}")) },
      layers: [
        {
          mediaType: "application/octet-stream",
          ...registry.pushBlob(zTable),
          annotations: { "com.amazon.soci.image-layer-digest": sha256(gzipLayer) },
        },
      ],
    },
    ociManifest,
  );
  const referrers = {
    schemaVersion: 2,
    mediaType: ociIndex,
    manifests: [{ ...index, artifactType: "application/vnd.amazon.soci.index.v1+json" }],
  };
  registry.pushManifest("app", (image.digest ?? "").replace(":", "-"), referrers, ociIndex);
  return image;
}

describe("a table of contents tells what reading the layer tells", () => {
  const cases: Record<string, () => Promise<Image>> = {
    eStargz: () => pushed(estargz),
    "zstd:chunked": () => pushed(zstdChunked()),
    SOCI: () => soci(),
  };
  for (const [name, open] of Object.entries(cases)) {
    test(name, async () => {
      const image = await open();
      const facts = await factsOf(image);
      expect(facts.basis).toBe("table-of-contents");
      expect(facts.diffId).toBe(image.layers[0]?.diffId);
      expect(pendingOf(facts).length).toBeGreaterThan(1);
      const [layer] = image.layers;
      expect(registry.requests.filter(({ path, range }) => path.includes(layer?.digest ?? "-") && range === undefined)).toEqual([]);

      const some = await fetched(image, facts, pendingOf(facts).slice(0, 1));
      expect(pendingOf(some)).toHaveLength(pendingOf(facts).length - 1);
      const all = await fetched(image, some);
      expect(pendingOf(all)).toEqual([]);
      expect(all.problems).toEqual([]);

      const read = await factsOf(image, false);
      expect(read.basis).toBe("contents");
      expect(known(all)).toEqual(known(read));

      // Another run knows all of it without a request for the layer.
      const before = registry.requests.length;
      const again = await factsOf(image);
      expect(known(again)).toEqual(known(read));
      expect(registry.requests.slice(before).filter(({ path }) => path.includes(layer?.digest ?? "-"))).toEqual([]);
    });
  }

  test("and contents can be fetched when the table came from the cache", async () => {
    const image = await pushed(estargz);
    await factsOf(image);
    const again = await factsOf(image);
    const all = await fetched(image, again);
    expect(pendingOf(all)).toEqual([]);
    expect(known(all)).toEqual(known(await factsOf(image, false)));
  });
});

test("near contents are fetched by one request", async () => {
  const image = await pushed(estargz);
  const facts = await factsOf(image);
  const before = blobRequests().length;
  await fetched(image, facts);
  expect(blobRequests().length - before).toBe(1);
});

describe("the layer is read as a whole when its table", () => {
  const zstdWith = (annotations: Record<string, string>): PushedLayer => {
    const layer = zstdChunked();
    return { ...layer, annotations: { ...layer.annotations, ...annotations } };
  };
  const position = "io.github.containers.zstd-chunked.manifest-position";
  const cases: Record<string, () => Promise<Image>> = {
    "has another digest": () =>
      pushed({ ...estargz, annotations: { "containerd.io/snapshot/stargz/toc.digest": sha256(Buffer.from("x")) } }),
    "is not where the annotation says": () => pushed(zstdWith({ [position]: "0:100:200:1" })),
    "lies outside the layer": () => pushed(zstdWith({ [position]: "999999:100:200:1" })),
    "unpacks to more than announced": () =>
      pushed(zstdWith({ [position]: (zstdChunked().annotations?.[position] ?? "").replace(/\d+:1$/, "10:1") })),
    "is none": () => pushed({ blob: gzipSync(estargz.tar), tar: estargz.tar, annotations: estargz.annotations ?? {} }),
    "is no zTOC": () => soci(Buffer.alloc(3000, 3)),
    "is a zTOC that is cut off": () => soci(Buffer.from(ztoc.subarray(0, 150_000))),
  };
  for (const [name, open] of Object.entries(cases)) {
    test(name, async () => {
      const warnings: string[] = [];
      const facts = await factsOf(await open(), true, { log: { ...silentLog, warn: (message) => warnings.push(message) } });
      expect(facts.basis).toBe("contents");
      expect(facts.entries.length).toBeGreaterThan(3);
      if (name !== "lies outside the layer") expect(warnings).toHaveLength(1);
    });
  }
});

describe("contents that are not what the table says", () => {
  test("end with digest-mismatch", async () => {
    const other = sha256(Buffer.from("other"));
    const image = await pushed(
      zstdChunked((entries) => {
        for (const entry of entries) if (entry["name"] === "app/a.py") entry["digest"] = other;
      }),
    );
    await expect(fetched(image, await factsOf(image))).rejects.toMatchObject({ name: "UserError", code: "digest-mismatch" });
  });

  test("are left out with a problem where they cannot be unpacked", async () => {
    const image = await pushed(
      zstdChunked((entries) => {
        for (const entry of entries) if (entry["name"] === "app/a.py") entry["offset"] = Number(entry["offset"]) + 1;
      }),
    );
    const all = await fetched(image, await factsOf(image));
    expect(pendingOf(all)).toEqual([]);
    expect(all.problems).toMatchObject([{ severity: "warning", message: expect.stringContaining("/app/a.py") as string }]);
  });

  test("are left out with a problem where they are too large", async () => {
    const image = await pushed(
      zstdChunked((entries) => {
        for (const entry of entries) if (entry["name"] === "app/a.py") entry["size"] = entry["chunkSize"] = 10_000_000_000;
      }),
    );
    const facts = await factsOf(image);
    const index = facts.entries.findIndex(({ path }) => path === "/app/a.py");
    const after = await fetched(image, facts, [index]);
    expect(after.isPending(index)).toBe(false);
    expect(after.fact(index)).toBeUndefined();
  });
});
