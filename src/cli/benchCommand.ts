import { access, constants, readFile } from "node:fs/promises";
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { nowEpochMs } from "../base/clock.ts";
import { formatCount } from "../base/format.ts";
import type { Call } from "../base/log.ts";
import type { Problem } from "../base/text.ts";
import { coldstartVersion } from "../base/version.ts";
import type { BenchRun } from "../bench/benchRun.ts";
import { consentMissing, declined, notConfirmed, planFileUnreadable, planUnreadable, runIncomplete } from "../bench/errors.ts";
import type { BenchPlan } from "../bench/plan.ts";
import { defaultContentSettings } from "../bench/plan/contentCheck.ts";
import type { PlanDraft } from "../bench/plan/planDraft.ts";
import { readPlan } from "../bench/plan/planFile.ts";
import { planText } from "../bench/plan/planText.ts";
import { preparePlan, type PreparedPlan } from "../bench/run/preparePlan.ts";
import { runBench } from "../bench/run/runBench.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { connectCluster } from "../cluster/connect.ts";
import { defaultImageSettings } from "../image/settings.ts";
import { documentOf, documentText, type ReportDocument } from "../results/document.ts";
import { writeDocument } from "../results/documentFile.ts";
import { readEarlierRuns } from "../results/earlierRuns.ts";
import { reportUnwritable } from "../results/errors.ts";
import { askYes, canAsk } from "./askYes.ts";
import { draftOfArguments, type BenchArguments } from "./benchArguments.ts";
import { BenchProgress } from "./benchProgress.ts";
import { BenchRecord } from "./benchRecord.ts";
import { clusterSourceOf } from "./clusterSource.ts";
import { printBench } from "./printBench.ts";
import { printable } from "./table.ts";

/**
 * Runs a benchmark: reads the plan, shows what it will do and take, asks, runs, and prints and stores what was measured. The report's file is
 * written after each trial, so that an end by force loses no trial.
 */
export async function benchCommand(given: BenchArguments, call: Call): Promise<void> {
  const { draft, folder } = await draftOf(given);
  if (given.out !== undefined) await checkWritable(given.out);
  const cluster = await connectCluster(clusterSourceOf({ ...given, ...(draft.context !== undefined && { context: draft.context }) }), call);
  const earlier = await readEarlierRuns(reportFolders(given), call);
  const prepared = await preparePlan(draft, cluster, { folder, earlier }, call);
  process.stderr.write(shownPlan(prepared, cluster));
  const allowPrivileged = await agreed(prepared.plan, given, call);
  const run = await ran(prepared.plan, cluster, given, { allowPrivileged }, call);
  if (!run) return;
  const document = documentFor(run);
  if (given.json) process.stdout.write(documentText(document));
  else if (document.bench) process.stdout.write(printBench(document.bench));
  if (given.out !== undefined) process.stderr.write(`The report is in ${given.out}.\n`);
  call.signal?.throwIfAborted();
  const why = incompleteness(run);
  if (why !== undefined) throw runIncomplete(why);
}

/** The plan's file with the options over it, or the options alone. `folder`: where the plan's file is. */
async function draftOf(given: BenchArguments): Promise<{ draft: PlanDraft; folder: string | undefined }> {
  const { subject } = given;
  if (!isFile(subject) && !/\.ya?ml$/.test(subject)) return { draft: draftOfArguments(given, {}, subject), folder: undefined };
  const text = await readFile(subject, "utf8").catch((cause: unknown) => {
    throw planFileUnreadable(subject, cause);
  });
  const { value, problems } = readPlan(text);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw planUnreadable(subject, errors);
  const draft = draftOfArguments(given, value, undefined);
  // A manifest that an option names is where the command is given, not where the plan is.
  return { draft, folder: given.fromFile === undefined ? dirname(resolve(subject)) : undefined };
}

/** Where reports are kept: beside the new one, and in the folder in which VS Code puts them. */
function reportFolders({ out }: BenchArguments): readonly string[] {
  return [out === undefined ? process.cwd() : dirname(resolve(out)), resolve(".coldstart")];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** After an hour of trials is too late to learn that the folder is missing. */
async function checkWritable(path: string): Promise<void> {
  try {
    await access(dirname(resolve(path)), constants.W_OK);
  } catch (cause) {
    throw reportUnwritable(path, cause);
  }
}

function shownPlan({ plan, cost, problems }: PreparedPlan, cluster: Cluster): string {
  const told = problems.map(({ severity, message }: Problem) => `  ${severity}: ${printable(message)}\n`).join("");
  const text = planText(plan, cost, cluster.server)
    .split("\n")
    .map((line) => printable(line))
    .join("\n");
  return told === "" ? text : `${text}${told}`;
}

/** Whether a privileged pod may be used. Throws `consent-missing` when the run was not confirmed or its coldness needs more than was allowed. */
async function agreed(plan: BenchPlan, given: BenchArguments, call: Call): Promise<boolean> {
  const needsProbe = plan.coldness !== "L0";
  const mayProbe = !needsProbe || given.allowPrivileged === true;
  if (!canAsk()) {
    if (given.yes !== true) throw notConfirmed();
    if (!mayProbe) throw consentMissing(plan.coldness);
    return needsProbe;
  }
  if (!mayProbe) {
    process.stderr.write(
      `Coldness ${plan.coldness} needs a privileged pod on each node of the run. It removes the plan's images there${plan.coldness === "L3" ? " and drops the page cache, which slows other pods for a while" : ""}.\n`,
    );
    if (!(await askYes("Allow it?", call.signal))) throw consentMissing(plan.coldness);
  }
  if (given.yes !== true && !(await askYes("Start?", call.signal))) throw declined();
  return needsProbe;
}

async function ran(
  plan: BenchPlan,
  cluster: Cluster,
  given: BenchArguments,
  { allowPrivileged }: { readonly allowPrivileged: boolean },
  call: Call,
): Promise<BenchRun | undefined> {
  const progress = new BenchProgress();
  const record = new BenchRecord();
  const onAbort = (): void =>
    progress.line("Cancelling: what the run created is being removed. Ctrl-C again ends at once; then use coldstart cleanup.");
  call.signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const content = { ...defaultContentSettings(), image: { ...defaultImageSettings, plainHttpHosts: given.plainHttp ?? [] } };
    const options = { clientVersion: coldstartVersion, allowPrivileged, content };
    for await (const event of runBench(plan, cluster, options, call)) {
      record.add(event);
      progress.show(event);
      const isResult = event.kind === "trial-ended" || event.kind === "ended";
      if (isResult && record.run && given.out !== undefined) await writeDocument(given.out, documentFor(record.run));
    }
  } finally {
    progress.clear();
    call.signal?.removeEventListener("abort", onAbort);
  }
  return record.run;
}

function documentFor(run: BenchRun): ReportDocument {
  return documentOf({ bench: run }, { atEpochMs: nowEpochMs(), version: coldstartVersion });
}

/** Why a script should not go on as if all had been measured. */
function incompleteness({ ending, trials, plan }: BenchRun): string | undefined {
  const done = `${formatCount(trials.length)} of ${formatCount(plan.arms.length * plan.trialsPerArm)} trials were done.`;
  if (ending.kind === "limit" || ending.kind === "failed") return `${printable(ending.message)} ${done}`;
  return trials.some(({ outcome }) => outcome.kind === "ready") ? undefined : "No trial became ready.";
}
