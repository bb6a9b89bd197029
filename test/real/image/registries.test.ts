import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Platform } from "../../../src/image/image.ts";
import { openLayer, readLayerRange } from "../../../src/image/layerSource.ts";
import { defaultImageSettings, openImage, type ImageSettings } from "../../../src/image/open.ts";
import { collect, verifyLayers } from "../../fakes/layerBytes.ts";
import { expectUserError } from "../../fakes/userErrors.ts";
import { copyImage, type ContainerTools } from "../parts/images.ts";
import { must, temporaryFolder } from "../parts/process.ts";
import { makeCertificate, startRegistry, type Certificate, type Registry } from "../parts/registry.ts";
import { basicAuth, dockerConfig, makeTiny } from "./tinyImages.ts";
import { startTokenServer, type TokenServer } from "./tokenServer.ts";

let tools: ContainerTools;
let tiny: string;
const noCredentials = dockerConfig();
const settings: ImageSettings = { ...defaultImageSettings, dockerConfigFile: noCredentials };

beforeAll(async () => {
  ({ tools, reference: tiny } = await makeTiny());
});

function open(name: string, changed: Partial<ImageSettings> = {}, platform?: Platform) {
  return openImage(name, { settings: { ...settings, ...changed }, ...(platform && { platform }) }, {});
}

/** Opens an image and reads its layers whole. */
async function check(name: string, changed: Partial<ImageSettings> = {}): Promise<void> {
  const image = await open(name, changed);
  expect(image.config.entrypoint).toEqual(["/bin/hello"]);
  expect(await verifyLayers(image)).toEqual([
    { blobMatches: true, tarMatches: true },
    { blobMatches: true, tarMatches: true },
  ]);
}

describe("a plain registry on this machine", () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await startRegistry();
    const push = (tag: string, ...options: string[]) => copyImage(tools, tiny, `docker://${registry.host}/team/tiny:${tag}`, ...options);
    await push("gzip");
    await push("docker", "--format", "v2s2");
    await push("zstd", "--dest-compress-format", "zstd");
    await push("chunked", "--dest-compress-format", "zstd:chunked");
    await tools.buildah("manifest", "create", "localhost/many:1");
    for (const [architecture, variant] of [["amd64"], ["arm64"], ["arm", "v6"], ["arm", "v7"]] as const) {
      const container = await tools.buildah("from", "--arch", architecture, ...(variant ? ["--variant", variant] : []), "scratch");
      await tools.buildah("config", "--env", `FOR=${architecture}${variant ?? ""}`, container);
      const id = await tools.buildah("commit", "-q", "--rm", container);
      await tools.buildah("manifest", "add", "--arch", architecture, ...(variant ? ["--variant", variant] : []), "localhost/many:1", id);
    }
    await tools.buildah("manifest", "push", "--all", "--tls-verify=false", "localhost/many:1", `docker://${registry.host}/team/many:1`);
  });
  afterAll(() => registry.stop());

  test.each(["gzip", "docker", "zstd", "chunked"])("serves an image of form %s", async (tag) => {
    await check(`docker://${registry.host}/team/tiny:${tag}`);
  });

  test("serves the image by its digest", async () => {
    const { digest } = await open(`docker://${registry.host}/team/tiny:gzip`);
    const again = await open(`docker://${registry.host}/team/tiny@${digest}`);
    expect(again.digest).toBe(digest);
  });

  test("serves parts of a layer", async () => {
    const image = await open(`docker://${registry.host}/team/tiny:gzip`);
    const layer = image.layers[1];
    if (!layer) throw new Error("no layer");
    const whole = await collect(openLayer(layer, {}));
    expect(Buffer.from(await readLayerRange(layer, 20, 60, {}))).toEqual(whole.subarray(20, 60));
  });

  test.each([
    ["linux/amd64", "FOR=amd64"],
    ["linux/arm64", "FOR=arm64"],
    ["linux/arm/v7", "FOR=armv7"],
    ["linux/arm/v6", "FOR=armv6"],
  ])("gives the image for %s out of an index", async (text, expected) => {
    const [os = "", architecture = "", variant] = text.split("/");
    const image = await open(`docker://${registry.host}/team/many:1`, {}, { os, architecture, variant });
    expect(image.config.env).toContain(expected);
  });

  test.each([
    ["docker://HOST/team/many:1", { os: "linux", architecture: "s390x" }, "platform-mismatch", /linux\/amd64/],
    ["docker://HOST/team/tiny:gzip", { os: "linux", architecture: "s390x" }, "platform-mismatch", /s390x/],
    ["docker://HOST/team/tiny:nosuch", undefined, "image-not-found", /no tag nosuch in team\/tiny/],
    ["docker://HOST/team/nosuch:1", undefined, "image-not-found", /team\/nosuch/],
  ] as const)("%s for %o is a clear error", async (name, platform, code, message) => {
    await expectUserError(open(name.replace("HOST", registry.host), {}, platform), code, message);
  });
});

