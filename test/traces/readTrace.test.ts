import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTrace, readTraceBytes } from "../../src/traces/readTrace.ts";
import type { TracedFile, TraceFormat } from "../../src/traces/tracedSet.ts";
import { expectUserError } from "../fakes/userErrors.ts";

interface Expected {
  readonly format: TraceFormat;
  /** Paths, with `x` in front where it was executed. */
  readonly paths: readonly string[];
  readonly problems?: number;
}

async function check(text: string, expected: Expected): Promise<readonly TracedFile[]> {
  // A byte at a time and all at once must say the same.
  const whole = await readTraceBytes("trace", [Buffer.from(text)]);
  const pieces = await readTraceBytes(
    "trace",
    [...Buffer.from(text)].map((byte) => Uint8Array.of(byte)),
  );
  expect(pieces).toEqual(whole);
  expect({
    format: whole.format,
    paths: whole.files.map((file) => (file.executed ? `x ${file.path}` : file.path)),
    problems: whole.problems.length,
  }).toEqual({ problems: 0, ...expected });
  return whole.files;
}

test("a record of ctr-remote: paths without the first slash, each once", () =>
  check(
    '{"path":"usr/bin/bash","manifestDigest":"sha256:5d","layerIndex":0}\n{"path":"etc/passwd","manifestDigest":"sha256:5d","layerIndex":0}\n{"path":"usr/bin/bash","manifestDigest":"sha256:5d","layerIndex":0}\n',
    { format: "stargz record", paths: ["/usr/bin/bash", "/etc/passwd"] },
  ));

test("Nydus: the plain list, its table, human-readable too, and the server's events", async () => {
  await check("/usr/sbin/nginx\n\n# comment\n/etc/nginx/nginx.conf\n", {
    format: "file list",
    paths: ["/usr/sbin/nginx", "/etc/nginx/nginx.conf"],
  });
  const table = await check('path,size,elapsed\n/b,1024,1500\n"/a,1 ""x""",7,500\n', {
    format: "nydus optimizer",
    paths: ['/a,1 "x"', "/b"],
  });
  expect(table.map((file) => file.firstOpenMs)).toEqual([0.5, 1.5]);
  const readable = await check("path,size,elapsed\n/b,1.0 KiB,2.500 s\n/a,7 B,12.250 ms\n", {
    format: "nydus optimizer",
    paths: ["/a", "/b"],
  });
  expect(readable.map((file) => file.firstOpenMs)).toEqual([12.25, 2500]);
  await check('{"path":"/a","size":5,"elapsed":12}\n', { format: "nydus optimizer", paths: ["/a"] });
});

test("lists for SOCI and Nydus' ranges", async () => {
  await check('[\n "/usr/bin/python3",\n "app/x.py"\n]', { format: "SOCI list", paths: ["/usr/bin/python3", "/app/x.py"] });
  const [file, whole] = await check(
    '{"version":"v1","files":[{"path":"/a","ranges":[[0,4096],[-1,5],[8192,10]]},{"path":"/b"},{"path":7}]}',
    {
      format: "nydus ranges",
      paths: ["/a", "/b"],
      problems: 1,
    },
  );
  expect(file?.ranges).toEqual([
    { offset: 0, sizeBytes: 4096 },
    { offset: 8192, sizeBytes: 10 },
  ]);
  expect(whole?.ranges).toBeUndefined();
});

test("a fanotify recorder's log: folders are left out, the order is that of the times, lost events are told", async () => {
  const files = await check(
    "# events=9 overflow=2\n3\t20.5\t2\t/m/etc/passwd\n7\t1.0\t3\t/m/bin/sh\n8\t0.5\t1\t/m/etc\n3\t21.0\t2\t/m/etc/group\n",
    {
      format: "fanotify log",
      paths: ["x /m/bin/sh", "/m/etc/passwd", "/m/etc/group"],
      problems: 1,
    },
  );
  expect(files[0]?.firstOpenMs).toBe(1);
  await check("64768\t3\t20.5\t2\t/etc/passwd\n64768\t3\t21.5\t2\t/etc/group\n", {
    format: "fanotify log",
    paths: ["/etc/passwd", "/etc/group"],
  });
});

test("fatrace: what is opened or read, not what is only written; with times, users, as JSON", async () => {
  await check(
    "python3(12): RCO   /usr/lib/x.py\nrsyslogd(8): W /var/log/auth.log\nsh(9): O device 8:2 inode 658203\ncat (x)(7): O   /a b\n",
    {
      format: "fatrace log",
      paths: ["/usr/lib/x.py", "/a b"],
    },
  );
  const timed = await check("12:00:00.500000 sh(9) [0:0]: RO  /bin/sh\n12:00:01.000000 sh(9) [0:0]: O  /etc/x\n", {
    format: "fatrace log",
    paths: ["/bin/sh", "/etc/x"],
  });
  expect(timed.map((file) => file.firstOpenMs)).toEqual([0, 500]);
  await check(
    '{"timestamp":1700000000.5,"comm":"sh","pid":9,"types":"RCO","path":"/bin/sh"}\n{"comm":"sh","pid":9,"types":"C","path":"/b"}\n',
    {
      format: "fatrace log",
      paths: ["/bin/sh"],
    },
  );
});

