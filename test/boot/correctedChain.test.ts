import { expect, test } from "vitest";
import type { BootChain } from "../../src/boot/bootChain.ts";
import { correctedChain, type CorrectedChain } from "../../src/boot/correctedChain.ts";
import { bootOf, journalText, sampleBoot, sampleNames } from "./sampleBoots.ts";

test("of every real boot and unit the spans lie side by side from the start of userspace to the end", async () => {
  let chains = 0;
  for (const name of sampleNames) {
    const boot = (await sampleBoot(name)).value;
    for (const unit of boot.units) {
      expectTiled(chainOf(boot, unit.id));
      chains++;
    }
  }
  console.log(`measured chains whose took + gaps + lead-in equal the total to the microsecond: ${chains} of ${chains}`);
  expect(chains).toBeGreaterThan(2500);
});

test("the chains of misleading boots name what kubelet really waited for", async () => {
  const check = async (
    sample: string,
    unit: string,
    expected: { state: string; blocker: string; why: string; holds: readonly string[] },
  ): Promise<void> => {
    const chain = chainOf((await sampleBoot(sample)).value, unit);
    expect({ state: chain.state, blocker: chain.blocker?.unit, why: chain.blocker?.why }).toEqual({
      state: expected.state,
      blocker: expected.blocker,
      why: expected.why,
    });
    const told = chain.spans.map((span) => `${span.kind} ${span.unit}`);
    for (const span of expected.holds) expect(told).toContain(span);
  };
  await check("nspawn-failed", "kubelet.service", {
    state: "ready",
    blocker: "nvidia-driver-install.service",
    why: "failed",
    holds: [
      "failed-start nvidia-driver-install.service",
      "passed-over nvidia-persistenced.service",
      "passed-over nvidia-gpu-validate.service",
    ],
  });
  await check("debian13-fail", "last.service", {
    state: "ready",
    blocker: "stuck.service",
    why: "timeout",
    holds: ["failed-start stuck.service", "start last.service"],
  });
  await check("debian13-fail", "flaky.service", {
    state: "ready",
    blocker: "flaky.service",
    why: "restarts",
    holds: ["failed-start flaky.service", "restart-wait flaky.service", "start flaky.service"],
  });
  await check("ubuntu22-fail", "needs-bad.service", {
    state: "passed-over",
    blocker: "bad.service",
    why: "failed",
    holds: ["failed-start bad.service", "passed-over needs-bad.service"],
  });
  await check("debian14-running", "behind.service", {
    state: "waiting",
    blocker: "never.service",
    why: "running",
    holds: ["start slow.service", "still-starting never.service", "waiting behind.service"],
  });
  await check("debian14-soft", "multi-user.target", {
    state: "ready",
    blocker: "b.service",
    why: "longest",
    holds: ["lead-in systemd-journald.service", "start a.service", "start b.service"],
  });
  await check("nspawn-timeout", "efs-wait.service", {
    state: "failed",
    blocker: "efs-wait.service",
    why: "timeout",
    holds: ["failed-start efs-wait.service"],
  });
  await check("nspawn-kubelet-crashloop", "kubelet.service", {
    state: "ready",
    blocker: "kubelet.service",
    why: "restarts",
    holds: ["failed-start kubelet.service", "restart-wait kubelet.service", "start nvidia-driver-install.service"],
  });
  await check("nspawn-not-finished-cgroupv1", "kubelet.service", {
    state: "waiting",
    blocker: "cloud-config.service",
    why: "running",
    holds: ["still-starting cloud-config.service", "waiting kubelet.service"],
  });
  await check("nspawn-slow-driver-unfinished", "kubelet.service", {
    state: "waiting",
    blocker: "nvidia-driver-install.service",
    why: "running",
    holds: ["waiting nvidia-persistenced.service", "waiting nvidia-gpu-validate.service"],
  });
  await check("unshare-normal", "kubelet.service", {
    state: "waiting",
    blocker: "systemd-networkd-wait-online.service",
    why: "running",
    holds: ["waiting network-online.target"],
  });
  await check("nspawn-slow-driver", "kubelet.service", {
    state: "ready",
    blocker: "nvidia-driver-install.service",
    why: "longest",
    holds: [],
  });
});

test("without the journal a crash loop is a gap that says so, and failed dependencies are concluded from the units' states", async () => {
  const crash = chainOf((await sampleBoot("nspawn-kubelet-crashloop", /^show-|^list-jobs/)).value, "kubelet.service");
  const gap = crash.spans.find((span) => span.kind === "gap" && span.unit === "kubelet.service");
  expect(gap?.notes[0]).toBe("earlier starts of kubelet.service are hidden in it (restarted 3 times)");
  expect(crash.blocker).toMatchObject({ unit: "kubelet.service", why: "restarts" });
  const failed = chainOf((await sampleBoot("nspawn-failed", /^show-|^list-jobs/)).value, "kubelet.service");
  expect(failed.blocker).toMatchObject({ unit: "nvidia-driver-install.service", why: "failed" });
});

