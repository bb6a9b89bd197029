import { expect, test } from "vitest";
import { proxyOfEnvironment } from "../../src/cluster/proxies.ts";

/** What Go's golang.org/x/net/http/httpproxy answers, which kubectl uses. */
test.each<[server: string, noProxy: string, proxied: boolean]>([
  ["https://api.example.com", "", true],
  ["https://localhost:6443", "", false],
  ["https://127.0.0.1:6443", "", false],
  ["https://[::1]:6443", "", false],
  ["https://api.example.com", "*", false],
  ["https://api.example.com", "example.com", false],
  ["https://api.example.com", ".example.com", false],
  ["https://example.com", ".example.com", true],
  ["https://example.com", "example.com", false],
  ["https://notexample.com", "example.com", true],
  ["https://api.example.com", "other, API.example.com ", false],
  ["https://api.example.com:6443", "api.example.com:443", true],
  ["https://api.example.com", "api.example.com:443", false],
  ["https://10.1.2.3", "10.0.0.0/8", false],
  ["https://11.1.2.3", "10.0.0.0/8", true],
  ["https://10.1.2.3", "10.1.2.3", false],
  ["https://api.example.com", "10.0.0.0/8", true],
])("%s with NO_PROXY=%j is asked through the proxy: %s", (server, noProxy, proxied) => {
  const environment = { HTTPS_PROXY: "http://proxy:3128", NO_PROXY: noProxy };
  expect(proxyOfEnvironment(server, environment)).toBe(proxied ? "http://proxy:3128" : undefined);
});

test.each<[server: string, environment: Record<string, string>, proxy: string | undefined]>([
  ["https://api.example", {}, undefined],
  ["https://api.example", { https_proxy: "http://low:1" }, "http://low:1"],
  ["https://api.example", { HTTPS_PROXY: "proxy:3128" }, "http://proxy:3128"],
  ["https://api.example", { HTTP_PROXY: "http://plain:1" }, undefined],
  ["http://api.example", { HTTP_PROXY: "http://plain:1" }, "http://plain:1"],
])("%s with %j is asked through %s", (server, environment, proxy) => {
  expect(proxyOfEnvironment(server, environment)).toBe(proxy);
});
