import { expect, test } from "vitest";
import { imageFindings, savableBytes } from "../../src/findings/imageFindings.ts";
import { layeredInspection, type LayerFile, type TestLayer } from "./layeredInspection.ts";

interface Expected {
  readonly code: string;
  readonly layerIndex: number;
  readonly megabytes: number;
  readonly says: string;
}

function check(layers: readonly TestLayer[], opened: readonly string[], expected: readonly Expected[], baseLayerCount = 0): void {
  const found = imageFindings(layeredInspection(layers, opened), baseLayerCount);
  expect(
    found.map(({ code, layerIndex, sizeBytes, message }) => ({ code, layerIndex, megabytes: (sizeBytes ?? 0) / 1e6, message })),
  ).toEqual(expected.map(({ says, ...rest }) => ({ ...rest, message: expect.stringContaining(says) as string })));
}

function layer(createdBy: string, files: Readonly<Record<string, LayerFile>>): TestLayer {
  return { createdBy, files };
}

const status = (...names: readonly string[]): string =>
  names.map((name) => `Package: ${name}\nVersion: 1\nArchitecture: amd64\n`).join("\n");

test.each([
  ["/var/lib/apt/lists/deb.debian.org_main_Packages", "apt's package lists left"],
  ["/var/cache/apt/pkgcache.bin", "apt's package cache left"],
  ["/var/cache/apk/APKINDEX.tar.gz", "apk's package cache left"],
  ["/var/cache/dnf/fedora/packages.solv", "package manager's cache left"],
  ["/root/.cache/pip/http-v2/a/b/c", "pip's download cache left"],
  ["/home/app/.cache/uv/wheels-v1/x.whl", "uv's package cache left"],
  ["/root/.npm/_cacache/content-v2/sha512/aa/bb", "npm's download cache left"],
  ["/usr/local/share/.cache/yarn/v6/npm-x", "Yarn's download cache left"],
  ["/opt/conda/pkgs/numpy-1.26.conda", "conda's package cache left"],
  ["/root/.m2/repository/org/x/x.jar", "Maven's or Gradle's download cache left"],
  ["/usr/local/cargo/registry/src/index/serde/lib.rs", "Cargo's registry left"],
  ["/root/.cache/go-build/00/aa", "Go's module and build cache left"],
])("a package cache: %s", (path, says) => {
  check([layer("RUN install", { [path]: 7 })], [], [{ code: "package-cache", layerIndex: 0, megabytes: 7, says }]);
});

test("a cache that startup reads from is in use and is no finding; neither is a small one", () => {
  check(
    [layer("RUN x", { "/root/.m2/repository/a.jar": 9, "/root/.m2/repository/b.jar": 9, "/var/cache/apt/pkgcache.bin": 0.9 })],
    ["/root/.m2/repository/a.jar"],
    [],
  );
});

test("content that hard links share is freed by none of them", () => {
  const files = { "/root/.cache/uv/archive/torch.so": 90, "/app/.venv/lib/torch.so": { hardlink: "/root/.cache/uv/archive/torch.so" } };
  check([layer("RUN uv sync", files)], [], []);
});

test("build tools by package, and by folder where no package tells; those in use are left out as a whole", () => {
  const info = (name: string, path: string): Record<string, string> => ({ [`/var/lib/dpkg/info/${name}.list`]: `${path}\n` });
  const installed = {
    "/var/lib/dpkg/status": status("gcc-12", "libssl-dev", "git", "libssl3", "libexpat1-dev"),
    ...info("gcc-12", "/usr/lib/gcc/cc1"),
    ...info("libssl-dev", "/usr/include/openssl/ssl.h"),
    ...info("git", "/usr/bin/git"),
    ...info("libssl3", "/usr/lib/libssl.so.3"),
    "/usr/lib/gcc/cc1": 30,
    "/usr/include/openssl/ssl.h": 2,
    "/usr/bin/git": 4,
    "/usr/lib/libssl.so.3": 5,
    "/usr/local/go/pkg/tool/compile": 20,
    "/usr/local/include/app.h": 1,
  };
  check(
    [layer("RUN apt-get install gcc", installed)],
    ["/usr/bin/git"],
    [
      {
        code: "build-tools",
        layerIndex: 0,
        megabytes: 53,
        says: "Build tools in the image (gcc-12, Go toolchain, libssl-dev, headers): 53.0 MB in 4 files, none of it read",
      },
    ],
  );
});

