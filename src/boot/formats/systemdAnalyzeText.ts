import type { BootPhases } from "../bootChain.ts";
import { parseTimespan } from "../timespan.ts";

const unitName = /\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;
const span = String.raw`\d[\d.]*[a-z]*(?: \d[\d.]*[a-z]+)*`;

export interface TimeText {
  readonly phases: BootPhases;
  readonly target?: { readonly id: string; readonly activatedUs?: number };
}

/** `systemd-analyze time`: `Startup finished in 24.198s (kernel) + …` and the line about the default target. */
export function readTimeText(text: string): TimeText | undefined {
  const line = /Startup finished in ([^\n]{1,400})/.exec(text)?.[1];
  if (line === undefined) return undefined;
  const phase = (name: string): number | undefined => parseTimespan(new RegExp(`(${span}) \\(${name}\\)`).exec(line)?.[1] ?? "");
  const [firmwareUs, loaderUs, kernelUs, initrdUs, softRebootUs, userspaceUs] = [
    "firmware",
    "loader",
    "kernel",
    "initrd",
    String.raw`soft reboot #\d+`,
    "userspace",
  ].map(phase);
  const reached = new RegExp(`^(\\S{1,256}) (?:reached after (${span}) in userspace|was never reached)`, "m").exec(text);
  const activatedUs = parseTimespan(reached?.[2] ?? "");
  return {
    phases: {
      ...(firmwareUs !== undefined && { firmwareUs }),
      ...(loaderUs !== undefined && { loaderUs }),
      ...(kernelUs !== undefined && { kernelUs }),
      ...(initrdUs !== undefined && { initrdUs }),
      ...(softRebootUs !== undefined && { softRebootUs }),
      ...(userspaceUs !== undefined && { userspaceUs }),
    },
    ...(reached?.[1] !== undefined && { target: { id: reached[1], ...(activatedUs !== undefined && { activatedUs }) } }),
  };
}

/** A unit with how long its latest start took. */
export interface BlameRow {
  readonly id: string;
  readonly tookUs: number;
}

/** One row of `systemd-analyze blame`; undefined for other lines. */
export function readBlameLine(line: string): BlameRow | undefined {
  const match = new RegExp(`^\\s{0,40}(${span}) (\\S{1,300})$`).exec(line.trimEnd());
  const tookUs = match && parseTimespan(match[1] ?? "");
  return match?.[2] !== undefined && tookUs != null && unitName.test(match[2]) ? { id: match[2], tookUs } : undefined;
}

/** A unit of the printed tree. `atUs` is when it was active, from the start of userspace; absent as in the print. */
export interface ChainRow {
  readonly id: string;
  /** 0 for the unit that was asked about. */
  readonly level: number;
  readonly atUs?: number;
  readonly tookUs?: number;
}

/** One row of `systemd-analyze critical-chain`, drawn with box characters or ASCII; undefined for other lines and for `...`. */
export function readChainLine(line: string): ChainRow | undefined {
  const match = new RegExp(`^((?:│ |\\| | {2})*)(└─|├─|\`-|\\|-)?(\\S{1,300}?)(?: @(${span}))?(?: \\+(${span}))?$`).exec(line.trimEnd());
  const id = match?.[3];
  if (!match || id === undefined || !unitName.test(id)) return undefined;
  const level = match[2] === undefined ? 0 : (match[1] ?? "").length / 2 + 1;
  const at = match[4];
  const atUs = parseTimespan(at ?? "");
  const tookUs = parseTimespan(match[5] ?? "");
  return {
    id,
    level,
    // Until 255 systemd prints units of the initrd as if they began in 584,542 years.
    ...(atUs !== undefined && !at?.startsWith("5845") && { atUs }),
    ...(tookUs !== undefined && { tookUs }),
  };
}
