import { expect, test } from "vitest";
import { readTraceBytes } from "../../src/traces/readTrace.ts";
import { resolveTrace } from "../../src/traces/resolveTrace.ts";
import { elf } from "../fakes/elf.ts";
import { memoryCatalog } from "../fakes/memoryCatalog.ts";

const image = memoryCatalog({
  "/lib": { link: "usr/lib" },
  "/usr/lib/libx.so.1": { sizeBytes: 5000 },
  "/usr/lib/ld.so": { sizeBytes: 900 },
  "/usr/bin/app": elf({ interpreter: "/lib/ld.so" }),
  "/usr/bin/start": "#!/usr/bin/app -x\n",
  "/srv/app/main.py": { sizeBytes: 10 },
  "/etc/hosts": { sizeBytes: 1 },
  "/etc/app/app.conf": { sizeBytes: 100 },
});

async function check(
  trace: string,
  expected: { paths: readonly string[]; dropped?: { runtime?: number; folders?: number; missing?: number }; hostRoot?: string },
): Promise<void> {
  const resolved = resolveTrace(image, await readTraceBytes("trace", [Buffer.from(trace)]), "/srv/app");
  expect({ paths: [...resolved.files.keys()], dropped: resolved.dropped, hostRoot: resolved.hostRoot }).toEqual({
    paths: expected.paths,
    dropped: { runtime: 0, folders: 0, missing: 0, ...expected.dropped },
    hostRoot: expected.hostRoot ?? "",
  });
}

test("symlinks are followed, two names of one file count once", () =>
  check("/lib/libx.so.1\n/usr/lib/libx.so.1\n/usr/lib/../lib/libx.so.1\n", { paths: ["/usr/lib/libx.so.1"] }));

test("what the runtime provides, folders and files that the image lacks are counted and left out", () =>
  check("/proc/self/maps\n/dev/null\n/etc/hosts\n/etc\n/tmp/made\n/usr/bin/app\n", {
    paths: ["/usr/bin/app"],
    dropped: { runtime: 3, folders: 1, missing: 1 },
  }));

test("paths of the recording machine lose the folder where the container's root was", () =>
  check("3\t1.0\t1\t/run/c/rootfs/usr/bin/app\n3\t2.0\t1\t/run/c/rootfs/etc/app/app.conf\n3\t3.0\t1\t/run/c/rootfs/var/made\n", {
    paths: ["/usr/bin/app", "/etc/app/app.conf"],
    dropped: { missing: 1 },
    hostRoot: "/run/c/rootfs",
  }));

test("a few files that happen to end like files of the image move nothing", () =>
  check("/usr/bin/app\n/usr/lib/libx.so.1\n/data/etc/app/app.conf\n", {
    paths: ["/usr/bin/app", "/usr/lib/libx.so.1"],
    dropped: { missing: 1 },
  }));

test("system calls do not show the interpreters that the kernel opens: they are added, and relative paths begin at the working directory", () =>
  check('execve("/usr/bin/start", ["start"], 0x7f /* 1 var */) = 0\nopenat(AT_FDCWD, "main.py", O_RDONLY) = 3\n', {
    paths: ["/usr/bin/start", "/usr/bin/app", "/usr/lib/ld.so", "/srv/app/main.py"],
  }));
