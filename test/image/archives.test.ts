import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { isUserError } from "../../src/base/errors.ts";
import { canReadRange, openLayer, readLayerRange, sharesStream } from "../../src/image/layerSource.ts";
import { defaultImageSettings, openImage } from "../../src/image/open.ts";
import { collect, verifyLayers } from "../fakes/layerBytes.ts";
import { docker24, docker25, dockerContainerd, savedConfig } from "../fakes/savedArchives.ts";
import { paxRecords, sha256, tinyTar, type TinyMember } from "../fakes/tinyImage.ts";
import { expectUserError } from "../fakes/userErrors.ts";
import { Random } from "../fuzz.ts";
import { temporaryFolder } from "../real/parts/process.ts";

const folder = temporaryFolder("archives");
let count = 0;

function written(bytes: Uint8Array): string {
  const path = join(folder, `${count++}.tar`);
  writeFileSync(path, bytes);
  return path;
}

const open = (name: string) => openImage(name, { settings: defaultImageSettings }, {});
const savedBy: [string, readonly TinyMember[]][] = [
  ["Docker 24", docker24],
  ["Docker 25", docker25],
  ["Docker with containerd", dockerContainerd],
];

test.each(savedBy)("an archive by %s is read, plain and compressed", async (_by, members) => {
  const tar = tinyTar(members);
  const plain = await open(`docker-archive:${written(tar)}:team/app:1`);
  expect(plain).toMatchObject({ origin: "docker-archive", configDigest: sha256(savedConfig), config: { cmd: ["/file"] } });
  expect(plain.layers.every((layer) => canReadRange(layer.source) && !sharesStream(layer.source))).toBe(true);
  const inPlain = await verifyLayers(plain);
  expect(inPlain.map((layer) => layer.tarMatches)).toEqual([true, true, true]);
  expect(inPlain.every((layer) => layer.blobMatches !== false)).toBe(true);

  const packed = await open(`docker-archive:${written(gzipSync(tar))}:team/app:1`);
  expect(packed.layers.every((layer) => !canReadRange(layer.source) && sharesStream(layer.source))).toBe(true);
  // The third layer is the first one again: it comes once when all are read together, and when it is read alone.
  expect((await verifyLayers(packed)).map((layer) => layer.tarMatches)).toEqual([true, true]);
  for (const [index, layer] of packed.layers.entries()) {
    expect(await collect(openLayer(layer, {}))).toEqual(await collect(openLayer(plain.layers[index] ?? layer, {})));
  }
});

test("names of members may be long, odd and written in any dialect", async () => {
  const [config, layer] = ["c".repeat(150), "./deep//folder/../layer.tar"];
  const manifest = JSON.stringify([{ Config: `${config}.json`, Layers: ["deep/layer.tar", "/deep/layer.tar", "deep/layer.tar"] }]);
  const blob = docker24.find((member) => member.name === "aaa/layer.tar")?.content;
  const path = written(
    tinyTar([
      { name: "long", flag: "x", content: paxRecords({ path: `${config}.json` }) },
      { name: "short", content: savedConfig },
      { name: "././@LongLink", flag: "L", magic: "gnu", content: `${layer}\0` },
      { name: "cut", content: blob ?? "", magic: "gnu" },
      { name: "manifest.json", content: manifest },
    ]),
  );
  const image = await open(`docker-archive:${path}`);
  expect((await verifyLayers(image)).map((found) => found.tarMatches)).toEqual([true, false, true]);
});

const without = (name: string): readonly TinyMember[] => docker24.filter((member) => member.name !== name);
const circle: TinyMember[] = [
  { name: "aaa/layer.tar", flag: "2", linkName: "../bbb/layer.tar" },
  { name: "bbb/layer.tar", flag: "2", linkName: "../aaa/layer.tar" },
];

