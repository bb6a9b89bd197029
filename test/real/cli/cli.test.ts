import { randomBytes } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../../src/results/report.ts";
import { coldstart, coldstartProgram, inspectedReport, startColdstart } from "../parts/coldstart.ts";
import { containerTools, copyImage, makeImage } from "../parts/images.ts";
import { must, poll, temporaryFolder } from "../parts/process.ts";
import { startRegistry, type Registry } from "../parts/registry.ts";
import { startSlowProxy } from "../parts/slowProxy.ts";

const work = temporaryFolder("cli");
const layout = `oci:${join(work, "layout")}:1`;
let registry: Registry;

/** A shell script as the service, and 12 MB beside it that cannot be compressed: time enough to interrupt. */
beforeAll(async () => {
  const tools = containerTools();
  const name = await makeImage(tools, "service:1", [
    { files: { "bin/sh": readFileSync("/bin/sh"), "data/first.bin": randomBytes(6 << 20) }, executable: ["bin/sh"] },
    {
      files: {
        "run.sh": "#!/bin/sh\n. /etc/settings\nexec /bin/sh -c true\n",
        "etc/settings": "A=1\n",
        "data/second.bin": randomBytes(6 << 20),
      },
      executable: ["run.sh"],
      entrypoint: ["/run.sh"],
    },
  ]);
  await copyImage(tools, name, layout);
  registry = await startRegistry();
  await copyImage(tools, name, `docker://${registry.host}/service:1`);
});

afterAll(async () => {
  await registry.stop();
});

/** What must be the same whenever the same image is asked about. */
function answer({ totals, estimate, files, layers }: Report): unknown {
  return {
    totals,
    estimate,
    files,
    layers: layers.map(({ diffId, files, bytes, openedFiles }) => ({ diffId, files, bytes, openedFiles })),
  };
}

function newCache(): string {
  return temporaryFolder("cache");
}

