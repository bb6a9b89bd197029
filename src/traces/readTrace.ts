import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { formatBytes } from "../base/format.ts";
import type { Call } from "../base/log.ts";
import { blockTrace, traceTooLarge, traceUnreadable } from "./errors.ts";
import { readJsonDocument } from "./formats/jsonDocument.ts";
import { StraceReader } from "./formats/straceLog.ts";
import type { LineReader } from "./lineFormat.ts";
import type { TracedSet } from "./tracedSet.ts";
import { formatOf } from "./traceFormats.ts";
import { traceLines } from "./traceLines.ts";

/** A recording of a start is far smaller; a log of hours would fill the memory with what has nothing to do with it. */
const maxTraceBytes = 4_000_000_000;
/** JSON documents are held in memory whole. */
const maxDocumentBytes = 64_000_000;
/** So many lines decide which form a trace has. */
const sampleLines = 200;
/** Processes of one `strace -ff`. */
const maxStraceFiles = 20_000;
/** The first four bytes of overlaybd's recorded traces (overlaybd `src/prefetch.cpp`, TRACE_MAGIC), as they lie in the file. */
const overlaybdMagic = 3_270_449_184;

/**
 * Reads what a recorder left: a file of any form that `TraceFormat` names, known by its content, or the folder of `strace -ff`.
 * Streams; throws `UserError` for what is no trace.
 */
export async function readTrace(path: string, call: Call): Promise<TracedSet> {
  let kind;
  try {
    kind = await stat(path);
  } catch (cause) {
    throw traceUnreadable(path, (cause as Error).message, cause);
  }
  return kind.isDirectory() ? readStraceFolder(path, call) : readTraceBytes(path, bytesOf(path, call));
}

/** The same of bytes from anywhere; `name` is for messages. */
export async function readTraceBytes(name: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<TracedSet> {
  const source = limited(name, chunks);
  const first = await firstBytes(source);
  if (first.length >= 4 && new DataView(first.buffer, first.byteOffset).getUint32(0, true) === overlaybdMagic) throw blockTrace(name);
  if (first.includes(0)) throw traceUnreadable(name, "it is not text");
  const whole = prefixed(first, source);
  if (isDocument(first)) {
    const found = await document(name, whole);
    if (found) return found;
    throw traceUnreadable(name, "its JSON is of no form that is known");
  }
  return readLines(name, whole);
}

async function readLines(name: string, chunks: AsyncIterable<Uint8Array>): Promise<TracedSet> {
  const sample: string[] = [];
  const held: string[] = [];
  let reader: LineReader | undefined;
  const start = (): LineReader => {
    const format = formatOf(sample);
    if (!format) throw traceUnreadable(name, sample.length === 0 ? "it is empty" : "its lines are of no form that is known");
    const made = format.reader();
    for (const line of held) made.line(line);
    return made;
  };
  for await (const line of traceLines(chunks)) {
    if (reader) {
      reader.line(line);
      continue;
    }
    held.push(line);
    if (line.trim() !== "" && !line.startsWith("#")) sample.push(line);
    if (sample.length >= sampleLines) reader = start();
  }
  return (reader ?? start()).end();
}

/** `-ff -o NAME` writes a file `NAME.PID` per process; a parent's number is nearly always the smaller one. */
async function readStraceFolder(folder: string, call: Call): Promise<TracedSet> {
  const files = (await readdir(folder))
    .map((name) => ({ name, pid: Number(/\.(\d{1,9})$/.exec(name)?.[1]) }))
    .filter(({ pid }) => pid > 0)
    .sort((a, b) => a.pid - b.pid);
  if (files.length === 0) throw traceUnreadable(folder, "the folder has no files of strace -ff, whose names end in a process number");
  if (files.length > maxStraceFiles) throw traceTooLarge(folder, `${maxStraceFiles} processes`);
  const reader = new StraceReader();
  for (const { name, pid } of files) {
    reader.beginProcess(pid);
    const path = join(folder, name);
    for await (const line of traceLines(limited(path, bytesOf(path, call)))) reader.line(line);
  }
  return reader.end();
}

async function* bytesOf(path: string, call: Call): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18, ...(call.signal && { signal: call.signal }) }))
      yield chunk as Uint8Array;
  } catch (cause) {
    call.signal?.throwIfAborted();
    throw traceUnreadable(path, (cause as Error).message, cause);
  }
}

async function* limited(name: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxTraceBytes) throw traceTooLarge(name, formatBytes(maxTraceBytes));
    yield chunk;
  }
}

async function firstBytes(source: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < 4096) {
    const next = await source.next();
    if (next.done) break;
    parts.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(parts);
}

async function* prefixed(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

/** One JSON document rather than one per line, or strace's `[pid 12]`. */
function isDocument(first: Uint8Array): boolean {
  const text = new TextDecoder().decode(first.subarray(0, 65_536)).trimStart();
  if (text.startsWith("[")) return !/^\[pid\s+\d/.test(text);
  if (!text.startsWith("{")) return false;
  const end = text.indexOf("\n");
  const line = (end < 0 ? text : text.slice(0, end)).trim();
  return !line.endsWith("}") || !/^\{\s*"(?:path|timestamp|comm|pid)"/.test(line);
}

async function document(name: string, chunks: AsyncIterable<Uint8Array>): Promise<TracedSet | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > maxDocumentBytes) throw traceTooLarge(name, formatBytes(maxDocumentBytes));
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch (cause) {
    throw traceUnreadable(name, `its JSON is damaged (${(cause as Error).message})`, cause);
  }
  return readJsonDocument(parsed);
}
