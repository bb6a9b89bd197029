import type { BootJob } from "../bootChain.ts";

/** A unit of `systemd-analyze dump`, its times in ms since 1970 and of whole seconds. */
export interface DumpUnit {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly isLoaded: boolean;
  readonly activatingEpochMs?: number;
  readonly activatedEpochMs?: number;
  readonly deactivatingEpochMs?: number;
  readonly deactivatedEpochMs?: number;
  readonly after: readonly string[];
  readonly requires: readonly string[];
  readonly isWanted: boolean;
  readonly triggeredBy: readonly string[];
  readonly result?: string;
  readonly type?: string;
}

/** Times are whole seconds, and only their differences can be trusted. */
export interface ManagerDump {
  readonly systemdVersion?: string;
  readonly userspaceStartEpochMs?: number;
  readonly finishedEpochMs?: number;
  readonly initrdEpochMs?: number;
  readonly kernelEpochMs?: number;
  readonly units: readonly DumpUnit[];
  readonly jobs: readonly BootJob[];
}

/**
 * The state that `systemd-analyze dump` prints (`src/core/manager-dump.c`, `unit-serialize.c`). systemd does not promise its form (newer ones
 * draw an arrow before units where older ones write `->`), and its times are whole seconds in the machine's zone; the zone's name is taken for
 * UTC, so only differences can be trusted.
 */
export class DumpReader {
  private readonly units: { id: string; values: Map<string, string[]> }[] = [];
  private readonly jobs = new Map<string, BootJob>();
  /** The job whose lines are being read; they come behind those of its unit. */
  private job: { unit: string; type: string } | undefined;
  private isInJob = false;
  private readonly stamps = new Map<string, number>();
  private systemdVersion: string | undefined;

  line(line: string): void {
    const unit = /^\s*(?:->|→) Unit (\S{1,300}):$/.exec(line);
    if (unit?.[1] !== undefined) {
      this.units.push({ id: unit[1], values: new Map() });
      this.isInJob = false;
      return;
    }
    if (/^\s*(?:->|→) Job \d/.test(line)) {
      this.isInJob = true;
      this.job = undefined;
      return;
    }
    if (this.isInJob) {
      this.jobLine(line);
      return;
    }
    const current = this.units.at(-1);
    const pair = /^\s*([A-Za-z][A-Za-z ]{0,60}): (\S.{0,1000})$/.exec(line);
    if (current && pair?.[1] !== undefined && pair[2] !== undefined) {
      const known = current.values.get(pair[1]);
      if (known) known.push(pair[2]);
      else current.values.set(pair[1], [pair[2]]);
      return;
    }
    const stamp = /^Timestamp ([a-z-]{1,40}): (.{1,60})$/.exec(line);
    const epochMs = stamp && epochOf(stamp[2]);
    if (stamp?.[1] !== undefined && epochMs != null) this.stamps.set(stamp[1], epochMs);
    else this.systemdVersion ??= /^Manager: systemd (\S{1,40})/.exec(line)?.[1];
  }

  private jobLine(line: string): void {
    const action = /^\s*Action: (\S{1,300}) -> ([a-z-]{1,40})$/.exec(line);
    if (action) this.job = { unit: action[1] as string, type: action[2] as string };
    const state = /^\s*State: (waiting|running)$/.exec(line)?.[1];
    if (this.job && state !== undefined) this.jobs.set(this.job.unit, { ...this.job, state: state as BootJob["state"] });
  }

  end(): ManagerDump {
    const stamp = <K extends string>(key: K, name: string): { [P in K]?: number } => {
      const epochMs = this.stamps.get(name);
      return epochMs === undefined ? {} : ({ [key]: epochMs } as { [P in K]: number });
    };
    return {
      ...(this.systemdVersion !== undefined && { systemdVersion: this.systemdVersion }),
      ...stamp("kernelEpochMs", "kernel"),
      ...stamp("initrdEpochMs", "initrd"),
      ...stamp("userspaceStartEpochMs", "userspace"),
      ...stamp("finishedEpochMs", "finish"),
      units: this.units.map(({ id, values }) => unitOf(id, values)),
      jobs: [...this.jobs.values()],
    };
  }
}

function unitOf(id: string, values: ReadonlyMap<string, readonly string[]>): DumpUnit {
  const first = (key: string): string | undefined => values.get(key)?.[0];
  // `After: basic.target (origin-file)`; older versions print no brackets.
  const names = (...keys: string[]): string[] => [
    ...new Set(keys.flatMap((key) => values.get(key) ?? []).map((value) => value.split(" ")[0] ?? "")),
  ];
  const time = <K extends string>(key: K, name: string): { [P in K]?: number } => {
    const epochMs = epochOf(first(name));
    return epochMs === undefined ? {} : ({ [key]: epochMs } as { [P in K]: number });
  };
  const text = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } =>
    value === undefined ? {} : ({ [key]: value } as { [P in K]: string });
  return {
    id,
    aliases: names("Alias", "Name").filter((name) => name !== id),
    isLoaded: first("Unit Load State") !== "not-found",
    ...time("activatingEpochMs", "Inactive Exit Timestamp"),
    ...time("activatedEpochMs", "Active Enter Timestamp"),
    ...time("deactivatingEpochMs", "Active Exit Timestamp"),
    ...time("deactivatedEpochMs", "Inactive Enter Timestamp"),
    after: names("After"),
    requires: names("Requires", "Requisite", "BindsTo"),
    isWanted: ["WantedBy", "RequiredBy", "RequisiteOf", "BoundBy", "UpheldBy"].some((key) => values.has(key)),
    triggeredBy: names("TriggeredBy"),
    ...text("result", first("Result")),
    ...text("type", first("Type")),
  };
}

/** `Sun 2026-11-22 11:08:11 UTC`, in newer versions with a fraction. */
function epochOf(text: string | undefined): number | undefined {
  const match = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)/.exec(text ?? "");
  const epochMs = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN;
  return Number.isFinite(epochMs) ? epochMs : undefined;
}
