import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Digest, Platform } from "../../src/image/image.ts";
import { defaultImageSettings, openImage } from "../../src/image/open.ts";
import { ociIndex, ociLayer, ociManifest } from "../fakes/hostileRegistry.ts";
import { verifyLayers } from "../fakes/layerBytes.ts";
import { sha256, tinyTar } from "../fakes/tinyImage.ts";
import { expectUserError } from "../fakes/userErrors.ts";
import { temporaryFolder } from "../real/parts/process.ts";

interface Entry {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

const folder = temporaryFolder("layouts");
let count = 0;

/** A layout whose index has the entries that `make` returns; the images differ in their entrypoints. */
function layout(make: (image: (entrypoint: string) => Entry, index: (entries: Entry[]) => Entry) => Entry[]): string {
  const path = join(folder, String(count++));
  mkdirSync(join(path, "blobs", "sha256"), { recursive: true });
  const put = (content: object | Buffer, mediaType: string): Entry => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    writeFileSync(join(path, "blobs", "sha256", sha256(bytes).slice(7)), bytes);
    return { mediaType, digest: sha256(bytes), size: bytes.length };
  };
  const tar = tinyTar([{ name: "a", content: "hello" }]);
  const image = (entrypoint: string): Entry => {
    const config = { os: "linux", architecture: "amd64", config: { Entrypoint: [entrypoint] }, rootfs: { diff_ids: [sha256(tar)] } };
    const layers = [put(gzipSync(tar), ociLayer)];
    return put({ schemaVersion: 2, config: put(config, "application/vnd.oci.image.config.v1+json"), layers }, ociManifest);
  };
  const manifests = make(image, (entries) => put({ schemaVersion: 2, manifests: entries }, ociIndex));
  writeFileSync(join(path, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  return path;
}

const tagged = (entry: Entry, tag: string): Entry => ({ ...entry, annotations: { "org.opencontainers.image.ref.name": tag } });
const forPlatform = (entry: Entry, architecture: string): Entry => ({ ...entry, platform: { os: "linux", architecture } });
const arm: Platform = { os: "linux", architecture: "arm64" };

const leftover = layout((image) => [image("old"), tagged(image("new"), "latest")]);
const nested = layout((image, index) => [
  tagged(index([forPlatform(image("amd"), "amd64"), forPlatform(image("arm"), "arm64")]), "docker.io/team/app:1"),
]);
const flat = layout((image) => [forPlatform(image("amd"), "amd64"), forPlatform(image("arm"), "arm64")]);
const two = layout((image) => [tagged(image("one"), "1"), tagged(image("two"), "2")]);
const empty = layout(() => []);

test.each([
  ["an untagged image left behind by the tag", leftover, undefined, "new"],
  ["the image at its place", `${leftover}:@0`, undefined, "old"],
  ["an index", nested, arm, "arm"],
  ["an index by the end of its name", `${nested}:1`, arm, "arm"],
  ["platforms side by side", flat, arm, "arm"],
  ["one of two tags", `${two}:2`, undefined, "two"],
])("a layout with %s", async (_case, name, platform, entrypoint) => {
  const image = await openImage(`oci:${name}`, { settings: defaultImageSettings, ...(platform && { platform }) }, {});
  expect(image.config.entrypoint).toEqual([entrypoint]);
  if (platform) expect(image.platform).toEqual(platform);
  expect(await verifyLayers(image)).toEqual([{ blobMatches: true, tarMatches: true }]);
});

test.each([
  ["no image", empty, undefined, "image-not-found", /holds no image/],
  ["two images", two, undefined, "image-not-found", /several images.*1, 2/],
  ["another tag", `${two}:3`, undefined, "image-not-found", /no image 3.*1, 2/],
  ["another digest", `${two}@${sha256(Buffer.from("x"))}`, undefined, "image-not-found", /no image sha256/],
  ["another place", `${two}:@9`, undefined, "image-not-found", /number 9/],
  ["another platform", nested, { os: "linux", architecture: "s390x" }, "platform-mismatch", /linux\/amd64, linux\/arm64/],
] as const)("a layout with %s is a clear error", async (_case, name, platform, code, words) => {
  await expectUserError(openImage(`oci:${name}`, { settings: defaultImageSettings, ...(platform && { platform }) }, {}), code, words);
});

test("a blob that was damaged or removed is a clear error", async () => {
  const path = layout((image) => [image("a")]);
  const open = () => openImage(`oci:${path}`, { settings: defaultImageSettings }, {});
  const { configDigest } = await open();
  writeFileSync(join(path, "blobs", "sha256", configDigest.slice(7)), "{}");
  await expectUserError(open(), "digest-mismatch", /config/);
  writeFileSync(
    join(path, "index.json"),
    JSON.stringify({ manifests: [{ mediaType: ociManifest, digest: sha256(Buffer.from("gone")), size: 4 }] }),
  );
  await expectUserError(open(), "image-unreadable", /the manifest.*missing/);
});
