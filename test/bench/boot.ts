/**
 * How fast boots are read and summarised: `npm run bench:boot`. Units and boots are copies of the recorded ones (`test/fixtures/boot`) under other
 * names. The journal is written to a file of its own and read in a process of its own, so that its peak memory is the reader's.
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatBytes, formatDuration } from "../../src/base/format.ts";
import { bootReportOf } from "../../src/boot/bootReport.ts";
import { readBootSource } from "../../src/boot/bootSource.ts";
import { joinSources } from "../../src/boot/joinSources.ts";
import { readBoots } from "../../src/boot/readBoots.ts";
import { workRules } from "../../src/boot/workClasses.ts";
import { bytes, sampleBoot, sampleFiles, sampleNames } from "../boot/sampleBoots.ts";

const journalBytes = 1_000_000_000;
const limitsMs = { show: 200, summary: 1000 } as const;
const maxJournalMemoryBytes = 500_000_000;

if (process.argv[2] === "journal") await readJournal(process.argv[3] ?? "");
else {
  const isFine = [await showOfManyUnits(), await manyBoots(), journalOfOneGigabyte()].every((ok) => ok);
  process.exitCode = isFine ? 0 : 1;
}

async function showOfManyUnits(): Promise<boolean> {
  const show = sampleFiles("qemu-normal")["show-units.txt"] ?? "";
  const units = show.match(/^Id=/gm)?.length ?? 1;
  const copies = Array.from({ length: Math.ceil(2000 / units) }, (_, i) =>
    i === 0 ? show : show.replaceAll(/\.(service|mount|socket|target|slice|device)\b/g, `-${i}.$1`),
  );
  const text = [sampleFiles("qemu-normal")["show-manager.txt"], ...copies].join("\n\n");
  const took = await fastest(5, async () => {
    const { source } = await readBootSource(bytes(text));
    return source ? (joinSources("many", [source])[0]?.value.units.length ?? 0) : 0;
  });
  return told(`systemctl show of ${took.result} units (${formatBytes(text.length)}) read`, took.ms, limitsMs.show);
}

async function manyBoots(): Promise<boolean> {
  const samples = await Promise.all(sampleNames.map((name) => sampleBoot(name)));
  const boots = Array.from({ length: 100 }, (_, i) => samples[i % samples.length]).filter((boot) => boot !== undefined);
  const took = await fastest(3, async () => bootReportOf(boots, { rules: workRules }).summary?.boots ?? 0);
  return told(`${took.result} boots summarised: chains, slack, advice and spread`, took.ms, limitsMs.summary);
}

function journalOfOneGigabyte(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "boot-bench-"));
  try {
    const results = (["json", "export"] as const).map((form) => {
      const path = join(folder, `journal.${form}`);
      writeJournal(path, form);
      const out = execFileSync(process.execPath, [import.meta.filename, "journal", path], { encoding: "utf8" });
      const { ms, peakBytes, units } = JSON.parse(out) as { ms: number; peakBytes: number; units: number };
      rmSync(path);
      console.log(
        `journal (${form}) of ${formatBytes(journalBytes)}: ${formatDuration(ms)}, peak memory ${formatBytes(peakBytes)}, ${units} units`,
      );
      return units > 40 && peakBytes <= maxJournalMemoryBytes;
    });
    return results.every((ok) => ok);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function readJournal(path: string): Promise<void> {
  const started = performance.now();
  const [boot] = await readBoots([path], {});
  const ms = performance.now() - started;
  process.stdout.write(JSON.stringify({ ms, peakBytes: process.resourceUsage().maxRSS * 1024, units: boot?.value.units.length ?? 0 }));
}

/** A recorded journal, then entries of a talkative program until the size is reached. */
function writeJournal(path: string, form: "json" | "export"): void {
  const lines = (sampleFiles("qemu-normal")["journal.json"] ?? "").trimEnd().split("\n");
  const last = JSON.parse(lines.at(-1) ?? "{}") as Record<string, string>;
  const noise = { ...last, MESSAGE: "GET /healthz 200 ".repeat(16), _SYSTEMD_UNIT: "app.service", _PID: "812", SYSLOG_IDENTIFIER: "app" };
  delete (noise as Record<string, unknown>)["MESSAGE_ID"];
  const write = (entry: Record<string, string>): string =>
    form === "json"
      ? `${JSON.stringify(entry)}\n`
      : `__CURSOR=s=0;i=1\n${Object.entries(entry)
          .map(([key, value]) => `${key}=${String(value).replaceAll("\n", " ")}\n`)
          .join("")}\n`;
  const file = openSync(path, "w");
  let written = writeSync(file, lines.map((line) => write(JSON.parse(line) as Record<string, string>)).join(""));
  const block = write(noise).repeat(2000);
  while (written < journalBytes) written += writeSync(file, block);
  closeSync(file);
}

async function fastest<T>(rounds: number, work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  let best: { ms: number; result: T } | undefined;
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const result = await work();
    const ms = performance.now() - started;
    if (!best || ms < best.ms) best = { ms, result };
  }
  return best as { ms: number; result: T };
}

function told(what: string, ms: number, limitMs: number): boolean {
  const isFine = ms <= limitMs;
  console.log(`${isFine ? "✓" : "✗"} ${what}: ${formatDuration(ms)} (at most ${formatDuration(limitMs)})`);
  return isFine;
}
