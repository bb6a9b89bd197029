import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Probe } from "../bench/corpus.ts";
import { must } from "../real/parts/process.ts";
import { lookUp } from "./account.ts";
import { bundleConfig, providedFiles } from "./bundle.ts";
import { Conversation } from "./conversation.ts";
import type { ImageDisk } from "./imageDisk.ts";
import { compiled } from "./programs.ts";

/** What the page cache holds of a file. */
export interface CachedFile {
  readonly sizeBytes: number;
  /** 4 KiB pages. */
  readonly pages: number;
  readonly chunkBytes1MiB: number;
  readonly chunkBytes4MiB: number;
  /** Equal for names of one file. */
  readonly inode: string;
}

/** Everything that was seen until one moment. */
export interface Seen {
  /** Path → whether it was executed, of all that was opened, directories and files made at runtime included. */
  readonly opened: ReadonlyMap<string, boolean>;
  /** All regular files of the image by path. */
  readonly files: ReadonlyMap<string, CachedFile>;
}

/** One recorded start of an image. */
export interface Start {
  readonly readyMs: number;
  readonly ready: Seen;
  /** After the first request was answered; what was seen until ready is in it too. Absent without a request. */
  readonly request?: Seen;
}

/** After it is ready or has answered, a program may still do what belongs to that; in the corpus all of it comes within this time. */
const settleMs = 300;

/** How soon after it was opened a file's pages are held. */
const watchMs = 250;

/**
 * Starts the image once on a cold disk of its own and records what it opens and reads. Recording begins when the runtime has prepared the
 * container and before its first exec; what the runtime itself opened does not count.
 *
 * @param readAheadKiB of the disk; 0 shows the pages that were asked for
 * @param folder an empty folder of this start; nothing of it is left mounted
 */
export async function recordStart(
  disk: ImageDisk,
  probe: Probe,
  readAheadKiB: number,
  folder: string,
  signal: AbortSignal,
): Promise<Start> {
  const lower = join(folder, "lower");
  const writable = join(folder, "writable");
  const root = join(folder, "root");
  const log = join(folder, "log");
  const runtime = ["crun", "--root", join(folder, "crun"), "--cgroup-manager", "disabled"];
  const name = `trace-${process.pid}-${basename(folder)}`;
  const programs = {
    record: await compiled("recordOpens.c"),
    hold: await compiled("holdPages.c"),
    scan: await compiled("scanPages.c"),
  };
  const cleanUps: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    for (const each of [lower, writable, root]) await mkdir(each, { recursive: true });
    await mountDisk(disk.file, lower, readAheadKiB);
    cleanUps.push(() => must(["umount", "--lazy", lower]));
    await must(["mount", "-t", "tmpfs", "tmpfs", writable]);
    cleanUps.push(() => must(["umount", "--lazy", writable]));
    await Promise.all([mkdir(join(writable, "upper")), mkdir(join(writable, "work"))]);
    const layers = `lowerdir=${lower},upperdir=${join(writable, "upper")},workdir=${join(writable, "work")}`;
    await must(["mount", "-t", "overlay", "overlay", "-o", layers, root]);
    cleanUps.push(() => must(["umount", "--lazy", root]));
    await mkdir(join(root, disk.config.WorkingDir || "/"), { recursive: true });
    await writeBundle(disk, root, folder);

    // Its output goes to a file: through a pipe, whoever reads it would wait for the container.
    await must([
      "bash",
      "-c",
      'log=$1; shift; exec "$@" </dev/null >"$log" 2>&1',
      "bash",
      log,
      ...runtime,
      "create",
      "--bundle",
      folder,
      name,
    ]).catch((error: unknown) => {
      throw new Error(`crun cannot create the container: ${tail(log)}`, { cause: error });
    });
    const { pid } = JSON.parse(await must([...runtime, "state", name])) as { pid: number };
    cleanUps.push(async () => {
      await must([...runtime, "delete", "--force", name]);
      await containerEnd(pid, 10_000);
    });
    const network = ["nsenter", "--target", String(pid), "--net", "--"];
    await must([...network, "ip", "link", "set", "lo", "up"]);
    const recorder = new Conversation([programs.record, root]);
    cleanUps.push(() => recorder.stop());
    await recorder.answer((received) => (received.length > 0 ? 1 : undefined));
    const prober =
      probe.type === "exit"
        ? undefined
        : new Conversation([...network, process.execPath, join(import.meta.dirname, "probe.ts"), JSON.stringify(probe)]);
    if (prober) cleanUps.push(() => prober.stop());

    const holder = new Conversation([programs.hold]);
    cleanUps.push(() => holder.stop());
    const watch = watchOpens(recorder, root, (path) => holder.say(`${lower}${path}\0`));
    cleanUps.push(() => watch.stop());
    const seen = async (): Promise<Seen> => {
      await delay(settleMs, undefined, { signal });
      return { opened: new Map(await watch.opened()), files: await scanPages(programs.scan, lower) };
    };
    lookUp(root, disk.config.User ?? "");
    const startedMs = performance.now();
    await must([...runtime, "start", name]);
    // The prober has its own time limit.
    const ended = containerEnd(pid, prober ? Infinity : 1000 * (probe.timeout ?? 120), signal);
    if (prober) await expectLine(prober, "ready", ended, log);
    else await ended;
    const readyMs = performance.now() - startedMs;
    const ready = await seen();
    if (!prober || !probe.request) return { readyMs, ready };
    prober.say("go\n");
    await expectLine(prober, "answered", ended, log);
    return { readyMs, ready, request: await seen() };
  } finally {
    for (const cleanUp of cleanUps.reverse())
      try {
        await cleanUp();
      } catch (error) {
        console.error(`trace: ${error instanceof Error ? error.message : String(error)}`);
      }
  }
}

