import { expect, test } from "vitest";
import { imageNames, isLoopback, nodeImageName, registryHost } from "../../../src/bench/run/imageName.ts";

const digest = `sha256:${"a".repeat(64)}`;

test.each([
  ["python", "docker.io/library/python:latest", "docker.io"],
  ["python:3.12", "docker.io/library/python:3.12", "docker.io"],
  ["user/app", "docker.io/user/app:latest", "docker.io"],
  ["10.201.0.2:5000/tiny:1", "10.201.0.2:5000/tiny:1", "10.201.0.2"],
  ["127.0.0.1:15555/app:soci", "127.0.0.1:15555/app:soci", "127.0.0.1"],
  [`ghcr.io/o/app@${digest}`, `ghcr.io/o/app@${digest}`, "ghcr.io"],
  [`ghcr.io/o/app:1.2@${digest}`, `ghcr.io/o/app@${digest}`, "ghcr.io"],
  [`app:1@${digest}`, `docker.io/library/app@${digest}`, "docker.io"],
  ["not an image", "not an image", ""],
])("containerd keeps %s as %s", (image, name, host) => {
  expect([nodeImageName(image), registryHost(image)]).toEqual([name, host]);
});

test("arms of one image are cooled once, and with what runs in its place", () => {
  const arm = { name: "x", snapshotter: "overlayfs", isLazy: false, pullPolicy: "IfNotPresent" } as const;
  expect(
    imageNames(
      {
        arms: [
          { ...arm, image: "python" },
          { ...arm, image: "docker.io/library/python:latest" },
          { ...arm, image: "b:1" },
        ],
      },
      new Map([["x", "mirror.example/python"]]),
    ),
  ).toEqual(["docker.io/library/python:latest", "docker.io/library/b:1", "mirror.example/python:latest"]);
});

test.each([
  ["127.0.0.1", true],
  ["localhost", true],
  ["[::1]", true],
  ["10.201.0.2", false],
  ["localhost.example", false],
])("%s is the node's own: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
