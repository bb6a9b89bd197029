import { pipeline } from "node:stream";
import { constants, createGunzip } from "node:zlib";
import { formatBytes } from "../base/format.ts";
import { parseJsonObject } from "../base/json.ts";
import type { BootJob } from "./bootChain.ts";
import { readCloudInitLog } from "./formats/cloudInitLog.ts";
import { readCloudInitDump, readBusProperties, readNodeLatency, type NodeLatency, type StageTime } from "./formats/jsonDocuments.ts";
import type { JournalBoot } from "./formats/journalBoots.ts";
import { readJournalExport } from "./formats/journalExport.ts";
import { journalFileMagic, readJournalFile } from "./formats/journalFile.ts";
import { readJournalJson } from "./formats/journalJson.ts";
import { DumpReader, type ManagerDump } from "./formats/managerDump.ts";
import { readPlot, type PlotText } from "./formats/plotSvg.ts";
import { showBlocks, type ShowBlock } from "./formats/systemctlShow.ts";
import { readBlameLine, readChainLine, readTimeText, type BlameRow, type ChainRow, type TimeText } from "./formats/systemdAnalyzeText.ts";

/** What one file holds. */
export type BootSource =
  | { readonly form: "systemctl show"; readonly blocks: readonly ShowBlock[] }
  | { readonly form: "systemctl list-jobs"; readonly jobs: readonly BootJob[] }
  | { readonly form: "journal"; readonly boots: readonly JournalBoot[] }
  /** Or the log that it is made of. */
  | { readonly form: "cloud-init analyze dump"; readonly stages: readonly StageTime[] }
  | { readonly form: "systemd-analyze time"; readonly time: TimeText }
  | { readonly form: "systemd-analyze blame"; readonly rows: readonly BlameRow[] }
  | { readonly form: "systemd-analyze critical-chain"; readonly rows: readonly ChainRow[] }
  | { readonly form: "systemd-analyze plot"; readonly plot: PlotText }
  | { readonly form: "systemd-analyze dump"; readonly dump: ManagerDump }
  | { readonly form: "node-latency-for-k8s"; readonly latency: NodeLatency }
  | { readonly form: "clock"; readonly bootId?: string; readonly monotonicUs?: number }
  | { readonly form: "os-release"; readonly osName: string }
  | { readonly form: "systemctl --version"; readonly version: string };

/** What one file tells, or why it tells nothing. */
export type ReadSource =
  | { readonly source: BootSource; readonly problem?: string }
  /** Why the bytes tell of no boot; `isForeign` when they are of another kind altogether, and so of no interest in a folder. */
  | { readonly source?: undefined; readonly problem: string; readonly isForeign: boolean };

/** Everything but journals is held in memory whole; `systemctl show` of a large machine has 20 MB. */
const maxTextBytes = 64_000_000;
const sampleBytes = 65_536;

/** Reads a file whose form is known by its content; also one that gzip compressed. Journals are streamed. Throws only what `chunks` throws. */
export async function readBootSource(chunks: AsyncIterable<Uint8Array>): Promise<ReadSource> {
  const { first, whole } = await peek(chunks);
  if (first[0] === 0x1f && first[1] === 0x8b) {
    // What was cut off is read as far as it goes, as other files are.
    const unpacked = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
    // Failures arrive where `unpacked` is read, too.
    pipeline(whole, unpacked, () => {});
    try {
      const inner = await peek(unpacked as AsyncIterable<Uint8Array>);
      return inner.first[0] === 0x1f && inner.first[1] === 0x8b
        ? foreign("it is compressed twice")
        : await readPlain(inner.first, inner.whole);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code?.startsWith("Z_"))
        return { problem: `its compression is damaged (${(error as Error).message})`, isForeign: false };
      throw error;
    }
  }
  return readPlain(first, whole);
}

