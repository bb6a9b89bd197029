import { describe, expect, it } from "vitest";
import { spaceNeeds, type Folders, type Kept } from "./needs.ts";
import { diskOf, shortOfSpace, type Disk } from "./space.ts";

const GB = 1e9;
const disks: Readonly<Record<string, Disk>> = {
  "/cache": { id: 1, freeBytes: 1 * GB, sizeBytes: 100 * GB },
  "/tmp": { id: 2, freeBytes: 0.1 * GB, sizeBytes: 1 * GB },
  "/var": { id: 1, freeBytes: 1 * GB, sizeBytes: 100 * GB },
};

describe("shortOfSpace", () => {
  const check = (needs: Parameters<typeof shortOfSpace>[0], expected: readonly string[]): void =>
    expect(shortOfSpace(needs, (folder) => disks[folder] as Disk)).toEqual(expected);

  it("says nothing where all fits", () => check([{ what: "a", folder: "/cache", bytes: GB }], []));

  it("adds up what lies on one disk", () =>
    check(
      [
        { what: "a tool", folder: "/cache", bytes: 0.6 * GB },
        { what: "files", folder: "/tmp", bytes: 0.05 * GB },
        { what: "an image", folder: "/var", bytes: 0.6 * GB },
      ],
      ["1.2 GB are needed on one disk, and 1.0 GB are free: in /cache a tool 600 MB; in /var an image 600 MB."],
    ));

  it("counts what has to stay free", () =>
    check(
      [{ what: "a cluster", folder: "/var", bytes: 0.1 * GB, freeShare: 0.01 }],
      [
        "1.1 GB are needed on one disk, and 1.0 GB are free: in /var a cluster 100 MB; left free, as the cluster's kubelet wants it, 1.0 GB.",
      ],
    ));

  it("names each disk", () =>
    expect(
      shortOfSpace(
        [
          { what: "a tool", folder: "/cache", bytes: 2 * GB },
          { what: "files", folder: "/tmp", bytes: 2 * GB },
        ],
        (folder) => disks[folder] as Disk,
      ),
    ).toHaveLength(2));
});

describe("diskOf", () => {
  it("looks above a folder that is not there yet", () => expect(diskOf("/nowhere/at/all").id).toBe(diskOf("/").id));
});

describe("spaceNeeds", () => {
  const all: Kept = {
    debianPackages: true,
    codeServer: true,
    goToolchain: true,
    missingParts: [],
    goModules: true,
    crates: true,
    baseImage: true,
    sampleImage: true,
    sampleLayout: true,
    pushedSample: true,
    clusterImages: true,
    nodeDebian: true,
  };
  const folders = Object.fromEntries(
    ["cache", "npmCache", "goModules", "goBuild", "cargo", "temporary", "largeTemporary", "clusterState"].map((name) => [name, `/${name}`]),
  ) as unknown as Folders;
  const places = (kept: Partial<Kept>): readonly string[] => [
    ...new Set(spaceNeeds({ ...all, ...kept }, folders).map((need) => need.folder)),
  ];

  it("wants room for what runs when all is kept", () =>
    expect(places({})).toEqual(["/cache", "/temporary", "/largeTemporary", "/clusterState"]));

  it("wants room for Rust only where nydusd is missing", () => {
    expect(places({ missingParts: ["nydusd"], crates: false })).toContain("/cargo");
    expect(places({ missingParts: ["kube"], crates: false })).not.toContain("/cargo");
  });

  it("wants room for Go's caches where a part is missing", () =>
    expect(places({ missingParts: ["kube"], goModules: false })).toEqual(expect.arrayContaining(["/goModules", "/goBuild"])));
});
