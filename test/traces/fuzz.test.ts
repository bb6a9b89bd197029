import { expect, test } from "vitest";
import { isUserError } from "../../src/base/errors.ts";
import { StraceReader } from "../../src/traces/formats/straceLog.ts";
import { readTraceBytes } from "../../src/traces/readTrace.ts";
import { resolveTrace } from "../../src/traces/resolveTrace.ts";
import { memoryCatalog } from "../fakes/memoryCatalog.ts";
import { fuzz, fuzzAsync, mutated } from "../fuzz.ts";

const good = [
  '{"path":"usr/bin/bash","manifestDigest":"sha256:5d","layerIndex":0}\n{"path":"etc/passwd"}\n',
  '{"path":"/a","size":5,"elapsed":12}\n{"comm":"sh","types":"RO","path":"/b","timestamp":1.5}\n',
  "/usr/sbin/nginx\n/etc/nginx/nginx.conf\n",
  'path,size,elapsed\n"/a,1",1.0 KiB,2.5 ms\n/b,7,500\n',
  '["/usr/bin/python3","app/x.py"]',
  '{"version":"v1","files":[{"path":"/a","ranges":[[0,4096],[9007199254740991,2]]}]}',
  "# events=9 overflow=2\n3\t20.5\t2\t/m/etc/passwd\n64768\t7\t1.0\t3\t/m/bin/sh\n",
  "12:00:00.5 python3(12) [0:0]: RCO   /usr/lib/x.py\nrsyslogd(8): W /var/log/auth.log\n",
  "TIME(s) PID    COMM               FD ERR PATH\n0.1 2440   snmp pass          4   0 /proc/cpuinfo\n",
  "totalFiles 9\nchunkBytes4MiB 8388608\n/\n\tinit\t50\t1x\t1x\n/etc\n\tgroup\t10\t-\t1\n",
  '[pid 7] 12:00:00.1 openat(AT_FDCWD</app>, "x\\303\\251", O_RDONLY <unfinished ...>\n[pid 8] chdir("/x") = 0\n[pid 7] <... openat resumed>) = 3</app/x>\n',
  '30 clone(child_stack=NULL, flags=CLONE_FS|SIGCHLD, child_tidptr=0x7f) = 31 /* 99 in strace\'s PID NS */\n31 execve("./a", ["a", "b)"], 0x7f /* 1 var */) = 0\n30 close(3) = 0\n',
].map((text) => Buffer.from(text));

const image = memoryCatalog({ "/usr/bin/bash": "x", "/etc/passwd": "x", "/m/etc/passwd": "x", "/bin": { link: "usr/bin" } });

test("no trace makes the readers fail in another way than with a message for the user", async () => {
  const count = await fuzzAsync(
    "traces",
    (random) => mutated(random, random.pick(good)),
    async (bytes) => {
      try {
        const traced = await readTraceBytes("trace", [bytes]);
        expect(traced.files.length).toBeLessThanOrEqual(bytes.length);
        for (const file of traced.files) {
          expect(file.path.length).toBeLessThanOrEqual(4096);
          for (const range of file.ranges ?? []) expect(range.offset).toBeGreaterThanOrEqual(0);
        }
        resolveTrace(image, traced, "/");
      } catch (error) {
        if (!isUserError(error)) throw error;
      }
    },
  );
  expect(count).toBeGreaterThan(100);
});

test("no line upsets the reader of strace logs, and none takes long", () => {
  const pieces = [
    "openat(",
    "AT_FDCWD",
    "</a",
    ">",
    '"',
    "\\",
    "\\x4",
    "(",
    "[",
    "{",
    "}",
    ")",
    ", ",
    " = 3",
    " = ?",
    "<unfinished ...>",
    "<... openat resumed>",
    "12 ",
    "[pid 7] ",
    "12:00:00 ",
    "clone(",
    "chdir(",
    "execve(",
    "\u0000",
  ];
  const count = fuzz(
    "strace lines",
    (random) => random.text(pieces, 60),
    (line) => {
      const reader = new StraceReader();
      reader.line(line);
      reader.line(`${line}${line}`);
      reader.end();
    },
  );
  expect(count).toBeGreaterThan(100);
  for (const piece of pieces) {
    const started = performance.now();
    const reader = new StraceReader();
    reader.line(`openat(${piece.repeat(200_000)}`);
    expect(performance.now() - started).toBeLessThan(2000);
  }
});
