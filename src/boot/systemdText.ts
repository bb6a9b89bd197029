import { analyzeHabits } from "./analyzeHabits.ts";
import { unitIndex, type BootChain, type BootUnit } from "./bootChain.ts";
import { formatTimespan } from "./timespan.ts";

/**
 * What `systemd-analyze time`, `blame` and `critical-chain` of the machine's own systemd would have printed of this boot, from the unit's own
 * times. They follow `src/analyze`, quirks included: failed units are missing, and a restart hides the starts before it.
 */
export function timeText(boot: BootChain): string {
  if (boot.finishedUs === undefined) return notFinishedText;
  const { firmwareUs, loaderUs, kernelUs, initrdUs, softRebootUs } = boot.phases;
  const parts = [
    ...(firmwareUs === undefined ? [] : [`${formatTimespan(firmwareUs)} (firmware)`]),
    ...(loaderUs === undefined ? [] : [`${formatTimespan(loaderUs)} (loader)`]),
    ...(kernelUs === undefined ? [] : [`${formatTimespan(kernelUs)} (kernel)`]),
    ...(initrdUs === undefined ? [] : [`${formatTimespan(initrdUs)} (initrd)`]),
    ...(softRebootUs === undefined ? [] : [`${formatTimespan(softRebootUs)} (soft reboot #${boot.softReboots ?? 1})`]),
    `${formatTimespan(boot.finishedUs)} (userspace) `,
  ];
  // The loader counts into the sum only where the firmware tells its own time.
  const beforeKernelUs = firmwareUs === undefined ? 0 : firmwareUs + (loaderUs ?? 0);
  const totalUs = kernelUs === undefined ? undefined : beforeKernelUs + kernelUs + (initrdUs ?? 0) + boot.finishedUs;
  const target = unitIndex(boot.units).get("default.target");
  const stop = analyzeHabits(boot.machine.systemdVersion).endsSentences ? "." : "";
  return [
    `Startup finished in ${parts.join(" + ")}${totalUs === undefined ? "" : `= ${formatTimespan(totalUs)} `}\n`,
    target === undefined
      ? ""
      : target.activatedUs === undefined
        ? `${target.id} was never reached${stop}\n`
        : `${target.id} reached after ${formatTimespan(target.activatedUs)} in userspace${stop}\n`,
  ].join("");
}

/** What `systemd-analyze blame` would have printed, byte for byte. */
export function blameText(boot: BootChain): string {
  if (boot.finishedUs === undefined && !analyzeHabits(boot.machine.systemdVersion).blamesUnfinished) return notFinishedText;
  const rows = startedUnits(boot)
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
  return new ChainPrinter(boot, boot.finishedUs, fuzzUs).linesOf(unit);
}

/** What the verbs say while the boot goes on; newer ones still answer `blame`. */
export const notFinishedText = `Bootup is not yet finished (org.freedesktop.systemd1.Manager.FinishTimestampMonotonic=0).
Please try again later.
Hint: Use 'systemctl list-jobs' to see active jobs
`;

/** How long the latest start took, in systemd-analyze's sense; 0 for what is still starting. */
function tookUs(unit: StartedUnit): number {
  if (unit.activatedUs !== undefined && unit.activatedUs >= unit.activatingUs) return unit.activatedUs - unit.activatingUs;
  if (unit.deactivatedUs !== undefined && unit.deactivatedUs >= unit.activatingUs) return unit.deactivatedUs - unit.activatingUs;
  return 0;
}

type StartedUnit = BootUnit & { readonly activatingUs: number };

/** Those that systemd-analyze knows of: they have started, and not only before a soft reboot. */
function startedUnits({ units, phases: { softRebootUs = Infinity } }: BootChain): readonly StartedUnit[] {
  const isOfThisBoot = (us: number | undefined): boolean => us === undefined || us >= -softRebootUs;
  return units.filter(
    (unit): unit is StartedUnit => unit.activatingUs !== undefined && isOfThisBoot(unit.activatingUs) && isOfThisBoot(unit.activatedUs),
  );
}

