import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { delay } from "../../src/base/abort.ts";
import type { Image, Platform } from "../../src/image/image.ts";
import { fetchArtifact, fetchReferrers, openLayer, readLayerRange } from "../../src/image/layerSource.ts";
import { defaultImageSettings, openImage, type ImageSettings } from "../../src/image/open.ts";
import { HostileRegistry, ociIndex, ociManifest, serveBlob } from "../fakes/hostileRegistry.ts";
import { collect, verifyLayers } from "../fakes/layerBytes.ts";
import { sha256, tinyTar } from "../fakes/tinyImage.ts";
import { expectUserError } from "../fakes/userErrors.ts";
import { temporaryFolder } from "../real/parts/process.ts";

let registry: HostileRegistry;
const configFile = join(temporaryFolder("registry"), "config.json");
const settings: ImageSettings = { ...defaultImageSettings, dockerConfigFile: configFile };
const impatient: ImageSettings = { ...settings, timeoutMs: 400 };

beforeEach(async () => {
  registry = await HostileRegistry.start();
  writeFileSync(configFile, "{}");
});
afterEach(() => registry.stop());

function open(name = "app:1", platform?: Platform, given = settings): Promise<Image> {
  return openImage(`docker://${registry.host}/${name}`, { settings: given, ...(platform && { platform }) }, {});
}

function firstLayer(image: Image) {
  const layer = image.layers[0];
  if (!layer) throw new Error("the image has no layer");
  return layer;
}

/** A tar that deflate cannot shrink, so that its blob is large enough to be cut. */
const largeTar = tinyTar([{ name: "random", content: randomBytes(600_000) }]);

describe("downloads", () => {
  test("are taken up where the connection dropped", async () => {
    registry.pushImage("app", "1", { layers: [largeTar] });
    let drops = 0;
    registry.on(/\/blobs\//, (request, response, serve) => {
      const blob = [...registry.blobs.values()].find((candidate) => request.url?.endsWith(sha256(candidate)));
      if (!blob || blob.length < 100_000 || drops++ >= 6) return serve();
      const start = Number(/bytes=(\d+)/.exec(request.headers.range ?? "")?.[1] ?? 0);
      response.writeHead(start > 0 ? 206 : 200, {
        "content-length": blob.length - start,
        ...(start > 0 && { "content-range": `bytes ${start}-${blob.length - 1}/${blob.length}` }),
      });
      response.write(blob.subarray(start, start + 70_000), () => response.destroy());
    });
    expect(await verifyLayers(await open())).toEqual([{ blobMatches: true, tarMatches: true }]);
    const ranges = registry.requests.flatMap((request) => request.range ?? []);
    expect(ranges).toHaveLength(6);
    expect(new Set(ranges).size).toBe(6);
  });

  test("are taken up when the registry was away for a moment", async () => {
    registry.pushImage("app", "1", { layers: [largeTar] });
    const image = await open();
    const port = Number(registry.host.split(":")[1]);
    let back: Promise<void> | undefined;
    registry.on(/\/blobs\//, (_request, response, serve) => {
      if (back) return serve();
      response.writeHead(200, { "content-length": firstLayer(image).blobSizeBytes });
      response.write(Buffer.from(registry.blobs.get(firstLayer(image).digest ?? "") ?? "").subarray(0, 200_000), () => {
        back = registry
          .stop()
          .then(() => delay(500))
          .then(() => registry.listen(port));
      });
    });
    expect(await verifyLayers(image)).toEqual([{ blobMatches: true, tarMatches: true }]);
    expect(back).toBeDefined();
  });

  test("begin anew where the registry knows no ranges", async () => {
    registry.pushImage("app", "1", { layers: [largeTar] });
    let dropped = false;
    registry.on(/\/blobs\//, (request, response, serve) => {
      const blob = [...registry.blobs.values()].find((candidate) => request.url?.endsWith(sha256(candidate)));
      if (!blob || blob.length < 100_000) return serve();
      response.writeHead(200, { "content-length": blob.length });
      if (dropped) response.end(blob);
      else response.write(blob.subarray(0, 300_000), () => response.destroy());
      dropped = true;
    });
    expect(await verifyLayers(await open())).toEqual([{ blobMatches: true, tarMatches: true }]);
  });

  test("end when the connection drops without progress", async () => {
    registry.pushImage("app", "1");
    const image = await open();
    registry.on(/\/blobs\//, (_request, response) => response.destroy());
    await expectUserError(collect(openLayer(firstLayer(image), {})), "registry-unreachable", /dropped the connection/);
  });

  test("end when the registry stalls in the middle", async () => {
    registry.pushImage("app", "1");
    const image = await open("app:1", undefined, impatient);
    registry.on(/\/blobs\//, (_request, response) => response.writeHead(200, { "content-length": 1000 }).write("x"));
    await expectUserError(collect(openLayer(firstLayer(image), {})), "registry-unreachable", /stopped sending/);
  });

  test("that are longer than announced end", async () => {
    registry.pushImage("app", "1");
    const image = await open();
    registry.on(/\/blobs\//, (_request, response) => response.writeHead(200).end(Buffer.alloc(100_000)));
    await expectUserError(collect(openLayer(firstLayer(image), {})), "image-unreadable", /longer than/);
  });

  test("can be cancelled, with the reason coming back", async () => {
    registry.pushImage("app", "1");
    const image = await open();
    const cancel = new AbortController();
    registry.on(/\/blobs\//, (_request, response) => {
      response.writeHead(200, { "content-length": 1000 }).write("x", () => cancel.abort(new Error("enough")));
    });
    await expect(collect(openLayer(firstLayer(image), { signal: cancel.signal }))).rejects.toThrow("enough");
  });

  test("of parts are told from answers with another part", async () => {
    registry.pushImage("app", "1", { layers: [largeTar] });
    const layer = firstLayer(await open());
    const whole = await collect(openLayer(layer, {}));
    expect(Buffer.from(await readLayerRange(layer, 1000, 2000, {}))).toEqual(whole.subarray(1000, 2000));
    await expectUserError(readLayerRange(layer, 0, whole.length + 1, {}), "image-unreadable", /names a part/);
    registry.on(/\/blobs\//, (request, response) => {
      request.headers.range = "bytes=0-999";
      serveBlob(whole, request, response);
    });
    await expectUserError(readLayerRange(layer, 1000, 2000, {}), "registry-failed", /another part/);
  });
});

