/** What `systemd-analyze` prints otherwise from version to version, as told by `src/analyze` of 247 to 262. */
export interface AnalyzeHabits {
  /** The line about the default target ends with a full stop. */
  readonly endsSentences: boolean;
  /** `blame` answers while the boot goes on. */
  readonly blamesUnfinished: boolean;
  /** `critical-chain` tells no time of units that began before userspace; older ones print it as some 584,542 years. */
  readonly hidesEarlierTimes: boolean;
}

/** The machine's version as systemd itself or a distribution writes it: `252.39-1~deb12u2`, `v255.4`. Without one the newest is taken. */
export function analyzeHabits(systemdVersion: string | undefined): AnalyzeHabits {
  const version = Number(/^v?(\d{3})\b/.exec(systemdVersion ?? "")?.[1] ?? Infinity);
  return { endsSentences: version >= 252, blamesUnfinished: version >= 253, hidesEarlierTimes: version >= 256 };
}