/** `list_dependencies_one`, with a stack of its own: a chain may be as long as there are units. */
class ChainPrinter {
  private readonly index: ReadonlyMap<string, BootUnit>;
  /** systemd looks these up by ID, never by alias. */
  private readonly started: ReadonlyMap<string, StartedUnit>;
  private readonly finishedUs: number;
  private readonly fuzzUs: number;
  private readonly hidesEarlierTimes: boolean;

  constructor(boot: BootChain, finishedUs: number, fuzzUs: number) {
    this.index = unitIndex(boot.units);
    this.started = new Map(startedUnits(boot).map((unit) => [unit.id, unit]));
    this.finishedUs = finishedUs;
    this.fuzzUs = fuzzUs;
    this.hidesEarlierTimes = analyzeHabits(boot.machine.systemdVersion).hidesEarlierTimes;
  }

  linesOf(name: string): readonly string[] {
    const root = this.started.get(this.index.get(name)?.id ?? "");
    const lines = root ? [rootText(root)] : [];
    const seen = new Set<string>();
    const open: { picked: StartedUnit[]; next: number; level: number; branches: number }[] = [];
    const enter = (id: string, level: number, branches: number): void => {
      seen.add(id);
      const picked = this.latest(this.index.get(id)?.after ?? []);
      if (picked.length > 0) open.push({ picked, next: 0, level, branches });
    };
    enter(name, 0, 0);
    for (let frame = open.at(-1); frame; frame = open.at(-1)) {
      const unit = frame.picked[frame.next++];
      if (unit === undefined) {
        open.pop();
        continue;
      }
      const isLast = frame.next === frame.picked.length;
      const { level } = frame;
      lines.push(treePrefix(level, frame.branches, isLast) + this.unitText(unit));
      const branches = (frame.branches << 1) | (isLast ? 0 : 1);
      if (seen.has(unit.id)) lines.push(`${treePrefix(level + 1, branches, true)}...`);
      else enter(unit.id, level + 1, branches);
    }
    return lines;
  }

  /** Of the units, those that became active last while the boot went on, within the fuzz, the latest first; ties keep their order. */
  private latest(names: readonly string[]): StartedUnit[] {
    const inRange = names
      .map((name) => this.started.get(name))
      .filter((unit) => unit?.activatedUs !== undefined && unit.activatedUs <= this.finishedUs)
      .filter((unit): unit is StartedUnit => unit !== undefined)
      .sort((a, b) => (b.activatedUs as number) - (a.activatedUs as number));
    const last = inRange[0]?.activatedUs ?? 0;
    return inRange.filter((unit) => last - (unit.activatedUs as number) <= this.fuzzUs);
  }

  private unitText(unit: StartedUnit): string {
    if (this.hidesEarlierTimes && unit.activatingUs < 0) return unit.id;
    const took = tookUs(unit);
    return took > 0 ? `${unit.id} @${formatTimespan(unit.activatingUs)} +${formatTimespan(took)}` : unit.id + activatedText(unit);
  }
}

function rootText(unit: StartedUnit): string {
  const took = tookUs(unit);
  return unit.id + (took > 0 ? ` +${formatTimespan(took)}` : activatedText(unit));
}

function activatedText({ activatedUs = 0 }: BootUnit): string {
  return activatedUs > 0 ? ` @${formatTimespan(activatedUs)}` : "";
}

/** Bits of an `unsigned`: in trees deeper than 32 levels the lines repeat, there as here. */
function treePrefix(level: number, branches: number, isLast: boolean): string {
  let prefix = "";
  for (let i = level; i > 0; i--) prefix += (branches & (1 << (i - 1))) !== 0 ? "│ " : "  ";
  return prefix + (isLast ? "└─" : "├─");
}
