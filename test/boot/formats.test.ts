import { expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { readBootSource, type BootSource } from "../../src/boot/bootSource.ts";
import { readBlameLine, readChainLine } from "../../src/boot/formats/systemdAnalyzeText.ts";
import { wordList } from "../../src/boot/formats/wordList.ts";
import { showBlocks } from "../../src/boot/formats/systemctlShow.ts";
import { dump, journalFileOf, nodeLatency } from "./madeTexts.ts";
import { bytes, journalText, sampleFiles } from "./sampleBoots.ts";

test("lists of units in any quoting of systemctl", () => {
  const check = (text: string, expected: readonly string[]): void => expect(wordList(text)).toEqual(expected);
  check("", []);
  check("a.service  b.service", ["a.service", "b.service"]);
  check(String.raw`a.mount "run-credentials-systemd\\x2dtmpfiles.mount" b`, [
    "a.mount",
    String.raw`run-credentials-systemd\x2dtmpfiles.mount`,
    "b",
  ]);
  check(String.raw`$'dev-disk-by\\x2dlabel.device' x`, [String.raw`dev-disk-by\x2dlabel.device`, "x"]);
  check(String.raw`$'a\x20b\n' "c \"d\" \$e" 'f\g'`, ["a b\n", 'c "d" $e', String.raw`f\g`]);
  check(String.raw`a\x2db.mount "unfinished`, [String.raw`a\x2db.mount`, "unfinished"]);
});

test("blocks of systemctl show: repeats, other lines, Windows line ends and a cut end", () => {
  const blocks = showBlocks("Id=a\r\nExecStart={ a=b }\r\nExecStart=second\r\n\r\n\r\nno property\nId=b=c\nNames\n\nId=cut");
  expect(blocks.map((block) => [...block])).toEqual([
    [
      ["Id", "a"],
      ["ExecStart", "{ a=b }"],
    ],
    [["Id", "b=c"]],
    [["Id", "cut"]],
  ]);
});

test("lines of systemd-analyze's texts", () => {
  const blame = (line: string, expected: unknown): void => expect(readBlameLine(line)).toEqual(expected);
  blame("26.016s nvidia-driver-install.service", { id: "nvidia-driver-install.service", tookUs: 26_016_000 });
  blame("  1min 13.977s cloud-init-local.service  ", { id: "cloud-init-local.service", tookUs: 73_977_000 });
  blame("  227us a.mount", { id: "a.mount", tookUs: 227 });
  blame("5 apples", undefined);
  blame("5s apples", undefined);
  const chain = (line: string, expected: unknown): void => expect(readChainLine(line)).toEqual(expected);
  chain("kubelet.service +428ms", { id: "kubelet.service", level: 0, tookUs: 428_000 });
  chain("├─b.service @2min 669ms +1s", { id: "b.service", level: 1, atUs: 120_669_000, tookUs: 1_000_000 });
  chain("│ └─a.service @500ms", { id: "a.service", level: 2, atUs: 500_000 });
  chain("  |-a.service @500ms", { id: "a.service", level: 2, atUs: 500_000 });
  chain("└─-.slice", { id: "-.slice", level: 1 });
  chain("└─x.service @584542y 2w 2d 20h 1min 48.551s +2s", { id: "x.service", level: 1, tookUs: 2_000_000 });
  chain("    └─...", undefined);
});

test("each form is known by its content", async () => {
  const sample = sampleFiles("nspawn-normal");
  const check = async (text: string | Uint8Array, form: BootSource["form"]): Promise<void> => {
    expect((await readBootSource(bytes(text))).source?.form).toBe(form);
    expect((await readBootSource(bytes(gzipSync(text)))).source?.form).toBe(form);
  };
  await check(sample["show-min.txt"] ?? "", "systemctl show");
  await check(sample["show-manager.txt"] ?? "", "systemctl show");
  await check(sample["list-jobs.txt"] ?? "", "systemctl list-jobs");
  await check(sampleFiles("unshare-normal")["list-jobs.txt"] ?? "", "systemctl list-jobs");
  await check(sample["journal.json"] ?? "", "journal");
  await check(sample["cloud-analyze-dump.json"] ?? "", "cloud-init analyze dump");
  await check(sample["time.txt"] ?? "", "systemd-analyze time");
  await check(sample["blame.txt"] ?? "", "systemd-analyze blame");
  await check(sample["chain.txt"] ?? "", "systemd-analyze critical-chain");
  await check(sample["plot.svg"] ?? "", "systemd-analyze plot");
  await check(sample["clocks.txt"] ?? "", "clock");
  await check(sample["os-release.txt"] ?? "", "os-release");
  await check(sample["version.txt"] ?? "", "systemctl --version");
  await check(dump, "systemd-analyze dump");
  await check(dump.replaceAll("-> Unit", "→ Unit"), "systemd-analyze dump");
  await check(nodeLatency, "node-latency-for-k8s");
});

test("a journal tells the same in every form and in pieces of any size", async () => {
  const text = journalText([
    [1, "a\u{e9}\\x2d\nb.service", "starting"],
    [2, "a\u{e9}\\x2d\nb.service", "started"],
    [3, "c.service", "start-failed", "dependency"],
  ]);
  const noise = `${JSON.stringify({ __MONOTONIC_TIMESTAMP: "500", _BOOT_ID: "78925eca86f840df962a5f7c1f3987a6", MESSAGE: "x".repeat(3_000_000) })}\n`;
  const expected = (await readBootSource(bytes(text))).source;
  expect(expected).toMatchObject({
    form: "journal",
    boots: [{ events: [{ kind: "starting" }, { kind: "started" }, { kind: "start-failed", result: "dependency" }] }],
  });
  for (const size of [1, 7, 64, 1000]) expect((await readBootSource(bytes(text, size))).source).toEqual(expected);
  for (const form of [text.replaceAll(/^/gm, "data: ").replace(/data: $/, ""), text.replaceAll(/^(?=\{)/gm, "\u001e")]) {
    expect((await readBootSource(bytes(form))).source).toEqual(expected);
  }
  const withNoise = (await readBootSource(bytes(text + noise + text))).source;
  expect(withNoise).toMatchObject({ boots: [{ firstMonotonicUs: 101_000_000, lastMonotonicUs: 103_000_000, events: { length: 6 } }] });
  const exported = exportOf(text);
  for (const size of [1, 5, 63, 4096]) expect((await readBootSource(bytes(exported, size))).source).toEqual(expected);
  const long = Buffer.concat([exported, field("MESSAGE", "y\n".repeat(500_000)), Buffer.from("\n"), exported]);
  for (const size of [1000, 65_536]) {
    expect((await readBootSource(bytes(long, size))).source).toMatchObject({ boots: [{ events: { length: 6 } }] });
  }
});

test("journald's own files, in both layouts, and journalctl's export tell what journalctl -o json tells", async () => {
  const { source } = await readBootSource(bytes(sampleFiles("nspawn-kubelet-crashloop")["journal.json"] ?? ""));
  expect(source?.form === "journal" && source.boots[0]?.events.length).toBeGreaterThan(80);
  for (const form of ["compact.journal", "regular.journal", "export"]) {
    const file = gunzipSync(readFileSync(join(import.meta.dirname, "..", "fixtures", "boot", `nspawn-kubelet-crashloop.${form}.gz`)));
    for (const size of [10_007, 262_144]) expect((await readBootSource(bytes(file, size))).source).toEqual(source);
  }
  const made = journalText([[1, "a.service", "started"]]);
  const expected = (await readBootSource(bytes(made))).source;
  for (const size of [1, 60, 5000]) expect((await readBootSource(bytes(journalFileOf(made), size))).source).toEqual(expected);
});

test("a unit that is passed over for its conditions has not started, whatever the message's ID is", async () => {
  const check = async (message: string, kind: string): Promise<void> => {
    const text = journalText([[1, "a.service", "started"]]).replace("}", `,"MESSAGE":${JSON.stringify(message)}}`);
    for (const form of [text, journalFileOf(text)]) {
      expect((await readBootSource(bytes(form))).source).toMatchObject({ boots: [{ events: [{ unit: "a.service", kind }] }] });
    }
  };
  await check("Condition check resulted in Set Up Additional Binary Formats being skipped.", "skipped");
  await check("a.service - First Boot was skipped because of an unmet condition check (ConditionFirstBoot=yes).", "skipped");
  await check("a.service was skipped because all trigger condition checks failed.", "skipped");
  await check("a.service - First Boot skipped, unmet condition check ConditionFirstBoot=yes", "skipped");
  await check("a.service - First Boot skipped, no trigger condition checks were met.", "skipped");
  await check("Started a.service - what others skipped.", "started");
});

test("what other programs than PID 1 write under its message IDs does not count", async () => {
  const text = journalText([[1, "a.service", "started"]]);
  for (const forged of [text.replace("init.scope", "evil.service"), text.replace("}", ',"_PID":"77"}')]) {
    expect((await readBootSource(bytes(forged))).source).toMatchObject({ boots: [{ events: [] }] });
  }
});

test("busctl's properties are what systemctl show prints", async () => {
  const line = (properties: object): string => `${JSON.stringify({ type: "a{sv}", data: [properties] })}\n`;
  const unit = line({
    Id: { type: "s", data: "a.service" },
    After: { type: "as", data: ["b.service", String.raw`c\x2dd.mount`] },
    Job: { type: "(uo)", data: [7, "/org/freedesktop/systemd1/job/7"] },
    InactiveExitTimestampMonotonic: { type: "t", data: 101_000_000 },
    ConditionResult: { type: "b", data: true },
  });
  const { source } = await readBootSource(bytes(unit + unit));
  expect(source).toMatchObject({ form: "systemctl show", blocks: { length: 2 } });
  const [block] = source?.form === "systemctl show" ? source.blocks : [];
  expect(Object.fromEntries(block ?? [])).toMatchObject({
    Id: "a.service",
    Job: "7",
    InactiveExitTimestampMonotonic: "101000000",
    ConditionResult: "yes",
  });
  expect(wordList(block?.get("After") ?? "")).toEqual(["b.service", String.raw`c\x2dd.mount`]);
});

test("what tells of no boot says why", async () => {
  const check = async (content: string | Uint8Array, problem: RegExp): Promise<void> => {
    const read = await readBootSource(bytes(content));
    expect(read.source).toBeUndefined();
    expect(read.problem).toMatch(problem);
  };
  await check("", /empty/);
  await check("hello\n", /no form that is known/);
  await check(Buffer.from([1, 0, 2, 3]), /not text/);
  await check("LPKSHHRH\0\0\0", /no entry has a time and a boot/);
  await check('{"a": 1', /damaged/);
  await check("[1, 2]", /no form/);
  await check('{\n\t"__REALTIME_TIMESTAMP" : "1",\n}', /json-pretty/);
  await check('{"__REALTIME_TIMESTAMP":"1"}\n', /no entry has a time and a boot/);
  await check("<svg></svg>", /not one of systemd-analyze plot/);
  await check("Bootup is not yet finished (org.freedesktop…=0).\n", /systemctl show works then/);
  await check(Buffer.concat([gzipSync("Id=a\n").subarray(0, 10), Buffer.alloc(40, 0xff)]), /compression is damaged/);
  await check(gzipSync(gzipSync("Id=a")), /compressed twice/);
});

test("files that were cut off are read as far as they go", async () => {
  const text = (sampleFiles("nspawn-normal")["show-min.txt"] ?? "").slice(0, 100_001);
  const check = async (content: string | Uint8Array): Promise<void> => {
    const read = await readBootSource(bytes(content));
    expect(read).toMatchObject({ source: { form: "systemctl show" }, problem: "its last line has no end, so units may be missing" });
  };
  await check(text);
  await check(gzipSync(text).subarray(0, 8000));
});

function field(name: string, value: string): Buffer {
  const data = Buffer.from(value);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, data, Buffer.from("\n")]);
}

/** The same entries as `journalctl -o export` writes them: values with line ends in binary. */
function exportOf(lines: string): Buffer {
  return Buffer.concat(
    lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const fields = Object.entries(JSON.parse(line) as Record<string, string>);
        const written = fields.map(([name, value]) => (value.includes("\n") ? field(name, value) : Buffer.from(`${name}=${value}\n`)));
        return Buffer.concat([Buffer.from("__CURSOR=s=1;i=2\n"), ...written, Buffer.from("\n")]);
      }),
  );
}
