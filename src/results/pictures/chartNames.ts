import type { DocumentPart } from "../exportForms.ts";

/** One picture that a report can be left as. */
export interface ChartForm {
  /** For people, in menus. */
  readonly label: string;
  readonly part: DocumentPart;
  /** What a document must hold beside its part; for people, after "It needs". */
  readonly needs: string;
}

const charts = {
  where: { label: "Where the time goes", part: "bench", needs: "a benchmark" },
  waterfall: { label: "Waterfall of one trial", part: "bench", needs: "a benchmark with a trial" },
  trials: { label: "Every trial", part: "bench", needs: "a benchmark with a trial that was ready" },
  gain: { label: "What is left of the gain", part: "bench", needs: "a benchmark of two arms that were both ready" },
  stages: { label: "Stages", part: "bench", needs: "a benchmark with a trial that counts" },
  boot: { label: "Boot, phases and critical chain", part: "boots", needs: "a boot with phases or a chain" },
  image: { label: "Every byte of the image", part: "image", needs: "an image with files" },
} as const satisfies Readonly<Record<string, ChartForm>>;

export type ChartName = keyof typeof charts;

/** In the order of menus. */
export const chartForms: Readonly<Record<ChartName, ChartForm>> = charts;
export const chartNames = Object.keys(charts) as readonly ChartName[];

/** Which chart, and of what. Plain data. */
export interface ChartChoice {
  readonly name: ChartName;
  /** `waterfall`: of this trial; absent: the one nearest the median of the first arm that has one. */
  readonly trialId?: string | undefined;
  /** `gain`: of this arm; absent: the first that is compared. */
  readonly arm?: string | undefined;
  /** `gain`: how many times as long the application starts; absent: as measured. */
  readonly slowdown?: number | undefined;
  /** `gain`: how long a new node takes, in ms; absent: as the report's boots tell, else as usual. */
  readonly provisioningMs?: number | undefined;
  /** `boot`: index among the boots; absent: the first that has something to show. */
  readonly boot?: number | undefined;
}