test("spans of made-up boots", async () => {
  const check = async (made: Promise<BootChain>, unit: string, expected: readonly string[]): Promise<CorrectedChain> => {
    const chain = chainOf(await made, unit);
    expectTiled(chain);
    expect(chain.spans.map((span) => `${span.kind} ${span.unit} ${span.fromUs / 1e6}..${span.toUs / 1e6}`)).toEqual(expected);
    return chain;
  };
  // The unit behind a time limit begins when that is over, and systemd's own chain has no trace of it.
  const limited = {
    "kubelet.service": { from: 31, active: 32, after: ["wait.service", "a.service"] },
    "wait.service": { from: 5, inactive: 30.5, result: "timeout", after: ["a.service"] },
    "a.service": { from: 1, active: 4 },
  };
  const timeout = await check(bootOf(limited), "kubelet.service", [
    "lead-in a.service 0..1",
    "start a.service 1..4",
    "gap wait.service 4..5",
    "failed-start wait.service 5..30.5",
    "gap kubelet.service 30.5..31",
    "start kubelet.service 31..32",
  ]);
  expect(timeout.blocker).toEqual({ unit: "wait.service", lengthUs: 25_500_000, why: "timeout" });
  // A mount's device never appears: its job's time limit is in the journal only.
  await check(
    bootOf(
      {
        "kubelet.service": { from: 91, active: 92, after: ["data.mount"] },
        "data.mount": { after: ["dev-data.device", "a.service"], requires: ["dev-data.device"] },
        "dev-data.device": { after: ["a.service"] },
        "a.service": { from: 0.5, active: 1 },
      },
      95,
      journalText([
        [90, "dev-data.device", "start-failed", "timeout"],
        [90.0001, "data.mount", "start-failed", "dependency"],
      ]),
    ),
    "kubelet.service",
    [
      "lead-in a.service 0..0.5",
      "start a.service 0.5..1",
      "passed-over dev-data.device 1..90",
      "gap data.mount 90..90.0001",
      "passed-over data.mount 90.0001..90.0001",
      "gap kubelet.service 90.0001..91",
      "start kubelet.service 91..92",
    ],
  );
  // What is skipped for its conditions is not told, but what it waited for is.
  await check(
    bootOf({
      "kubelet.service": { from: 6, active: 7, after: ["maybe.service"] },
      "maybe.service": { after: ["a.service"], properties: { ConditionResult: "no", ConditionTimestampMonotonic: "105000000" } },
      "a.service": { from: 1, active: 4 },
    }),
    "kubelet.service",
    ["lead-in a.service 0..1", "start a.service 1..4", "gap kubelet.service 4..6", "start kubelet.service 6..7"],
  );
  // A kubelet of Type=simple is up at once each time, and down soon after, until its settings are there.
  const simple = await check(
    bootOf(
      {
        "kubelet.service": { from: 30, active: 30, type: "simple", restarts: 2, after: ["a.service"] },
        "a.service": { from: 0, active: 1 },
      },
      20,
      journalText([
        [2, "kubelet.service", "started"],
        [3, "kubelet.service", "failed", "exit-code"],
        [13, "kubelet.service", "restart"],
        [13, "kubelet.service", "started"],
        [14, "kubelet.service", "failed", "exit-code"],
        [30, "kubelet.service", "restart"],
        [30, "kubelet.service", "started"],
      ]),
    ),
    "kubelet.service",
    [
      "start a.service 0..1",
      "gap kubelet.service 1..2",
      "failed-start kubelet.service 2..3",
      "restart-wait kubelet.service 3..13",
      "failed-start kubelet.service 13..14",
      "restart-wait kubelet.service 14..30",
      "start kubelet.service 30..30",
    ],
  );
  expect(simple.blocker).toEqual({ unit: "kubelet.service", lengthUs: 28_000_000, why: "restarts" });
  // Since systemd 254 the unit's own times of a restart begin with the wait for it.
  await check(
    bootOf(
      { "kubelet.service": { from: 3, active: 6, restarts: 1 } },
      60,
      journalText([
        [2, "kubelet.service", "starting"],
        [3, "kubelet.service", "failed", "exit-code"],
        [3, "kubelet.service", "start-failed", "failed"],
        [5, "kubelet.service", "restart"],
        [5.2, "kubelet.service", "starting"],
        [6, "kubelet.service", "started"],
      ]),
    ),
    "kubelet.service",
    [
      "lead-in kubelet.service 0..2",
      "failed-start kubelet.service 2..3",
      "restart-wait kubelet.service 3..5.2",
      "start kubelet.service 5.2..6",
    ],
  );
  // It failed too often: what systemd gave up was no start.
  const givenUp = await check(
    bootOf(
      { "kubelet.service": { from: 3, inactive: 4, result: "start-limit-hit", restarts: 1 } },
      60,
      journalText([
        [2, "kubelet.service", "starting"],
        [3, "kubelet.service", "failed", "exit-code"],
        [3, "kubelet.service", "start-failed", "failed"],
        [4, "kubelet.service", "restart"],
        [4, "kubelet.service", "failed", "start-limit-hit"],
        [4, "kubelet.service", "start-failed", "failed"],
      ]),
    ),
    "kubelet.service",
    ["lead-in kubelet.service 0..2", "failed-start kubelet.service 2..3"],
  );
  expect(givenUp.spans[1]?.notes).toEqual(["failed (exit-code)"]);
  // It was up before userspace began, as after a soft reboot or in the initrd.
  await check(
    bootOf({
      "b.service": { from: 3, active: 4, after: ["a.service"] },
      "a.service": { from: -3, active: -2 },
      "x.mount": { from: 0.5, active: 1 },
    }),
    "b.service",
    ["lead-in b.service 0..0.5", "gap b.service 0.5..3", "start b.service 3..4"],
  );
  const earlier = await check(bootOf({ "kubelet.service": { from: -3, active: -2 } }), "kubelet.service", []);
  expect(earlier).toMatchObject({ state: "ready", endUs: 0 });
  // A script that runs all through a gap is named: cloud-init's last stage started kubelet.
  const gap = await check(
    bootOf({
      "kubelet.service": { from: 20, active: 21, after: ["a.service"] },
      "cloud-final.service": { from: 1.1, active: 20.2 },
      "a.service": { from: 0, active: 1 },
    }),
    "kubelet.service",
    ["start a.service 0..1", "gap kubelet.service 1..20", "start kubelet.service 20..21"],
  );
  expect(gap.spans[1]?.notes).toEqual(["meanwhile starting: cloud-final.service"]);
  expect(gap.blocker).toEqual({ unit: "kubelet.service", lengthUs: 19_000_000, why: "gap" });
});

