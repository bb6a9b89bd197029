import { expect, test } from "vitest";
import { packagesOf } from "../../src/inspect/packages.ts";
import { memoryCatalog, type MemoryFile } from "../fakes/memoryCatalog.ts";

function check(files: Readonly<Record<string, MemoryFile>>, expected: Readonly<Record<string, readonly string[]>>): void {
  const owners = packagesOf(memoryCatalog(files));
  expect(Object.fromEntries(owners.map((owner) => [`${owner.manager} ${owner.name} ${owner.version}`, owner.paths]))).toEqual(expected);
}

test("dpkg: lists of the status file's packages, with and without architecture, through usr-merge", () => {
  check(
    {
      "/var/lib/dpkg/status":
        "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.36-9\n\nPackage: bash\nArchitecture: amd64\nVersion: 5.2\n",
      "/var/lib/dpkg/info/libc6:amd64.list": "/.\n/lib\n/lib/x86_64-linux-gnu/libc.so.6\n/usr/share/doc/gone\n",
      "/var/lib/dpkg/info/bash.list": "/bin/bash\n/lib/x86_64-linux-gnu/libc.so.6\n",
      "/lib": { link: "usr/lib" },
      "/usr/lib/x86_64-linux-gnu/libc.so.6": { sizeBytes: 100 },
      "/bin/bash": { sizeBytes: 10 },
    },
    { "dpkg libc6 2.36-9": ["/usr/lib/x86_64-linux-gnu/libc.so.6"], "dpkg bash 5.2": ["/bin/bash"] },
  );
});

test("distroless: one status file per package, files from its checksums", () => {
  check(
    {
      "/var/lib/dpkg/status.d/tzdata": "Package: tzdata\nVersion: 2024a\n",
      "/var/lib/dpkg/status.d/tzdata.md5sums": "d41d8cd98f00b204e9800998ecf8427e  usr/share/zoneinfo/UTC\n",
      "/usr/share/zoneinfo/UTC": { sizeBytes: 4 },
    },
    { "dpkg tzdata 2024a": ["/usr/share/zoneinfo/UTC"] },
  );
});

test("apk: folders and the files in them", () => {
  check(
    {
      "/lib/apk/db/installed": "C:Q1\nP:musl\nV:1.2.5-r0\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\n\nP:busybox\nV:1.36\nF:bin\nR:busybox\n",
      "/lib/ld-musl-x86_64.so.1": { sizeBytes: 5 },
      "/bin/busybox": { sizeBytes: 6 },
    },
    { "apk musl 1.2.5-r0": ["/lib/ld-musl-x86_64.so.1"], "apk busybox 1.36": ["/bin/busybox"] },
  );
});

test("pip: RECORD with paths that leave site-packages, quoted names, and a metadata name that differs", () => {
  const site = "/usr/local/lib/python3.11/site-packages";
  check(
    {
      [`${site}/PyYAML-6.0.dist-info/METADATA`]: "Metadata-Version: 2.1\nName: PyYAML\nVersion: 6.0\n\nlong text",
      [`${site}/PyYAML-6.0.dist-info/RECORD`]:
        'yaml/__init__.py,sha256=x,9\n"yaml/odd,name.py",,\n../../../bin/yamllint,,\nyaml/gone.py,,\n',
      [`${site}/yaml/__init__.py`]: "import os\n",
      [`${site}/yaml/odd,name.py`]: "",
      "/usr/local/bin/yamllint": "#!/usr/bin/python3\n",
    },
    { "pip PyYAML 6.0": [`${site}/yaml/__init__.py`, `${site}/yaml/odd,name.py`, "/usr/local/bin/yamllint"] },
  );
});

test("npm: the innermost package owns a file, scopes belong to the name", () => {
  check(
    {
      "/app/node_modules/express/package.json": '{"name":"express","version":"4.19.2"}',
      "/app/node_modules/express/lib/index.js": "",
      "/app/node_modules/express/node_modules/ms/package.json": '{"name":"ms","version":"2.0.0"}',
      "/app/node_modules/@types/node/package.json": '{"name":"@types/node","version":"20.0.0"}',
      "/app/node_modules/.bin/mime": "",
      "/app/server.js": "",
    },
    {
      "npm express 4.19.2": ["/app/node_modules/express/lib/index.js", "/app/node_modules/express/package.json"],
      "npm ms 2.0.0": ["/app/node_modules/express/node_modules/ms/package.json"],
      "npm @types/node 20.0.0": ["/app/node_modules/@types/node/package.json"],
    },
  );
});

