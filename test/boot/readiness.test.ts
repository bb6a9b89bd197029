import { expect, test } from "vitest";
import type { BootChain } from "../../src/boot/bootChain.ts";
import { unitIndex, type BootUnit } from "../../src/boot/bootChain.ts";
import { Readiness } from "../../src/boot/readiness.ts";
import { standardDeviation } from "../../src/stats/studentInterval.ts";
import { bootOf, sampleBoot, sampleNames } from "./sampleBoots.ts";

const driver = "nvidia-driver-install.service";
const normalBoots = sampleNames.filter((name) => /^(?:repeat-)?nspawn-normal/.test(name));

test("going through a boot again with nothing changed gives the same time, for every unit of every real boot", async () => {
  let units = 0;
  for (const name of sampleNames) {
    const boot = (await sampleBoot(name)).value;
    for (const unit of boot.units) {
      const readiness = new Readiness(boot, unit);
      if (readiness.readyUs === undefined) continue;
      expect(Math.abs((readiness.readyIf(() => 1) ?? 0) - readiness.readyUs)).toBeLessThanOrEqual(2000);
      units++;
    }
  }
  expect(units).toBeGreaterThan(1000);
});

test("the slow driver boot with its driver as in normal boots, or without it, is predicted within the boots' own spread", async () => {
  const slow = await readinessOf("nspawn-slow-driver");
  const normal = await Promise.all(normalBoots.map(readinessOf));
  const seconds = (us: number | undefined): number => (us ?? Number.NaN) / 1e6;
  const readyS = normal.map(({ readiness }) => seconds(readiness.readyUs));
  const spreadS = standardDeviation(readyS);

  const sample = await readinessOf("nspawn-normal");
  const asNormalS = seconds(slow.readiness.readyIf((unit) => (unit.id === driver ? sample.driverUs / slow.driverUs : 1)));
  const errorS = asNormalS - seconds(sample.readiness.readyUs);
  console.log(
    `measured slow driver boot with the driver as long as in the normal one: ${asNormalS.toFixed(2)} s, that one was ready at ${seconds(sample.readiness.readyUs).toFixed(2)} s; error ${errorS.toFixed(2)} s, standard deviation of ${readyS.length} normal boots ${spreadS.toFixed(2)} s`,
  );
  expect(Math.abs(errorS)).toBeLessThan(spreadS);

  // In the parallel sample nothing that kubelet waits for waits for the driver: what a boot without it looks like.
  const parallel = await readinessOf("nspawn-parallel");
  const withoutS = seconds(slow.readiness.readyIf((unit) => (unit.id === driver ? 0 : 1)));
  const parallelErrorS = withoutS - seconds(parallel.readiness.readyUs);
  console.log(
    `measured slow driver boot without the driver: ${withoutS.toFixed(2)} s; the boot whose kubelet does not wait for it was ready at ${seconds(parallel.readiness.readyUs).toFixed(2)} s; error ${parallelErrorS.toFixed(2)} s`,
  );
  expect(Math.abs(parallelErrorS)).toBeLessThan(spreadS);
});

test("what would be and how much slack there is, in made-up boots", async () => {
  const boot = await bootOf({
    "kubelet.service": { from: 10.5, active: 11, after: ["long.service", "short.service", "late.service"] },
    "long.service": { from: 2.5, active: 10, after: ["first.service"] },
    "short.service": { from: 2.25, active: 6, after: ["first.service"] },
    "late.service": { from: 20, active: 21 },
    "first.service": { from: 1, active: 2 },
    "alone.service": { from: 3, active: 9 },
  });
  const readiness = new Readiness(boot, rootOf(boot, "kubelet.service"));
  const without = (...ids: string[]): number | undefined => readiness.readyIf((unit) => (ids.includes(unit.id) ? 0 : 1));
  expect(readiness.readyUs).toBe(11_000_000);
  // Not 7.5 s sooner: the short one takes its place on the chain.
  expect(without("long.service")).toBe(7_000_000);
  expect(without("short.service")).toBe(11_000_000);
  expect(without("long.service", "short.service")).toBe(3_000_000);
  expect(without("alone.service")).toBe(11_000_000);
  expect(readiness.readyIf((unit) => (unit.id === "long.service" ? 2 : 1))).toBe(18_500_000);
  expect(Object.fromEntries(readiness.slackUs())).toEqual({
    "kubelet.service": 0,
    "long.service": 0,
    "short.service": 4_000_000,
    "first.service": 0,
  });
  expect(new Readiness(boot, { ...rootOf(boot, "kubelet.service"), id: "nothing.service" }).readyIf(() => 1)).toBeUndefined();
});

async function readinessOf(name: string): Promise<{ readiness: Readiness; driverUs: number }> {
  const boot = (await sampleBoot(name)).value;
  const start = unitIndex(boot.units).get(driver)?.starts.at(-1);
  return { readiness: new Readiness(boot, rootOf(boot, "kubelet.service")), driverUs: (start?.toUs ?? Number.NaN) - (start?.fromUs ?? 0) };
}

function rootOf(boot: BootChain, id: string): BootUnit {
  const unit = unitIndex(boot.units).get(id);
  if (!unit) throw new Error(`${boot.name} has no ${id}`);
  return unit;
}
