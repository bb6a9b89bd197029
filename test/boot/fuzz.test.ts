import { expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { bootReportOf } from "../../src/boot/bootReport.ts";
import { readBootSource, type BootSource } from "../../src/boot/bootSource.ts";
import { correctedChain } from "../../src/boot/correctedChain.ts";
import { readBlameLine, readChainLine, readTimeText } from "../../src/boot/formats/systemdAnalyzeText.ts";
import { wordList } from "../../src/boot/formats/wordList.ts";
import { joinSources } from "../../src/boot/joinSources.ts";
import { blameText, criticalChainText, timeText } from "../../src/boot/systemdText.ts";
import { parseTimespan } from "../../src/boot/timespan.ts";
import { workRules } from "../../src/boot/workClasses.ts";
import { printBoots } from "../../src/cli/printBoots.ts";
import { fuzz, fuzzAsync, mutated, type Random } from "../fuzz.ts";
import { dump, journalFileOf, nodeLatency } from "./madeTexts.ts";
import { bytes, journalText, sampleFiles, showText } from "./sampleBoots.ts";

const sample = sampleFiles("nspawn-failed");
const journal = journalText([
  [1, "a.service", "starting"],
  [2, "a.service", "failed", "timeout"],
  [2, "a.service", "start-failed", "failed"],
  [3, "a.service", "restart"],
  [4, "b.service", "start-failed", "dependency"],
]);
const show = showText({
  "kubelet.service": { from: 10, active: 11, after: ["a.service", "b.service"], requires: ["b.service"], restarts: 2 },
  "a.service": { from: 1, inactive: 2, result: "timeout", after: ["b.service"] },
  "b.service": { from: 0.5, active: 0.75, properties: { Job: "7" } },
});
const good = [
  show,
  (sample["show-min.txt"] ?? "").slice(0, 30_000),
  sample["show-manager.txt"] ?? "",
  sample["journal.json"]?.slice(0, 20_000) ?? "",
  journal,
  sample["chain-kubelet-fuzz-1s.txt"] ?? "",
  sample["blame.txt"] ?? "",
  sample["time.txt"] ?? "",
  sampleFiles("unshare-normal")["list-jobs.txt"] ?? "",
  (sample["cloud-analyze-dump.json"] ?? "").slice(0, 4000),
  (sampleFiles("nspawn-normal")["plot.svg"] ?? "").slice(0, 40_000),
  dump,
  nodeLatency,
  "__CURSOR=a\n__MONOTONIC_TIMESTAMP=1\n_BOOT_ID=b\nMESSAGE\n\u0005\0\0\0\0\0\0\0a\nb\nc\n\n",
  "2026-11-28 01:44:01,250 - util.py[DEBUG]: Cloud-init v. 22.4.2 running 'init' at Sat, 28 Nov 2026. Up 9.30 seconds.\n" +
    "2026-11-28 01:44:02,250 - handlers.py[DEBUG]: start: init-network/a: b\n2026-11-28 01:44:03,250 - handlers.py[DEBUG]: finish: init-network: SUCCESS: c\n",
  gzipSync(show),
  journalFileOf(journal),
].map((content) => Buffer.from(content as string));

test("no files make the readers fail, and what they read is a chain without holes", async () => {
  const count = await fuzzAsync(
    "boots",
    (random) => Array.from({ length: 1 + random.below(3) }, () => mutated(random, random.pick(good))),
    async (files) => {
      const sources: BootSource[] = [];
      for (const file of files) {
        const read = await readBootSource(bytes(file, 1 + (file.length % 5000)));
        if (read.source) sources.push(read.source);
        else expect(read.problem).not.toBe("");
      }
      const boots = joinSources("fuzzed", sources);
      for (const { value: boot } of boots) {
        for (const unit of boot.units.slice(0, 5)) {
          let atUs = 0;
          for (const span of correctedChain(boot, unit.id)?.value.spans ?? []) {
            expect(span.fromUs).toBe(atUs);
            expect(span.toUs).toBeGreaterThanOrEqual(atUs);
            atUs = span.toUs;
          }
          criticalChainText(boot, unit.id, 1_000_000);
        }
        timeText(boot);
        blameText(boot);
      }
      if (boots.length > 0) expect(printBoots(bootReportOf(boots, { rules: workRules }))).not.toMatch(/NaN|undefined|[\u0000-\u0009]/);
    },
  );
  expect(count).toBeGreaterThan(50);
});

test("no line upsets the readers of systemd-analyze's texts, and none takes long", () => {
  const pieces = [
    "1min ",
    "5s",
    "1.5s ",
    "ms",
    " ",
    "a.service",
    "@",
    "+",
    " @",
    " +",
    "└─",
    "├─",
    "│ ",
    "|-",
    "`-",
    "…",
    "(kernel)",
    "Startup finished in ",
    '"',
    "\\",
    "$'",
    "-",
    "584542y",
  ];
  const read = (line: string): void => {
    readBlameLine(line);
    readChainLine(line);
    readTimeText(line);
    wordList(line);
    parseTimespan(line);
  };
  expect(fuzz("systemd-analyze lines", (random: Random) => random.text(pieces, 40), read)).toBeGreaterThan(1000);
  for (const piece of pieces) {
    const started = performance.now();
    read(`${piece.repeat(100_000)}x`);
    read(`Startup finished in ${piece.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(2000);
  }
});
