import { stagesInWords } from "../bench/benchWords.ts";
import { stagesOfTrial, type Stage } from "../bench/stages.ts";
import { foreignLine } from "../base/foreignText.ts";
import type { ReportBench } from "./document.ts";

/**
 * Chrome's trace events (JSON object format), which Perfetto and chrome://tracing open: an arm is a process, a trial a thread. Every
 * trial begins at 0, so that they stand below each other; when each really began is in its first event.
 */
export function benchTrace({ run }: ReportBench): string {
  const events: object[] = [];
  for (const [index, arm] of run.plan.arms.entries()) {
    events.push({ name: "process_name", ph: "M", pid: index + 1, tid: 0, args: { name: foreignLine(arm.name) } });
    events.push({ name: "process_sort_index", ph: "M", pid: index + 1, tid: 0, args: { sort_index: index } });
  }
  for (const trial of run.trials) {
    const pid = run.plan.arms.findIndex(({ name }) => name === trial.arm) + 1;
    const tid = trial.order + 1;
    const state = [trial.outcome.kind, ...trial.taints].join(", ");
    const { stages, beganAtEpochMs } = stagesOfTrial(trial, run.environment.clockOffsets);
    events.push({
      name: "thread_name",
      ph: "M",
      pid,
      tid,
      args: { name: foreignLine(`block ${trial.block + 1}: ${trial.id} (${state})`) },
    });
    if (beganAtEpochMs !== undefined) events.push(...stages.map((stage) => eventOf(stage, beganAtEpochMs, { pid, tid })));
  }
  return `${JSON.stringify({ traceEvents: events, displayTimeUnit: "ms", otherData: { run: run.id, name: foreignLine(run.plan.name) } })}\n`;
}

/** Times are µs. A negative stage has no length on a timeline; its arguments tell it. */
function eventOf(stage: Stage, beganAtEpochMs: number, thread: { readonly pid: number; readonly tid: number }): object {
  return {
    name: stagesInWords(stage.names),
    cat: stage.within === undefined ? "stage" : "part",
    ph: "X",
    ts: Math.round((stage.from.atEpochMs - beganAtEpochMs) * 1000),
    dur: Math.max(0, Math.round(stage.durationMs * 1000)),
    ...thread,
    args: {
      duration_ms: stage.durationMs,
      error_ms: stage.resolutionMs,
      from: `${stage.from.mark} (${stage.from.source})`,
      to: `${stage.to.mark} (${stage.to.source})`,
      from_epoch_ms: stage.from.atEpochMs,
    },
  };
}
