import { gzipSync } from "node:zlib";
import { digestOf } from "../../src/image/digest.ts";
import { sha256, tinyTar, type TinyMember } from "./tinyImage.ts";

/** Three layers of which the first and the last are equal. */
export const savedTars: readonly Buffer[] = ["one", "two", "one"].map((content) => tinyTar([{ name: "file", content }]));

export const savedConfig: Buffer = Buffer.from(
  JSON.stringify({
    os: "linux",
    architecture: "amd64",
    config: { Cmd: ["/file"] },
    rootfs: { type: "layers", diff_ids: savedTars.map(sha256) },
  }),
);

const hexOf = (bytes: Uint8Array): string => digestOf(bytes).slice("sha256:".length);
const [one, two] = savedTars as [Buffer, Buffer];
const json = (value: unknown): string => JSON.stringify(value);
const manifestOf = (config: string, layers: readonly string[], more: object = {}): TinyMember => ({
  name: "manifest.json",
  content: json([{ Config: config, RepoTags: ["team/app:1"], Layers: layers, ...more }]),
});

/** Members as Docker 10 to 24 wrote them: folders by v1 IDs, an equal layer as a link, the manifest last. */
export const docker24: readonly TinyMember[] = [
  { name: "aaa/", flag: "5" },
  { name: "aaa/VERSION", content: "1.0" },
  { name: "aaa/layer.tar", content: one },
  { name: "bbb/layer.tar", content: two },
  { name: "ccc/layer.tar", flag: "2", linkName: "../aaa/layer.tar" },
  { name: `${hexOf(savedConfig)}.json`, content: savedConfig },
  manifestOf(`${hexOf(savedConfig)}.json`, ["aaa/layer.tar", "bbb/layer.tar", "ccc/layer.tar"]),
  { name: "repositories", content: json({ "team/app": { "1": "ccc" } }) },
];

/** As Docker 25 and later write them with their own storage: blobs by digest, layers plain. */
export const docker25: readonly TinyMember[] = [
  { name: "blobs/", flag: "5" },
  ...[one, two, savedConfig].map((bytes) => ({ name: `blobs/sha256/${hexOf(bytes)}`, content: bytes })),
  { name: "index.json", content: json({ schemaVersion: 2, manifests: [] }) },
  manifestOf(
    `blobs/sha256/${hexOf(savedConfig)}`,
    savedTars.map((tar) => `blobs/sha256/${hexOf(tar)}`),
    { LayerSources: { [sha256(one)]: { mediaType: "application/vnd.oci.image.layer.v1.tar", size: one.length, digest: sha256(one) } } },
  ),
];

const [packedOne, packedTwo] = [gzipSync(one), gzipSync(two)];

/** As Docker writes them with containerd's storage: blobs as they were pulled, so that their names tell no diffID. */
export const dockerContainerd: readonly TinyMember[] = [
  ...[packedOne, packedTwo, savedConfig].map((bytes) => ({ name: `blobs/sha256/${hexOf(bytes)}`, content: bytes })),
  manifestOf(
    `blobs/sha256/${hexOf(savedConfig)}`,
    [packedOne, packedTwo, packedOne].map((blob) => `blobs/sha256/${hexOf(blob)}`),
  ),
];