test("what the base image brought is one finding for all its layers", () => {
  const base = [layer("ADD rootfs", { "/usr/local/include/a.h": 2 }), layer("RUN x", { "/usr/local/include/b.h": 3 })];
  check(
    [...base, layer("RUN y", { "/usr/local/include/c.h": 4 })],
    [],
    [
      { code: "build-tools", layerIndex: 0, megabytes: 5, says: "Build tools in the base image" },
      { code: "build-tools", layerIndex: 2, megabytes: 4, says: "Build tools in the image" },
    ].sort((a, b) => b.megabytes - a.megabytes),
    2,
  );
});

test("files that a later layer deletes, replaces, or stores again for chown", () => {
  const layers = [
    layer("COPY model /m", { "/m/model.bin": 50, "/m/vocab.bin": 3, "/m/kept.bin": 1 }),
    layer("RUN chown -R app /m", { "/m/model.bin": 50 }),
    layer("RUN rm /m/vocab.bin", { "/m/vocab.bin": "whiteout" }),
  ];
  check(
    layers,
    [],
    [
      { code: "rewritten-files", layerIndex: 1, megabytes: 50, says: "Files of layer 1 are stored a second time: 50.0 MB in 1 file" },
      { code: "deleted-files", layerIndex: 2, megabytes: 3, says: "Deleting files of layer 1 frees nothing: 3.0 MB" },
    ],
  );
  const [chown] = imageFindings(layeredInspection(layers));
  expect(chown?.advice).toContain("COPY --chown");
});

test("an opaque folder and a folder that becomes a file hide what lay below; hard links keep content visible", () => {
  check(
    [
      layer("COPY a /a", { "/a/b/one": 5, "/c/two": 6, "/d/three": 7, "/e/link": { hardlink: "/d/three" } }),
      layer("RUN x", { "/a": "opaque", "/a/new": 1, "/c": 1, "/d/three": "whiteout" }),
    ],
    [],
    [{ code: "deleted-files", layerIndex: 1, megabytes: 11, says: "11.0 MB in 2 files" }],
  );
});

test("the databases of package managers change with every installation", () => {
  check([layer("ADD x", { "/var/lib/dpkg/status": 3 }), layer("RUN apt-get install y", { "/var/lib/dpkg/status": 3.1 })], [], []);
});

test("weights: one content in two places, whatever its name; equal sizes alone are no copies", () => {
  const weights = (crc32: number): LayerFile => ({ weights: 80, crc32 });
  const blob = `/root/.cache/huggingface/hub/models--x/blobs/${"ab".repeat(32)}`;
  const files = {
    "/m/model.safetensors": weights(7),
    "/srv/tuned.safetensors": weights(7),
    [blob]: weights(7),
    "/m/other.safetensors": weights(8),
  };
  check(
    [layer("RUN x", files)],
    ["/srv/tuned.safetensors"],
    [
      { code: "duplicate-weights", layerIndex: 0, megabytes: 80, says: "twice (/srv/tuned.safetensors and /m/model.safetensors): 80.0 MB" },
      { code: "duplicate-weights", layerIndex: 0, megabytes: 80, says: `twice (/srv/tuned.safetensors and ${blob})` },
    ],
  );
  check([layer("RUN x", { "/a/model.safetensors": 80, "/b/model.safetensors": 80 })], [], []);
});

test("weights: one model in several formats; what startup loads stays", () => {
  check(
    [layer("RUN x", { "/m/model.safetensors": 80, "/m/pytorch_model.bin": 81, "/m/flax_model.msgpack": 82 })],
    ["/m/pytorch_model.bin"],
    [
      { code: "duplicate-weights", layerIndex: 0, megabytes: 82, says: "flax_model.msgpack beside pytorch_model.bin" },
      { code: "duplicate-weights", layerIndex: 0, megabytes: 80, says: "model.safetensors beside pytorch_model.bin" },
    ],
  );
});