test("conda: files of conda-meta lie under the environment's prefix", () => {
  check(
    {
      "/opt/conda/conda-meta/numpy-1.26.json":
        '{"name":"numpy","version":"1.26","files":["lib/python3.11/site-packages/numpy/__init__.py"]}',
      "/opt/conda/lib/python3.11/site-packages/numpy/__init__.py": "",
    },
    { "conda numpy 1.26": ["/opt/conda/lib/python3.11/site-packages/numpy/__init__.py"] },
  );
});

test("broken databases own nothing and stop nothing", () => {
  check(
    {
      "/var/lib/dpkg/status": "\u0000\u0001garbage\n\nPackage:\n\nPackage: ghost\n",
      "/app/node_modules/x/package.json": "{not json",
      "/opt/conda/conda-meta/y.json": '{"name":1,"files":[3]}',
      "/usr/lib/python3/dist-packages/z.dist-info/RECORD": ",,\n\n",
    },
    {},
  );
});

test("rpm: its database's files, through usr-merge", () => {
  const text = "P:bash\nV:5.2-9\nF:bin\nR:bash\nF:usr/share/doc\nR:gone\n";
  check(
    {
      "/var/lib/rpm/rpmdb.sqlite": { kind: "text", text },
      "/bin": { link: "usr/bin" },
      "/usr/bin/bash": { sizeBytes: 10 },
    },
    { "rpm bash 5.2-9": ["/usr/bin/bash"] },
  );
});

test("a jar is its own package, unless another one brought it", () => {
  check(
    {
      "/var/lib/dpkg/status": "Package: libx-java\nVersion: 1\n",
      "/var/lib/dpkg/info/libx-java.list": "/usr/share/java/x-1.0.jar\n",
      "/usr/share/java/x-1.0.jar": { sizeBytes: 9 },
      "/app/lib/spring-core-6.1.3.jar": { sizeBytes: 9 },
      "/app/app.jar": { kind: "text", text: "Manifest-Version: 1.0\nImplementation-Version: 2.5\n" },
    },
    {
      "dpkg libx-java 1": ["/usr/share/java/x-1.0.jar"],
      "jar spring-core 6.1.3": ["/app/lib/spring-core-6.1.3.jar"],
      "jar app 2.5": ["/app/app.jar"],
    },
  );
});

test("pip without RECORD: the list of installed files, or all below the top-level names", () => {
  const site = "/usr/lib/python3/site-packages";
  check(
    {
      [`${site}/old-1.0.egg-info/PKG-INFO`]: "Name: old\nVersion: 1.0\n",
      [`${site}/old-1.0.egg-info/top_level.txt`]: "oldmod\nsingle\n",
      [`${site}/oldmod/sub/a.py`]: "",
      [`${site}/single.py`]: "x = 1",
      [`${site}/listed-2.egg-info/PKG-INFO`]: "Name: listed\nVersion: 2\n",
      [`${site}/listed-2.egg-info/installed-files.txt`]: "../listed/a.py\n",
      [`${site}/listed/a.py`]: "",
      [`${site}/my_name-3.dist-info/METADATA`]: "Name: my-name\nVersion: 3\n",
      [`${site}/my_name/b.py`]: "",
    },
    {
      "pip old 1.0": [
        `${site}/old-1.0.egg-info/top_level.txt`,
        `${site}/old-1.0.egg-info/PKG-INFO`,
        `${site}/oldmod/sub/a.py`,
        `${site}/single.py`,
      ],
      "pip listed 2": [`${site}/listed-2.egg-info/installed-files.txt`, `${site}/listed-2.egg-info/PKG-INFO`, `${site}/listed/a.py`],
      "pip my-name 3": [`${site}/my_name-3.dist-info/METADATA`, `${site}/my_name/b.py`],
    },
  );
});

test("npm: pnpm's store below node_modules", () => {
  check(
    {
      "/app/node_modules/.pnpm/express@4.19.2/node_modules/express/package.json": '{"name":"express","version":"4.19.2"}',
      "/app/node_modules/.pnpm/express@4.19.2/node_modules/express/index.js": "",
      "/app/node_modules/express": { link: ".pnpm/express@4.19.2/node_modules/express" },
    },
    {
      "npm express 4.19.2": [
        "/app/node_modules/.pnpm/express@4.19.2/node_modules/express/index.js",
        "/app/node_modules/.pnpm/express@4.19.2/node_modules/express/package.json",
      ],
    },
  );
});
