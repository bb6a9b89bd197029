import { createServer, request as forward, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defaultImageSettings, openImage, type ImageSettings } from "../../src/image/open.ts";
import { HostileRegistry } from "../fakes/hostileRegistry.ts";
import { verifyLayers } from "../fakes/layerBytes.ts";
import { expectUserError } from "../fakes/userErrors.ts";

let registry: HostileRegistry;
let proxy: Server;
/** Hosts that were asked for through the proxy. */
const asked: string[] = [];

beforeAll(async () => {
  registry = await HostileRegistry.start();
  registry.pushImage("app", "1");
  // It knows a host that no name server knows.
  proxy = createServer((request, response) => {
    const url = new URL(request.url ?? "");
    asked.push(url.host);
    const [hostname, port] = registry.host.split(":");
    forward({ hostname, port, path: url.pathname, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }).end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  await registry.stop();
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});

function settings(changed: Partial<ImageSettings> = {}): ImageSettings {
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return { ...defaultImageSettings, dockerConfigFile: "/nonexistent", proxy: address, plainHttpHosts: ["registry.invalid"], ...changed };
}

test("a registry is reached through the proxy of the settings", async () => {
  const image = await openImage("docker://registry.invalid/app:1", { settings: settings() }, {});
  expect(await verifyLayers(image)).toEqual([{ blobMatches: true, tarMatches: true }]);
  expect(new Set(asked)).toEqual(new Set(["registry.invalid"]));
});

test("this machine is never asked for through the proxy", async () => {
  const before = asked.length;
  await openImage(`docker://${registry.host}/app:1`, { settings: settings() }, {});
  expect(asked.length).toBe(before);
});

test("a setting that is no proxy is a clear error", async () => {
  const opened = openImage("docker://registry.invalid/app:1", { settings: settings({ proxy: "nonsense" }) }, {});
  await expectUserError(opened, "bad-settings", /no address of a proxy/);
});

test("a certificate file that is none is a clear error", async () => {
  const name = "docker://registry.invalid/app:1";
  await expectUserError(
    openImage(name, { settings: settings({ caFiles: { "registry.invalid": "/nonexistent.pem" } }) }, {}),
    "bad-settings",
    /cannot be read/,
  );
  await expectUserError(
    openImage(name, { settings: settings({ caFiles: { "*": "/etc/hostname" } }) }, {}),
    "bad-settings",
    /no certificate file/,
  );
});
