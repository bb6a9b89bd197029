/** How long each stage of one arm usually takes in ms, as measured on the test cluster at 200 Mbit/s, and what goes wrong how often. */
export interface SampleArm {
  readonly name: string;
  readonly snapshotter: string;
  readonly isLazy: boolean;
  /** Of the image's tag. */
  readonly suffix: string;
  readonly sandboxMs: number;
  readonly pullMs: number;
  readonly createMs: number;
  readonly startMs: number;
  readonly applicationMs: number;
  readonly firstAnswerMs: number;
  readonly fetchedBytes: number;
  /** Orders within the arm that meet a mishap. */
  readonly mishaps?: Readonly<Record<number, Mishap>>;
}

export type Mishap = "crash" | "timeout" | "fell-back" | "warm" | "slow" | "pull-failed";

export const overlayfs: SampleArm = {
  name: "overlayfs",
  snapshotter: "overlayfs",
  isLazy: false,
  suffix: "",
  sandboxMs: 440,
  pullMs: 29_700,
  createMs: 95,
  startMs: 130,
  applicationMs: 2_540,
  firstAnswerMs: 310,
  fetchedBytes: 390_270_000,
  mishaps: { 6: "warm" },
};

export const stargz: SampleArm = {
  name: "eStargz",
  snapshotter: "stargz",
  isLazy: true,
  suffix: "-esgz",
  sandboxMs: 480,
  pullMs: 850,
  createMs: 6_400,
  startMs: 90,
  applicationMs: 4_620,
  firstAnswerMs: 690,
  fetchedBytes: 70_800_000,
  mishaps: { 3: "fell-back" },
};

export const soci: SampleArm = {
  name: "SOCI",
  snapshotter: "soci",
  isLazy: true,
  suffix: "-soci",
  sandboxMs: 1_050,
  pullMs: 5_020,
  createMs: 1_010,
  startMs: 560,
  applicationMs: 29_500,
  firstAnswerMs: 1_900,
  fetchedBytes: 149_000_000,
  mishaps: { 5: "slow", 8: "crash" },
};

export const nydus: SampleArm = {
  name: "Nydus",
  snapshotter: "nydus",
  isLazy: true,
  suffix: "-nydus",
  sandboxMs: 460,
  pullMs: 240,
  createMs: 410,
  startMs: 120,
  applicationMs: 7_900,
  firstAnswerMs: 820,
  fetchedBytes: 61_500_000,
  mishaps: { 7: "timeout" },
};

export const sampleArms: readonly SampleArm[] = [overlayfs, stargz, soci, nydus];

/** Two arms so alike that ten trials do not tell them apart. */
export const closeArms: readonly SampleArm[] = [
  { ...overlayfs, mishaps: {} },
  {
    ...stargz,
    name: "overlayfs, parallel pull",
    snapshotter: "overlayfs",
    isLazy: false,
    suffix: "",
    ...closeTimes(overlayfs),
    mishaps: {},
  },
];

function closeTimes({ pullMs, createMs, applicationMs, fetchedBytes }: SampleArm): Partial<SampleArm> {
  return { pullMs: pullMs * 0.99, createMs, applicationMs, fetchedBytes };
}