async function readPlain(first: Buffer, whole: AsyncIterable<Uint8Array>): Promise<ReadSource> {
  if (first.length === 0) return foreign("it is empty");
  if (first.subarray(0, journalFileMagic.length).toString("latin1") === journalFileMagic) return journal(await readJournalFile(whole));
  const head = first.toString("utf8");
  if (/^\s*__(?:CURSOR|REALTIME_TIMESTAMP|MONOTONIC_TIMESTAMP)=/.test(head)) return journal(await readJournalExport(whole));
  if (/^\s*(?:data: |\x1e)?\{[^\n]*"__(?:CURSOR|REALTIME_TIMESTAMP|MONOTONIC_TIMESTAMP|SEQNUM)"/.test(head)) {
    return journal(await readJournalJson(whole));
  }
  if (first.includes(0)) return foreign("it is not text");
  const text = await textOf(whole);
  if (text === undefined) return { problem: `it is larger than ${formatBytes(maxTextBytes)} and no journal`, isForeign: false };
  return readText(text) ?? foreign("its text is of no form that is known");
}

function journal(boots: Awaited<ReturnType<typeof readJournalJson>>): ReadSource {
  const found = boots.result();
  if (found.length === 0) return { problem: "it looks like a journal, but no entry has a time and a boot", isForeign: false };
  return {
    source: { form: "journal", boots: found },
    ...(boots.isCut && { problem: "it has more messages about units than Coldstart keeps; the last are left out" }),
  };
}

/** Tries the forms in an order in which none is taken for another. */
function readText(text: string): ReadSource | undefined {
  const start = text.slice(0, 4096).trimStart();
  if (/^[[{]/.test(start)) return readJson(text);
  if (/^(?:<\?xml|<svg|<!DOCTYPE svg)/.test(start)) {
    const plot = readPlot(text);
    return plot
      ? { source: { form: "systemd-analyze plot", plot } }
      : { problem: "it is a picture, but not one of systemd-analyze plot", isForeign: true };
  }
  if (/^Bootup is not yet finished/m.test(start))
    return { problem: "systemd-analyze refused, as the boot was not finished: systemctl show works then", isForeign: true };
  const stages = /^\d{4}-\d\d-\d\d [\d:]{8},\d{3} - \w{1,40}\.py\[/m.test(start) ? readCloudInitLog(text) : undefined;
  if (stages) return { source: { form: "cloud-init analyze dump", stages } };
  const lines = text.split(/\r?\n/);
  if (/^\s*(?:->|→) Unit \S+:$/m.test(text)) {
    const reader = new DumpReader();
    for (const line of lines) reader.line(line);
    return { source: { form: "systemd-analyze dump", dump: reader.end() }, ...cutOff(text) };
  }
  if (/^(?:Id|InactiveExitTimestampMonotonic|UserspaceTimestampMonotonic)=/m.test(text)) {
    return { source: { form: "systemctl show", blocks: showBlocks(text) }, ...cutOff(text) };
  }
  return readShortText(text, start, lines);
}

function readShortText(text: string, start: string, lines: readonly string[]): ReadSource | undefined {
  if (/^(?:JOB\s+UNIT\s+TYPE\s+STATE|No jobs )/.test(start))
    return { source: { form: "systemctl list-jobs", jobs: lines.flatMap((line) => readJobLine(line) ?? []) } };
  const chain = lines.map(readChainLine).filter((row) => row !== undefined);
  if (chain.some((row) => row.level > 0) || (chain.length > 0 && start.startsWith("The time when unit became active"))) {
    return { source: { form: "systemd-analyze critical-chain", rows: chain } };
  }
  const time = readTimeText(text);
  if (time) return { source: { form: "systemd-analyze time", time } };
  const blame = lines.map(readBlameLine).filter((row) => row !== undefined);
  if (blame.length > 0) return { source: { form: "systemd-analyze blame", rows: blame } };
  const version = /^systemd (\d{2,4}(?: \([^)\n]{1,60}\))?)/.exec(start)?.[1];
  if (version !== undefined) return { source: { form: "systemctl --version", version } };
  const osName = /^PRETTY_NAME="?([^"\n]{1,200})/m.exec(start)?.[1];
  if (osName !== undefined) return { source: { form: "os-release", osName } };
  return readClock(start);
}

function cutOff(text: string): { problem?: string } {
  return text.endsWith("\n") ? {} : { problem: "its last line has no end, so units may be missing" };
}

/** What the collection recipe asks for: the boot's ID and the monotonic clock, or the uptime, which is the same unless the machine slept. */
function readClock(text: string): ReadSource | undefined {
  const bootId = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/m.exec(text)?.[1]?.replaceAll("-", "");
  const seconds = /^monotonic (\d{1,9}\.\d{1,9})/m.exec(text)?.[1] ?? /^(\d{1,9}\.\d\d) \d{1,12}\.\d\d$/m.exec(text)?.[1];
  if (bootId === undefined && seconds === undefined) return undefined;
  return {
    source: {
      form: "clock",
      ...(bootId !== undefined && { bootId }),
      ...(seconds !== undefined && { monotonicUs: Math.round(Number(seconds) * 1_000_000) }),
    },
  };
}

function readJobLine(line: string): BootJob | undefined {
  const match = /^\s*\d+\s+(\S+)\s+([a-z-]+)\s+(waiting|running)\s*$/.exec(line);
  return match ? { unit: match[1] as string, type: match[2] as string, state: match[3] as "waiting" | "running" } : undefined;
}

function readJson(text: string): ReadSource | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    if (/^\s*"__REALTIME_TIMESTAMP" :/m.test(text))
      return { problem: "it is from journalctl -o json-pretty; -o json is needed", isForeign: false };
    return readBusLines(text) ?? { problem: `its JSON is damaged (${(error as Error).message})`, isForeign: false };
  }
  if (Array.isArray(document)) {
    const stages = readCloudInitDump(document);
    return stages && { source: { form: "cloud-init analyze dump", stages } };
  }
  const object = document as Readonly<Record<string, unknown>>;
  const latency = readNodeLatency(object);
  if (latency) return { source: { form: "node-latency-for-k8s", latency } };
  const block = readBusProperties(object);
  return block && { source: { form: "systemctl show", blocks: [block] } };
}

/** One answer of busctl per line. */
function readBusLines(text: string): ReadSource | undefined {
  const blocks = text.split("\n").flatMap((line) => {
    const document = line.startsWith('{"type":"a{sv}"') ? parseJsonObject(line) : undefined;
    return (document && readBusProperties(document)) ?? [];
  });
  return blocks.length > 0 ? { source: { form: "systemctl show", blocks } } : undefined;
}

function foreign(problem: string): ReadSource {
  return { problem, isForeign: true };
}

async function peek(chunks: AsyncIterable<Uint8Array>): Promise<{ first: Buffer; whole: AsyncIterable<Uint8Array> }> {
  const source = chunks[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < sampleBytes) {
    const next = await source.next();
    if (next.done) break;
    parts.push(next.value);
    length += next.value.length;
  }
  const first = Buffer.concat(parts);
  return { first, whole: resumed(first, source) };
}

async function* resumed(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxTextBytes) return undefined;
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString("utf8");
}
