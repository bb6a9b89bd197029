import { unitIndex, type BootChain, type BootUnit } from "./bootChain.ts";
import { formatTimespan } from "./timespan.ts";

/**
 * What `systemd-analyze time`, `blame` and `critical-chain` would have printed of this boot, from the unit's own times. They follow
 * `src/analyze` of systemd 252, quirks included: failed units are missing, and a restart hides the starts before it. One bug is left out:
 * units of the initrd began before userspace, and their `@` is a negative length here, where systemd prints one of 584,542 years.
 */
export function timeText(boot: BootChain): string {
  if (boot.finishedUs === undefined) return notFinishedText;
  const { firmwareUs, loaderUs, kernelUs, initrdUs } = boot.phases;
  const parts = [
    ...(firmwareUs === undefined ? [] : [`${formatTimespan(firmwareUs)} (firmware)`]),
    ...(loaderUs === undefined ? [] : [`${formatTimespan(loaderUs)} (loader)`]),
    ...(kernelUs === undefined ? [] : [`${formatTimespan(kernelUs)} (kernel)`]),
    ...(initrdUs === undefined ? [] : [`${formatTimespan(initrdUs)} (initrd)`]),
    `${formatTimespan(boot.finishedUs)} (userspace) `,
  ];
  // The loader counts into the sum only where the firmware tells its own time.
  const beforeKernelUs = firmwareUs === undefined ? 0 : firmwareUs + (loaderUs ?? 0);
  const totalUs = kernelUs === undefined ? undefined : beforeKernelUs + kernelUs + (initrdUs ?? 0) + boot.finishedUs;
  const target = unitIndex(boot.units).get("default.target");
  return [
    `Startup finished in ${parts.join(" + ")}${totalUs === undefined ? "" : `= ${formatTimespan(totalUs)} `}\n`,
    target === undefined
      ? ""
      : target.activatedUs === undefined
        ? `${target.id} was never reached.\n`
        : `${target.id} reached after ${formatTimespan(target.activatedUs)} in userspace.\n`,
  ].join("");
}

export function blameText(boot: BootChain): string {
  if (boot.finishedUs === undefined) return notFinishedText;
  const rows = boot.units
    .map((unit) => ({ id: unit.id, tookUs: tookUs(unit) }))
    .filter((row) => row.tookUs > 0)
    .sort((a, b) => b.tookUs - a.tookUs)
    .map((row) => ({ id: row.id, took: formatTimespan(row.tookUs) }));
  const width = Math.max(0, ...rows.map((row) => row.took.length));
  return rows.map((row) => `${row.took.padStart(width)} ${row.id}\n`).join("");
}

/** `fuzzUs`: how much earlier a unit may have become active to be printed beside the latest one. */
export function criticalChainText(boot: BootChain, unit: string, fuzzUs: number): string {
  if (boot.finishedUs === undefined) return notFinishedText;
  const lines = ['The time when unit became active or started is printed after the "@" character.'];
  lines.push('The time the unit took to start is printed after the "+" character.', "", ...criticalChainLines(boot, unit, fuzzUs));
  return lines.map((line) => `${line}\n`).join("");
}

/** The tree alone; empty while the boot goes on. */
export function criticalChainLines(boot: BootChain, unit: string, fuzzUs: number): readonly string[] {
  if (boot.finishedUs === undefined) return [];
  const lines: string[] = [];
  const index = unitIndex(boot.units);
  const root = index.get(unit);
  if (root?.activatingUs !== undefined) lines.push(rootText(root));
  chainLines(boot.finishedUs, boot.units, index, unit, fuzzUs, lines);
  return lines;
}

/** What every verb says while the boot goes on. */
export const notFinishedText = `Bootup is not yet finished (org.freedesktop.systemd1.Manager.FinishTimestampMonotonic=0).
Please try again later.
Hint: Use 'systemctl list-jobs' to see active jobs
`;

/** How long the latest start took, in systemd-analyze's sense; 0 for what never started or is still starting. */
function tookUs(unit: BootUnit): number {
  if (unit.activatingUs === undefined) return 0;
  if (unit.activatedUs !== undefined && unit.activatedUs >= unit.activatingUs) return unit.activatedUs - unit.activatingUs;
  if (unit.deactivatedUs !== undefined && unit.deactivatedUs >= unit.activatingUs) return unit.deactivatedUs - unit.activatingUs;
  return 0;
}

function rootText(unit: BootUnit): string {
  const took = tookUs(unit);
  if (took > 0) return `${unit.id} +${formatTimespan(took)}`;
  return `${unit.id}${activatedText(unit)}`;
}

function unitText(unit: BootUnit): string {
  const took = tookUs(unit);
  if (took > 0) return `${unit.id} @${formatTimespan(unit.activatingUs ?? 0)} +${formatTimespan(took)}`;
  return `${unit.id}${activatedText(unit)}`;
}

function activatedText(unit: BootUnit): string {
  return unit.activatedUs !== undefined && unit.activatedUs > 0 ? ` @${formatTimespan(unit.activatedUs)}` : "";
}

/** `list_dependencies_one`, with a stack of its own: a chain may be as long as there are units. */
function chainLines(
  finishedUs: number,
  units: readonly BootUnit[],
  index: ReadonlyMap<string, BootUnit>,
  root: string,
  fuzzUs: number,
  lines: string[],
): void {
  // systemd looks units up by ID here, never by alias, and knows only those that started.
  const started = new Map(units.filter((unit) => unit.activatingUs !== undefined).map((unit) => [unit.id, unit]));
  const seen = new Set<string>();
  const open: { picked: BootUnit[]; next: number; level: number; branches: number }[] = [];
  const enter = (name: string, level: number, branches: number): void => {
    seen.add(name);
    const picked = latest(index.get(name)?.after ?? [], started, finishedUs, fuzzUs);
    if (picked.length > 0) open.push({ picked, next: 0, level, branches });
  };
  enter(root, 0, 0);
  for (let frame = open.at(-1); frame; frame = open.at(-1)) {
    const unit = frame.picked[frame.next++];
    if (unit === undefined) {
      open.pop();
      continue;
    }
    const isLast = frame.next === frame.picked.length;
    const { level } = frame;
    lines.push(treePrefix(level, frame.branches, isLast) + unitText(unit));
    const branches = (frame.branches << 1) | (isLast ? 0 : 1);
    if (seen.has(unit.id)) lines.push(`${treePrefix(level + 1, branches, true)}...`);
    else enter(unit.id, level + 1, branches);
  }
}

/** Of the units, those that became active last while the boot went on, within the fuzz, the latest first; ties keep their order. */
function latest(names: readonly string[], started: ReadonlyMap<string, BootUnit>, finishedUs: number, fuzzUs: number): BootUnit[] {
  const inRange = names
    .map((name) => started.get(name))
    .filter((unit): unit is BootUnit => unit?.activatedUs !== undefined && unit.activatedUs <= finishedUs)
    .sort((a, b) => (b.activatedUs as number) - (a.activatedUs as number));
  const last = inRange[0]?.activatedUs ?? 0;
  return inRange.filter((unit) => last - (unit.activatedUs as number) <= fuzzUs);
}

/** Bits of an `unsigned`: in trees deeper than 32 levels the lines repeat, there as here. */
function treePrefix(level: number, branches: number, isLast: boolean): string {
  let prefix = "";
  for (let i = level; i > 0; i--) prefix += (branches & (1 << (i - 1))) !== 0 ? "│ " : "  ";
  return prefix + (isLast ? "└─" : "├─");
}
