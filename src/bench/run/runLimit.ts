import { formatDuration } from "../../base/format.ts";
import type { BenchPlan } from "../plan.ts";
import { formatMoney } from "../plan/planCost.ts";

const longestTimerMs = 2 ** 31 - 1;

/** Ends a run when its time or its money is used up: nodes cost from its beginning on. */
export class RunLimit {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** Which limit was reached; undefined while none was. */
  message: string | undefined;

  constructor(plan: Pick<BenchPlan, "limits" | "pricePerNodeHour" | "currency">, nodeCount: number) {
    const { maxDurationMs, maxCost } = plan.limits;
    const affordableMs = affordableMsOf(plan, nodeCount);
    const reached = affordableMs < maxDurationMs ? formatMoney(maxCost ?? 0, plan.currency) : formatDuration(maxDurationMs);
    const onReached = (): void => {
      this.message = `The limit of ${reached} was reached.`;
      this.#controller.abort(new DOMException("The run's limit was reached", "AbortError"));
    };
    this.#timer = setTimeout(onReached, Math.min(maxDurationMs, affordableMs, longestTimerMs));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** How long the plan's money lasts; infinite without a limit or a price. */
export function affordableMsOf(plan: Pick<BenchPlan, "limits" | "pricePerNodeHour">, nodeCount: number): number {
  const { maxCost } = plan.limits;
  const price = plan.pricePerNodeHour ?? 0;
  return maxCost === undefined || price <= 0 || nodeCount === 0 ? Number.POSITIVE_INFINITY : (maxCost / (price * nodeCount)) * 3_600_000;
}
