import { cp, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { isUserError } from "../../src/base/errors.ts";
import { correctedChain } from "../../src/boot/correctedChain.ts";
import { readBoots } from "../../src/boot/readBoots.ts";
import { criticalChainText } from "../../src/boot/systemdText.ts";
import { dump, nodeLatency } from "./madeTexts.ts";
import { bootOfTexts, journalText, sampleBoot, sampleFiles, showText } from "./sampleBoots.ts";

test("a folder is a boot, a folder of folders is many, and other files in them do not matter", async () => {
  const root = await mkdtemp(join(tmpdir(), "boots-"));
  await writeSample(root, "nspawn-normal");
  await writeSample(root, "nspawn-slow-driver");
  await mkdir(join(root, "empty"));
  await writeFile(join(root, "notes.txt"), "remember the milk\n");
  await writeFile(join(root, "nspawn-normal", "picture.png"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]));
  const many = await readBoots([root], {});
  expect(many.map((boot) => boot.value.name)).toEqual(["nspawn-normal", "nspawn-slow-driver"]);
  expect(many.flatMap((boot) => boot.problems)).toEqual([]);
  const one = await readBoots([join(root, "nspawn-normal")], {});
  expect(one.map((boot) => boot.value)).toEqual([(await sampleBoot("nspawn-normal")).value]);
  const two = await readBoots([join(root, "nspawn-normal"), join(root, "nspawn-slow-driver")], {});
  expect(two).toHaveLength(2);
  await cp(join(root, "nspawn-normal", "show-min.txt"), join(root, "a.txt"));
  await cp(join(root, "nspawn-normal", "show-manager.txt"), join(root, "b.txt"));
  await cp(join(root, "nspawn-slow-driver", "show-min.txt"), join(root, "c.txt"));
  const files = await readBoots(
    ["a.txt", "b.txt", "c.txt"].map((name) => join(root, name)),
    {},
  );
  expect(files.map((boot) => [boot.value.name, boot.value.finishedUs])).toEqual([
    ["a.txt", 12_352_815],
    ["c.txt", undefined],
  ]);
});

