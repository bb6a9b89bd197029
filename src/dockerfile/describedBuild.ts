/** One build that a file describes. */
export interface DescribedBuild {
  readonly image: string;
  readonly context: string;
  readonly dockerfile: string;
  readonly target?: string;
  /** `service api`, `target release`. */
  readonly label: string;
}
