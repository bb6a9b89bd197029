import type { ImageArguments } from "./imageArguments.ts";

/** The options of `coldstart inspect`, as commander reads them. */
export interface InspectArguments extends ImageArguments {
  readonly subject: string;
  readonly image?: string;
  readonly target?: string;
  readonly json?: boolean;
  readonly top: number;
  readonly measure: string;
  /** A recording of the image's start, to hold the estimate against. */
  readonly trace?: string;
  readonly moment?: string;
}
