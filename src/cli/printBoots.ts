import { formatDuration, formatFraction } from "../base/format.ts";
import type { AdviceAnswer, ClassAdvice } from "../boot/advice.ts";
import type { BootReport, ReportBoot, ReportChain, ReportSpan } from "../boot/bootReport.ts";
import type { BootComparison, ManyBoots, MillisecondDifference, Spread } from "../boot/manyBoots.ts";
import { printable, textTable } from "./table.ts";

/** Spans of less than this share of the whole are told together. */
const shortShare = 0.01;
/** Classes whose advice is written out. */
const toldClasses = 3;
const listedUnits = 12;

/** The report for people at a terminal: the answer first. */
export function printBoots(report: BootReport): string {
  const [first] = report.boots;
  const parts =
    report.summary === undefined && report.boots.length === 1 && first
      ? [
          oneHeadline(report.unit, first),
          about(first),
          phases(first),
          stages(first),
          chain(report.unit, first.chain),
          besideChain(report.unit, first.chain),
        ]
      : [manyHeadline(report), eachBoot(report), ...(report.summary ? [unitSpreads(report.summary)] : [])];
  return [...parts, report.comparison ? comparison(report.comparison) : "", advice(report), problems(report)]
    .filter((part) => part !== "")
    .join("\n");
}

/** `kubelet.service was ready 15.4 s after userspace began. Longest: nvidia-driver-install.service, 5.9 s.` */
function oneHeadline(unit: string, boot: ReportBoot): string {
  const name = printable(unit);
  const { chain } = boot;
  const isEarlier = chain.endAtMs === 0 && chain.spans.length === 0 && chain.state !== "unreached";
  const at = isEarlier ? "before" : `${formatDuration(chain.endAtMs)} after`;
  const told = {
    ready: `${name} was ready ${at} userspace began.`,
    failed: `${name} failed ${at} userspace began.`,
    "passed-over": `${name} never started: its job ended ${at} userspace began.`,
    starting: `${name} was still starting ${at} userspace began, when this was read.`,
    waiting: `${name} was still waiting ${at} userspace began, when this was read.`,
    unreached: unreachedText(unit, boot),
  }[chain.state];
  return `${told}${chain.blocker ? ` ${blockerText(name, chain.blocker)}` : ""}\n`;
}

function unreachedText(unit: string, boot: ReportBoot): string {
  if (unit === "") return boot.stages.length > 0 ? "These files tell stages, but no unit." : "No unit is known.";
  const isOnlyLong = boot.units.some((other) => other.unit === unit && other.durationMs !== undefined && other.fromMs === undefined);
  if (isOnlyLong) return `When ${printable(unit)} was ready is not told.`;
  return `${printable(unit)} did not start, and nothing was queued that would start it.`;
}

function blockerText(root: string, blocker: NonNullable<ReportChain["blocker"]>): string {
  const unit = printable(blocker.unit);
  const length = formatDuration(blocker.durationMs);
  switch (blocker.why) {
    case "running":
      return `It waits for ${unit}, which has been starting for ${length}.`.replace(`It waits for ${root}, which has`, "It has");
    case "restarts":
      return `Look first at ${unit}: starts that failed and the waits between them took ${length}.`;
    case "timeout":
      return `Look first at ${unit}: it ran into its time limit after ${length}.`;
    case "failed":
      return `Look first at ${unit}: it failed after ${length}.`;
    case "gap":
      return `Look first at the ${length} before ${unit} began: nothing that is known kept it from starting.`;
    case "longest":
      return `Longest: ${unit}, ${length}.`;
  }
}

function about(boot: ReportBoot): string {
  const { machine } = boot;
  const facts = [
    machine.osName,
    machine.kernelVersion === undefined ? undefined : `kernel ${machine.kernelVersion}`,
    machine.systemdVersion === undefined ? undefined : `systemd ${machine.systemdVersion}`,
    machine.virtualization,
    machine.instanceType,
    machine.machineImage,
    `from ${boot.sources.filter((form) => !["clock", "os-release", "systemctl --version"].includes(form)).join(", ")}`,
  ];
  return `${printable(boot.name)}: ${facts
    .filter((fact) => fact !== undefined)
    .map(printable)
    .join("; ")}\n`;
}

function phases(boot: ReportBoot): string {
  const finished =
    boot.finishedAtMs !== undefined
      ? `It had finished after ${formatDuration(boot.finishedAtMs)} of userspace.`
      : { true: "It had finished.", false: "It had not finished.", undefined: "Whether it had finished is not told." }[
          `${boot.isFinished}`
        ];
  const others = boot.phases.filter(({ phase }) => phase !== "userspace");
  if (others.length === 0) return `${finished}\n`;
  return `${finished} Before: ${others.map(({ phase, durationMs }) => `${phase} ${formatDuration(durationMs)}`).join(", ")}.\n`;
}

