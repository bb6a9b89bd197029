import { expect, test } from "vitest";
import { isUserError } from "../../src/base/errors.ts";
import { bootReportOf } from "../../src/boot/bootReport.ts";
import { classOf, withSettings, workRules } from "../../src/boot/workClasses.ts";
import { bootOfTexts, sampleBoot, sampleNames, showText } from "./sampleBoots.ts";

const rules = workRules;
const normalBoots = sampleNames.filter((name) => /^(?:repeat-)?nspawn-normal/.test(name));

test("units of nodes have their class", () => {
  const check = (expected: string, ...units: readonly string[]): void => {
    for (const unit of units) expect([unit, classOf(unit, rules)]).toEqual([unit, expected]);
  };
  check(
    "cloud-init",
    "cloud-init.service",
    "cloud-init-local.service",
    "cloud-config.service",
    "cloud-final.service",
    "modules-config",
    "google-startup-scripts.service",
  );
  check("network-wait", "systemd-networkd-wait-online.service", "NetworkManager-wait-online.service", "network-online.target");
  check("gpu-driver", "nvidia-driver-install.service", "nvidia-persistenced.service", "dkms.service", "gpu-driver.service");
  check("gpu-validation", "nvidia-gpu-validate.service", "nvidia-dcgm.service", "gpu-health-check.service");
  check(
    "storage",
    "mnt-nvme.mount",
    "efs-wait.service",
    "dev-vda.device",
    "nvme-raid.service",
    "systemd-fsck@dev-sda1.service",
    "swap.img.swap",
  );
  check("container-runtime", "containerd.service", "docker.service", "crio.service", "soci-snapshotter.service");
  check("image-preload", "image-preload.service", "preload-images.service");
  check("kubelet", "kubelet.service", "snap.kubelet-eks.daemon.service", "k3s-agent.service", "nodeadm-config.service");
  check("snap", "snapd.seeded.service", "snapd.service", "snap.lxd.daemon.service");
  check("other", "ssh.service", "systemd-logind.service", "sysinit.target", "system.slice");
});

test("rules of settings come before ours, and wrong ones are named", () => {
  expect(classOf("our-cache.service", withSettings([{ class: "image-preload", units: "^our-" }]))).toBe("image-preload");
  expect(classOf("kubelet.service", withSettings([{ class: "other", units: "^KUBELET" }]))).toBe("other");
  const check = (setting: unknown, message: RegExp): void => {
    try {
      withSettings([setting]);
      expect.unreachable();
    } catch (error) {
      expect(isUserError(error) && error.code).toBe("bad-settings");
      expect((error as Error).message).toMatch(message);
    }
  };
  check(undefined, /Rule 1 .*"class" is none of/);
  check({ class: "coffee", units: "x" }, /"class" is none of/);
  check({ class: "snap", units: "" }, /no regular expression/);
  check({ class: "snap", units: "(" }, /Invalid regular expression/);
});

test("what failed beside the chain is told with its slack", async () => {
  const report = bootReportOf([await sampleBoot("nspawn-timeout")], { rules });
  expect(report.unit).toBe("kubelet.service");
  expect(report.boots[0]?.chain.alsoFailed).toEqual([
    { unit: "efs-wait.service", durationMs: 6093.433, slackMs: expect.closeTo(3721, 0) as number, outcome: "timeout" },
  ]);
  expect(report.summary).toBeUndefined();
});

test("advice answers from the boot: required, on the chain, failed without harm", async () => {
  const report = bootReportOf([await sampleBoot("nspawn-failed")], { rules });
  const driver = report.advice.find((row) => row.class === "gpu-driver");
  expect(driver?.answers.map(({ verdict }) => verdict)).toEqual(["yes", "maybe", "yes", "no"]);
  expect(driver?.answers[3]?.because).toMatch(/^Not for kubelet.service: it failed in this boot/);
  const parallel = bootReportOf([await sampleBoot("nspawn-parallel")], { rules }).advice.find((row) => row.class === "gpu-driver");
  expect(parallel).toMatchObject({ onChainMs: 0, savedMs: 0 });
  expect(parallel?.answers[2]).toMatchObject({
    verdict: "done",
    because: "kubelet.service does not wait for nvidia-driver-install.service.",
  });
  const made = await bootOfTexts("made", [
    showText({
      "kubelet.service": { from: 30, active: 31, after: ["containerd.service", "cloud-init.service"], requires: ["containerd.service"] },
      "containerd.service": { from: 20, active: 29, after: ["cloud-init.service"] },
      "cloud-init.service": { from: 1, active: 19 },
    }),
  ]);
  const answers = new Map(bootReportOf([made], { rules }).advice.map((row) => [row.class, row.answers]));
  expect(answers.get("container-runtime")?.[2]).toMatchObject({ verdict: "no", because: "kubelet.service requires containerd.service." });
  expect(answers.get("cloud-init")?.[2]).toMatchObject({
    verdict: "maybe",
    because: "containerd.service, which kubelet.service requires, is ordered after cloud-init.service.",
  });
});

