import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultImageSettings, openImage, type ImageSettings } from "../../../src/image/open.ts";
import { verifyLayers } from "../../fakes/layerBytes.ts";
import { expectUserError } from "../../fakes/userErrors.ts";
import { copyImage, type ContainerTools } from "../parts/images.ts";
import { must, startServer, temporaryFolder, type Server } from "../parts/process.ts";
import { startRegistry, type Registry } from "../parts/registry.ts";
import { dockerConfig, makeTiny } from "./tinyImages.ts";

let tools: ContainerTools;
let tiny: string;
let configDigest: string;
const folder = temporaryFolder("origins");
const at = (name: string): string => join(folder, name);
const settings: ImageSettings = { ...defaultImageSettings, dockerConfigFile: dockerConfig(), daemonHost: `unix://${at("nobody.sock")}` };

beforeAll(async () => {
  ({ tools, reference: tiny } = await makeTiny());
  await copyImage(tools, tiny, `oci:${at("layout")}:1`);
  await copyImage(tools, tiny, `oci:${at("layout")}:2`, "--dest-compress-format", "zstd");
  mkdirSync(at("beside"));
  await copyImage(tools, tiny, `oci:${at("beside/tiny")}:1`, "--dest-shared-blob-dir", at("beside/blobs"));
  await copyImage(tools, tiny, `oci:${at("apart")}:1`, "--dest-shared-blob-dir", at("elsewhere"));
  await copyImage(tools, tiny, `oci-archive:${at("oci.tar")}:1`);
  await copyImage(tools, tiny, `docker-archive:${at("docker.tar")}:team/tiny:1`);
  await must(["podman", "save", "-q", "--format", "docker-archive", "-o", at("saved.tar"), tiny], { env: tools.env });
  writeFileSync(at("oci.tar.gz"), gzipSync(readFileSync(at("oci.tar"))));
  writeFileSync(at("docker.tar.zst"), zstdCompressSync(readFileSync(at("docker.tar"))));
  configDigest = (await openImage(`oci:${at("layout")}:1`, { settings }, {})).configDigest;
});

async function check(name: string, blobMatches: boolean | undefined, changed: Partial<ImageSettings> = {}): Promise<string> {
  const image = await openImage(name, { settings: { ...settings, ...changed } }, {});
  expect(image.config).toMatchObject({ entrypoint: ["/bin/hello"], user: "", workingDir: "" });
  expect(image.config.env).toContain("GREETING=hello");
  expect(image.configDigest).toBe(configDigest);
  expect(await verifyLayers(image)).toEqual([
    { blobMatches, tarMatches: true },
    { blobMatches, tarMatches: true },
  ]);
  return image.originLabel;
}

test.each([
  ["oci:AT/layout:1", true],
  ["oci:AT/layout:2", true],
  ["oci:AT/beside/tiny:1", true],
  ["oci-archive:AT/oci.tar", true],
  ["oci-archive:AT/oci.tar:1", true],
  ["oci-archive:AT/oci.tar.gz:1", true],
  ["docker-archive:AT/docker.tar", undefined],
  ["docker-archive:AT/docker.tar:team/tiny:1", undefined],
  ["docker-archive:AT/docker.tar:@0", undefined],
  ["docker-archive:AT/docker.tar.zst:docker.io/team/tiny:1", undefined],
  ["docker-archive:AT/saved.tar", undefined],
])("reads %s as skopeo and podman write it", async (name, blobMatches) => {
  await check(name.replace("AT", folder), blobMatches);
});

test("finds shared blobs where the settings say", async () => {
  await check(`oci:${at("apart")}:1`, true, { sharedBlobDir: at("elsewhere") });
  await expectUserError(check(`oci:${at("apart")}:1`, true), "image-unreadable", /is missing/);
});

test.each([
  ["oci:AT/layout", "image-not-found", /several images.*1, 2/],
  ["oci:AT/layout:3", "image-not-found", /no image 3.*1, 2/],
  ["oci:AT/nothing", "image-not-found", /no folder/],
  ["oci:AT/oci.tar", "image-not-found", /oci-archive:/],
  ["oci-archive:AT/docker.tar", "image-not-found", /docker-archive:/],
  ["docker-archive:AT/oci.tar", "image-not-found", /oci-archive:/],
  ["docker-archive:AT/docker.tar:other:1", "image-not-found", /team\/tiny:1/],
  ["docker-archive:AT/layout", "image-not-found", /oci:/],
] as const)("%s is a clear error", async (name, code, words) => {
  await expectUserError(openImage(name.replace("AT", folder), { settings }, {}), code, words);
});

describe("Podman's socket", () => {
  let podman: Server;
  let registry: Registry;
  const socket = at("podman.sock");
  const daemonHost = `unix://${socket}`;
  beforeAll(async () => {
    podman = await startServer(["podman", "system", "service", "--time=0", daemonHost], async () => existsSync(socket), {
      env: { ...process.env, ...tools.env },
      logFile: at("podman.log"),
    });
    registry = await startRegistry();
    await copyImage(tools, tiny, `docker://${registry.host}/team/pushed:1`);
  });
  afterAll(async () => {
    await podman.stop();
    await registry.stop();
  });

  test.each(["docker-daemon:localhost/tiny:1", "localhost/tiny:1", "docker-daemon:tiny:1"])("has %s", async (name) => {
    expect(await check(name, undefined, { daemonHost })).toBe("Podman");
  });

  test("matches the history to layers", async () => {
    const image = await openImage("docker-daemon:localhost/tiny:1", { settings: { ...settings, daemonHost } }, {});
    expect(image.config.history.filter((entry) => !entry.emptyLayer).length).toBe(image.layers.length);
  });

  test("is passed over by a bare name that only the registry has", async () => {
    expect(await check(`${registry.host}/team/pushed:1`, true, { daemonHost })).toBe(`registry ${registry.host}`);
  });

  test("is told with the registry when neither has the image", async () => {
    await expectUserError(
      check(`${registry.host}/team/nosuch:1`, true, { daemonHost }),
      "image-not-found",
      /registry.*Podman has no image/,
    );
  });

  test("is told when it has no such image", async () => {
    await expectUserError(check("docker-daemon:nosuch:1", true, { daemonHost }), "image-not-found", /Podman has no image nosuch:1/);
  });
});

test("an engine that does not run is told", async () => {
  await expectUserError(check("docker-daemon:tiny:1", true), "daemon-unreachable", /socket does not exist/);
  await expectUserError(check("docker-daemon:tiny:1", true, { daemonHost: "tcp://127.0.0.1:9" }), "daemon-unreachable", /nothing listens/);
  await expectUserError(check("docker-daemon:tiny:1", true, { daemonHost: "ssh://host" }), "daemon-unreachable", /not supported/);
});
