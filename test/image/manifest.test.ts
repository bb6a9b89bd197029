import { expect, test } from "vitest";
import { isUserError } from "../../src/base/errors.ts";
import { maxConfigBytes, parseConfig } from "../../src/image/config.ts";
import { parseArchiveManifest } from "../../src/image/dockerArchive.ts";
import { checkIsImage, checkLayerMediaType, parseManifest, runnableManifests } from "../../src/image/manifest.ts";
import { fuzz, type Random } from "../fuzz.ts";

const digest = `sha256:${"a".repeat(64)}`;
const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

test("null, missing and unknown fields pass", () => {
  const manifest = parseManifest(
    bytesOf({ schemaVersion: 2, config: { digest, size: 3, annotations: null, urls: null }, layers: null, extra: [1] }),
    "the manifest",
  );
  expect(manifest).toEqual({
    kind: "manifest",
    config: { mediaType: "", digest, sizeBytes: 3, annotations: {}, platform: undefined, artifactType: undefined },
    layers: [],
    artifactType: undefined,
  });
});

test("what is no image to run is left out of an index", () => {
  const entry = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 1 };
  const index = parseManifest(
    bytesOf({
      manifests: [
        { ...entry, platform: { os: "linux", architecture: "aarch64", variant: null } },
        { ...entry, platform: { os: "unknown", architecture: "unknown" } },
        { ...entry, annotations: { "vnd.docker.reference.type": "attestation-manifest" } },
        { ...entry, artifactType: "application/vnd.dev.cosign" },
        { ...entry, mediaType: "application/json" },
      ],
    }),
    "the index",
  );
  expect(index.kind === "index" && runnableManifests(index.manifests).map((manifest) => manifest.platform)).toEqual([
    { os: "linux", architecture: "arm64" },
  ]);
});

test.each([
  ["", /no valid JSON/],
  ["<html>", /web page/],
  ["[]", /no JSON object/],
  ["{}", /neither an image manifest nor an index/],
  ['{"config":{}}', /"config.digest" is missing/],
  [`{"config":{"digest":"${digest}","size":-1}}`, /"config.size"/],
  [`{"config":{"digest":"${digest}","size":1e300}}`, /"config.size"/],
  [`{"config":{"digest":"md5:00","size":1}}`, /"config.digest"/],
  ['{"manifests":{}}', /"manifests" is no array/],
  ['{"schemaVersion":1}', /schema 1/],
])("the manifest %s is a clear error", (text, words) => {
  expect(() => parseManifest(Buffer.from(text), "the manifest")).toThrow(words);
});

test.each([
  ["application/vnd.oci.image.layer.v1.tar", true],
  ["application/vnd.oci.image.layer.v1.tar+gzip", true],
  ["application/vnd.oci.image.layer.v1.tar+zstd", true],
  ["application/vnd.docker.image.rootfs.diff.tar.gzip", true],
  ["application/vnd.docker.image.rootfs.diff.tar.zstd", true],
  ["application/vnd.docker.image.rootfs.diff.tar", true],
  ["", true],
  ["application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", false],
  ["application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", false],
  ["application/vnd.in-toto+json", false],
])("the layer type %s is read: %s", (mediaType, isRead) => {
  if (isRead) checkLayerMediaType(mediaType, 0);
  else expect(() => checkLayerMediaType(mediaType, 0)).toThrow(/^Layer 1 /);
});

test("an artifact is no image", () => {
  const manifest = parseManifest(bytesOf({ config: { mediaType: "application/vnd.oci.empty.v1+json", digest, size: 2 } }), "the manifest");
  expect(() => manifest.kind === "manifest" && checkIsImage(manifest)).toThrow(/no container image/);
});

test("a config gives what starts the container", () => {
  const { config, platform, diffIds } = parseConfig(
    bytesOf({
      architecture: "arm64",
      os: "linux",
      variant: "v8",
      created: "2026-01-01T00:00:00Z",
      config: {
        Entrypoint: ["/a"],
        Cmd: "echo hi",
        Env: ["A=1"],
        WorkingDir: "/w",
        User: "1000",
        Labels: { l: "x", n: 1 },
        OnBuild: ["RUN a"],
      },
      rootfs: { type: "layers", diff_ids: [digest] },
      history: [
        { created_by: "RUN x", empty_layer: false },
        { comment: "c", empty_layer: true },
      ],
    }),
    "the config",
  );
  expect(platform).toEqual({ os: "linux", architecture: "arm64" });
  expect(diffIds).toEqual([digest]);
  expect(config).toEqual({
    created: "2026-01-01T00:00:00Z",
    entrypoint: ["/a"],
    cmd: ["/bin/sh", "-c", "echo hi"],
    env: ["A=1"],
    workingDir: "/w",
    user: "1000",
    labels: { l: "x" },
    history: [
      { createdBy: "RUN x", comment: "", emptyLayer: false },
      { createdBy: "", comment: "c", emptyLayer: true },
    ],
    onBuild: ["RUN a"],
  });
});

test.each([
  [{}, /no rootfs/],
  [{ rootfs: null }, /no rootfs/],
  [{ id: "x", container_config: {} }, /older than 1.10/],
  [{ rootfs: { diff_ids: ["x"] } }, /"rootfs.diff_ids.0"/],
  [{ rootfs: {}, config: { Env: "A=1" } }, /"config.Env"/],
])("the config %o is a clear error", (config, words) => {
  expect(() => parseConfig(bytesOf(config), "the config")).toThrow(words);
});

test("any bytes are a manifest, a config, an archive's manifest or a clear error", () => {
  expect(maxConfigBytes).toBeGreaterThan(0);
  fuzz("manifest", randomJson, (bytes) => {
    for (const parse of [parseManifest, parseConfig, parseArchiveManifest]) {
      try {
        const parsed = parse(bytes, "the content");
        structuredClone(parsed);
      } catch (error) {
        if (!isUserError(error)) throw error;
      }
    }
  });
});

const keys = [
  "schemaVersion", "mediaType", "config", "layers", "manifests", "digest", "size", "annotations", "platform", "os", "architecture", "variant", "urls",
  "artifactType", "rootfs", "diff_ids", "history", "created_by", "empty_layer", "Env", "Cmd", "Entrypoint", "Labels", "__proto__", "constructor",
  "Config", "Layers", "LayerSources", "RepoTags",
]; // prettier-ignore

function randomJson(random: Random): Uint8Array {
  const text = Buffer.from(JSON.stringify(value(random, 5)));
  // Some inputs are broken JSON.
  if (random.below(10) === 0) text[random.below(text.length)] = random.below(256);
  return text;
}

function value(random: Random, depth: number): unknown {
  switch (random.below(depth > 0 ? 9 : 6)) {
    case 0:
      return random.pick([null, true, 0, 1, 2, -1, 2 ** 63, 1e-7]);
    case 1:
      return random.pick([digest, "sha256:x", "sha512:", ""]);
    case 2:
      return random.text(["a", "/", "\0", "é", "linux", "amd64", "unknown"], 4);
    case 3:
      return random.pick(["application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.layer.v1.tar"]);
    case 4:
      return { digest, size: random.below(100) };
    case 5:
      return "A=1";
    case 6:
      return Array.from({ length: random.below(4) }, () => value(random, depth - 1));
    default: {
      const object = Object.create(null) as Record<string, unknown>;
      for (let count = random.below(7); count > 0; count--) object[random.pick(keys)] = value(random, depth - 1);
      return object;
    }
  }
}