test("a large library twice: as package in two environments, and as shared library of system and wheel", () => {
  const wheel = (site: string, version: string): Record<string, LayerFile> => ({
    [`${site}/torch-${version}.dist-info/METADATA`]: `Name: torch\nVersion: ${version}\n`,
    [`${site}/torch-${version}.dist-info/RECORD`]: "torch/lib/libtorch_cpu.so,,\ntorch/__init__.py,,\n",
    [`${site}/torch/lib/libtorch_cpu.so`]: 400,
    [`${site}/torch/__init__.py`]: "import os\n",
  });
  const two = { ...wheel("/usr/lib/python3/site-packages", "2.4.0"), ...wheel("/opt/venv/lib/python3.11/site-packages", "2.5.1") };
  check(
    [layer("RUN pip install", two)],
    ["/opt/venv/lib/python3.11/site-packages/torch/lib/libtorch_cpu.so"],
    [
      {
        code: "duplicate-library",
        layerIndex: 0,
        megabytes: 400.00001,
        says: "torch is in the image twice (2.5.1 in /opt/venv/lib/python3.11/site-packages, 2.4.0 in /usr/lib/python3/site-packages)",
      },
    ],
  );
  const cuda = { "/usr/lib/x86_64-linux-gnu/libcublas.so.12.4.5": 110, "/venv/nvidia/cublas/lib/libcublas.so.12": 109 };
  check(
    [layer("RUN x", cuda)],
    ["/venv/nvidia/cublas/lib/libcublas.so.12"],
    [{ code: "duplicate-library", layerIndex: 0, megabytes: 110, says: "libcublas.so is in the image twice" }],
  );
  // Which of them is too many is not known while neither is loaded.
  check([layer("RUN x", cuda)], [], []);
});

test("what COPY . brings along: only from layers that copied, and only what startup does not open", () => {
  const copied = {
    "/app/.git/objects/pack/p.pack": 12,
    "/app/tests/data.bin": 3,
    "/app/eda.ipynb": 2,
    "/app/train.csv": 40,
    "/app/used.csv": 5,
  };
  check(
    [layer("ADD rootfs", { "/bin/sh": 1 }), layer("COPY . /app # buildkit", copied)],
    ["/app/used.csv"],
    [
      { code: "stray-files", layerIndex: 1, megabytes: 40, says: "Datasets and archives (/app/train.csv)" },
      { code: "git-folder", layerIndex: 1, megabytes: 12, says: "Git's history (.git) (/app/.git)" },
      { code: "stray-files", layerIndex: 1, megabytes: 3, says: "Tests (/app/tests)" },
      { code: "stray-files", layerIndex: 1, megabytes: 2, says: "Notebooks (/app/eda.ipynb)" },
    ],
  );
  const packages = { "/opt/venv/lib/python3.11/site-packages/pandas/tests/x.csv": 9, "/app/node_modules/x/docs/y.md": 9 };
  check([layer("COPY --from=build /opt/venv /opt/venv", packages)], [], []);
});

test("Node packages for development only, unless startup opens them or the service names them too", () => {
  const installed = (name: string): Record<string, LayerFile> => ({
    [`/app/node_modules/${name}/package.json`]: `{"name":"${name}","version":"1.0.0"}`,
    [`/app/node_modules/${name}/big.js`]: 20,
  });
  const files = {
    "/app/package.json": '{"dependencies":{"pg":"1"},"devDependencies":{"typescript":"5","tsx":"4","pg":"1"}}',
    ...installed("typescript"),
    ...installed("tsx"),
    ...installed("pg"),
  };
  check(
    [layer("RUN npm ci", files)],
    ["/app/node_modules/tsx/big.js"],
    [
      {
        code: "development-packages",
        layerIndex: 0,
        megabytes: 20.000039,
        says: "Packages for development only (typescript): 20.0 MB in 2 files",
      },
    ],
  );
});

test("temporary files that an instruction leaves behind", () => {
  check(
    [layer("RUN make", { "/tmp/build/obj.o": 5 })],
    [],
    [{ code: "temporary-files", layerIndex: 0, megabytes: 5, says: "Temporary files" }],
  );
});

test("each byte counts once, so the sum is what could be saved", () => {
  const files = { "/root/.cache/pip/a/.git/x": 10, "/tmp/x/tests/y.csv": 10 };
  expect(savableBytes(imageFindings(layeredInspection([layer("COPY . /", files)])))).toBe(20_000_000);
});
