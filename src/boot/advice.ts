import { formatDuration } from "../base/format.ts";
import { median } from "../stats/quantiles.ts";
import type { AnalyzedBoot, AnalyzedUnit } from "./analyzedBoot.ts";
import type { BootUnit } from "./bootChain.ts";
import { attemptsUpTo, lastingStart } from "./unitStarts.ts";
import { workClasses, type WorkClass, type WorkClassName } from "./workClasses.ts";

/** What can be done about one class of work, for the boots at hand. */
export interface ClassAdvice {
  readonly class: WorkClassName;
  readonly title: string;
  /** Units of the class that took part in a chain, the longest first; without any, those that took longest beside it. */
  readonly units: readonly string[];
  /** Median over the boots of what the class took of the chain. */
  readonly onChainMs: number;
  /** Median over the boots of how much sooner the root would be ready without the class. Absent where no boot was ready. */
  readonly savedMs?: number;
  /** The four questions, in their order. */
  readonly answers: readonly AdviceAnswer[];
}

/** The answer to one of the questions that are asked of each class: in the machine image, faster, beside the rest, or not at all. */
export interface AdviceAnswer {
  readonly question: "in-image" | "faster" | "parallel" | "needed";
  /** `done`: it is so already. */
  readonly verdict: "yes" | "maybe" | "no" | "done";
  /** Why, with what the boots show. */
  readonly because: string;
}

/** What every `savedMs` assumes. */
export const adviceAssumptions = [
  "Each unit begins when the last of what it waits for is done, plus the delay that it had in the boot.",
  "Each takes as long as it did: nothing is faster for what was freed, and nothing slower.",
  "What a left-out unit provides is there without it, such as a driver that the machine image holds.",
] as const;

/** Shorter work is not worth a sentence. */
const notableUs = 100_000;
/** Lengths that differ by no more than this share of their median are called the same. */
const steadyShare = 0.2;

/** Of the classes that took notable time, the most promising first. */
export function adviceOf(boots: readonly AnalyzedBoot[]): readonly ClassAdvice[] {
  return workClasses
    .flatMap((work) => adviceOfClass(work, boots) ?? [])
    .sort((a, b) => (b.savedMs ?? b.onChainMs) - (a.savedMs ?? a.onChainMs) || b.onChainMs - a.onChainMs);
}

function adviceOfClass(work: WorkClass, boots: readonly AnalyzedBoot[]): ClassAdvice | undefined {
  const own = boots.map((boot) =>
    boot.units.filter((unit) => unit.class === work.name && (unit.tookUs !== undefined || unit.onChainUs > 0)),
  );
  const onChainUs = median(own.map((units) => units.reduce((sum, unit) => sum + unit.onChainUs, 0))) ?? 0;
  const subject = subjectOf(own.flat());
  const longestUs = own.flat().reduce((longest, unit) => Math.max(longest, unit.tookUs ?? 0), onChainUs);
  // Of several boots the dependencies are nearly always the same: the first with the subject answers for all.
  const example = boots.find((boot) => boot.units.some((unit) => unit.unit.id === subject && unit.class === work.name));
  if (subject === undefined || !example || longestUs < notableUs) return undefined;
  const saved = boots.flatMap((boot) => savedUs(boot, work.name, 0) ?? []);
  const halved = boots.flatMap((boot) => savedUs(boot, work.name, 0.5) ?? []);
  const savedMedianUs = median(saved);
  const lengths = own
    .flat()
    .filter((unit) => unit.unit.id === subject)
    .flatMap((unit) => unit.tookUs ?? []);
  return {
    class: work.name,
    title: work.title,
    units: namesOf(own.flat()),
    onChainMs: onChainUs / 1000,
    ...(savedMedianUs !== undefined && { savedMs: savedMedianUs / 1000 }),
    answers: [
      inImage(work, subject, lengths),
      faster(work, example.root.id, subject, median(halved)),
      parallel(example, subject),
      needed(work, example, subject),
    ],
  };
}

/** How much sooner the root would have been ready had the class taken `factor` times as long. */
function savedUs(boot: AnalyzedBoot, name: WorkClassName, factor: number): number | undefined {
  const ready = boot.readiness.readyUs;
  if (ready === undefined) return undefined;
  const ids = new Set(
    boot.units.filter((unit) => unit.class === name && boot.readiness.waitsFor(unit.unit.id)).map((unit) => unit.unit.id),
  );
  if (ids.size === 0) return 0;
  const lastingShare = lastingShareOf(boot.root);
  // The root itself cannot be left out, but its failed starts can.
  const readyIf = boot.readiness.readyIf((unit) =>
    !ids.has(unit.id) ? 1 : unit.id !== boot.root.id ? factor : factor === 0 ? lastingShare : 1,
  );
  return readyIf === undefined ? undefined : Math.max(0, ready - readyIf);
}

/** How much of the time from a unit's first start to where it lasted was the start that lasted. */
function lastingShareOf(unit: BootUnit): number {
  const index = lastingStart(unit.starts);
  const last = unit.starts[index];
  const fromUs = attemptsUpTo(unit.starts, index)[0]?.fromUs;
  if (last?.toUs === undefined || fromUs === undefined || last.toUs <= fromUs) return 1;
  return (last.toUs - last.fromUs) / (last.toUs - fromUs);
}

