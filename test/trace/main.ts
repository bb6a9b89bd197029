/** What `test/trace/trace` runs, as root and with mounts of its own. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { formatBytes, formatDuration } from "../../src/base/format.ts";
import { corpusCache, corpusFolder, isBuilt, layoutOf, readProbe, type Probe } from "../bench/corpus.ts";
import { formatTruth, truthFile } from "../bench/truth.ts";
import { must, run } from "../real/parts/process.ts";
import { makeImageDisk } from "./imageDisk.ts";
import { recordStart } from "./oneStart.ts";
import { truthOf } from "./truthOf.ts";

const help = `test/trace/trace [options] NAME|OCI-LAYOUT…

Starts each image three times on a cold disk of its own and writes what it opened and read: until it was ready, and until its
first request was answered if its probe.json has one. NAME is an image of test/corpus that test/corpus/build has made; the
record becomes test/corpus/NAME/truth.txt. For the folder of any other OCI layout the record goes to standard output.

  --out FILE      write the record there (one image only)
  --probe FILE    how readiness is seen (probe.json; needed for the folder of a layout)
  --once          one start instead of three: quick, but it says nothing about what varies
  --storage FILE  storage.conf of the containers storage in which images are unpacked (default: the corpus's)
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string" },
    probe: { type: "string" },
    once: { type: "boolean" },
    storage: { type: "string", default: join(corpusCache, "storage.conf") },
    help: { type: "boolean" },
  },
});
if (values.help || positionals.length === 0) {
  console.log(help);
  process.exit(values.help ? 0 : 2);
}
if (values.out && positionals.length > 1) throw new Error("--out takes the record of one image.");

/** Interrupted, it stops waiting and cleans up like after any failure. */
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.abort(new Error("interrupted")));

interface Work {
  readonly name: string;
  readonly layout: string;
  readonly probe: Probe;
  /** Absent: standard output. */
  readonly out?: string | undefined;
}

function workOf(word: string): Work {
  if (existsSync(join(word, "index.json"))) {
    if (!values.probe) throw new Error(`${word} is a layout: --probe FILE must say how it is seen that the image is ready.`);
    return { name: basename(word), layout: resolve(word), probe: readProbe(values.probe), out: values.out };
  }
  const probe = values.probe ?? join(corpusFolder, word, "probe.json");
  if (!existsSync(probe)) throw new Error(`${word} is neither an OCI layout nor a folder of test/corpus with a probe.json.`);
  if (!isBuilt(word)) throw new Error(`${word} is not built: test/corpus/build ${word}`);
  return { name: word, layout: layoutOf(word), probe: readProbe(probe), out: values.out ?? truthFile(word) };
}

async function trace(work: Work, folder: string): Promise<string> {
  const disk = await makeImageDisk(work.layout, values.storage, folder);
  const started = (readAheadKiB: number, name: string) =>
    recordStart(disk, work.probe, readAheadKiB, join(folder, name), interrupted.signal);
  const first = await started(0, "first");
  const truth = truthOf(
    values.once
      ? { first, readahead: first, repeat: first }
      : { first, readahead: await started(128, "readahead"), repeat: await started(0, "repeat") },
  );
  const { variation, ...single } = truth;
  const { request } = single;
  console.error(
    `${work.name}: ready after ${formatDuration(first.readyMs)}, ${truth.openedFiles} of ${truth.totalFiles} files opened, ` +
      `${formatBytes(truth.pageBytesRead)} of ${formatBytes(truth.totalBytes)} read` +
      (request ? `, after the first request ${request.openedFiles} files, ${formatBytes(request.pageBytesRead)}` : "") +
      (values.once
        ? ""
        : `; other starts: sets alike ${variation?.openedJaccardRepeat.toFixed(3)}, ${variation?.openedJaccardReadahead.toFixed(3)}`),
  );
  // What was not measured is not written.
  return formatTruth(values.once ? single : truth);
}

/** Removes what traces left that were killed before they could clean up. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(corpusCache)) {
    const pid = /^trace-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    const folder = join(corpusCache, name);
    for (const start of readdirSync(folder))
      for (const container of existsSync(join(folder, start, "crun")) ? readdirSync(join(folder, start, "crun")) : [])
        await run(["crun", "--root", join(folder, start, "crun"), "--cgroup-manager", "disabled", "delete", "--force", container]);
    rmSync(folder, { recursive: true, force: true });
  }
}

mkdirSync(corpusCache, { recursive: true });
await sweep();
for (const program of ["crun", "buildah", "skopeo", "mkfs.erofs", "cc", "ip", "nsenter"])
  await must(["bash", "-c", `command -v ${program}`]).catch(() => {
    throw new Error(`${program} is missing: test/setup installs what is needed.`);
  });
for (const work of positionals.map(workOf)) {
  const folder = mkdtempSync(join(corpusCache, `trace-${process.pid}-`));
  try {
    const text = await trace(work, folder);
    if (work.out) writeFileSync(work.out, text);
    else process.stdout.write(text);
  } catch (error) {
    console.error(`${work.name} could not be traced: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (interrupted.signal.aborted) break;
}
process.exit();