/** The loop device goes away with its mount. */
async function mountDisk(file: string, target: string, readAheadKiB: number): Promise<void> {
  const device = await must(["losetup", "--find", "--show", "--read-only", "--direct-io=on", file]);
  try {
    await writeFile(`/sys/block/${basename(device)}/queue/read_ahead_kb`, String(readAheadKiB));
    await must(["mount", "-t", "erofs", "-o", "ro", device, target]);
  } finally {
    await must(["losetup", "--detach", device]);
  }
}

async function writeBundle(disk: ImageDisk, root: string, folder: string): Promise<void> {
  const provided = join(folder, "provided");
  await mkdir(provided);
  for (const [path, content] of Object.entries(providedFiles)) {
    const file = join(provided, basename(path));
    await writeFile(file, content);
    await chmod(file, 0o644);
  }
  await writeFile(join(folder, "config.json"), JSON.stringify(bundleConfig(disk.config, disk.account, root, provided)));
}

interface Watch {
  /** Path → whether it was executed, of all that was opened so far. */
  opened(): Promise<ReadonlyMap<string, boolean>>;
  stop(): void;
}

/** Asks the recorder again and again what was opened, so that `onOpened` hears of each path soon after it was opened. */
function watchOpens(recorder: Conversation, root: string, onOpened: (path: string) => void): Watch {
  const opened = new Map<string, boolean>();
  const stopped = new AbortController();
  const ask = async (): Promise<void> => {
    recorder.say("?");
    const records = (await recorder.answer(endOfAnswer)).toString().split("\0");
    const lost = records.at(-2);
    if (lost !== "0") throw new Error(`The kernel lost ${lost} events: the record would have holes.`);
    for (const record of records.slice(0, -2)) {
      const path = record.startsWith(`${root}/`, 1) ? record.slice(1 + root.length) : record.slice(1);
      if (!opened.has(path)) onOpened(path);
      opened.set(path, record.startsWith("x"));
    }
  };
  // One question at a time; once one fails, all later ones do.
  let last: Promise<void> = Promise.resolve();
  const update = (): Promise<void> => (last = last.then(ask));
  const askAgain = async (): Promise<void> => {
    for (;;) {
      await update();
      await delay(watchMs, undefined, { signal: stopped.signal });
    }
  };
  askAgain().catch(() => {}); // stopped, or failed, which whoever asks next is told
  return {
    async opened() {
      await update();
      return opened;
    },
    stop: () => stopped.abort(),
  };
}

/** After the record that begins with a digit; all others begin with a letter. */
function endOfAnswer(received: Buffer): number | undefined {
  if (received.length === 0 || received.at(-1) !== 0) return undefined;
  const last = received.lastIndexOf(0, received.length - 2) + 1;
  const first = received[last] ?? 0;
  return first >= 0x30 && first <= 0x39 ? received.length : undefined;
}

async function scanPages(program: string, root: string): Promise<ReadonlyMap<string, CachedFile>> {
  const files = new Map<string, CachedFile>();
  for (const record of (await must([program, root])).split("\0")) {
    const [size, pages, small, large, inode = "", ...rest] = record.split("\t");
    if (rest.length === 0) continue;
    files.set(rest.join("\t"), {
      sizeBytes: Number(size),
      pages: Number(pages),
      chunkBytes1MiB: Number(small),
      chunkBytes4MiB: Number(large),
      inode,
    });
  }
  return files;
}

/** Resolves when the container's first process is gone. */
async function containerEnd(pid: number, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (isRunning(pid)) {
    if (performance.now() > deadline) throw new Error(`It has not ended after ${Math.round(timeoutMs / 1000)} s.`);
    await delay(20, undefined, signal && { signal });
  }
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false; // the kernel knows it no more
  }
}

async function expectLine(prober: Conversation, wanted: string, ended: Promise<void>, log: string): Promise<void> {
  const line = await Promise.race([prober.line(), ended.then(() => "failed the container has ended")]);
  if (line.startsWith(wanted)) return;
  throw new Error(`${line.replace(/^failed /, "")}; it said:\n${tail(log)}`);
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8").slice(-2000) : "nothing";
}