test.each([
  ["is empty", Buffer.alloc(0), "image-unreadable", /no tar archive/],
  ["is zeros", Buffer.alloc(4096), "image-unreadable", /no tar archive/],
  ["is text", Buffer.from("hello ".repeat(1000)), "image-unreadable", /no tar archive, or damaged/],
  ["is gzip of nothing", gzipSync(""), "image-unreadable", /no tar archive/],
  ["is a cut gzip", gzipSync(tinyTar(docker24)).subarray(0, 300), "image-unreadable", /no tar archive, or damaged/],
  ["is cut off", tinyTar(docker24).subarray(0, 6000), "image-unreadable", /cut off|manifest.json/],
  [
    "has a member of 2^60 bytes",
    tinyTar([{ name: "a", sizeField: Buffer.from("800000000000000010000000", "hex") }]),
    "image-unreadable",
    /cut off|damaged/,
  ],
  ["lacks its manifest", tinyTar(without("manifest.json")), "unsupported-image", /older than 1.10/],
  ["lacks a layer", tinyTar(without("bbb/layer.tar")), "image-unreadable", /layer 2, bbb\/layer.tar, is missing/],
  [
    "has links in a circle",
    tinyTar([...without("aaa/layer.tar").filter(({ name }) => name !== "bbb/layer.tar"), ...circle]),
    "image-unreadable",
    /layer 1.*missing/,
  ],
  ["holds no image", tinyTar([{ name: "manifest.json", content: "[]" }]), "image-not-found", /holds no image/],
  ["has another manifest", tinyTar([{ name: "manifest.json", content: "{}" }]), "image-unreadable", /manifest.json/],
  [
    "has a config of another digest",
    tinyTar(docker24.map((member) => (member.content === savedConfig ? { ...member, content: `${savedConfig.toString()} ` } : member))),
    "digest-mismatch",
    /config/,
  ],
] as const)("an archive that %s is a clear error", async (_case, bytes, code, words) => {
  await expectUserError(open(`docker-archive:${written(bytes)}`), code, words);
});

test("an archive of several images asks which", async () => {
  const manifest = [1, 2].map((tag) => ({ Config: "x.json", RepoTags: [`team/app:${tag}`], Layers: [] }));
  const path = written(tinyTar([{ name: "manifest.json", content: JSON.stringify(manifest) }]));
  await expectUserError(open(`docker-archive:${path}`), "image-not-found", /several images.*team\/app:1, team\/app:2/);
  await expectUserError(open(`docker-archive:${path}:@7`), "image-not-found", /no image number 7/);
});

test("a layer whose file became shorter is a clear error, as is a part beyond its end", async () => {
  const path = written(tinyTar(docker24));
  const [layer] = (await open(`docker-archive:${path}`)).layers;
  if (layer?.source.kind !== "file") throw new Error("no file");
  expect(await readLayerRange(layer, 0, 10, {})).toHaveLength(10);
  await expectUserError(readLayerRange(layer, 5, layer.source.sizeBytes + 1, {}), "image-unreadable", /names a part/);
  writeFileSync(path, "");
  await expectUserError(collect(openLayer(layer, {})), "image-unreadable", /shorter/);
});

test("any damage to an archive is noticed or harmless", async () => {
  const tar = tinyTar(docker24);
  const path = join(folder, "damaged.tar");
  const seed = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  const random = new Random(seed);
  const endsAtMs = performance.now() + Number(process.env["FUZZ_MS"] ?? 2000);
  let inputs = 0;
  do {
    const damaged = Buffer.from(tar);
    for (let times = random.below(4); times >= 0; times--) damaged[random.below(damaged.length)] = random.below(256);
    writeFileSync(path, damaged.subarray(0, random.below(3) === 0 ? random.below(damaged.length) : damaged.length));
    try {
      await verifyLayers(await open(`docker-archive:${path}`));
    } catch (error) {
      if (!isUserError(error)) throw new Error(`seed ${seed}, input ${inputs + 1}`, { cause: error });
    }
    inputs++;
  } while (performance.now() < endsAtMs);
  console.log(`fuzz archive: ${inputs} inputs`);
});