/** The unit that the answers are about: the longest of the class on a chain, or beside it where what stands on chains is short. */
function subjectOf(units: readonly AnalyzedUnit[]): string | undefined {
  let longest: AnalyzedUnit | undefined;
  for (const unit of units) if (!longest || isMore(unit, longest)) longest = unit;
  return longest?.unit.id;
}

function isMore(unit: AnalyzedUnit, than: AnalyzedUnit): boolean {
  const [onChainUs, otherUs] = [unit.onChainUs, than.onChainUs].map((us) => (us >= notableUs ? us : 0)) as [number, number];
  return onChainUs === otherUs ? (unit.tookUs ?? 0) > (than.tookUs ?? 0) : onChainUs > otherUs;
}

function namesOf(units: readonly AnalyzedUnit[]): string[] {
  const isOnChain = units.some((unit) => unit.onChainUs > 0);
  const longest = new Map<string, number>();
  for (const unit of units) {
    const us = isOnChain ? unit.onChainUs : (unit.tookUs ?? 0);
    if (us >= 1000) longest.set(unit.unit.id, Math.max(us, longest.get(unit.unit.id) ?? 0));
  }
  return [...longest].sort(([, a], [, b]) => b - a).map(([id]) => id);
}

function inImage(work: WorkClass, subject: string, lengthsUs: readonly number[]): AdviceAnswer {
  const verdict = work.inImage === "partly" ? "maybe" : work.inImage;
  const sentences = [work.advice.inImage];
  const middle = median(lengthsUs);
  if (verdict !== "no" && lengthsUs.length >= 3 && middle !== undefined && middle > 0) {
    const [low, high] = [Math.min(...lengthsUs), Math.max(...lengthsUs)];
    const isSteady = high - low <= steadyShare * middle;
    const range = `${formatDuration(low / 1000)} to ${formatDuration(high / 1000)} over ${lengthsUs.length} boots`;
    sentences.push(
      isSteady ? `${subject} took ${range}: the same each time, so probably nothing of this machine's own.` : `${subject} took ${range}.`,
    );
  }
  return { question: "in-image", verdict, because: sentences.join(" ") };
}

function faster(work: WorkClass, root: string, subject: string, halvedUs: number | undefined): AdviceAnswer {
  if (halvedUs === undefined || subject === root) return { question: "faster", verdict: "maybe", because: work.advice.faster };
  if (halvedUs < 1000)
    return { question: "faster", verdict: "no", because: `${root} would be ready no sooner: it waits for other things meanwhile.` };
  return {
    question: "faster",
    verdict: "maybe",
    because: `Half as long would save ${formatDuration(halvedUs / 1000)}. ${work.advice.faster}`,
  };
}

function parallel(example: AnalyzedBoot, subject: string): AdviceAnswer {
  const root = example.root.id;
  const unit = example.units.find((other) => other.unit.id === subject);
  const answer = (verdict: AdviceAnswer["verdict"], because: string): AdviceAnswer => ({ question: "parallel", verdict, because });
  if (subject === root) return answer("no", `${root} is what is waited for.`);
  if (unit && unit.onChainUs === 0 && example.chain.spans.length > 0) {
    if (unit.slackUs === undefined) return answer("done", `${root} does not wait for ${subject}.`);
    return answer("done", `${subject} is off the chain already: it could take ${formatDuration(unit.slackUs / 1000)} longer.`);
  }
  if (example.boot.order !== "whole") return answer("maybe", "These files do not tell what requires what.");
  const { isRequired, requiredBehind } = example.needs.of(subject);
  if (isRequired) return answer("no", `${root} requires ${subject}.`);
  if (requiredBehind.length > 0)
    return answer(
      "maybe",
      `${shortList(requiredBehind)}, which ${root} requires, ${requiredBehind.length === 1 ? "is" : "are"} ordered after ${subject}.`,
    );
  return answer(
    "yes",
    `${root} is ordered after ${subject} but does not require it, and nothing that it requires is behind it: without After= they run side by side.`,
  );
}

function needed(work: WorkClass, example: AnalyzedBoot, subject: string): AdviceAnswer {
  const root = example.root.id;
  const unit = example.units.find((other) => other.unit.id === subject);
  if (unit && (unit.outcome === "failed" || unit.outcome === "timeout") && example.chain.state === "ready" && subject !== root) {
    return {
      question: "needed",
      verdict: "no",
      because: `Not for ${root}: it failed in this boot, and ${root} became ready all the same. ${work.advice.needed}`,
    };
  }
  if (subject === root || example.needs.of(subject).isRequired)
    return {
      question: "needed",
      verdict: "yes",
      because: subject === root ? work.advice.needed : `${root} requires ${subject}. ${work.advice.needed}`,
    };
  return { question: "needed", verdict: "maybe", because: work.advice.needed };
}

function shortList(names: readonly string[]): string {
  return names.length <= 3 ? names.join(", ") : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}
