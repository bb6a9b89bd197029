import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Call } from "../base/log.ts";
import type { Problem } from "../base/text.ts";
import type { ReadBoot } from "./bootChain.ts";
import { readBootSource, type BootSource } from "./bootSource.ts";
import { bootUnreadable } from "./errors.ts";
import { joinSources } from "./joinSources.ts";

/** A folder of boots holds one folder per boot, each with a dozen files. */
const maxEntries = 10_000;

/** Forms of which one boot has one file; a second one begins the next boot. */
const mainForms: ReadonlySet<BootSource["form"]> = new Set([
  "systemd-analyze plot",
  "systemd-analyze dump",
  "node-latency-for-k8s",
  "journal",
  "systemd-analyze blame",
]);

/**
 * Reads boots from files and folders. A folder is one boot if it holds files that tell of one, and each folder in it is another; files given
 * together are one boot until a form repeats. Files of other kinds in folders are passed over. Throws `UserError` where nothing could be read.
 */
export async function readBoots(paths: readonly string[], call: Call): Promise<readonly ReadBoot[]> {
  const boots: ReadBoot[] = [];
  const problems: Problem[] = [];
  const files: string[] = [];
  for (const path of paths) {
    let kind;
    try {
      kind = await stat(path);
    } catch (cause) {
      throw bootUnreadable(path, (cause as Error).message, cause);
    }
    if (kind.isDirectory()) boots.push(...(await readFolder(path, problems, call)));
    else files.push(path);
  }
  boots.push(...(await readFiles(files, problems, call)));
  const first = boots[0];
  if (!first)
    throw bootUnreadable(
      paths.join(", "),
      problems[0]?.message.replace(/^[^\n]*? is left out: (.*)\.$/, "$1") ?? "no file is of a form that is known",
    );
  return problems.length === 0 ? boots : [{ value: first.value, problems: [...first.problems, ...problems] }, ...boots.slice(1)];
}

async function readFolder(folder: string, problems: Problem[], call: Call): Promise<ReadBoot[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, maxEntries);
  const sources: BootSource[] = [];
  const boots: ReadBoot[] = [];
  const own: Problem[] = [];
  for (const entry of entries) {
    call.signal?.throwIfAborted();
    const path = join(folder, entry.name);
    if (entry.isDirectory()) boots.push(...(await readSubfolder(path, problems, call)));
    else if (entry.isFile()) sources.push(...(await sourceOf(path, own, false, call)));
  }
  const here = joinSources(basename(resolve(folder)), sources);
  return [...here.map((boot) => ({ value: boot.value, problems: [...boot.problems, ...own] })), ...boots];
}

async function readSubfolder(folder: string, problems: Problem[], call: Call): Promise<readonly ReadBoot[]> {
  const own: Problem[] = [];
  const sources: BootSource[] = [];
  let names: string[];
  try {
    names = (await readdir(folder)).sort().slice(0, maxEntries);
  } catch (error) {
    problems.push(leftOut(folder, (error as Error).message));
    return [];
  }
  for (const name of names) {
    const path = join(folder, name);
    if ((await stat(path).catch(() => undefined))?.isFile()) sources.push(...(await sourceOf(path, own, false, call)));
  }
  const boots = joinSources(basename(folder), sources);
  if (boots.length === 0) problems.push(...own);
  return boots.map((boot) => ({ value: boot.value, problems: [...boot.problems, ...own] }));
}

/** Files of one folder that were named one by one. */
async function readFiles(paths: readonly string[], problems: Problem[], call: Call): Promise<ReadBoot[]> {
  const groups: { name: string; sources: BootSource[] }[] = [];
  for (const path of paths) {
    for (const source of await sourceOf(path, problems, true, call)) {
      const last = groups.at(-1);
      if (last && !startsNextBoot(last.sources, source)) last.sources.push(source);
      else groups.push({ name: basename(path), sources: [source] });
    }
  }
  if (groups.length > 1) {
    // Equal names of files say nothing; their folders do.
    const names = new Set(groups.map(({ name }) => name));
    if (names.size < groups.length)
      for (const [position, group] of groups.entries()) group.name = `${basename(dirname(resolve(paths[position] ?? "")))}/${group.name}`;
  }
  return groups.flatMap(({ name, sources }) => joinSources(name, sources));
}

function startsNextBoot(sources: readonly BootSource[], next: BootSource): boolean {
  if (next.form === "systemctl show") {
    const [hasUnits, hasManager] = contentOf(next);
    return sources.some((source) => {
      if (source.form !== "systemctl show") return false;
      const [units, manager] = contentOf(source);
      return (units && hasUnits) || (manager && hasManager);
    });
  }
  return mainForms.has(next.form) && sources.some(({ form }) => form === next.form);
}

function contentOf(source: Extract<BootSource, { form: "systemctl show" }>): [hasUnits: boolean, hasManager: boolean] {
  return [source.blocks.some((block) => block.has("Id")), source.blocks.some((block) => !block.has("Id"))];
}

async function sourceOf(path: string, problems: Problem[], isNamed: boolean, call: Call): Promise<BootSource[]> {
  try {
    const read = await readBootSource(
      createReadStream(path, { highWaterMark: 1 << 18, ...(call.signal && { signal: call.signal }) }) as AsyncIterable<Uint8Array>,
    );
    if (read.problem !== undefined && (isNamed || read.source || !read.isForeign))
      problems.push(leftOut(path, read.problem, read.source !== undefined));
    return read.source ? [read.source] : [];
  } catch (error) {
    call.signal?.throwIfAborted();
    problems.push(leftOut(path, (error as Error).message));
    return [];
  }
}

function leftOut(path: string, why: string, isRead = false): Problem {
  return { severity: "warning", message: isRead ? `${path}: ${why}.` : `${path} is left out: ${why}.` };
}