test("opensnoop of bpftrace and of BCC: failed calls are left out, names of processes may have spaces", async () => {
  await check(
    "Attaching 6 probes...\nTracing open syscalls... Hit Ctrl-C to end.\nPID    COMM               FD ERR PATH\n2440   snmp-pass          4   0 /proc/cpuinfo\n25706  my program         -1   2 /etc/ld.so.preload\n25706  my program         3   0 /etc/ld.so.cache\n",
    {
      format: "opensnoop log",
      paths: ["/proc/cpuinfo", "/etc/ld.so.cache"],
    },
  );
  const timed = await check(
    "TIME(s)       PID    COMM               FD ERR PATH\n0.000000000   9      sh                  3   0 /etc/a\n0.250000000   9      sh                  3   0 relative/b\n",
    {
      format: "opensnoop log",
      paths: ["/etc/a", "relative/b"],
    },
  );
  expect(timed[1]?.firstOpenMs).toBe(250);
});

test("strace: numbers in front, failed calls dropped, directories and bare paths not opened", () =>
  check(
    `101 execve("/bin/sh", ["sh", "-c", "a, b) = 3"], 0x7ffe /* 5 vars */) = 0
101 access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)
101 openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3
101 openat(AT_FDCWD, "/etc/missing", O_RDONLY) = -1 ENOENT (No such file or directory)
101 openat(AT_FDCWD, "/usr/lib", O_RDONLY|O_DIRECTORY) = 4
101 openat(4, "os-release", O_RDONLY) = 5
101 openat(AT_FDCWD, "/bin", O_PATH) = 6
101 openat(AT_FDCWD, "/tmp/new", O_WRONLY|O_CREAT|O_EXCL, 0600) = 7
101 open("/caf\\303\\251 \\"x\\"", O_RDONLY) = 8
101 --- SIGCHLD {si_signo=SIGCHLD, si_pid=102} ---
101 +++ exited with 0 +++
`,
    { format: "strace log", paths: ["x /bin/sh", "/etc/ld.so.cache", "/usr/lib/os-release", '/café "x"'] },
  ));

test("strace: relative paths follow chdir, fchdir, descriptors, and are inherited", () =>
  check(
    `[pid   7] chdir("/app") = 0
[pid   7] openat(AT_FDCWD, "main.py", O_RDONLY) = 3
[pid   7] clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7f) = 8
[pid   8] openat(AT_FDCWD, "child.py", O_RDONLY) = 3
[pid   8] chdir("lib") = 0
[pid   8] openat(AT_FDCWD, "a.py", O_RDONLY) = 3
[pid   7] openat(AT_FDCWD, "b.py", O_RDONLY) = 4
[pid   7] clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_THREAD) = 9
[pid   9] chdir("/srv") = 0
[pid   7] openat(AT_FDCWD, "c.py", O_RDONLY) = 4
[pid   7] openat(AT_FDCWD, "/etc", O_RDONLY|O_DIRECTORY) = 5
[pid   9] fchdir(5) = 0
[pid   9] open("d.conf", O_RDONLY) = 6
[pid   7] vfork() = 2 /* 10 in strace's PID NS */
[pid  10] execve("./run", ["./run"], 0x7ffd /* 3 vars */) = 0
`,
    {
      format: "strace log",
      paths: ["/app/main.py", "/app/child.py", "/app/lib/a.py", "/app/b.py", "/srv/c.py", "/etc/d.conf", "x /etc/./run"],
    },
  ));

test("strace -y and -tt: descriptors' paths, calls cut in two by other processes", async () => {
  const files = await check(
    `30 12:00:00.000000 openat(AT_FDCWD</app>, "x.py", O_RDONLY <unfinished ...>
31 12:00:00.100000 openat(7</srv/a, b>, "y.py", O_RDONLY <unfinished ...>
30 12:00:00.200000 <... openat resumed>)   = 3</app/x.py>
31 12:00:00.300000 <... openat resumed> )  = 4</srv/a, b/y.py>
30 12:00:00.400000 execve("/usr/bin/id", ["id"], 0x55 /* 9 vars */ <unfinished ...>
30 12:00:00.500000 <... execve resumed>)   = -1 ENOENT (No such file or directory)
30 12:00:00.600000 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD <unfinished ...>
32 12:00:00.700000 openat(AT_FDCWD</app>, "z.py", O_RDONLY) = 3</app/z.py>
30 12:00:00.800000 <... clone resumed>, child_tidptr=0x7fd5) = 32
`,
    { format: "strace log", paths: ["/app/x.py", "/srv/a, b/y.py", "/app/z.py"] },
  );
  expect(files.map((file) => Math.round(file.firstOpenMs ?? -1))).toEqual([200, 300, 700]);
});

