import { step, type StepOutcome } from "../steps.ts";

export interface ColdstartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Shows what it prints only when it fails. */
  readonly quiet?: boolean;
}

/** Runs the command line from its sources, in the Node that runs this. */
export function coldstart(title: string, argv: readonly string[], options: ColdstartOptions = {}): Promise<StepOutcome> {
  return step(title, [process.execPath, "src/cli/main.ts", ...argv], { env: options.env ?? {}, shown: !options.quiet });
}
