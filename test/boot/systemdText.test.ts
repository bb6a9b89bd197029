import { expect, test } from "vitest";
import type { BootChain } from "../../src/boot/bootChain.ts";
import { blameText, criticalChainText, notFinishedText, timeText } from "../../src/boot/systemdText.ts";
import { parseTimespan } from "../../src/boot/timespan.ts";
import { bootOf, bootOfTexts, sampleBoot, sampleFiles, sampleNames } from "./sampleBoots.ts";

/** What prints the same as a file of a sample: `chain.txt`, `chain UNIT fuzz LENGTH.txt`. Undefined for files of other kinds. */
function printedAgain(boot: BootChain, file: string): string | undefined {
  if (file === "time.txt") return timeText(boot);
  if (file === "blame.txt") return blameText(withoutPlotsHelper(boot));
  const named = { "chain-kubelet": "chain kubelet.service", "chain-default": "chain" };
  const name = file.replace(/^chain-(?:kubelet|default)/, (short) => named[short as keyof typeof named]).replace("-fuzz-", " fuzz ");
  const chain = /^chain(?: (?!fuzz )(\S+))?(?: fuzz (\S+))?\.txt$/.exec(name);
  return chain ? criticalChainText(boot, chain[1] ?? "default.target", parseTimespan(chain[2] ?? "0") ?? 0) : undefined;
}

/** kubelet restarted between `systemd-analyze blame` and `systemctl show`, so the two describe different moments. */
const recordedInBetween = ["nspawn-kubelet-crashloop/blame.txt"];

test("what systemd-analyze printed of real boots is printed again from systemctl show, byte for byte", async () => {
  const different: string[] = [];
  const counts = new Map<string, { same: number; all: number }>();
  for (const name of sampleNames) {
    const boot = (await sampleBoot(name)).value;
    const version = /^\d+/.exec(boot.machine.systemdVersion ?? "")?.[0] ?? "of an unknown version";
    const count = counts.get(version) ?? { same: 0, all: 0 };
    counts.set(version, count);
    for (const [file, expected] of Object.entries(sampleFiles(name))) {
      const text = expected === "" ? undefined : printedAgain(boot, file);
      if (text === undefined) continue;
      count.all++;
      if (text === expected) count.same++;
      else different.push(`${name}/${file}`);
    }
  }
  const told = [...counts].sort().map(([version, { same, all }]) => `systemd ${version} ${same} of ${all}`);
  console.log(`measured systemd-analyze texts reproduced: ${told.join(", ")}`);
  expect(different).toEqual(recordedInBetween);
  expect([...counts.keys()].sort()).toEqual(["247", "249", "252", "255", "257", "262"]);
  expect([...counts.values()].reduce((sum, { all }) => sum + all, 0)).toBeGreaterThan(300);
});

test("an unfinished boot is refused as systemd-analyze refuses it, which answers blame since 253", async () => {
  const boot = (await sampleBoot("unshare-normal")).value;
  for (const text of [timeText(boot), blameText(boot), criticalChainText(boot, "kubelet.service", 0)]) expect(text).toBe(notFinishedText);
  expect(blameText({ ...boot, machine: { systemdVersion: "253.4" } })).toMatch(
    /^1\.553s cloud-init-local\.service\n1\.223s storage-attach\.service\n 126ms systemd-journald\.service\n/,
  );
});

test("after a soft reboot only what came since counts", async () => {
  const units = [
    "Id=graphical.target\nNames=default.target graphical.target\nAfter=b.service a.service\nInactiveExitTimestampMonotonic=102000000\nActiveEnterTimestampMonotonic=102000000",
    "Id=a.service\nInactiveExitTimestampMonotonic=50000000\nActiveEnterTimestampMonotonic=51000000\nWantedBy=x.target",
    "Id=b.service\nInactiveExitTimestampMonotonic=99500000\nActiveEnterTimestampMonotonic=101500000\nWantedBy=x.target",
    "",
  ].join("\n\n");
  const check = async (properties: string, expected: string): Promise<void> => {
    const boot = (
      await bootOfTexts("made", [
        `UserspaceTimestampMonotonic=100000000\nFinishTimestampMonotonic=102100000\nKernelTimestampMonotonic=1\n${properties}\n\n${units}`,
      ])
    ).value;
    expect(timeText(boot) + blameText(boot) + criticalChainText(boot, "default.target", 0).split("\n").slice(3).join("\n")).toBe(expected);
  };
  const text = `Startup finished in 1s (soft reboot #2) + 2.100s (userspace) \ngraphical.target reached after 2s in userspace.\n2s b.service\ngraphical.target @2s\n`;
  // The unit that was up when userspace began has no time in 256 and since.
  await check(
    "SecurityStartTimestampMonotonic=7\nInitRDTimestampMonotonic=3\nVersion=257.13\nSoftRebootsCount=2\nShutdownStartTimestampMonotonic=99000000",
    `${text}└─b.service\n`,
  );
  await check(
    "SecurityStartTimestampMonotonic=0\nVersion=262.1\nSoftRebootsCount=2\nShutdownStartTimestampMonotonic=0\nPreviousShutdownStartTimestampMonotonic=99000000",
    `${text}└─b.service\n`,
  );
});