test("a root that failed, never began or has nothing to do with the boot", async () => {
  const units = {
    "kubelet.service": { requires: ["containerd.service"], after: ["containerd.service"] },
    "containerd.service": { from: 1, inactive: 2, result: "exit-code" },
    "later.service": { after: ["containerd.service"] },
  };
  const boot = await bootOf(units);
  expect(chainOf(boot, "kubelet.service")).toMatchObject({
    state: "passed-over",
    endUs: 2_000_000,
    blocker: { unit: "containerd.service", why: "failed" },
  });
  expect(chainOf(boot, "containerd.service")).toMatchObject({ state: "failed", endUs: 2_000_000 });
  expect(chainOf(boot, "later.service")).toMatchObject({ state: "unreached", endUs: 0, spans: [] });
  expect(correctedChain(boot, "nothing.service")).toBeUndefined();
});

test("orders that run in circles and times that run backwards end the chain, never the program", async () => {
  const circle = await bootOf({
    "a.service": { from: 3, active: 4, after: ["b.service"] },
    "b.service": { from: 3, active: 3.001, after: ["a.service", "b.service"] },
  });
  expectTiled(chainOf(circle, "a.service"));
  const backwards = await bootOf({
    "a.service": { from: 3, active: 2, after: ["b.service"] },
    "b.service": { from: 9, active: 1, inactive: 0.5, after: ["a.service"] },
  });
  for (const unit of ["a.service", "b.service"]) expectTiled(chainOf(backwards, unit));
  const long = Object.fromEntries(
    Array.from(
      { length: 20_000 },
      (_, i) => [`u${i}.service`, { from: 50 - i / 1000, active: 50 - i / 1000, after: [`u${i + 1}.service`] }] as const,
    ),
  );
  expect(chainOf(await bootOf(long), "u0.service").spans.length).toBeGreaterThan(19_999);
});

function chainOf(boot: BootChain, unit: string): CorrectedChain {
  const chain = correctedChain(boot, unit);
  if (!chain) throw new Error(`${boot.name} has no ${unit}`);
  return chain.value;
}

function expectTiled(chain: CorrectedChain): void {
  let atUs = 0;
  for (const span of chain.spans) {
    expect(span.fromUs).toBe(atUs);
    expect(span.toUs).toBeGreaterThanOrEqual(span.fromUs);
    atUs = span.toUs;
  }
  if (chain.spans.length > 0) expect(atUs).toBe(Math.max(0, chain.endUs));
}