describe("a registry that is busy or silent", () => {
  test("is asked again after the time that it names", async () => {
    registry.pushImage("app", "1");
    let answers = 0;
    let firstAtMs = 0;
    let waitedMs = 0;
    registry.on(/\/manifests\//, (_request, response, serve) => {
      if (answers++ > 0) {
        waitedMs = performance.now() - firstAtMs;
        return serve();
      }
      firstAtMs = performance.now();
      response.writeHead(429, { "retry-after": "1" }).end();
    });
    await open();
    expect(waitedMs).toBeGreaterThan(900);
  });

  test("is asked again after a status of 5xx", async () => {
    registry.pushImage("app", "1");
    let answers = 0;
    registry.on(/\/(?:manifests|blobs)\//, (_request, response, serve) => {
      if (answers++ % 2 === 0) response.writeHead(503).end();
      else serve();
    });
    expect((await open()).layers).toHaveLength(1);
  });

  test.each([
    [429, { "retry-after": "86400" }, "registry-failed", /too many requests.*86400 s/],
    [500, {}, "registry-failed", /status 500/],
    [400, {}, "registry-failed", /status 400/],
    [403, {}, "registry-unauthorized", /access is denied/],
  ] as const)("that always answers %i gives a clear error", async (status, headers, code, words) => {
    registry.on(/\/manifests\//, (_request, response) => response.writeHead(status, headers).end("<html>"));
    await expectUserError(open(), code, words);
  });

  test("gives a clear error when it never answers", async () => {
    registry.on(/\/manifests\//, () => {});
    await expectUserError(open("app:1", undefined, impatient), "registry-unreachable", /did not answer in time/);
  });

  test("gives a clear error when it is a web page", async () => {
    registry.on(/\/manifests\//, (_request, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>"),
    );
    await expectUserError(open(), "image-unreadable", /web page/);
  });

  test("gives a clear error when nothing listens", async () => {
    await expectUserError(openImage("docker://127.0.0.1:9/app:1", { settings }, {}), "registry-unreachable", /nothing listens/);
  });
});

