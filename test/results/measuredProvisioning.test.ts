import { expect, test } from "vitest";
import { bootReportOf, type BootReport } from "../../src/boot/bootReport.ts";
import { workRules } from "../../src/boot/workClasses.ts";
import { measuredProvisioning, provisioningStart } from "../../src/results/measuredProvisioning.ts";
import { sampleBoot } from "../boot/sampleBoots.ts";

async function reportOf(...names: readonly string[]): Promise<BootReport> {
  return bootReportOf(await Promise.all(names.map((name) => sampleBoot(name))), { rules: workRules });
}

const five = await reportOf(...[1, 2, 3, 4, 5].map((number) => `repeat-nspawn-normal-${number}`));
const machine = await reportOf("qemu-normal");
const never = await reportOf("nspawn-slow-driver-unfinished");

test("the median of boots that got ready, with the phases before userspace", () => {
  expect(measuredProvisioning(five)).toMatchObject({ boots: 5, medianMs: five.summary?.ready?.medianMs });
  expect(measuredProvisioning(five)?.interval).toBeDefined();
  const [boot] = machine.boots;
  const kernelMs = boot?.phases.find(({ phase }) => phase === "kernel")?.durationMs ?? NaN;
  expect(kernelMs).toBeGreaterThan(20_000);
  expect(measuredProvisioning(machine)).toEqual({ boots: 1, medianMs: kernelMs + (boot?.chain.endAtMs ?? NaN) });
  expect(measuredProvisioning(never)).toBeUndefined();
});

test("the slider starts from what was measured, and names its source; else from what is assumed", () => {
  const [own, other] = [measuredProvisioning(five), measuredProvisioning(machine)];
  const start = provisioningStart(own, [{ name: "other.json", measured: other }]);
  expect(start.provisioningMs).toBe(own?.medianMs);
  expect(start.source).toMatch(/^median of 5 boots in this report, ± \d+(\.\d)? m?s$/);
  expect(
    provisioningStart(undefined, [
      { name: "bench.json", measured: undefined },
      { name: "boots.json", measured: other },
    ]),
  ).toEqual({ provisioningMs: other?.medianMs, source: "one boot in boots.json", isMeasured: true });
  expect(provisioningStart(undefined, [])).toEqual({
    provisioningMs: 90_000,
    source: "assumed: no boots are in this report or in those beside it",
    isMeasured: false,
  });
});