test("what cannot be read at all is an error for the user, and the rest is read without it", async () => {
  const root = await mkdtemp(join(tmpdir(), "boots-"));
  const check = async (content: string | Uint8Array, message: RegExp): Promise<void> => {
    const path = join(root, "file");
    await writeFile(path, content);
    const error: unknown = await readBoots([path], {}).catch((reason: unknown) => reason);
    expect(isUserError(error) && error.code).toBe("boot-unreadable");
    expect((error as Error).message).toMatch(message);
  };
  await check("", /file tells of no boot: it is empty/);
  await check(Buffer.from([1, 2, 0, 3]), /not text/);
  await check("total 4\n-rw-r--r-- 1 root root 0 file\n", /of no form that is known/);
  await check("PRETTY_NAME=x\n", /no file is of a form that is known/);
  await expect(readBoots([join(root, "missing")], {})).rejects.toMatchObject({ code: "boot-unreadable" });
  await expect(readBoots([root], { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
  await writeFile(join(root, "show.txt.gz"), gzipSync(showText({ "a.service": { from: 1, active: 2 } })));
  const [boot] = await readBoots([join(root, "file"), join(root, "show.txt.gz")], {});
  expect(boot?.value.units).toHaveLength(1);
  const [other] = await readBoots([join(root, "show.txt.gz"), "/bin/sh"], {});
  expect(other?.problems.map(({ message }) => message)).toEqual(["/bin/sh is left out: it is not text."]);
});

test("systemd-analyze's own texts give the chain that they print", async () => {
  const boot = await sampleBoot("nspawn-slow-driver", /^(?:time|blame|chain|chain-kubelet)\.txt$/);
  expect(boot.value).toMatchObject({ order: "printed", accuracyUs: 1000, finishedUs: 34_272_000 });
  expect(boot.problems.map(({ message }) => message)).toEqual([
    "The chain is as systemd-analyze printed it: failed units and earlier starts are not in it, and the last unit counts as started at once.",
  ]);
  const chain = correctedChain(boot.value, "kubelet.service")?.value;
  expect(chain?.blocker).toEqual({ unit: "nvidia-driver-install.service", lengthUs: 26_016_000, why: "longest" });
  expect(chain?.endUs).toBe(32_505_000);
  const printed = sampleFiles("nspawn-slow-driver")["chain.txt"] ?? "";
  expect(criticalChainText(boot.value, "default.target", 0)).toBe(printed);
  // Alone, a chain has no other time for its root than right after what it waits for.
  const alone = await sampleBoot("nspawn-slow-driver", /^chain-kubelet\.txt$/);
  expect(correctedChain(alone.value, "kubelet.service")?.value.endUs).toBe(32_490_000);
});

test("blame alone tells lengths, and that it does not tell when", async () => {
  const boot = await sampleBoot("nspawn-slow-driver", /^blame/);
  expect(boot.value).toMatchObject({ isFinished: true, sources: ["systemd-analyze blame"] });
  expect(boot.problems.map(({ message }) => message)).toEqual(["The files tell how long units took, but not when: there is no chain."]);
  expect(boot.value.units.find((unit) => unit.id === "kubelet.service")).toMatchObject({ tookUs: 426_000, starts: [] });
});

test("whether a boot had finished is told only where the files tell it", async () => {
  const check = async (sample: string, files: RegExp, isFinished: boolean | undefined): Promise<void> => {
    expect((await sampleBoot(sample, files)).value.isFinished).toBe(isFinished);
  };
  await check("nspawn-normal", /./, true);
  await check("unshare-normal", /./, false);
  await check("nspawn-normal", /^chain/, true);
  await check("nspawn-normal", /^journal/, true);
  await check("unshare-normal", /^journal/, undefined);
  await check("nspawn-normal", /^cloud/, undefined);
});

test("the picture of systemd-analyze plot gives the same times to a hundredth of a millisecond", async () => {
  for (const name of ["nspawn-normal", "nspawn-slow-driver", "qemu-normal"]) {
    const whole = (await sampleBoot(name)).value;
    const plot = (await sampleBoot(name, /\.svg$/)).value;
    expect(plot.phases.userspaceUs).toBe(Math.floor((whole.finishedUs ?? 0) / 1000) * 1000);
    expect(plot.machine.osName).toBe("Debian GNU/Linux 12 (bookworm)");
    expect(plot.machine.kernelVersion).toMatch(name === "qemu-normal" ? /^6\.1\.0-56-cloud-amd64$/ : /^6\.18\.44/);
    const times = new Map(whole.units.map((unit) => [unit.id, unit]));
    let compared = 0;
    for (const unit of plot.units) {
      const own = times.get(unit.id);
      if (own?.activatedUs === undefined || unit.activatedUs === undefined || unit.activatingUs === undefined) continue;
      expect(Math.abs(unit.activatingUs - (own.activatingUs ?? 0))).toBeLessThanOrEqual(25);
      expect(Math.abs(unit.activatedUs - own.activatedUs)).toBeLessThanOrEqual(25);
      compared++;
    }
    expect(compared).toBeGreaterThan(70);
  }
});

test("a journal alone gives units and failures, and says that the order is unknown", async () => {
  const boot = await sampleBoot("nspawn-kubelet-crashloop", /^journal/);
  expect(boot.value.order).toBe("unknown");
  expect(boot.value.finishedUs).toBeGreaterThan(17_000_000);
  const chain = correctedChain(boot.value, "kubelet.service")?.value;
  expect(chain?.blocker).toMatchObject({ unit: "kubelet.service", why: "restarts" });
  expect(boot.problems[0]?.message).toMatch(/which may be chance/);
  const whole = await sampleBoot("nspawn-kubelet-crashloop");
  const [own, full] = [boot, whole].map((read) => read.value.units.find((unit) => unit.id === "nvidia-driver-install.service")?.starts[0]);
  expect(Math.abs((own?.toUs ?? 0) - (own?.fromUs ?? 0) - ((full?.toUs ?? 0) - (full?.fromUs ?? 0)))).toBeLessThan(10_000);
});

test("a journal of several boots gives each of them; beside other files, the one that they are of", async () => {
  const root = await mkdtemp(join(tmpdir(), "boots-"));
  const first = journalText([[1, "a.service", "started"]]);
  const second = first
    .replaceAll("78925eca86f840df962a5f7c1f3987a6", "11111111111111111111111111111111")
    .replaceAll("a.service", "b.service");
  await writeFile(join(root, "journal.json"), first + second);
  const boots = await readBoots([root], {});
  expect(boots.map((boot) => [boot.value.name.replace(/^.* /, ""), boot.value.units[0]?.id])).toEqual([
    ["(78925eca)", "a.service"],
    ["(11111111)", "b.service"],
  ]);
  const show = showText({ "a.service": { from: 1, active: 1 } });
  const named = await bootOfTexts("made", [show, first + second, "78925eca-86f8-40df-962a-5f7c1f3987a6\n"]);
  expect(named.value.machine.bootId).toBe("78925eca86f840df962a5f7c1f3987a6");
  expect(named.value.units[0]?.starts).toHaveLength(1);
});

test("the manager's dump: whole seconds, every dependency, and the queue", async () => {
  const boot = await bootOfTexts("dump", [dump]);
  expect(boot.value).toMatchObject({
    finishedUs: 28_000_000,
    accuracyUs: 1_000_000,
    order: "whole",
    jobs: [{ unit: "driver.service", type: "start", state: "waiting" }],
    machine: { systemdVersion: "252" },
  });
  const chain = correctedChain(boot.value, "kubelet.service")?.value;
  expect(chain?.spans.map((span) => `${span.kind} ${span.unit} ${span.toUs / 1e6}`)).toEqual([
    "lead-in driver.service 3",
    "failed-start driver.service 17",
    "gap kubelet.service 18",
    "start kubelet.service 19",
  ]);
});

test("node-latency-for-k8s gives two units and its events", async () => {
  const boot = await bootOfTexts("nlk", [nodeLatency]);
  expect(boot.value).toMatchObject({
    name: "i-06428b3f38ba5ec42",
    machine: { instanceType: "g5.xlarge" },
    accuracyUs: 1_000_000,
    units: { length: 2 },
  });
  expect(boot.value.stages.map((stage) => [stage.name, stage.fromUs / 1e6]).slice(0, 2)).toEqual([
    ["Instance Requested", -11],
    ["VM Initialized", 0],
  ]);
  expect(correctedChain(boot.value, "kubelet.service")?.value).toMatchObject({ state: "ready", endUs: 8_000_000 });
});

test("stages of cloud-init stand on the units' clock, and a wall clock that was set is told", async () => {
  const boot = (await sampleBoot("nspawn-normal")).value;
  const stage = boot.stages.find(({ name }) => name === "init-local");
  const unit = boot.units.find(({ id }) => id === "cloud-init-local.service");
  expect(stage?.fromUs).toBeGreaterThan(unit?.activatingUs ?? Infinity);
  expect(stage?.toUs).toBeLessThan(unit?.activatedUs ?? 0);
  const stamp = (seconds: number): { properties: Record<string, string> } => ({
    properties: { InactiveExitTimestamp: `Sun 2026-11-22 11:08:${seconds}.500000 UTC` },
  });
  const stepped = await bootOfTexts("made", [
    showText({ "a.service": { from: 1, active: 1, ...stamp(10) }, "b.service": { from: 2, active: 2, ...stamp(14) } }),
  ]);
  expect(stepped.problems.map(({ message }) => message)).toEqual([
    "The machine's wall clock was set by 3.0 s while it booted: its times of day before that are off, lengths are not.",
  ]);
});

async function writeSample(root: string, name: string): Promise<void> {
  await mkdir(join(root, name));
  for (const [file, text] of Object.entries(sampleFiles(name))) await writeFile(join(root, name, file), text);
}