/** Where stages are all that is known, or nearly: those of cloud-init nest by name, and only the outer ones are listed. */
function stages(boot: ReportBoot): string {
  const isAll = boot.chain.spans.length === 0 || boot.sources.includes("node-latency-for-k8s");
  const outer = isAll ? boot.stages.filter((stage) => !stage.name.includes("/")) : [];
  if (outer.length === 0) return "";
  const rows = outer.map(({ name, fromMs, durationMs, result }) => [
    signedTime(fromMs),
    durationMs === undefined ? "" : formatDuration(durationMs),
    `${printable(name)}${result === undefined || result === "SUCCESS" ? "" : `: ${printable(result)}`}`,
  ]);
  return textTable([">from", ">took", "stage"], rows);
}

/** Events before the zero of the clock, such as the request for the machine, are negative. */
function signedTime(ms: number): string {
  return `${ms < 0 ? "-" : ""}${formatDuration(Math.abs(ms))}`;
}

function chain(root: string, { spans, endAtMs }: ReportChain): string {
  if (spans.length === 0) return "";
  const rows: string[][] = [];
  let short: ReportSpan[] = [];
  const endShort = (): void => {
    const [first] = short;
    if (!first) return;
    // A lone gap of less than what is shown would be a row of nothing.
    if (short.length === 1) rows.push(...(first.kind === "gap" && first.durationMs < 1 ? [] : [spanRow(first)]));
    else rows.push([formatDuration(first.fromMs), formatDuration(sum(short)), `${short.length} short steps`, ""]);
    short = [];
  };
  for (const span of spans) {
    if (span.unit !== root && isShort(span, endAtMs)) {
      short.push(span);
      continue;
    }
    endShort();
    rows.push(spanRow(span));
  }
  endShort();
  const gaps = spans.filter((span) => span.kind === "gap");
  const leadIns = spans.filter((span) => span.kind === "lead-in");
  const units = spans.filter((span) => span.kind !== "gap" && span.kind !== "lead-in");
  const total = `units ${formatDuration(sum(units))} + gaps ${formatDuration(sum(gaps))} + lead-in ${formatDuration(sum(leadIns))} = ${formatDuration(endAtMs)}`;
  return `${textTable([">from", ">took", "what", "class"], rows)}  ${total}\n`;
}

function isShort(span: ReportSpan, endAtMs: number): boolean {
  return span.durationMs < shortShare * endAtMs && (span.kind === "start" || span.kind === "gap");
}

function spanRow(span: ReportSpan): string[] {
  const unit = printable(span.unit);
  const what = {
    "lead-in": `until ${unit}`,
    gap: `gap before ${unit}`,
    start: unit,
    "failed-start": unit,
    "restart-wait": `wait to restart ${unit}`,
    "passed-over": `${unit} was passed over`,
    "still-starting": `${unit} is still starting`,
    waiting: `${unit} is waiting`,
  }[span.kind];
  const notes = span.notes.length > 0 ? `: ${span.notes.map(printable).join("; ")}` : "";
  return [
    formatDuration(span.fromMs),
    formatDuration(span.durationMs),
    `${what}${notes}`,
    span.kind === "gap" || span.kind === "lead-in" ? "" : span.class,
  ];
}

function besideChain(unit: string, { alsoFailed }: ReportChain): string {
  return alsoFailed
    .map((failed) => {
      const how = failed.outcome === "timeout" ? "ran into its time limit" : "failed";
      return `${printable(unit)} also waited for ${printable(failed.unit)}, which ${how} after ${formatDuration(failed.durationMs)}, ${formatDuration(failed.slackMs)} before it would have mattered.\n`;
    })
    .join("");
}

function manyHeadline({ unit, boots, summary }: BootReport): string {
  const ready = summary?.ready;
  if (!ready) return `${printable(unit)} was ready in none of ${boots.length} boots.\n`;
  const noisiest = summary.noisiest === undefined ? "" : ` What differs most between them: ${printable(summary.noisiest)}.`;
  return `${printable(unit)} was ready ${formatDuration(ready.medianMs)} after userspace began (${spreadText(ready)}).${noisiest}\n`;
}

/** `median of 16 boots, which took 6.3 s to 2 min 48 s; the middle half within 8.1 s` */
function spreadText(spread: Spread): string {
  const tail = spread.p95Ms === undefined ? "" : `; 95th percentile ${formatDuration(spread.p95Ms)}`;
  const range = `${formatDuration(spread.lowMs)} to ${formatDuration(spread.highMs)}`;
  return `median of ${spread.boots} boots, which took ${range}; the middle half within ${formatDuration(spread.middleHalfMs)}${tail}`;
}

function eachBoot({ boots }: BootReport): string {
  const rows = boots.map((boot) => {
    const { state, endAtMs, blocker } = boot.chain;
    const first = blocker ? `${printable(blocker.unit)} (${blocker.why === "gap" ? "gap before it" : blocker.why})` : "";
    return [printable(boot.name), state, formatDuration(endAtMs), first, blocker ? formatDuration(blocker.durationMs) : ""];
  });
  return textTable(["boot", "state", ">after", "look first at", ">took"], rows);
}

