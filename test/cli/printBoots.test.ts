import { test } from "vitest";
import { bootReportOf } from "../../src/boot/bootReport.ts";
import { workRules } from "../../src/boot/workClasses.ts";
import { printBoots } from "../../src/cli/printBoots.ts";
import { nodeLatency } from "../boot/madeTexts.ts";
import { bootOfTexts, sampleBoot, sampleNames } from "../boot/sampleBoots.ts";
import { expectGolden } from "../golden.ts";

test("one boot: the answer, its chain and what to do", async () => {
  for (const name of ["nspawn-timeout", "nspawn-failed", "nspawn-kubelet-crashloop", "nspawn-not-finished-cgroupv1", "qemu-normal"]) {
    expectGolden(`cli/boot-${name}.txt`, printBoots(bootReportOf([await sampleBoot(name)], { rules: workRules })));
  }
});

test("files that tell only stages", async () => {
  const boots = [await sampleBoot("nspawn-normal", /^cloud/), await bootOfTexts("node-latency.json", [nodeLatency])];
  expectGolden("cli/boot-stages.txt", boots.map((boot) => printBoots(bootReportOf([boot], { rules: workRules }))).join("\n"));
});

test("many boots, compared with others", async () => {
  const boots = await Promise.all(sampleNames.filter((name) => name.startsWith("repeat-nspawn")).map((name) => sampleBoot(name)));
  const others = await Promise.all(
    ["k8s-nspawn", "repeat-k8s-nspawn-2", "repeat-k8s-nspawn-3", "nspawn-slow-driver", "nspawn-normal"].map((name) => sampleBoot(name)),
  );
  expectGolden("cli/boot-many.txt", printBoots(bootReportOf(boots, { rules: workRules, comparedWith: others })));
});
