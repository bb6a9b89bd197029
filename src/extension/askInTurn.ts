/** Questions in a row, each with a way back. */

/** Where a question stands in the row. */
export interface PickPlace {
  readonly title: string;
  /** From 1; absent, as is `totalSteps`: the question stands alone. */
  readonly step?: number;
  readonly totalSteps?: number;
  /** Whether there is a question before it. */
  readonly canGoBack?: boolean;
}

export const goBack: unique symbol = Symbol("back");

/** Asks one question: the answers with its own added, `skip` when there is nothing to ask, undefined when dismissed. */
export type AskStep<Answers> = (answers: Answers, place: PickPlace) => Promise<Answers | typeof goBack | "skip" | undefined>;

/** Asks one after another; going back forgets what was answered since. Undefined when dismissed. */
export async function askInTurn<Answers>(
  title: string,
  answers: Answers,
  steps: readonly AskStep<Answers>[],
): Promise<Answers | undefined> {
  const before: { readonly at: number; readonly answers: Answers }[] = [];
  let current = answers;
  for (let at = 0; at < steps.length; at++) {
    const ask = steps[at] as AskStep<Answers>;
    const answer = await ask(current, { title, step: at + 1, totalSteps: steps.length, canGoBack: before.length > 0 });
    if (answer === undefined) return undefined;
    if (answer === "skip") continue;
    if (answer === goBack) {
      const last = before.pop();
      if (!last) return undefined;
      current = last.answers;
      at = last.at - 1;
      continue;
    }
    before.push({ at, answers: current });
    current = answer;
  }
  return current;
}