test("firmware, loader and initrd are told and added up where a machine has them", async () => {
  const manager = (properties: Readonly<Record<string, number>>): string =>
    `${Object.entries({ SecurityStart: 8_000_000, ...properties })
      .map(([key, us]) => `${key}TimestampMonotonic=${us}`)
      .join("\n")}\n`;
  const check = async (properties: Readonly<Record<string, number>>, expected: string): Promise<void> => {
    const units = `\nId=a.target\nNames=default.target a.target\nInactiveExitTimestampMonotonic=9500000\nActiveEnterTimestampMonotonic=9500000\n`;
    expect(timeText((await bootOfTexts("made", [manager(properties) + units])).value)).toBe(expected);
  };
  await check(
    { Firmware: 5_000_000, Loader: 2_000_000, InitRD: 1_500_000, Userspace: 7_000_000, Finish: 10_000_000 },
    "Startup finished in 3s (firmware) + 2s (loader) + 1.500s (kernel) + 5.500s (initrd) + 3s (userspace) = 15s \na.target reached after 2.500s in userspace.\n",
  );
  await check(
    { Userspace: 7_000_000, Finish: 10_000_000 },
    "Startup finished in 7s (kernel) + 3s (userspace) = 10s \na.target reached after 2.500s in userspace.\n",
  );
});

test("the chain's tree: fuzz, repeats, ties, the initrd and depths beyond 32", async () => {
  const check = async (
    units: Parameters<typeof bootOf>[0],
    root: string,
    fuzzUs: number,
    expected: readonly string[],
    systemdVersion?: string,
  ): Promise<void> => {
    const boot = await bootOf(units);
    const machine = systemdVersion === undefined ? boot.machine : { ...boot.machine, systemdVersion };
    expect(
      criticalChainText({ ...boot, machine }, root, fuzzUs)
        .split("\n")
        .slice(3, -1),
    ).toEqual(expected);
  };
  const square = {
    "d.service": { from: 4, active: 5, after: ["b.service", "c.service"] },
    "c.service": { from: 2, active: 3, after: ["a.service"] },
    "b.service": { from: 2, active: 3, after: ["a.service"] },
    "a.service": { from: 0.5, active: 1 },
  };
  await check(square, "d.service", 0, [
    "d.service +1s",
    "├─b.service @2s +1s",
    "│ └─a.service @500ms +500ms",
    "└─c.service @2s +1s",
    "  └─a.service @500ms +500ms",
    "    └─...",
  ]);
  await check({ ...square, "c.service": { from: 2, active: 2.5 } }, "d.service", 499_999, [
    "d.service +1s",
    "└─b.service @2s +1s",
    "  └─a.service @500ms +500ms",
  ]);
  await check({ ...square, "b.service": { from: -2, active: -1 } }, "b.service", 0, ["b.service +1s"]);
  const initrd = { "b.service": { from: 1, active: 2, after: ["a.service"] }, "a.service": { from: -0.661115, active: -0.5 } };
  await check(initrd, "b.service", 0, ["b.service +1s", "└─a.service"]);
  await check(initrd, "b.service", 0, ["b.service +1s", "└─a.service"], "256.1-2.fc41");
  await check(initrd, "b.service", 0, ["b.service +1s", "└─a.service @584542y 2w 2d 20h 1min 48.890s +161ms"], "v255.18-1.fc40");
  await check(square, "nothing.service", 0, []);
  const deep = Object.fromEntries(
    Array.from(
      { length: 1000 },
      (_, i) => [`u${i}.service`, { from: 10 - i / 1000, active: 10 - i / 1000, after: [`u${i + 1}.service`] }] as const,
    ),
  );
  const lines = criticalChainText(await bootOf(deep), "u0.service", 0).split("\n");
  expect(lines).toHaveLength(1000 + 4);
});

function withoutPlotsHelper(boot: BootChain): BootChain {
  // `systemd-analyze plot` asks systemd-hostnamed for the machine's name and so starts it, after blame had been recorded.
  return { ...boot, units: boot.units.filter((unit) => unit.id !== "systemd-hostnamed.service") };
}
