import type { Call } from "../../base/log.ts";
import type { goBack } from "../askInTurn.ts";
import type { Clusters } from "../clusters/clusters.ts";
import type { BenchSettings } from "../settings.ts";
import type { BenchAnswers } from "./benchAnswers.ts";
import type { BenchMemory } from "./benchMemory.ts";

/** What the questions of a benchmark need. */
export interface AskDependencies {
  readonly clusters: Clusters;
  readonly memory: BenchMemory;
  readonly settings: BenchSettings;
  /** Images that the user has to do with: of the open Dockerfile, inspected lately. */
  readonly images: readonly { readonly name: string; readonly reason: string }[];
  readonly call: Call;
}

/** The answers with one more, or how the question ended. */
export type Answer = Promise<BenchAnswers | typeof goBack | "skip" | undefined>;
