import { expect, test } from "vitest";
import { bootReportOf, type BootReport } from "../../../src/boot/bootReport.ts";
import { workRules } from "../../../src/boot/workClasses.ts";
import { compareBootReports, type BootsComparison } from "../../../src/results/compare/bootsComparison.ts";
import { bootsComparisonSentences } from "../../../src/results/compare/bootsComparisonText.ts";
import { sampleBoot } from "../../boot/sampleBoots.ts";

async function reportOf(names: readonly string[], unit?: string): Promise<BootReport> {
  return bootReportOf(await Promise.all(names.map((name) => sampleBoot(name))), { rules: workRules, unit });
}

const normal = await reportOf([1, 2, 3, 4, 5].map((number) => `repeat-nspawn-normal-${number}`));
const slow = await reportOf(Array.from({ length: 5 }, () => "nspawn-slow-driver"));

function compared(...boots: readonly BootReport[]): BootsComparison {
  return compareBootReports(boots.map((one, index) => ({ name: index === 0 ? "before" : `after-${index}`, boots: one })));
}

test("the differences are those of boot --compare, with intervals, and a regression is marked", async () => {
  const whole = bootReportOf(await Promise.all(normal.boots.map(({ name }) => sampleBoot(name))), {
    rules: workRules,
    comparedWith: await Promise.all(slow.boots.map(({ name }) => sampleBoot(name))),
  }).comparison;
  const found = compared(normal, slow);
  const [base, own] = found.ready.cells;
  expect(base).toEqual({ count: 5, medianMs: whole?.ready?.beforeMs });
  expect(own).toMatchObject({ count: 5, medianMs: whole?.ready?.afterMs, differenceMs: whole?.ready?.differenceMs, change: "slower" });
  expect(own?.interval?.low).toBeGreaterThan(10_000);
  const driver = found.units[0];
  expect(driver?.key).toBe("nvidia-driver-install.service");
  expect(driver?.cells[1]).toMatchObject({ change: "slower", differenceMs: whole?.units[0]?.differenceMs });
  expect(found.regressions).toBeGreaterThanOrEqual(2);
  expect(found.reports.map(({ missingBoots }) => missingBoots)).toEqual([0, 0]);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  expect(bootsComparisonSentences(found)[0]).toMatch(
    /^kubelet\.service was ready 17\.\d s later in after-1 than in before: .*median of 5 boots.*95 % CI/,
  );
  expect(compared(normal, normal).ready.cells[1]).toMatchObject({ differenceMs: 0, change: "open" });
});

test("one boot each: a difference without an interval, and how many more it takes", async () => {
  const found = compared(await reportOf(["nspawn-normal"]), await reportOf(["nspawn-slow-driver"]));
  expect(found.ready.cells[1]).toMatchObject({ count: 1, change: "few", differenceMs: expect.any(Number) as number });
  expect(found.ready.cells[1]).not.toHaveProperty("interval");
  const sentences = bootsComparisonSentences(found);
  expect(sentences[0]).toContain("which may be chance");
  expect(sentences).toContain(
    "One boot each gives a difference without an interval: it needs five boots that get ready on both sides, so 4 more of before and 4 more of after-1.",
  );
  const same = await reportOf(["nspawn-normal"]);
  expect(bootsComparisonSentences(compared(same, same))[0]).toMatch(
    /^kubelet\.service was ready as fast in after-1 as in before, which may be chance: /,
  );
  const few = bootsComparisonSentences(compared(normal, await reportOf(["nspawn-slow-driver", "nspawn-normal"])));
  expect(few.join()).toContain(
    "Differences without an interval may be chance: it needs five boots that get ready on both sides, so 3 more of after-1.",
  );
});

test("other machines are told as changed settings", async () => {
  const machine = {
    systemdVersion: "255.4",
    kernelVersion: "6.12.9",
    instanceType: "g6.2xlarge",
    machineImage: "ami-0b",
    osName: "AL2023",
  };
  const other = { ...normal, boots: normal.boots.map((boot) => ({ ...boot, machine })) };
  const names = compared(normal, other).settings.map(({ name }) => name);
  expect(names).toEqual(["node type", "machine image", "operating system", "kernel", "systemd", "virtualization"]);
  const printed = await sampleBoot("nspawn-normal", /\.svg$/);
  expect(compared(normal, bootReportOf([printed], { rules: workRules })).settings.map(({ name }) => name)).toContain("read from");
});

test("times until another unit are not subtracted; phases and units are", async () => {
  const found = compared(
    normal,
    await reportOf(
      slow.boots.map(({ name }) => name),
      "containerd.service",
    ),
  );
  expect(found.ready.cells[1]).toMatchObject({ change: "refused" });
  expect(found.refusals.join()).toMatch(/^Ready means containerd\.service in after-1 and kubelet\.service in before/);
  expect(found.phases.find(({ key }) => key === "userspace")?.cells[1]).toHaveProperty("differenceMs");
  expect(bootsComparisonSentences(found)[0]).toBe(found.refusals[0]);
});

test("who joined and who left the chain", async () => {
  const found = compared(normal, await reportOf(["nspawn-parallel"]));
  expect(found.chainChanges.map(({ unit }) => unit)).toContain("nvidia-driver-install.service");
  expect(bootsComparisonSentences(found).join()).toMatch(
    /Everybody waits for nvidia-driver-install\.service in before \([\d.]+ s of the chain\), nobody in after-1\./,
  );
});

test("boots that were never ready are said to be", async () => {
  const found = compared(normal, await reportOf(["nspawn-slow-driver-unfinished"]));
  expect(found.reports[1]).toMatchObject({ readyBoots: 0, missingBoots: 5 });
  expect(bootsComparisonSentences(found)[0]).toBe("kubelet.service was ready in not even the one boot of after-1.");
});
