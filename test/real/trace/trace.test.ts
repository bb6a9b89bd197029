import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Probe } from "../../bench/corpus.ts";
import { parseTruth } from "../../bench/truth.ts";
import { containerTools, copyImage, makeImage } from "../parts/images.ts";
import { must, poll, run, temporaryFolder } from "../parts/process.ts";

const program = join(import.meta.dirname, "..", "..", "trace", "trace");
const folder = temporaryFolder("trace");
const layout = join(folder, "service");
/** Traces work here, away from the corpus. */
const env = { CORPUS_OUT: folder };
let storage = "";

beforeAll(async () => {
  const binary = join(folder, "service-binary");
  await must(["cc", "-static", "-O1", "-w", "-o", binary, join(import.meta.dirname, "service.c")]);
  const tools = containerTools();
  const name = await makeImage(tools, "service", [
    {
      files: {
        "usr/bin/service": readFileSync(binary),
        "etc/passwd": "root:x:0:0::/:/bin/sh\nkeeper:x:1234:1234::/home/keeper:/bin/sh\n",
        "etc/group": "root:x:0:\nkeeper:x:1234:\n",
        "etc/hosts": "the runtime's own file hides this one\n",
        "tmp/.keep": "",
        "data/never.txt": "never opened",
      },
      executable: ["usr/bin/service"],
      entrypoint: ["service"],
    },
    {
      files: {
        "etc/service.conf": "x".repeat(5000),
        "data/model.bin": Buffer.alloc(1500 * 4096, 1),
        "data/only-looked-at.txt": "stat",
        "data/answer.txt": "42",
      },
    },
  ]);
  await copyImage(tools, name, `oci:${layout}:latest`);
  // The storage that traces unpack in does not know the image, as for a layout from elsewhere.
  storage = containerTools().env["CONTAINERS_STORAGE_CONF"] ?? "";
});

function probeFile(name: string, probe: Probe): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(probe));
  return file;
}

const healthy: Probe = { type: "http", port: 8080, path: "/", request: ["GET", "/answer", null], timeout: 20 };

test("a trace tells what was opened and which pages were read, until ready and until the first request", async () => {
  const traced = await run([program, "--storage", storage, "--probe", probeFile("probe.json", healthy), layout], { env });
  expect(traced.stderr).toContain("sets alike 1.000, 1.000");
  const truth = parseTruth(traced.stdout);
  expect([...truth.opened.keys()].sort()).toEqual(["/data/model.bin", "/etc/service.conf", "/usr/bin/service"]);
  expect(truth.opened.get("/data/model.bin")).toEqual({ sizeBytes: 1500 * 4096, pagesRead: 2, executed: false });
  expect(truth.opened.get("/etc/service.conf")?.pagesRead).toBe(2);
  expect(truth.opened.get("/usr/bin/service")?.executed).toBe(true);
  expect(truth.openedFiles).toBe(3);
  expect(truth.totalFiles).toBe(10);
  const others = truth.pageBytesRead - 2 * 4096 - 5000;
  expect(others).toBeGreaterThan(4096);
  expect(truth.pageBytesReadahead128K).toBeGreaterThan(truth.pageBytesRead);

  expect([...(truth.request?.opened.keys() ?? [])].filter((path) => !truth.opened.has(path))).toEqual(["/data/answer.txt"]);
  expect(truth.request?.opened.get("/data/model.bin")?.pagesRead).toBe(3);
  expect(truth.variation?.openedJaccardRepeat).toBe(1);
  expect(leftOvers()).toEqual([]);
});

test("the user's account is looked up in the image, as an engine does", async () => {
  const other = join(folder, "other");
  const tools = containerTools();
  await must(["skopeo", "copy", "-q", `oci:${layout}:latest`, "containers-storage:localhost/other:latest"], { env: tools.env });
  const container = await tools.buildah("from", "localhost/other");
  await tools.buildah("config", "--user", "keeper", container);
  await tools.buildah("commit", "-q", "--rm", container, "localhost/other");
  await copyImage(tools, "localhost/other", `oci:${other}:latest`);
  const probe = probeFile("tcp.json", { type: "tcp", port: 8080, timeout: 20 });
  const argv = [program, "--once", "--storage", tools.env["CONTAINERS_STORAGE_CONF"] ?? "", "--probe", probe, other];
  const truth = parseTruth(await must(argv, { env }));
  expect(truth.opened.has("/etc/passwd")).toBe(true);
  expect(truth.opened.has("/etc/group")).toBe(false);
  expect(truth.request).toBeUndefined();
});

test("a service that is not ready in time is an error that shows what was waited for, and nothing stays behind", async () => {
  const probe = probeFile("never.json", { type: "http", port: 9, path: "/", timeout: 1 });
  const traced = await run([program, "--once", "--storage", storage, "--probe", probe, layout], { env });
  expect(traced.exitCode).toBe(1);
  expect(traced.stderr).toContain("it is not ready after 1 s");
  expect(traced.stdout).toBe("");
  expect(leftOvers()).toEqual([]);
});

test("an interrupted trace ends its container and removes everything", async () => {
  const probe = probeFile("long.json", { type: "http", port: 9, path: "/", timeout: 600 });
  const child = spawn(program, ["--once", "--storage", storage, "--probe", probe, layout], {
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  const service = await poll("the traced service", async () => services()[0]);
  child.kill("SIGTERM");
  expect((await ended)[0]).not.toBe(0);
  expect(services()).not.toContain(service);
  expect(leftOvers()).toEqual([]);
});

/** Process numbers of our service, in whatever container. */
function services(): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8") === "service\0";
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

/** Work folders of traces, and disks that are still in use. */
function leftOvers(): string[] {
  const disks = readdirSync("/sys/block")
    .map((name) => join("/sys/block", name, "loop", "backing_file"))
    .filter((file) => existsSync(file) && readFileSync(file, "utf8").startsWith(folder));
  return [...readdirSync(folder).filter((name) => name.startsWith("trace-")), ...disks];
}
