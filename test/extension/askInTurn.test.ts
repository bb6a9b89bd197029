import { expect, test } from "vitest";
import { askInTurn, goBack, type AskStep } from "../../src/extension/askInTurn.ts";

type Words = readonly string[];

/** Steps that answer as the script says, and what each was asked with. */
function scripted(script: readonly (readonly [number, Words | typeof goBack | "skip" | undefined])[]): {
  steps: AskStep<Words>[];
  asked: string[];
} {
  const asked: string[] = [];
  let next = 0;
  const step =
    (at: number): AskStep<Words> =>
    async (answers, { step: shown, canGoBack }) => {
      const [expected, answer] = script[next++] ?? [];
      expect([at, shown]).toEqual([expected, at + 1]);
      asked.push(`${at}:${answers.join("")}${canGoBack ? "<" : ""}`);
      return answer;
    };
  return { steps: [step(0), step(1), step(2)], asked };
}

test("each question sees the answers before it", async () => {
  const { steps, asked } = scripted([
    [0, ["a"]],
    [1, ["a", "b"]],
    [2, ["a", "b", "c"]],
  ]);
  expect(await askInTurn("t", [], steps)).toEqual(["a", "b", "c"]);
  expect(asked).toEqual(["0:", "1:a<", "2:ab<"]);
});

test("going back forgets the answer and passes over what was skipped", async () => {
  const { steps, asked } = scripted([
    [0, ["a"]],
    [1, "skip"],
    [2, goBack],
    [0, ["A"]],
    [1, ["A", "B"]],
    [2, goBack],
    [1, ["A", "C"]],
    [2, ["A", "C", "D"]],
  ]);
  expect(await askInTurn("t", [], steps)).toEqual(["A", "C", "D"]);
  expect(asked).toEqual(["0:", "1:a<", "2:a<", "0:", "1:A<", "2:AB<", "1:A<", "2:AC<"]);
});

test("a dismissed question ends it all", async () => {
  const { steps } = scripted([
    [0, ["a"]],
    [1, undefined],
  ]);
  expect(await askInTurn("t", [], steps)).toBeUndefined();
});