test("strace -y from outside of a container: its folders lose the folder where its root is", () =>
  check(
    `30 openat(AT_FDCWD</>, "/etc/app/x", O_RDONLY) = 3</merged/etc/app/x>
30 openat(AT_FDCWD</merged/srv>, "a.py", O_RDONLY) = 3</merged/srv/a.py>
30 chdir("/app") = 0
30 openat(AT_FDCWD</merged/app>, "b.py", O_RDONLY) = 3</merged/app/b.py>
30 openat(9</merged/opt/lib>, "c.so", O_RDONLY) = 4</merged/opt/lib/c.so>
`,
    { format: "strace log", paths: ["/etc/app/x", "/srv/a.py", "/app/b.py", "/opt/lib/c.so"] },
  ));

test("strace: what was opened before the container's root was entered belongs to the tools outside", () =>
  check(
    `5 openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY) = 3
5 chroot("/merged") = 0
5 chdir("/app") = 0
5 execve("/bin/server", ["server"], 0x7f /* 1 var */) = 0
5 openat(AT_FDCWD, "conf", O_RDONLY) = 3
5 chroot("/var/empty") = 0
5 openat(AT_FDCWD, "/dev/null", O_RDWR) = 4
`,
    { format: "strace log", paths: ["x /bin/server", "/app/conf", "/dev/null"] },
  ));

test("strace -ff: a file per process, children begin where their parent was", async () => {
  const folder = mkdtempSync(join(tmpdir(), "strace-"));
  writeFileSync(
    join(folder, "log.200"),
    'execve("/bin/sh", ["sh"], 0x7f /* 1 var */) = 0\nchdir("/app") = 0\nclone(child_stack=NULL, flags=SIGCHLD) = 201\n',
  );
  writeFileSync(join(folder, "log.201"), 'openat(AT_FDCWD, "a", O_RDONLY) = 3\n');
  writeFileSync(join(folder, "notes.txt"), "not a log\n");
  const read = await readTrace(folder, {});
  expect(read.files.map((file) => file.path)).toEqual(["/bin/sh", "/app/a"]);
});

test("recorded truth: pages at both moments, totals of chunks", async () => {
  const text =
    "totalFiles 9\nopenedFiles 2\nchunkBytes4MiB 8388608\nrequestChunkBytes4MiB 9000000\n/\n\tinit\t50\t1x\t1x\n/etc\n\tpasswd\t5000\t1\t2\n\tgroup\t10\t-\t1\n";
  const read = await readTraceBytes("truth.txt", [Buffer.from(text)]);
  expect(read).toMatchObject({ format: "recorded truth", moments: ["ready", "firstRequest"], isInOrder: false, problems: [] });
  expect(read.files).toMatchObject([
    { path: "/init", executed: true, pagesRead: 1, requestPagesRead: 1 },
    { path: "/etc/passwd", pagesRead: 1, requestPagesRead: 2 },
    { path: "/etc/group", moment: "firstRequest", requestPagesRead: 1 },
  ]);
  expect(read.chunkBytes).toEqual([
    { moment: "ready", chunkSizeBytes: 4 << 20, bytes: 8_388_608 },
    { moment: "firstRequest", chunkSizeBytes: 4 << 20, bytes: 9_000_000 },
  ]);
  await check('{"name":"x","opened":[{"path":"/a","sizeBytes":5,"pagesRead":1,"executed":true}],"chunkBytes1MiB":5}', {
    format: "recorded truth",
    paths: ["x /a"],
  });
});

test.each([
  ["nothing", "", /is empty/],
  ["prose", "Hello world.\nThis is no trace at all, is it?\n", /no form that is known/],
  ["bytes that are no text", "\u0000\u0001\u0002", /not text/],
  ["damaged JSON", '{"files": [', /damaged/],
  ["JSON of another form", '{"hello": 1}\n', /no form that is known/],
])("%s is refused with a hint", async (_, text, words) => {
  await expectUserError(readTraceBytes("trace", [Buffer.from(text)]), "file-unreadable", words);
});

test("overlaybd's trace of blocks is refused by its name", async () => {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(3_270_449_184, 0);
  await expect(readTraceBytes("trace", [bytes])).rejects.toThrow("overlaybd");
});
