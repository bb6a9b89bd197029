import type { WithProblems } from "../base/text.ts";

/**
 * One boot of one machine, as far as the files at hand tell of it. Times are whole microseconds, as systemd keeps them, counted from the
 * start of userspace: what ran in the initrd or before is negative. Absent times: it has not happened, or the files do not say.
 */
export interface BootChain {
  /** Which boot: a folder's, a file's or a host's name; of a journal with several boots also the start of the boot's ID. */
  readonly name: string;
  readonly machine: BootMachine;
  readonly phases: BootPhases;
  /** How often only userspace was booted anew since the kernel began. Absent: never, or not told. */
  readonly softReboots?: number;
  /** When systemd had no job left of those that the boot began with. Absent while the boot goes on, and where the files do not tell. */
  readonly finishedUs?: number;
  /** Absent: the files do not tell. */
  readonly isFinished?: boolean;
  /** When the state was read: what had not happened until then is not known to happen. */
  readonly capturedUs?: number;
  /** Wall clock at the start of userspace, of the machine itself. */
  readonly userspaceStartEpochMs?: number;
  /** In the order of the source. */
  readonly units: readonly BootUnit[];
  /** Jobs that were queued or running when the state was read. */
  readonly jobs: readonly BootJob[];
  /** Stages of cloud-init in the order in which they began, then events of other tools that give a time but no unit. */
  readonly stages: readonly BootStage[];
  /** How finely the source tells times. */
  readonly accuracyUs: number;
  /** Whether `after` of the units is what systemd knew, the printed part of it, or unknown. */
  readonly order: "whole" | "printed" | "unknown";
  /** Which forms were read, the richest first. */
  readonly sources: readonly BootForm[];
}

/** A boot with what is to be said of its files. */
export type ReadBoot = WithProblems<BootChain>;

/** Which machine booted, and what runs on it. What the files do not tell is absent. */
export interface BootMachine {
  readonly bootId?: string;
  readonly systemdVersion?: string;
  /** As systemd detected it: `systemd-nspawn`, `kvm`, `amazon`. */
  readonly virtualization?: string;
  readonly osName?: string;
  readonly kernelVersion?: string;
  readonly instanceType?: string;
  /** What the machine was made from: an AMI, or a version of a cloud's node image. */
  readonly machineImage?: string;
}

/** Lengths of the boot's phases. Absent where a machine has none: containers begin with userspace, most machines tell no firmware. */
export interface BootPhases {
  readonly firmwareUs?: number;
  readonly loaderUs?: number;
  readonly kernelUs?: number;
  readonly initrdUs?: number;
  /** From when the userspace before this one began to stop. What came before it is then left out, as it was another boot's. */
  readonly softRebootUs?: number;
  /** Absent while the boot goes on. */
  readonly userspaceUs?: number;
}

export const phaseNames = ["firmware", "loader", "kernel", "initrd", "soft-reboot", "userspace"] as const;
export type PhaseName = (typeof phaseNames)[number];

/** Undefined: the machine has no such phase, or does not tell. */
export function phaseUs(phases: BootPhases, name: PhaseName): number | undefined {
  return name === "soft-reboot" ? phases.softRebootUs : phases[`${name}Us`];
}

/** A unit as systemd remembers it: the four times belong to its latest start, earlier ones are in `starts` when a journal tells. */
export interface BootUnit {
  readonly id: string;
  /** Other names of the same unit, such as `default.target`. */
  readonly aliases: readonly string[];
  /** Left the inactive state. */
  readonly activatingUs?: number;
  /** Became active. */
  readonly activatedUs?: number;
  /** Left the active state. */
  readonly deactivatingUs?: number;
  /** Became inactive or failed. */
  readonly deactivatedUs?: number;
  /** How long its latest start took, where the source tells only that. */
  readonly tookUs?: number;
  /** When its conditions were last checked. */
  readonly conditionUs?: number;
  readonly isConditionMet?: boolean;
  /** Units whose jobs end before its own may begin. */
  readonly after: readonly string[];
  /** Units without which it fails: Requires=, Requisite= and BindsTo=. */
  readonly requires: readonly string[];
  /** Whether another unit asks for it, so that it belonged to the boot. */
  readonly isWanted?: boolean;
  readonly isLoaded?: boolean;
  /** Result of the latest run: `success`, `exit-code`, `timeout`, … */
  readonly result?: string;
  /** Type of a service: `notify`, `oneshot`, `simple`, … */
  readonly type?: string;
  /** How often systemd restarted it on its own. */
  readonly restarts?: number;
  readonly triggeredBy: readonly string[];
  /** Every start of this boot in order of time; empty for a unit that never started. */
  readonly starts: readonly UnitStart[];
  /** Its job ended without a start. */
  readonly passedOver?: PassedOver;
}

/** A unit that never started: a required unit failed, its conditions did not hold, or it never appeared (devices). */
export interface PassedOver {
  readonly atUs: number;
  readonly why: "dependency" | "condition" | "timeout";
}

/** One start of a unit: from the first process until systemd went on with what waits for it. */
export interface UnitStart {
  readonly fromUs: number;
  /** Absent while it was still starting when the state was read. */
  readonly toUs?: number;
  readonly outcome: "started" | "failed" | "timeout" | "starting";
  /** When it went down again, if that was by failure. */
  readonly failedUs?: number;
  /** Why it failed: `exit-code`, `timeout`, … */
  readonly result?: string;
  /** Whether systemd began it because the previous one had failed. */
  readonly isRestart: boolean;
}

/** A job that systemd had not finished when its state was read. */
export interface BootJob {
  readonly unit: string;
  readonly type: string;
  readonly state: "waiting" | "running";
}

/** Something with a name and a time that is no unit: a stage of cloud-init, or an event of node-latency-for-k8s. */
export interface BootStage {
  readonly name: string;
  readonly fromUs: number;
  readonly toUs?: number;
  readonly result?: string;
  readonly source: "cloud-init" | "node-latency-for-k8s";
}

/** Forms of files, the richest first. */
export const bootForms = [
  "systemctl show",
  "systemd-analyze plot",
  "systemd-analyze critical-chain",
  "systemd-analyze dump",
  "journal",
  "systemd-analyze blame",
  "systemd-analyze time",
  "systemctl list-jobs",
  "cloud-init analyze dump",
  "node-latency-for-k8s",
  "clock",
  "os-release",
  "systemctl --version",
] as const;
export type BootForm = (typeof bootForms)[number];

/** Finds units by ID or alias. */
export function unitIndex(units: readonly BootUnit[]): ReadonlyMap<string, BootUnit> {
  const index = new Map<string, BootUnit>();
  for (const unit of units) for (const alias of unit.aliases) index.set(alias, unit);
  for (const unit of units) index.set(unit.id, unit);
  return index;
}