describe("answers", () => {
  test("a layout and a registry give the same", async () => {
    const fromLayout = await inspectedReport(newCache(), layout);
    expect(fromLayout.schemaVersion).toBe(1);
    expect(fromLayout.totals.files).toBe(5);
    expect(fromLayout.files.map((file) => file.path)).toEqual(expect.arrayContaining(["/bin/sh", "/run.sh", "/etc/settings"]));
    const fromRegistry = await inspectedReport(newCache(), `docker://${registry.host}/service:1`);
    expect(fromRegistry.image.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const comparable = (report: Report): unknown => ({ totals: report.totals, estimate: report.estimate, files: report.files });
    expect(comparable(fromRegistry)).toEqual(comparable(fromLayout));
  });

  test("a Dockerfile with its image", async () => {
    const dockerfile = join(work, "Dockerfile");
    writeFileSync(dockerfile, 'FROM scratch\nCOPY bin /bin\nCOPY run.sh /\nENTRYPOINT ["/run.sh"]\n');
    const finished = await coldstart(newCache(), ["inspect", dockerfile, "--image", layout]);
    expect(finished).toMatchObject({ exitCode: 0 });
    expect(finished.stdout).toContain("ENTRYPOINT");
  });

  test("another entrypoint is answered from kept facts", async () => {
    const cache = newCache();
    const first = await inspectedReport(cache, `${registry.host}/service:1`);
    const proxy = await startSlowProxy(registry.host, undefined);
    try {
      const second = await inspectedReport(cache, `${proxy.host}/service:1`, "--entrypoint", "/bin/sh");
      expect(second.files.map((file) => file.path)).not.toContain("/run.sh");
      expect(second.totals).toEqual(first.totals);
      const configBytes = 5000;
      expect(proxy.blobBytes()).toBeLessThan(configBytes);
    } finally {
      await proxy.stop();
    }
  });
});

describe("exit codes", () => {
  const cases: { title: string; args: () => string[]; exitCode: number; says: RegExp }[] = [
    { title: "help", args: () => ["--help"], exitCode: 0, says: /inspect/ },
    { title: "an image", args: () => ["inspect", layout], exitCode: 0, says: /touches/i },
    { title: "no command", args: () => [], exitCode: 2, says: /inspect/ },
    { title: "an unknown option", args: () => ["inspect", layout, "--fast"], exitCode: 2, says: /--fast/ },
    { title: "an unknown measure", args: () => ["inspect", layout, "--measure", "smell"], exitCode: 2, says: /smell/ },
    { title: "a name that is none", args: () => ["inspect", "docker://UPPER CASE"], exitCode: 2, says: /UPPER CASE/ },
    { title: "an unknown tag", args: () => ["inspect", `docker://${registry.host}/service:none`], exitCode: 1, says: /none/ },
    {
      title: "a registry that is not there",
      args: () => ["inspect", "docker://127.0.0.1:1/service:1"],
      exitCode: 1,
      says: /127\.0\.0\.1:1/,
    },
    { title: "a layout that is not there", args: () => ["inspect", "oci:/nowhere/at/all:1"], exitCode: 1, says: /nowhere/ },
    { title: "another platform", args: () => ["inspect", layout, "--platform", "linux/s390x"], exitCode: 1, says: /s390x/ },
  ];
  for (const { title, args, exitCode, says } of cases)
    test(`${title}: ${exitCode}`, async () => {
      const finished = await coldstart(newCache(), args());
      expect({ exitCode: finished.exitCode, output: finished.stderr + finished.stdout }).toEqual({
        exitCode,
        output: expect.stringMatching(says) as string,
      });
      expect(finished.stderr).not.toContain("bug in Coldstart");
      if (exitCode !== 0) expect(finished.stdout).toBe("");
    });

  test("a reader that closes early is no failure", async () => {
    const finished = await must(
      [
        "bash",
        "-c",
        `set -o pipefail; "$0" "$1" inspect "$2" --json | head -c 1 >/dev/null; echo $?`,
        process.execPath,
        coldstartProgram,
        layout,
      ],
      {
        env: { COLDSTART_CACHE_DIR: newCache() },
      },
    );
    expect(finished).toBe("0");
  });
});

describe("interrupted in the middle of a download", () => {
  test("it ends with 130 and keeps nothing half-written; the next run answers as if nothing had been", async () => {
    const proxy = await startSlowProxy(registry.host, 2 << 20);
    try {
      const cache = newCache();
      const running = startColdstart(cache, ["inspect", `docker://${proxy.host}/service:1`]);
      await poll("two megabytes to be downloaded", async () => proxy.blobBytes() > 2 << 20, 60_000);
      const interruptedAt = performance.now();
      running.interrupt();
      const ended = await running.finished;
      expect(ended).toMatchObject({ exitCode: 130 });
      expect(performance.now() - interruptedAt).toBeLessThan(3000);
      expect(filesUnder(cache).filter((file) => file.endsWith(".tmp"))).toEqual([]);
      proxy.limit(undefined);
      const after = await inspectedReport(cache, `docker://${proxy.host}/service:1`);
      const fresh = await inspectedReport(newCache(), `docker://${registry.host}/service:1`);
      expect(answer(after)).toEqual(answer(fresh));
    } finally {
      await proxy.stop();
    }
  });
});

describe("the cache", () => {
  test("two processes fill one at once, and a third answers from it", async () => {
    const cache = newCache();
    const proxy = await startSlowProxy(registry.host, 8 << 20);
    try {
      const [one, other] = await Promise.all([
        inspectedReport(cache, `docker://${proxy.host}/service:1`),
        inspectedReport(cache, `docker://${proxy.host}/service:1`),
      ]);
      expect(answer(one)).toEqual(answer(other));
      const before = proxy.blobBytes();
      expect(answer(await inspectedReport(cache, `docker://${proxy.host}/service:1`))).toEqual(answer(one));
      expect(proxy.blobBytes() - before).toBeLessThan(5000);
    } finally {
      await proxy.stop();
    }
  });

  test("damaged files are read again", async () => {
    const cache = newCache();
    const before = await inspectedReport(cache, layout);
    const kept = filesUnder(cache);
    expect(kept.length).toBeGreaterThan(0);
    for (const [index, file] of kept.entries()) {
      const bytes = readFileSync(file);
      writeFileSync(
        file,
        index % 2 === 0 ? bytes.subarray(0, bytes.length >> 1) : bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 0x55 : byte)),
      );
    }
    expect(answer(await inspectedReport(cache, layout))).toEqual(answer(before));
  });

  test("one that cannot be written costs nothing but a warning", async () => {
    // Root writes everywhere but below a file.
    const file = join(work, "a-file");
    writeFileSync(file, "");
    const finished = await coldstart(join(file, "cache"), ["inspect", layout, "--json"]);
    expect(finished).toMatchObject({ exitCode: 0 });
    expect(finished.stderr).toContain("cannot be kept");
  });

  test.each([
    ["a full disk", "size=64k", (folder: string) => writeUntilFull(join(folder, "filler"))],
    ["a read-only disk", "size=1m", (folder: string) => must(["mount", "-o", "remount,ro", folder])],
  ])("on %s the answer is the same", async (_, options, prepare) => {
    const folder = temporaryFolder("disk");
    await must(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]);
    try {
      await prepare(folder);
      const finished = await coldstart(folder, ["inspect", layout, "--json"]);
      expect(finished).toMatchObject({ exitCode: 0 });
      expect(finished.stderr).toContain("cannot be kept");
      expect(answer(JSON.parse(finished.stdout) as Report)).toEqual(answer(await inspectedReport(newCache(), layout)));
      expect(filesUnder(folder).filter((file) => file.endsWith(".tmp"))).toEqual([]);
    } finally {
      await must(["umount", folder]);
    }
  });
});

describe("a damaged layout", () => {
  const cases: { title: string; damage: (blob: string) => void }[] = [
    { title: "a layer that ends too soon", damage: (blob) => writeFileSync(blob, readFileSync(blob).subarray(0, 3 << 20)) },
    {
      title: "a layer with one bit changed",
      damage: (blob) =>
        writeFileSync(
          blob,
          readFileSync(blob).map((byte, at) => (at === 4 << 20 ? byte ^ 1 : byte)),
        ),
    },
  ];
  for (const { title, damage } of cases)
    test(`${title} is told, with nothing kept of it`, async () => {
      const folder = join(temporaryFolder("damaged"), "layout");
      cpSync(join(work, "layout"), folder, { recursive: true });
      const blobs = join(folder, "blobs", "sha256");
      const largest = readdirSync(blobs).sort((a, b) => statSync(join(blobs, b)).size - statSync(join(blobs, a)).size)[0] ?? "";
      damage(join(blobs, largest));
      const cache = newCache();
      const finished = await coldstart(cache, ["inspect", `oci:${folder}:1`]);
      expect(finished).toMatchObject({ exitCode: 1, stdout: "" });
      expect(finished.stderr).not.toContain("bug in Coldstart");
      copyFileSync(join(work, "layout", "blobs", "sha256", largest), join(blobs, largest));
      expect(answer(await inspectedReport(cache, `oci:${folder}:1`))).toEqual(answer(await inspectedReport(newCache(), layout)));
    });
});

function filesUnder(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function writeUntilFull(file: string): Promise<void> {
  await must(["bash", "-c", 'head -c 10000000 /dev/zero >"$0" 2>/dev/null; true', file]);
}
