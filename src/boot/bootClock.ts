import type { JournalBoot } from "./formats/journalBoots.ts";
import type { ManagerDump } from "./formats/managerDump.ts";
import type { PlotText } from "./formats/plotSvg.ts";
import type { ShowBlock, ShowManager } from "./formats/systemctlShow.ts";
import type { TimeText } from "./formats/systemdAnalyzeText.ts";

/** The sources by what they tell; of forms that a boot has once, the first. */
export interface Told {
  readonly manager?: ShowManager | undefined;
  readonly unitBlocks: readonly ShowBlock[];
  readonly time?: TimeText | undefined;
  readonly plot?: PlotText | undefined;
  readonly dump?: ManagerDump | undefined;
  readonly journal?: JournalBoot | undefined;
}

/** A wall clock that jumped by so much while the machine booted is worth a word. */
const clockStepUs = 100_000;

/** Where userspace begins on each clock. */
export interface BootClock {
  /** On the monotonic clock, which the journal shares with the units' properties. 0 where nothing tells of it. */
  readonly zeroUs: number;
  /** On the wall clock. */
  readonly epochMs?: number;
  /** On the wall clock as a dump tells it, in the machine's own zone. */
  readonly dumpZeroMs?: number;
}

export function clockOf({ manager, unitBlocks, dump, journal }: Told, warn: (message: string) => void): BootClock {
  const { finished } = journal ?? {};
  const zeroUs =
    manager?.userspaceStartMonotonicUs ??
    (finished?.userspaceUs === undefined ? undefined : finished.atMonotonicUs - finished.userspaceUs) ??
    firstStartUs(unitBlocks) ??
    journal?.firstMonotonicUs ??
    0;
  // What starts long after the boot tells more of the clock's drift than of the boot.
  const offsets = clockOffsets(unitBlocks, manager?.finishedUs === undefined ? Infinity : zeroUs + manager.finishedUs);
  if (offsets && Math.abs(offsets.last - offsets.first) > clockStepUs) {
    const seconds = ((offsets.last - offsets.first) / 1_000_000).toFixed(1);
    warn(`The machine's wall clock was set by ${seconds} s while it booted: its times of day before that are off, lengths are not.`);
  }
  const offsetUs = offsets?.last ?? journal?.epochOffsetUs;
  const epochMs = offsetUs === undefined ? (manager?.userspaceStartEpochMs ?? dump?.userspaceStartEpochMs) : (zeroUs + offsetUs) / 1000;
  const dumpZeroMs = dump?.userspaceStartEpochMs ?? dump?.initrdEpochMs ?? dump?.kernelEpochMs;
  return { zeroUs, ...(epochMs !== undefined && { epochMs }), ...(dumpZeroMs !== undefined && { dumpZeroMs }) };
}

function firstStartUs(blocks: readonly ShowBlock[]): number | undefined {
  const starts = blocks
    .map((block) => Number(block.get("InactiveExitTimestampMonotonic") ?? "0"))
    .filter((us) => us > 0 && Number.isSafeInteger(us));
  return starts.length > 0 ? starts.reduce((first, us) => Math.min(first, us)) : undefined;
}

/** Wall clock minus monotonic clock at the first and the last unit that started until then; undefined where stamps are of whole seconds. */
function clockOffsets(blocks: readonly ShowBlock[], untilUs: number): { first: number; last: number } | undefined {
  let first: { atUs: number; offsetUs: number } | undefined;
  let last: { atUs: number; offsetUs: number } | undefined;
  for (const block of blocks) {
    const match = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\.(\d{6}) UTC$/.exec(block.get("InactiveExitTimestamp") ?? "");
    const raw = /^\d{15,16}$/.exec(block.get("InactiveExitTimestamp") ?? "");
    const atUs = Number(block.get("InactiveExitTimestampMonotonic") ?? "0");
    const epochUs = match ? Date.parse(`${match[1]}T${match[2]}Z`) * 1000 + Number(match[3]) : raw ? Number(raw[0]) : Number.NaN;
    if (!(atUs > 0 && atUs <= untilUs) || !Number.isFinite(epochUs)) continue;
    const stamp = { atUs, offsetUs: epochUs - atUs };
    if (!first || atUs < first.atUs) first = stamp;
    if (!last || atUs > last.atUs) last = stamp;
  }
  return first && last && { first: first.offsetUs, last: last.offsetUs };
}
