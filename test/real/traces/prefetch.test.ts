import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { coldstart, inspectedReport } from "../parts/coldstart.ts";
import { containerTools, copyImage, makeImage } from "../parts/images.ts";
import { prefetchSpans, prefetchTools, prioritizedFiles } from "../parts/prefetchTools.ts";
import { temporaryFolder } from "../parts/process.ts";

const work = temporaryFolder("prefetch");
const layout = join(work, "layout");
const cache = temporaryFolder("cache");
let tools: string;
/** Digest and uncompressed tar of each layer, base first. */
const layers: { digest: string; tar: string }[] = [];

/** A script as the service in the upper layer, what it runs and reads in both, and megabytes beside it that it never touches. */
beforeAll(async () => {
  const container = containerTools();
  const name = await makeImage(container, "prefetch:1", [
    {
      files: {
        "bin/sh": readFileSync("/bin/sh"),
        "etc/settings": "A=1\n",
        "etc/overridden": "B=1\n",
        "data/first.bin": randomBytes(2 << 20),
      },
      executable: ["bin/sh"],
    },
    {
      files: {
        "run.sh": "#!/bin/sh\n. /etc/settings\n. /etc/overridden\n. '/opt/a name/[x].env'\nexec /bin/sh -c true\n",
        "etc/overridden": `B=2\n# ${"x".repeat(90_000)}\n`,
        "opt/a name/[x].env": "C=1\n",
        "data/second.bin": randomBytes(2 << 20),
      },
      executable: ["run.sh"],
      entrypoint: ["/run.sh"],
    },
  ]);
  await copyImage(container, name, `oci:${layout}:1`);
  const blob = (digest: string): Buffer => readFileSync(join(layout, "blobs", "sha256", digest.slice("sha256:".length)));
  const index = JSON.parse(readFileSync(join(layout, "index.json"), "utf8")) as { manifests: { digest: string }[] };
  const manifest = JSON.parse(blob(index.manifests[0]?.digest ?? "").toString()) as { layers: { digest: string }[] };
  for (const { digest } of manifest.layers) {
    const tar = join(work, `${layers.length}.tar`);
    writeFileSync(tar, gunzipSync(blob(digest)));
    layers.push({ digest, tar });
  }
  tools = await prefetchTools();
});

async function exported(format: string, ...options: string[]): Promise<string> {
  const finished = await coldstart(cache, ["export", `oci:${layout}:1`, "--format", format, ...options]);
  expect(finished).toMatchObject({ exitCode: 0 });
  return finished.stdout;
}

/** What the estimate lists, without empty files. */
async function predicted(): Promise<readonly string[]> {
  const report = await inspectedReport(cache, `oci:${layout}:1`);
  expect(report.files.map((file) => file.path)).toEqual(
    expect.arrayContaining(["/bin/sh", "/etc/overridden", "/etc/settings", "/opt/a name/[x].env", "/run.sh"]),
  );
  return report.files.filter((file) => file.sizeBytes > 0).map((file) => file.path);
}

test("eStargz puts exactly the listed files in front of its landmark, in the list's order", async () => {
  const listed = (await exported("estargz")).trim().split("\n");
  // ctr-remote takes the lines as patterns and hands what they match to the builder, which knows names only.
  const names = listed.map((line) => line.replace(/\[([*?[])\]/g, "$1"));
  expect([...names].sort()).toEqual([...(await predicted())].sort());
  const owner = new Map((await inspectedReport(cache, `oci:${layout}:1`)).files.map((file) => [file.path, file.layerIndex]));
  for (const [index, { tar }] of layers.entries()) {
    const mine = names.filter((path) => owner.get(path) === index);
    const made = await prioritizedFiles(tools, tar, mine.map((path) => `${path}\n`).join(""));
    expect(made).toEqual({ prioritized: mine, missed: [] });
  }
});

test("SOCI makes spans for exactly the layers that hold listed files, and finds every file", async () => {
  const list = await exported("soci");
  expect([...(JSON.parse(list) as string[])].sort()).toEqual([...(await predicted())].sort());
  const made = await prefetchSpans(tools, copyOfLayout("soci"), list);
  expect(made.warnings).toBe("");
  expect(Object.keys(made.layers).sort()).toEqual(layers.map(({ digest }) => digest).sort());
  // Spans of 64 KiB: two megabytes beside the listed files are not in them.
  for (const spans of Object.values(made.layers))
    expect(spans.reduce((sum, span) => sum + span.end_span - span.start_span + 1, 0)).toBeLessThan(12);
});

test("a list of a file that is not there is told by SOCI: the check above can fail", async () => {
  const made = await prefetchSpans(tools, copyOfLayout("soci-missing"), '["/run.sh","/nowhere"]');
  expect(made.warnings).toContain("nowhere");
  expect(Object.keys(made.layers)).toEqual([layers[1]?.digest]);
});

test("a trace is exported as it was recorded, and a budget leaves the rest out", async () => {
  const trace = join(work, "trace.log");
  writeFileSync(trace, 'execve("/run.sh", ["/run.sh"], 0x7f /* 1 var */) = 0\nopenat(AT_FDCWD, "data/first.bin", O_RDONLY) = 3\n');
  expect(JSON.parse(await exported("soci", "--trace", trace))).toEqual(["/run.sh", "/bin/sh", "/data/first.bin"]);
  expect(JSON.parse(await exported("soci", "--trace", trace, "--budget", "1MB"))).toEqual(["/run.sh", "/bin/sh"]);
});

function copyOfLayout(name: string): string {
  const copy = join(work, name);
  mkdirSync(copy);
  cpSync(layout, copy, { recursive: true });
  return copy;
}