test("many boots: medians, spread, who stands on the chain, and no percentile of few boots", async () => {
  const boots = await Promise.all(normalBoots.map((name) => sampleBoot(name)));
  const { summary } = bootReportOf(boots, { rules });
  expect(summary?.ready).toMatchObject({ boots: 6, lowMs: 11_305.615, highMs: 18_676.073 });
  expect(summary?.ready).not.toHaveProperty("p95Ms");
  expect(summary?.units[0]).toMatchObject({ unit: "nvidia-driver-install.service", onChainBoots: 6, took: { boots: 6 } });
  expect(summary?.units.find(({ unit }) => unit === "cloud-final.service")).toMatchObject({ onChainBoots: 0, onChainMedianMs: 0 });
  expect(summary?.noisiest).toBe("cloud-config.service");
  const many = bootReportOf(
    Array.from({ length: 24 }, (_, i) => boots[i % 6]).filter((boot) => boot !== undefined),
    { rules },
  );
  expect(many.summary?.ready?.p95Ms).toBeGreaterThan(18_000);
});

test("two kinds of machine: the difference has an interval from five boots on", async () => {
  const normal = await Promise.all(normalBoots.slice(1).map((name) => sampleBoot(name)));
  const slow = await sampleBoot("nspawn-slow-driver");
  const few = bootReportOf(normal, { rules, comparedWith: [slow] }).comparison;
  expect(few).toMatchObject({ boots: [5, 1], ready: { differenceMs: expect.closeTo(17_347.7, 0) as number } });
  expect(few?.ready).not.toHaveProperty("interval");
  const five = bootReportOf(normal, { rules, comparedWith: [slow, slow, slow, slow, slow] }).comparison;
  expect(five?.ready?.interval?.low).toBeGreaterThan(10_000);
  expect(five?.units[0]).toMatchObject({ unit: "nvidia-driver-install.service", class: "gpu-driver" });
});

test("the unit that is waited for is kubelet by any name, and another one when asked", async () => {
  const check = async (units: Parameters<typeof showText>[0], expected: string): Promise<void> => {
    expect(bootReportOf([await bootOfTexts("made", [showText(units)])], { rules }).unit).toBe(expected);
  };
  await check(
    { "snap.kubelet-eks.daemon.service": { from: 1, active: 2 }, "a.service": { from: 3, active: 4 } },
    "snap.kubelet-eks.daemon.service",
  );
  await check({ "k3s.service": { from: 1, active: 2 } }, "k3s.service");
  await check(
    {
      "graphical.target": { from: 1, active: 1, properties: { Names: "graphical.target default.target" } },
      "b.service": { from: 5, active: 6 },
    },
    "graphical.target",
  );
  await check({ "a.service": { from: 1, active: 2 }, "b.service": { from: 5, active: 6 } }, "b.service");
  const boot = await sampleBoot("nspawn-normal");
  expect(bootReportOf([boot], { rules, unit: "default.target" }).unit).toBe("graphical.target");
  expect(() => bootReportOf([boot], { rules, unit: "kubelt.service" })).toThrow("No boot that was read has a unit kubelt.service.");
});

test("a boot without the unit stays in the report and says so", async () => {
  const boots = [await sampleBoot("nspawn-normal"), await bootOfTexts("other", [showText({ "a.service": { from: 1, active: 2 } })])];
  const report = bootReportOf(boots, { rules });
  expect(report.boots[1]).toMatchObject({ name: "other", chain: { state: "unreached", spans: [] } });
  expect(report.boots[1]?.problems.at(-1)?.message).toBe("It has no unit kubelet.service, so there is no chain.");
});

test("the report is plain JSON", async () => {
  const report = bootReportOf([await sampleBoot("nspawn-not-finished-cgroupv1"), await sampleBoot("nspawn-normal")], { rules });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test("what systemd-analyze says of a boot stands beside the corrected chain", async () => {
  const [name = ""] = normalBoots;
  const [boot] = bootReportOf([await sampleBoot(name)], { rules }).boots;
  expect(boot?.systemdChain?.[0]).toMatch(/^\S+ /);
  expect(boot?.systemdChain?.at(-1)).toContain("└─");
});
