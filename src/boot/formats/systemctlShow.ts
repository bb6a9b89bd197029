import type { BootMachine, BootPhases, BootUnit } from "../bootChain.ts";
import { wordList } from "./wordList.ts";

/** Properties of the manager or of one unit, as text. The first value counts where a property repeats. */
export type ShowBlock = ReadonlyMap<string, string>;

/**
 * Splits what `systemctl show` printed (of the manager, of units, or both in one file) at its empty lines. Lines of another shape are
 * left out, so a file that was cut off gives its whole lines.
 */
export function showBlocks(text: string): ShowBlock[] {
  const blocks: ShowBlock[] = [];
  let block = new Map<string, string>();
  let start = 0;
  while (start <= text.length) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    const line = text.slice(start, text[end - 1] === "\r" ? end - 1 : end);
    start = end + 1;
    if (line === "") {
      if (block.size > 0) blocks.push(block);
      block = new Map();
      continue;
    }
    const equals = line.indexOf("=");
    if (equals <= 0) continue;
    const key = line.slice(0, equals);
    if (/^[A-Za-z0-9]+$/.test(key) && !block.has(key)) block.set(key, line.slice(equals + 1));
  }
  if (block.size > 0) blocks.push(block);
  return blocks;
}

/** Whether a block is of the manager itself, not of a unit. */
export function isManagerBlock(block: ShowBlock): boolean {
  return block.has("UserspaceTimestampMonotonic") && !block.has("Id");
}

/** What the manager tells of the boot as a whole. */
export interface ShowManager {
  readonly machine: BootMachine;
  readonly phases: BootPhases;
  /** On the monotonic clock of the kernel. Absent: the properties do not tell it. */
  readonly userspaceStartMonotonicUs?: number;
  readonly userspaceStartEpochMs?: number;
  /** From the start of userspace. */
  readonly finishedUs?: number;
  readonly softReboots?: number;
}

/** The manager's phases, as systemd-analyze derives them (`acquire_boot_times` in `src/analyze/analyze-time-data.c`). */
export function readManager(block: ShowBlock): ShowManager {
  const at = (name: string): number => microseconds(block, `${name}TimestampMonotonic`) ?? 0;
  const [firmware, loader, initrd, userspace, finish] = [at("Firmware"), at("Loader"), at("InitRD"), at("Userspace"), at("Finish")];
  // Only a container's manager sets up no security module; its clock is the host's, and what came before it is not its own.
  const isContainer = at("SecurityStart") === 0;
  // Since systemd 256; the property of 256 to 261 is that of 262 for the boot before.
  const softReboots = Number(block.get("SoftRebootsCount") ?? "0");
  const stoppedUs = at("PreviousShutdownStart") || at("ShutdownStart");
  const isSoftReboot = softReboots > 0 && stoppedUs > 0 && stoppedUs <= userspace;
  const hasOwnKernel = !isContainer && !isSoftReboot;
  const finishedUs = finish > 0 ? finish - userspace : undefined;
  const epochUs = epochMicroseconds(block.get("UserspaceTimestamp"));
  const version = block.get("Version");
  const virtualization = block.get("Virtualization");
  return {
    machine: { ...(version && { systemdVersion: version }), ...(virtualization && { virtualization }) },
    phases: {
      ...(hasOwnKernel && firmware > 0 && { firmwareUs: firmware - loader }),
      ...(hasOwnKernel && loader > 0 && { loaderUs: loader }),
      ...(hasOwnKernel && (initrd || userspace) > 0 && { kernelUs: initrd || userspace }),
      ...(hasOwnKernel && initrd > 0 && { initrdUs: userspace - initrd }),
      ...(isSoftReboot && { softRebootUs: userspace - stoppedUs }),
      ...(finishedUs !== undefined && { userspaceUs: finishedUs }),
    },
    ...(isSoftReboot && { softReboots }),
    ...(userspace > 0 && { userspaceStartMonotonicUs: userspace }),
    ...(epochUs !== undefined && { userspaceStartEpochMs: epochUs / 1000 }),
    ...(finishedUs !== undefined && { finishedUs }),
  };
}

/** One unit; undefined when the block names none. Its `starts` hold the latest start only. */
export function readUnit(block: ShowBlock, userspaceStartMonotonicUs: number): BootUnit | undefined {
  const id = block.get("Id");
  if (id === undefined || id === "") return undefined;
  const at = (name: string): number | undefined => {
    const us = microseconds(block, `${name}TimestampMonotonic`);
    return us === undefined || us === 0 ? undefined : us - userspaceStartMonotonicUs;
  };
  const list = (name: string): string[] => wordList(block.get(name) ?? "");
  const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
    value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
  const condition = block.get("ConditionResult");
  const conditionUs = at("Condition");
  const restarts = Number(block.get("NRestarts") || "0");
  return {
    id,
    aliases: list("Names").filter((name) => name !== id),
    ...optional("activatingUs", at("InactiveExit")),
    ...optional("activatedUs", at("ActiveEnter")),
    ...optional("deactivatingUs", at("ActiveExit")),
    ...optional("deactivatedUs", at("InactiveEnter")),
    ...optional("conditionUs", conditionUs),
    ...(condition !== undefined && conditionUs !== undefined && { isConditionMet: condition === "yes" }),
    after: list("After"),
    requires: [...new Set([...list("Requires"), ...list("Requisite"), ...list("BindsTo")])],
    isWanted: ["WantedBy", "RequiredBy", "RequisiteOf", "BoundBy", "UpheldBy"].some((name) => (block.get(name) ?? "") !== ""),
    ...optional("isLoaded", block.has("LoadState") ? block.get("LoadState") === "loaded" : undefined),
    ...optional("result", block.get("Result")),
    ...optional("type", block.get("Type")),
    ...optional("restarts", restarts > 0 ? restarts : undefined),
    triggeredBy: list("TriggeredBy"),
    starts: [],
  };
}

/** A unit's job, when one was queued: it runs once the unit is on its way. */
export function readJob(block: ShowBlock): { unit: string; type: string; state: "waiting" | "running" } | undefined {
  const unit = block.get("Id");
  const job = block.get("Job");
  if (!unit || !job || job === "0") return undefined;
  return { unit, type: "start", state: block.get("ActiveState") === "activating" ? "running" : "waiting" };
}

function microseconds(block: ShowBlock, key: string): number | undefined {
  const text = block.get(key);
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** `Sun 2026-11-22 11:08:11.558457 UTC`, `@1795345691.558457` or `1795345691558457`; undefined in other zones, which a name alone does not tell. */
function epochMicroseconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))? (?:UTC|GMT)$/.exec(text);
  if (match) {
    const ms = Date.parse(`${match[1]}T${match[2]}Z`);
    return Number.isFinite(ms) ? ms * 1000 + Number((match[3] ?? "").padEnd(6, "0")) : undefined;
  }
  const stamp = /^@(\d{9,10})(?:\.(\d{1,6}))?$/.exec(text);
  if (stamp) return Number(stamp[1]) * 1_000_000 + Number((stamp[2] ?? "").padEnd(6, "0"));
  return /^\d{15,16}$/.test(text) ? Number(text) : undefined;
}
