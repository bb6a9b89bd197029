import { askInTurn, type AskStep } from "../askInTurn.ts";
import { askArmImages, askArms } from "./askArms.ts";
import { askContext, askGpus, askTarget } from "./askPlace.ts";
import { askProbe } from "./askProbe.ts";
import { askReadiness, askTrials } from "./askTrials.ts";
import type { AskDependencies } from "./askStep.ts";
import { askSubject } from "./askSubject.ts";
import type { BenchAnswers, BenchStart } from "./benchAnswers.ts";

/** Asks all that a benchmark needs; undefined when dismissed. What the place of the command tells is not asked. */
export async function askBenchmark(start: BenchStart, dependencies: AskDependencies): Promise<BenchAnswers | undefined> {
  const { contextName, ...known } = start;
  const given: BenchAnswers = {
    ...(known.target && { target: known.target }),
    ...(known.subject && { subject: known.subject }),
  };
  const steps: readonly AskStep<BenchAnswers>[] = [
    (answers, place) => askContext(answers, place, contextName, dependencies),
    (answers, place) => (answers.target ? Promise.resolve("skip" as const) : askTarget(answers, place, dependencies)),
    (answers, place) => (known.subject ? Promise.resolve("skip" as const) : askSubject(answers, place, dependencies)),
    (answers, place) => askGpus(answers, place, dependencies),
    (answers, place) => askArms(answers, place, dependencies),
    (answers, place) => askArmImages(answers, place, dependencies),
    (answers, place) => askReadiness(answers, place, dependencies),
    (answers, place) => askTrials(answers, place, dependencies),
    (answers, place) => askProbe(answers, place, dependencies),
  ];
  return askInTurn("Benchmark cold start", given, steps);
}
