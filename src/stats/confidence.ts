/** Bounds that hold the true value in `level` of all cases in which the same is measured anew. */
export interface Confidence {
  readonly low: number;
  readonly high: number;
  /** 0.95 for 95 %; lower where so few values cannot give more. */
  readonly level: number;
}

/** What is asked for everywhere; each interval tells what it reached. */
export const wantedLevel = 0.95;
