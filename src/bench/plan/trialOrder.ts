import { seededRandom } from "../../stats/random.ts";
import type { PlannedTrial } from "../benchRun.ts";
import type { BenchPlan } from "../plan.ts";

/**
 * Randomised complete blocks: each block has every arm once, in an order that the seed draws, so that what drifts with time (registry,
 * neighbours, disk) meets all arms alike. The first place of a block, which alone follows a pause, goes to every arm once before it goes to
 * one twice. In order of execution.
 */
export function trialOrder(plan: Pick<BenchPlan, "arms" | "trialsPerArm" | "seed">): readonly PlannedTrial[] {
  const random = seededRandom(plan.seed);
  const names = plan.arms.map(({ name }) => name);
  const digits = Math.max(2, String(names.length * plan.trialsPerArm).length);
  const trials: PlannedTrial[] = [];
  let firsts: readonly string[] = [];
  for (let block = 0; block < plan.trialsPerArm; block++) {
    if (firsts.length === 0) firsts = shuffled(names, random);
    const [first = "", ...laterFirsts] = firsts;
    firsts = laterFirsts;
    const rest = shuffled(
      names.filter((name) => name !== first),
      random,
    );
    for (const arm of [first, ...rest]) {
      const order = trials.length;
      trials.push({ trialId: `t${String(order + 1).padStart(digits, "0")}`, arm, block, order });
    }
  }
  return trials;
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}