describe("redirects", () => {
  let storage: HostileRegistry;
  beforeEach(async () => {
    storage = await HostileRegistry.start();
  });
  afterEach(() => storage.stop());

  test("to another host never carry the credentials, those to the same host do", async () => {
    writeFileSync(configFile, JSON.stringify({ auths: { [registry.host]: { auth: Buffer.from("alice:geheim").toString("base64") } } }));
    registry.pushImage("app", "1");
    for (const blob of registry.blobs.values()) storage.pushBlob(blob);
    registry.on(/^\/v2\/app\/manifests\/1$/, (request, response) => {
      if (request.headers.authorization) response.writeHead(302, { location: "/v2/app/manifests/moved" }).end();
      else response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
    });
    registry.pushImage("app", "moved");
    registry.on(/\/blobs\//, (request, response) => {
      response.writeHead(307, { location: `http://${storage.host}/signed${request.url}` }).end();
    });
    expect(await verifyLayers(await open())).toEqual([{ blobMatches: true, tarMatches: true }]);
    expect(registry.requests.find((request) => request.path.includes("moved"))?.authorization).toMatch(/^Basic /);
    expect(storage.requests.length).toBeGreaterThan(0);
    expect(storage.requests.flatMap((request) => request.authorization ?? [])).toEqual([]);
  });

  test.each([
    ["in a circle", (path: string) => (path.includes("round") ? "/v2/app/manifests/1" : "/v2/app/manifests/round"), /in a circle/],
    ["without end", (path: string) => `${path}0`, /more than 10 times/],
    ["to another protocol", () => "file:///etc/passwd", /not encrypted/],
    ["to nowhere", () => "http://", /no address/],
  ])("%s give a clear error", async (_case, next, words) => {
    registry.on(/\/manifests\//, (request, response) => response.writeHead(302, { location: next(request.url ?? "") }).end());
    await expectUserError(open(), "registry-failed", words);
  });

  test("to storage that refuses do not ask for credentials", async () => {
    registry.pushImage("app", "1");
    registry.on(/\/blobs\//, (request, response) => response.writeHead(307, { location: `http://${storage.host}${request.url}` }).end());
    storage.on(/./, (_request, response) => response.writeHead(403).end());
    await expectUserError(open(), "registry-failed", /storage does not hand out/);
  });
});

describe("tokens", () => {
  let issued: number;
  let accepted: string;
  let isRevoked: boolean;
  let forms: string[];
  /** After so many bytes of a layer the connection drops and the token expires, once. */
  let dropAfterBytes: number;
  beforeEach(() => {
    issued = 0;
    accepted = "";
    isRevoked = false;
    forms = [];
    dropAfterBytes = Infinity;
    registry.on(/^\/token/, (request, response) => {
      accepted = `token-${++issued}`;
      let form = "";
      request.on("data", (chunk: Buffer) => (form += chunk.toString()));
      request.on("end", () => {
        if (request.method === "POST") forms.push(form);
        response.end(JSON.stringify({ access_token: accepted, expires_in: 300 }));
      });
    });
    registry.on(/^\/v2\//, (request, response, serve) => {
      if (isRevoked || accepted === "" || request.headers.authorization !== `Bearer ${accepted}`) {
        const challenge = `Bearer realm="http://${registry.host}/token",service="a \\"quoted\\" name",scope="repository:app:pull"`;
        response.writeHead(401, { "www-authenticate": challenge }).end();
        return;
      }
      const blob = [...registry.blobs.values()].find((candidate) => request.url?.endsWith(sha256(candidate)));
      if (!blob || blob.length < dropAfterBytes) return serve();
      response.writeHead(200, { "content-length": blob.length });
      response.write(blob.subarray(0, dropAfterBytes), () => response.destroy());
      accepted = "expired";
      dropAfterBytes = Infinity;
    });
  });

  test("are asked for once and kept", async () => {
    registry.pushImage("app", "1");
    await verifyLayers(await open());
    expect(issued).toBe(1);
    const asked = new URL(registry.requests.find((request) => request.path.startsWith("/token"))?.path ?? "", "http://x");
    expect(Object.fromEntries(asked.searchParams)).toEqual({ service: 'a "quoted" name', scope: "repository:app:pull" });
  });

  test("that expire in the middle of a download are renewed", async () => {
    registry.pushImage("app", "1", { layers: [largeTar] });
    const image = await open();
    dropAfterBytes = 100_000;
    expect(await verifyLayers(image)).toEqual([{ blobMatches: true, tarMatches: true }]);
    expect(issued).toBe(2);
    expect(registry.requests.at(-1)).toMatchObject({ range: "bytes=100000-", authorization: "Bearer token-2" });
  });

  test("that are no longer accepted at once end in a clear error", async () => {
    registry.pushImage("app", "1");
    isRevoked = true;
    await expectUserError(open(), "registry-unauthorized", /does not accept the credentials/);
    expect(issued).toBe(1);
  });

  test("of an identity are refreshed by OAuth 2", async () => {
    writeFileSync(configFile, JSON.stringify({ auths: { [registry.host]: { identitytoken: "refresh-me" } } }));
    registry.pushImage("app", "1");
    await open();
    expect(forms.map((form) => Object.fromEntries(new URLSearchParams(form)))).toEqual([
      {
        grant_type: "refresh_token",
        client_id: "coldstart",
        scope: "repository:app:pull",
        refresh_token: "refresh-me",
        service: 'a "quoted" name',
      },
    ]);
  });
});

