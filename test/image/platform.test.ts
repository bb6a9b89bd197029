import { expect, test } from "vitest";
import { choosePlatform, defaultPlatform, parsePlatform, platformDistance, printPlatform } from "../../src/image/platform.ts";

test.each([
  ["linux/amd64", "linux/amd64"],
  ["Linux/x86_64", "linux/amd64"],
  ["linux/arm64/v8", "linux/arm64"],
  ["linux/aarch64", "linux/arm64"],
  ["linux/arm", "linux/arm/v7"],
  ["linux/arm/6", "linux/arm/v6"],
  ["linux/amd64/v3", "linux/amd64/v3"],
  ["windows/amd64", "windows/amd64"],
])("%s is %s", (text, printed) => {
  expect(printPlatform(parsePlatform(text))).toBe(printed);
});

test.each(["", "linux", "linux/", "linux/arm/v7/x", "linux/ä", "/amd64"])("%s is no platform", (text) => {
  expect(() => parsePlatform(text)).toThrow(/is no platform/);
});

test.each([
  ["linux/arm64", "linux/arm64/v8", 0],
  ["linux/arm/v7", "linux/arm/v6", 1],
  ["linux/arm/v6", "linux/arm/v7", undefined],
  ["linux/amd64/v3", "linux/amd64", 2],
  ["linux/amd64", "linux/amd64/v2", undefined],
  ["linux/amd64", "windows/amd64", undefined],
  ["linux/arm64/v9", "linux/arm64", 1],
])("%s runs %s at distance %s", (wanted, offered, distance) => {
  expect(platformDistance(parsePlatform(wanted), parsePlatform(offered))).toBe(distance);
});

test("containers run on Linux, whatever the machine", () => {
  expect(defaultPlatform("x64")).toEqual({ os: "linux", architecture: "amd64" });
  expect(defaultPlatform("arm64")).toEqual({ os: "linux", architecture: "arm64" });
});

function choose(offered: readonly string[], wanted?: string): string {
  const candidates = offered.map((text) => ({ platform: text === "" ? undefined : parsePlatform(text), name: text }));
  return choosePlatform(candidates, wanted === undefined ? undefined : parsePlatform(wanted)).name;
}

test("the nearest of several is chosen, and the only one when nobody asked", () => {
  expect(choose(["linux/arm/v5", "linux/arm/v6", "linux/arm64"], "linux/arm/v7")).toBe("linux/arm/v6");
  expect(choose(["linux/s390x"])).toBe("linux/s390x");
  expect(choose([""], "linux/amd64")).toBe("");
  expect(() => choose(["linux/s390x"], "linux/amd64")).toThrow(/not there for linux\/amd64.*linux\/s390x/);
  expect(() => choose(["linux/s390x", "linux/ppc64le"])).toThrow(/linux\/s390x, linux\/ppc64le/);
});
