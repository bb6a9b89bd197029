import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { daemonHistory } from "../../src/image/daemon/daemonHistory.ts";
import { daemonHosts } from "../../src/image/daemon/daemonHosts.ts";
import { defaultImageSettings, openImage } from "../../src/image/open.ts";
import { startDockerEngine } from "../fakes/dockerEngine.ts";
import { verifyLayers } from "../fakes/layerBytes.ts";
import { docker24, docker25, dockerContainerd } from "../fakes/savedArchives.ts";
import { tinyTar, type TinyMember } from "../fakes/tinyImage.ts";
import { expectUserError } from "../fakes/userErrors.ts";
import { temporaryFolder } from "../real/parts/process.ts";

const folder = temporaryFolder("daemon");
let count = 0;

async function withEngine<T>(archive: Buffer, work: (daemonHost: string, sentArchives: () => number) => Promise<T>): Promise<T> {
  const socket = join(folder, `${count++}.sock`);
  const engine = await startDockerEngine(socket, archive);
  try {
    return await work(`unix://${socket}`, engine.sentArchives);
  } finally {
    await engine.stop();
  }
}

const open = (daemonHost: string, name = "docker-daemon:team/app:1") =>
  openImage(name, { settings: { ...defaultImageSettings, daemonHost, timeoutMs: 2000 } }, {});

test.each<[string, readonly TinyMember[], number]>([
  ["Docker 24, which names no diffIDs,", docker24, 2],
  ["Docker 25", docker25, 1],
  ["Docker with containerd, which names no diffIDs,", dockerContainerd, 2],
])("the layers of %s are found with the fewest passes", async (_by, members, passes) => {
  await withEngine(tinyTar(members), async (host, sentArchives) => {
    const image = await open(host);
    expect(image).toMatchObject({ originLabel: "Docker", config: { cmd: ["/file"], env: [] } });
    const found = await verifyLayers(image);
    expect(found.filter((layer) => layer?.tarMatches)).toHaveLength(2);
    expect(sentArchives()).toBe(passes);
  });
});

test("an archive without a layer, or cut off, is a clear error", async () => {
  const lacking = tinyTar(docker24.filter((member) => member.name !== "bbb/layer.tar"));
  await withEngine(lacking, async (host) => expectUserError(open(host).then(verifyLayers), "image-unreadable", /lacks layer 2/));
  const cut = tinyTar(docker25).subarray(0, 2500);
  await withEngine(cut, async (host) => expectUserError(open(host).then(verifyLayers), "layer-unreadable", /cut off/));
});

test("an image that the engine lacks is a clear error", async () => {
  await withEngine(Buffer.alloc(0), async (host) =>
    expectUserError(open(host, "docker-daemon:other"), "image-not-found", /Docker has no image/),
  );
});

test("another platform than the engine's image has is a clear error", async () => {
  await withEngine(Buffer.alloc(0), async (daemonHost) => {
    const options = { settings: { ...defaultImageSettings, daemonHost }, platform: { os: "linux", architecture: "s390x" } };
    await expectUserError(openImage("docker-daemon:team/app:1", options, {}), "platform-mismatch", /linux\/amd64/);
  });
});

const entry = (CreatedBy: string, Size: number): object => ({ CreatedBy, Size, Comment: "" });

test.each([
  ["sizes tell", [entry("CMD x", 0), entry("RUN y", 5)], 1, [false, true]],
  ["an empty RUN made a layer, too", [entry("RUN true", 0), entry("ENV a=b", 0), entry("COPY . .", 9)], 2, [false, true, false]],
  ["WORKDIR made one, too", [entry("WORKDIR /a", 0), entry("/bin/sh -c #(nop)  CMD x", 0), entry("ADD a", 7)], 2, [false, true, false]],
  ["nothing fits", [entry("RUN a", 1), entry("RUN b", 1)], 1, []],
  ["it is no list", { a: 1 }, 1, []],
  ["it has odd entries", [null, 5, { CreatedBy: 7, Size: "x" }], 3, [false, false, false]],
])("of an engine's history, when %s", (_case, history, layerCount, empty) => {
  expect(daemonHistory(history, layerCount).map((line) => line.emptyLayer)).toEqual(empty);
});

test("the engine is looked for where Docker looks", async () => {
  const home = temporaryFolder("home");
  const docker = join(home, ".docker");
  const id = createHash("sha256").update("far").digest("hex");
  mkdirSync(join(docker, "contexts", "meta", id), { recursive: true });
  mkdirSync(join(docker, "contexts", "tls", id, "docker"), { recursive: true });
  writeFileSync(join(docker, "contexts", "meta", id, "meta.json"), JSON.stringify({ Endpoints: { docker: { Host: "tcp://far:2376" } } }));
  const far = { host: "tcp://far:2376", certFolder: join(docker, "contexts", "tls", id, "docker") };
  mkdirSync(join(home, "run", "podman"), { recursive: true });
  writeFileSync(join(home, "run", "podman", "podman.sock"), "");

  expect(await daemonHosts("unix:///set", { DOCKER_HOST: "tcp://env" }, home)).toEqual([{ host: "unix:///set" }]);
  expect(await daemonHosts(undefined, { DOCKER_HOST: "tcp://env", DOCKER_TLS_VERIFY: "1" }, home)).toEqual([
    { host: "tcp://env", certFolder: docker },
  ]);
  expect(await daemonHosts(undefined, { DOCKER_CONTEXT: "far" }, home)).toEqual([far]);
  const usual = await daemonHosts(undefined, { XDG_RUNTIME_DIR: join(home, "run"), CONTAINER_HOST: "unix:///c" }, home);
  expect(usual).toContainEqual({ host: `unix://${join(home, "run", "podman", "podman.sock")}` });
  expect(usual.at(-1)).toEqual({ host: "unix:///c" });
  writeFileSync(join(docker, "config.json"), JSON.stringify({ currentContext: "far" }));
  expect(await daemonHosts("", {}, home)).toEqual([far]);
});