test.each([
  ['Basic realm="x"', /no credentials are stored/],
  ["Negotiate", /does not know/],
  ['Bearer realm="no address"', /without an address/],
  ['Bearer realm="ftp://x/token"', /without an address/],
])("a registry that asks for %s gives a clear error", async (challenge, words) => {
  registry.on(/./, (_request, response) => response.writeHead(401, { "www-authenticate": challenge }).end());
  const code = challenge.startsWith("Bearer") ? "registry-failed" : "registry-unauthorized";
  await expectUserError(open(), code, words);
});

test("a token server that gives none is a clear error", async () => {
  registry.on(/^\/token/, (_request, response) => response.end('{"token":"two\\r\\nlines"}'));
  registry.on(/^\/v2/, (_request, response) =>
    response.writeHead(401, { "www-authenticate": `Bearer realm="http://${registry.host}/token"` }).end(),
  );
  await expectUserError(open(), "registry-failed", /gave no token/);
});

describe("content that is not what it should be", () => {
  test("a manifest of another digest", async () => {
    registry.pushImage("app", "1");
    registry.on(/\/manifests\//, (_request, response) =>
      response.writeHead(200, { "docker-content-digest": sha256(Buffer.from("other")) }).end("{}"),
    );
    await expectUserError(open(), "digest-mismatch", /the manifest/);
    await expectUserError(open(`app@${sha256(Buffer.from("wanted"))}`), "digest-mismatch", /the manifest/);
  });

  test("a config of another digest", async () => {
    registry.pushImage("app", "1");
    registry.on(/\/blobs\//, (_request, response) => response.end("{}"));
    await expectUserError(open(), "digest-mismatch", /config/);
  });

  test("a manifest of schema 1", async () => {
    registry.pushManifest("app", "1", { schemaVersion: 1, fsLayers: [] }, "application/vnd.docker.distribution.manifest.v1+prettyjws");
    await expectUserError(open(), "unsupported-image", /schema 1/);
  });

  test.each([
    [{ config: { os: "linux", architecture: "amd64" } }, "image-unreadable", /no rootfs/],
    [{ config: { rootfs: { diff_ids: [] } } }, "image-unreadable", /lists 1 layers, but the config 0/],
    [{ layerMediaType: "application/x-unknown" }, "unsupported-image", /"application\/x-unknown"/],
    [{ layerMediaType: "application/vnd.oci.image.layer.v1.tar+gzip+encrypted" }, "unsupported-image", /encrypted/],
    [{ layerMediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" }, "unsupported-image", /foreign/],
    [
      {
        manifest: {
          config: { mediaType: "application/vnd.cncf.helm.config.v1+json", digest: sha256(Buffer.from("")), size: 0 },
          layers: [],
        },
      },
      "unsupported-image",
      /helm/,
    ],
    [{ manifest: { schemaVersion: 2, config: { digest: "sha256:../../etc", size: 1 } } }, "image-unreadable", /"config.digest"/],
    [{ manifest: { schemaVersion: 2, manifests: [] } }, "image-unreadable", /lists no image/],
  ] as const)("%o", async (image, code, words) => {
    registry.pushImage("app", "1", image);
    await expectUserError(open(), code, words);
  });

  test("an index for other platforms only", async () => {
    const manifest = registry.pushImage("app", "amd");
    const entry = (architecture: string) => ({ ...manifest, platform: { os: "linux", architecture } });
    registry.pushManifest("app", "1", { schemaVersion: 2, manifests: [entry("amd64"), entry("riscv64")] }, ociIndex);
    await expectUserError(open("app:1", { os: "linux", architecture: "arm64" }), "platform-mismatch", /linux\/amd64, linux\/riscv64/);
  });

  test("an index in an index in an index, and so on", async () => {
    let index = registry.pushImage("app", "deep");
    for (let depth = 0; depth < 6; depth++)
      index = registry.pushManifest("app", "deep", { schemaVersion: 2, manifests: [index] }, ociIndex);
    await expectUserError(open("app:deep"), "image-unreadable", /hold further ones/);
  });

  test("an index with an attestation beside one image gives the image", async () => {
    const manifest = registry.pushImage("app", "real");
    const attestation = {
      ...manifest,
      platform: { os: "unknown", architecture: "unknown" },
      annotations: { "vnd.docker.reference.type": "attestation-manifest" },
    };
    registry.pushManifest(
      "app",
      "1",
      { schemaVersion: 2, manifests: [attestation, { ...manifest, platform: { os: "linux", architecture: "amd64" } }] },
      ociIndex,
    );
    expect((await open()).digest).toBe(manifest.digest);
  });
});

describe("referrers", () => {
  const soci = "application/vnd.amazon.soci.index.v1+json";
  test.each(["by the API, in pages", "by the tag of registries without the API"])("are found %s", async (way) => {
    const subject = registry.pushImage("app", "1");
    const content = registry.pushBlob(Buffer.from("zTOC"));
    const artifact = registry.pushManifest(
      "app",
      "soci",
      { artifactType: soci, config: { digest: content.digest, size: 4 }, layers: [] },
      ociManifest,
    );
    const index = (types: string[]) => ({ schemaVersion: 2, manifests: types.map((artifactType) => ({ ...artifact, artifactType })) });
    if (way.startsWith("by the API")) {
      registry.on(/\/referrers\/.*page=2/, (_request, response) => response.end(JSON.stringify(index([soci]))));
      registry.on(/\/referrers\//, (request, response) => {
        response.writeHead(200, { link: `<${request.url}&page=2>; rel="next"` }).end(JSON.stringify(index(["other/type"])));
      });
    } else registry.pushManifest("app", subject.digest.replace(":", "-"), index(["other/type", soci]), ociIndex);
    const image = await open();
    const found = await fetchReferrers(image, soci, {});
    expect(found.map((descriptor) => descriptor.digest)).toEqual([artifact.digest]);
    const [descriptor] = found;
    if (!descriptor) throw new Error("none");
    expect(JSON.parse(Buffer.from(await fetchArtifact(image, descriptor, "manifest", {})).toString())).toMatchObject({
      artifactType: soci,
    });
    const blob = { ...descriptor, digest: content.digest, sizeBytes: content.size };
    expect(Buffer.from(await fetchArtifact(image, blob, "blob", {})).toString()).toBe("zTOC");
  });

  test("are none where there are none", async () => {
    registry.pushImage("app", "1");
    expect(await fetchReferrers(await open(), soci, {})).toEqual([]);
  });
});