function unitSpreads(summary: ManyBoots): string {
  const hasTail = summary.units.some((unit) => unit.took.p95Ms !== undefined);
  const phaseRows = summary.phases.map(({ phase, spread }) => [phase, "phase", ...spreadCells(spread, hasTail), ""]);
  const unitRows = summary.units
    .slice(0, listedUnits)
    .map((unit) => [
      printable(unit.unit),
      unit.class,
      ...spreadCells(unit.took, hasTail),
      formatFraction(unit.onChainBoots / summary.boots),
    ]);
  return textTable(
    ["unit", "class", ">boots", ">median", ...(hasTail ? [">p95"] : []), ">least", ">most", ">middle half", ">on the chain"],
    [...phaseRows, ...unitRows],
  );
}

function spreadCells(spread: Spread, hasTail: boolean): string[] {
  const tail = hasTail ? [spread.p95Ms === undefined ? "" : formatDuration(spread.p95Ms)] : [];
  const [low, high, middle] = [spread.lowMs, spread.highMs, spread.middleHalfMs].map(formatDuration);
  return [String(spread.boots), formatDuration(spread.medianMs), ...tail, low ?? "", high ?? "", middle ?? ""];
}

function comparison(compared: BootComparison): string {
  const [before, after] = compared.boots;
  const ready = compared.ready;
  const headline =
    ready?.differenceMs === undefined
      ? `Compared with ${after} other boots: it was not ready in both.`
      : `Compared with ${after} other boots: those are ready ${signed(ready.differenceMs, true)} (${intervalInWords(ready)}).`;
  const rows = [
    ...compared.phases.map((row) => [row.phase, "phase", ...differenceCells(row)]),
    ...compared.units.slice(0, listedUnits).map((row) => [printable(row.unit), row.class, ...differenceCells(row)]),
  ];
  return `${headline}\n${textTable(["unit", "class", `>these ${before}`, `>other ${after}`, ">difference", "interval"], rows)}`;
}

function differenceCells(row: MillisecondDifference): string[] {
  const ms = (value: number | undefined): string => (value === undefined ? "none" : formatDuration(value));
  return [
    ms(row.beforeMs),
    ms(row.afterMs),
    row.differenceMs === undefined ? "" : signed(row.differenceMs, false),
    row.interval ? intervalText(row) : "",
  ];
}

function intervalInWords(row: MillisecondDifference): string {
  if (!row.interval) return intervalText(row);
  const mayBeChance = row.interval.low <= 0 && row.interval.high >= 0;
  return `${Math.round(row.interval.level * 100)} % interval ${intervalText(row)}${mayBeChance ? ", so it may be chance" : ""}`;
}

function intervalText({ interval }: MillisecondDifference): string {
  if (!interval) return "no interval below five boots on each side";
  return `${signed(interval.low, false)} to ${signed(interval.high, false)}`;
}

function signed(ms: number, inWords: boolean): string {
  const length = formatDuration(Math.abs(ms));
  if (inWords) return `${length} ${ms > 0 ? "later" : "sooner"}`;
  return `${ms < 0 ? "-" : "+"}${length}`;
}

function advice({ advice: classes, assumptions, unit }: BootReport): string {
  if (classes.length === 0) return "";
  const rows = classes.map((row) => [
    row.title,
    formatDuration(row.onChainMs),
    row.savedMs === undefined ? "" : formatDuration(row.savedMs),
    ...row.answers.map((answer) => answer.verdict),
  ]);
  const table = textTable(["work", ">on the chain", ">without it", "in the image?", "faster?", "in parallel?", "needed?"], rows);
  const told = classes.slice(0, toldClasses).map(adviceText).join("");
  const how = `Without it: how much sooner ${printable(unit)} would be ready, computed by going through the boot again. ${assumptions.join(" ")}\n`;
  return `${table}\n${told}${how}`;
}

function adviceText(row: ClassAdvice): string {
  const named = row.units.slice(0, 3).map(printable).join(", ");
  return `${row.title} (${named})\n${row.answers.map((answer) => `  ${questionOf(answer)} ${answer.verdict}. ${printable(answer.because)}\n`).join("")}`;
}

function questionOf({ question }: AdviceAnswer): string {
  return { "in-image": "In the image?", faster: "Faster?", parallel: "In parallel?", needed: "Needed?" }[question];
}

function problems({ boots }: BootReport): string {
  const several = boots.length > 1;
  return boots
    .flatMap((boot) => boot.problems.map(({ message }) => `Note${several ? ` on ${printable(boot.name)}` : ""}: ${printable(message)}\n`))
    .join("");
}

function sum(spans: readonly ReportSpan[]): number {
  return spans.reduce((total, span) => total + span.durationMs, 0);
}