describe("a registry with passwords", () => {
  let registry: Registry;
  let name: string;
  beforeAll(async () => {
    registry = await startRegistry({ user: { name: "alice", password: "geheim" } });
    name = `docker://${registry.host}/team/tiny:1`;
    await copyImage(tools, tiny, name, "--dest-creds", "alice:geheim");
  });
  afterAll(() => registry.stop());

  test("takes the credentials of docker login", async () => {
    await check(name, { dockerConfigFile: dockerConfig({ auths: { [registry.host]: basicAuth("alice", "geheim") } }) });
  });

  test("takes the credentials of a helper program", async () => {
    const folder = temporaryFolder("helper");
    const helper = join(folder, "docker-credential-coldstart-test");
    writeFileSync(
      helper,
      `#!/bin/sh\nread server\n[ "$server" = "${registry.host}" ] || { echo credentials not found; exit 1; }\nprintf '{"Username":"alice","Secret":"geheim"}'\n`,
    );
    chmodSync(helper, 0o755);
    const path = process.env["PATH"];
    process.env["PATH"] = `${folder}${delimiter}${path}`;
    try {
      await check(name, { dockerConfigFile: dockerConfig({ credHelpers: { [registry.host]: "coldstart-test" } }) });
      await check(name, { dockerConfigFile: dockerConfig({ auths: { [registry.host]: {} }, credsStore: "coldstart-test" }) });
    } finally {
      process.env["PATH"] = path;
    }
  });

  test("gives layers to worker threads, which look the credentials up again", async () => {
    const image = await open(name, { dockerConfigFile: dockerConfig({ auths: { [registry.host]: basicAuth("alice", "geheim") } }) });
    expect(JSON.stringify(image)).not.toContain(basicAuth("alice", "geheim").auth);
    const digests = image.layers.map((layer) => {
      const worker = new Worker(new URL("../../fakes/layerWorker.ts", import.meta.url), { workerData: layer });
      return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    });
    expect(await Promise.all(digests)).toEqual(image.layers.map((layer) => layer.digest));
  });

  test.each([
    ["a wrong password", () => ({ auths: { [registry.host]: basicAuth("alice", "falsch") } }), /does not accept the credentials/],
    ["no password", () => ({}), /no credentials are stored/],
    [
      "a helper that is not installed",
      () => ({ credHelpers: { [registry.host]: "not-installed" } }),
      /docker-credential-not-installed cannot be run/,
    ],
  ])("refuses %s with a clear error", async (_case, config, message) => {
    await expectUserError(open(name, { dockerConfigFile: dockerConfig(config()) }), "registry-unauthorized", message);
  });
});

describe("a registry with a private certificate authority", () => {
  let registry: Registry;
  let certificate: Certificate;
  beforeAll(async () => {
    certificate = await makeCertificate();
    registry = await startRegistry({ certificate });
    await copyImage(tools, tiny, `docker://${registry.host}/team/tiny:1`);
  });
  afterAll(() => registry.stop());

  test("is read when the authority is known", async () => {
    await check(`docker://${registry.host}/team/tiny:1`, { caFiles: { [registry.host]: certificate.authority } });
  });

  test("is read when the operating system knows the authority", async () => {
    // A process of its own: the store is read once.
    const script = `import { openImage, defaultImageSettings } from "${import.meta.dirname}/../../../src/image/open.ts";
      const image = await openImage("docker://${registry.host}/team/tiny:1", { settings: defaultImageSettings }, {});
      console.log(image.layers.length);`;
    const printed = await must([process.execPath, "--input-type=module-typescript", "-e", script], {
      env: { SSL_CERT_FILE: certificate.authority, SSL_CERT_DIR: temporaryFolder("no-certificates") },
    });
    expect(printed).toBe("2");
  });

  test("is refused when it is not", async () => {
    await expectUserError(open(`docker://${registry.host}/team/tiny:1`), "registry-unreachable", /certificate is not trusted.*--ca-file/);
  });
});

describe("a registry with a token server", () => {
  let registry: Registry;
  let tokens: TokenServer;
  beforeAll(async () => {
    const certificate = await makeCertificate();
    tokens = await startTokenServer(certificate, { alice: "geheim" });
    registry = await startRegistry({ token: { ...tokens.settings, rootCertificate: certificate.authority } });
    for (const repository of ["private/tiny", "public/tiny"]) {
      await copyImage(tools, tiny, `docker://${registry.host}/${repository}:1`, "--dest-creds", "alice:geheim");
    }
    tokens.requests.length = 0;
  });
  afterAll(async () => {
    await registry.stop();
    await tokens.stop();
  });

  test("gives a public image to strangers, with one token for all requests", async () => {
    await check(`docker://${registry.host}/public/tiny:1`);
    expect(tokens.requests).toEqual(["anonymous repository:public/tiny:pull"]);
  });

  test("gives a private image to whoever has signed in", async () => {
    await check(`docker://${registry.host}/private/tiny:1`, {
      dockerConfigFile: dockerConfig({ auths: { [registry.host]: basicAuth("alice", "geheim") } }),
    });
  });

  test.each([
    ["strangers", () => ({}), "private/tiny"],
    ["a wrong password", () => ({ auths: { [registry.host]: basicAuth("alice", "falsch") } }), "public/tiny"],
  ])("refuses %s", async (_case, config, repository) => {
    await expectUserError(
      open(`docker://${registry.host}/${repository}:1`, { dockerConfigFile: dockerConfig(config()) }),
      "registry-unauthorized",
      /sign in/,
    );
  });
});
