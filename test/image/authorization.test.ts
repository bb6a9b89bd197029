import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseChallenges } from "../../src/image/registry/challenge.ts";
import { lookUpCredentials, usualFiles } from "../../src/image/registry/keychain.ts";
import { parseRetryAfter } from "../../src/image/registry/retry.ts";
import { isThisMachine } from "../../src/image/registry/access.ts";
import { fuzz } from "../fuzz.ts";
import { temporaryFolder } from "../real/parts/process.ts";

const folder = temporaryFolder("keychain");
const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString("base64") });

function lookUp(config: unknown, name = "registry.example/team/app"): Promise<object> {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, typeof config === "string" ? config : JSON.stringify(config));
  const slash = name.indexOf("/");
  return lookUpCredentials(name.slice(0, slash), name.slice(slash + 1), path, {});
}

const password = (username: string, secret: string) => ({ kind: "password", username, password: secret });

test.each([
  ["the host", { auths: { "registry.example": auth("a:b:c") } }, undefined, password("a", "b:c")],
  ["a URL", { auths: { "https://registry.example/v2/": auth("a:b") } }, undefined, password("a", "b")],
  ["plain fields", { auths: { "registry.example": { username: "a", password: "b" } } }, undefined, password("a", "b")],
  ["Docker Hub's old name", { auths: { "https://index.docker.io/v1/": auth("a:b") } }, "docker.io/library/python", password("a", "b")],
  [
    "the longest path",
    { auths: { "registry.example": auth("x:y"), "registry.example/team": auth("a:b"), "registry.example/other": auth("z:z") } },
    undefined,
    password("a", "b"),
  ],
  [
    "an identity token",
    { auths: { "registry.example": { ...auth("a:"), identitytoken: "t" } } },
    undefined,
    { kind: "identity-token", token: "t" },
  ],
  ["a registry token", { auths: { "registry.example": { registrytoken: "t" } } }, undefined, { kind: "registry-token", token: "t" }],
])("credentials are found by %s", async (_case, config, name, credentials) => {
  expect(await lookUp(config, name)).toMatchObject({ credentials });
});

test.each([
  ["nothing", {}, undefined],
  ["another host", { auths: { "registry.example.org": auth("a:b") } }, undefined],
  ["a prefix of the host", { auths: { "registry.exampl": auth("a:b") } }, undefined],
  ["an empty entry", { auths: { "registry.example": {} } }, undefined],
  ["entries of wrong types", { auths: { "registry.example": 5 }, credHelpers: [], credsStore: {} }, undefined],
  ["broken JSON", '{"auths": {"registry.example": {"auth": "c2VjcmV0', /no valid JSON$/],
  ["a list", [], /no valid Docker configuration/],
  ["a helper with a path", { credsStore: "../../bin/sh" }, /impossible name/],
  ["a helper that is missing", { credHelpers: { "registry.example": "surely-not-there" } }, /cannot be run/],
])("%s gives no credentials", async (_case, config, trouble) => {
  const answer = (await lookUp(config)) as { credentials?: unknown; trouble?: string };
  expect(answer.credentials).toBeUndefined();
  if (trouble) expect(answer.trouble).toMatch(trouble);
  else expect(answer.trouble).toBeUndefined();
});

test("credentials lie where Docker and Podman put them", () => {
  expect(usualFiles({}, "/home/a")).toEqual(["/home/a/.docker/config.json", "/home/a/.config/containers/auth.json"]);
  expect(usualFiles({ DOCKER_CONFIG: "/d", REGISTRY_AUTH_FILE: "/r", XDG_RUNTIME_DIR: "/x", XDG_CONFIG_HOME: "/c" }, "/h")).toEqual([
    "/d/config.json",
    "/r",
    "/x/containers/auth.json",
    "/c/containers/auth.json",
  ]);
});

test("a file that is not there is no trouble", async () => {
  mkdirSync(join(folder, "empty"));
  expect(await lookUpCredentials("a", "b", join(folder, "empty", "config.json"), {})).toEqual({ trouble: undefined });
});

test.each([
  [['Basic realm="a b"'], [["basic", { realm: "a b" }]]],
  [
    ['Bearer realm="https://t/x?a=1,2",service=s , scope="a:b:pull,push"'],
    [["bearer", { realm: "https://t/x?a=1,2", service: "s", scope: "a:b:pull,push" }]],
  ],
  [
    ['Negotiate, Basic realm="x"', "Bearer a=b"],
    [
      ["negotiate", {}],
      ["basic", { realm: "x" }],
      ["bearer", { a: "b" }],
    ],
  ],
  [
    ["Negotiate YWJj==, Basic realm=x"],
    [
      ["negotiate", { ywjj: "=" }],
      ["basic", { realm: "x" }],
    ],
  ],
  [['Basic realm="never closed'], [["basic", { realm: '"never' }]]],
  [["", ",,", "\0"], []],
])("the challenges %o", (values, expected) => {
  const parsed = parseChallenges(values).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
  expect(parsed.map(([scheme]) => scheme)).toEqual(expected.map(([scheme]) => scheme));
  if (!values.join().includes("never")) expect(parsed).toEqual(expected);
});

test("any header is challenges", () => {
  const pieces = ["Basic", "Bearer", " ", ",", "=", '"', "\\", "realm", "a", "\t", "é", "\0"];
  fuzz(
    "challenge",
    (random) => random.text(pieces, 40),
    (header) => void parseChallenges([header]),
  );
});

test.each([
  ["5", 5000],
  [" 0 ", 0],
  ["Sun, 22 Nov 2026 18:00:10 GMT", 10_000],
  ["Sun, 22 Nov 2026 17:00:00 GMT", 0],
  ["soon", undefined],
  [undefined, undefined],
])("Retry-After %s is %s ms", (value, waitMs) => {
  expect(parseRetryAfter(value, Date.parse("2026-11-22T18:00:00Z"))).toBe(waitMs);
});

test.each([
  ["localhost", true],
  ["localhost:5000", true],
  ["a.localhost:1", true],
  ["127.0.0.1:5000", true],
  ["127.1.2.3", true],
  ["[::1]:5000", true],
  ["localhost.example", false],
  ["127.0.0.1.example:5000", false],
  ["10.0.0.1", false],
  ["ghcr.io", false],
])("%s is this machine: %s", (host, expected) => {
  expect(isThisMachine(host)).toBe(expected);
});
