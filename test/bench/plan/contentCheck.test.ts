import { afterEach, beforeEach, expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import type { Arm } from "../../../src/bench/plan.ts";
import { checkContent } from "../../../src/bench/plan/contentCheck.ts";
import { defaultImageSettings } from "../../../src/image/open.ts";
import { HostileRegistry, ociConfig, ociManifest } from "../../fakes/hostileRegistry.ts";
import { sha256, tinyTar, type TinyMember } from "../../fakes/tinyImage.ts";

let registry: HostileRegistry;
beforeEach(async () => {
  registry = await HostileRegistry.start();
});
afterEach(() => registry.stop());

const files: readonly TinyMember[] = [
  { name: "app/", flag: "5", mode: 0o755 },
  { name: "app/main.py", content: "import json\n" },
  { name: "app/data.bin", content: "12345" },
  { name: "app/same.bin", flag: "1", linkName: "app/data.bin" },
  { name: "app/link", flag: "2", linkName: "main.py" },
];
/** As a converter writes it: sorted anew, the other link is the file, and a landmark. */
const converted: readonly TinyMember[] = [
  { name: ".prefetch.landmark", content: "x" },
  { name: "app/", flag: "5", mode: 0o755 },
  { name: "app/same.bin", content: "12345" },
  { name: "app/data.bin", flag: "1", linkName: "app/same.bin" },
  { name: "app/link", flag: "2", linkName: "main.py" },
  { name: "app/main.py", content: "import json\n" },
  { name: "stargz.index.json", content: "{}" },
];

const platform = { os: "linux", architecture: "amd64" };
const content = {
  image: defaultImageSettings,
  facts: { maxCacheBytes: 0, threads: 1, preferTableOfContents: true },
  maxReadBytes: 1_000_000,
};

function armOf(name: string, image = name): Arm {
  const isLazy = name === "stargz" || name === "nydus";
  return {
    name,
    image: image.startsWith("127.") ? image : `${registry.host}/app:${image}`,
    snapshotter: name,
    isLazy,
    pullPolicy: "Always",
  };
}

function push(tag: string, layers: readonly (readonly TinyMember[])[]): void {
  registry.pushImage("app", tag, { layers: layers.map(tinyTar) });
}

async function checked(arms: readonly Arm[], more: object = {}): Promise<{ equal: boolean | undefined; how: string }> {
  const { contentCheck } = await checkContent(arms, { platform, content: { ...content, ...more } });
  return { ...contentCheck, how: contentCheck.how.replaceAll(registry.host, "HOST") };
}

test("one image for all arms is the same", async () => {
  push("1", [files]);
  expect(await checked([armOf("overlayfs", "1"), armOf("soci", "1")])).toEqual({ equal: true, how: "All arms run the same image." });
});

test("two names of one image", async () => {
  push("1", [files]);
  push("2", [files]);
  expect(await checked([armOf("overlayfs", "1"), armOf("soci", "2")])).toEqual({
    equal: true,
    how: "Equal digests: the names stand for one image.",
  });
});

test("equal diffIDs of layers that were compressed in another way", async () => {
  push("1", [files]);
  const tar = tinyTar(files);
  const config = { os: "linux", architecture: "amd64", rootfs: { type: "layers", diff_ids: [sha256(tar)] } };
  registry.pushImage("app", "2", {
    manifest: {
      schemaVersion: 2,
      config: { mediaType: ociConfig, ...registry.pushBlob(Buffer.from(JSON.stringify(config))) },
      layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", ...registry.pushBlob(gzipSync(tar, { level: 9 })) }],
    },
  });
  expect(await checked([armOf("overlayfs", "1"), armOf("soci", "2")])).toEqual({
    equal: true,
    how: "Equal diffIDs: the layers unpack to the same bytes.",
  });
});

test("equal files in other layers, with a converter's own files", async () => {
  push("1", [files]);
  push("2", [converted]);
  push("3", [files.slice(0, 3), files.slice(3)]);
  expect(await checked([armOf("overlayfs", "1"), armOf("stargz", "2"), armOf("soci", "3")])).toEqual({
    equal: true,
    how: "Equal file lists: type, mode, size and link target of 5 paths agree, and what is known of the contents of 1 files.",
  });
});

test("differences are counted and named", async () => {
  push("1", [files]);
  push("2", [
    [
      { name: "app/", flag: "5", mode: 0o700 },
      { name: "app/main.py", content: "import math\n" },
      { name: "app/data.bin", content: "123456" },
      { name: "app/link", flag: "2", linkName: "other.py" },
      { name: "app/same.bin", flag: "5" },
      { name: "new/", flag: "5" },
      { name: "new/file", content: "" },
    ],
  ]);
  expect(await checked([armOf("overlayfs", "1"), armOf("stargz", "2")])).toEqual({
    equal: false,
    how: "7 paths differ between HOST/app:1 (first) and HOST/app:2 (second): /app: mode 755 and 700; /new: only in the second; /new/file: only in the second; /app/data.bin: 5 and 6 bytes; /app/link: another link target.",
  });
});

test("Nydus' format is not read, and it is said how to compare it", async () => {
  push("1", [files]);
  const config = { os: "linux", architecture: "amd64", rootfs: { type: "layers", diff_ids: [sha256(Buffer.from("blob"))] } };
  registry.pushManifest(
    "app",
    "2",
    {
      schemaVersion: 2,
      config: { mediaType: ociConfig, ...registry.pushBlob(Buffer.from(JSON.stringify(config))) },
      layers: [{ mediaType: "application/vnd.oci.image.layer.nydus.blob.v1", ...registry.pushBlob(Buffer.from("blob")) }],
    },
    ociManifest,
  );
  const arms = [armOf("overlayfs", "1"), armOf("nydus", "2")];
  expect(await checked(arms)).toEqual({
    equal: undefined,
    how: 'HOST/app:2 is in Nydus\' own format, whose files are not listed here; compare it with "nydusify check --source HOST/app:1 --target HOST/app:2".',
  });
  const { images, layers, problems } = await checkContent(arms, { platform, content });
  expect(images[1]).toMatchObject({
    arm: "nydus",
    layerMediaTypes: ["application/vnd.oci.image.layer.nydus.blob.v1"],
    layerCount: 1,
    compressedSizeBytes: 4,
  });
  expect(layers.map(([arm]) => arm)).toEqual(["overlayfs", "nydus"]);
  expect(problems).toEqual([]);
});

test.each([
  ["stargz", "has 1 of 1 layers that are not eStargz; those are pulled as a whole."],
  ["nydus", "is not in Nydus' format, so it is pulled as a whole."],
])("an image that %s cannot mount lazily is told", async (name, words) => {
  push("1", [files]);
  const { problems } = await checkContent([armOf(name, "1")], { platform, content });
  expect(problems.map(({ message }) => message.replace(registry.host, "HOST"))).toEqual([`Arm ${name}: HOST/app:1 ${words}`]);
});

test("what cannot be read, costs too much or was cancelled is said, not thrown", async () => {
  push("1", [files]);
  push("2", [converted]);
  const gone = await checked([armOf("overlayfs", "1"), armOf("stargz", "2"), armOf("soci", "3")]);
  expect(gone.equal).toBeUndefined();
  expect(gone.how).toMatch(/^Not compared: HOST\/app:3 could not be read from here \(.+\)\. Of the others: Equal file lists/);
  expect(await checked([armOf("overlayfs", "1"), armOf("stargz", "2")], { maxReadBytes: 10 })).toMatchObject({
    equal: undefined,
    how: expect.stringContaining("would mean to read up to") as string,
  });
  const cancelled = await checkContent([armOf("overlayfs", "1"), armOf("stargz", "2")], { platform, content, signal: AbortSignal.abort() });
  expect(cancelled.contentCheck.equal).toBeUndefined();
  expect(cancelled.contentCheck.how).toContain("it was cancelled");
});
