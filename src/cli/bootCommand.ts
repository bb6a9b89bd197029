import { readFile } from "node:fs/promises";
import { UserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import type { BootReport } from "../boot/bootReport.ts";
import type { BootChain, ReadBoot } from "../boot/bootChain.ts";
import { coldstartVersion } from "../base/version.ts";
import type { BootNodeArguments } from "./bootNodes.ts";
import { printBoots } from "./printBoots.ts";
import { printable } from "./table.ts";

/** The options of `coldstart boot`, as commander reads them. */
export interface BootArguments extends BootNodeArguments {
  /** `ssh://HOST`. */
  readonly machine?: string;
  readonly ssh?: string;
  readonly from?: readonly string[];
  /** Boots of another machine image. */
  readonly compare?: readonly string[];
  readonly unit?: string;
  readonly rules?: string;
  readonly json?: boolean;
  readonly as?: string;
  readonly fuzz?: string;
  /** Where the report is written. */
  readonly out?: string;
}

const verbs = ["time", "blame", "critical-chain"] as const;

/** Where a machine's start goes: from its files, asked over ssh, or as a node of a cluster. */
export async function bootCommand(given: BootArguments, call: Call): Promise<void> {
  const verb = verbOf(given);
  const boots = await bootsOf(given, call);
  const report = verb === undefined || given.out !== undefined ? await reportOf(given, boots, call) : undefined;
  if (report && given.out !== undefined) await save(given.out, report);
  if (verb !== undefined) await printAs(verb, given, boots);
  else if (report) process.stdout.write(given.json ? `${JSON.stringify(report)}\n` : printBoots(report));
}

async function save(path: string, boots: BootReport): Promise<void> {
  const { documentOf } = await import("../results/document.ts");
  const { writeDocument } = await import("../results/documentFile.ts");
  await writeDocument(path, documentOf({ boots }, { atEpochMs: Date.now(), version: coldstartVersion }));
  process.stderr.write(`The report is in ${path}.\n`);
}

async function bootsOf(given: BootArguments, call: Call): Promise<readonly ReadBoot[]> {
  const host = given.ssh ?? /^ssh:\/\/([^/]+)\/?$/.exec(given.machine ?? "")?.[1];
  if (given.machine !== undefined && host === undefined) {
    throw new UserError(
      "bad-usage",
      `${given.machine} is no machine that can be asked.`,
      "Use ssh://HOST, --node with a node of a cluster, or --from with files.",
    );
  }
  const isOfCluster = given.node !== undefined || given.pool !== undefined;
  if ([host !== undefined, given.from !== undefined, isOfCluster].filter((isGiven) => isGiven).length !== 1) {
    throw new UserError(
      "bad-usage",
      "coldstart boot needs to know where to look.",
      "Give one of --node NODE, --pool POOL, --from FOLDER or FILE…, or ssh://HOST.",
    );
  }
  if (isOfCluster) {
    const { bootsOfNodes } = await import("./bootNodes.ts");
    return bootsOfNodes(given, call);
  }
  if (host !== undefined) {
    const { collectOverSsh } = await import("../boot/collectBoot.ts");
    return [await collectOverSsh(host, call)];
  }
  const { readBoots } = await import("../boot/readBoots.ts");
  return readBoots(given.from ?? [], call);
}

async function reportOf(given: BootArguments, boots: readonly ReadBoot[], call: Call): Promise<BootReport> {
  const { bootReportOf } = await import("../boot/bootReport.ts");
  const { readBoots } = await import("../boot/readBoots.ts");
  const { withSettings } = await import("../boot/workClasses.ts");
  const comparedWith = given.compare === undefined ? undefined : await readBoots(given.compare, call);
  const rules = withSettings(given.rules === undefined ? [] : await rulesOf(given.rules));
  return bootReportOf(boots, { unit: given.unit, rules, comparedWith });
}

async function rulesOf(path: string): Promise<readonly unknown[]> {
  const wrong = (why: string, cause?: unknown): UserError =>
    new UserError(
      "file-unreadable",
      `${path} holds no rules: ${why}.`,
      'It is a JSON list of {"class": …, "units": …}.',
      cause === undefined ? undefined : { cause },
    );
  let rules: unknown;
  try {
    rules = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw wrong((cause as Error).message, cause);
  }
  if (!Array.isArray(rules)) throw wrong("it is no list");
  return rules as unknown[];
}

function verbOf(given: BootArguments): (typeof verbs)[number] | undefined {
  const verb = verbs.find((name) => name === given.as);
  if (given.as !== undefined && verb === undefined)
    throw new UserError("bad-usage", `There is no form "${given.as}".`, `Use one of ${verbs.join(", ")}.`);
  if (given.fuzz !== undefined && verb !== "critical-chain")
    throw new UserError("bad-usage", "--fuzz goes with --as critical-chain.", "Leave it out.");
  return verb;
}

/** What systemd-analyze would have printed, byte for byte; of several boots each under its name. */
async function printAs(verb: (typeof verbs)[number], given: BootArguments, boots: readonly ReadBoot[]): Promise<void> {
  const { blameText, criticalChainText, notFinishedText, timeText } = await import("../boot/systemdText.ts");
  const { parseTimespan } = await import("../boot/timespan.ts");
  const fuzzUs = given.fuzz === undefined ? 0 : parseTimespan(given.fuzz);
  if (fuzzUs === undefined)
    throw new UserError("bad-usage", `"${given.fuzz}" is no length of time.`, "Write it as systemd does: 1s, 100ms, 1min 30s.");
  const unit = given.unit ?? "default.target";
  let isRefused = false;
  for (const { value: boot } of boots) {
    if (boots.length > 1) process.stdout.write(`# ${printable(boot.name)}\n`);
    const text = verb === "time" ? timeText(boot) : verb === "blame" ? blameText(boot) : criticalChainText(boot, unit, fuzzUs);
    if (text === notFinishedText) {
      process.stderr.write(text);
      isRefused = true;
      continue;
    }
    if (verb === "critical-chain" && !isKnown(boot, unit))
      process.stderr.write(
        `The files of ${printable(boot.name)} do not tell of ${printable(unit)}; systemd-analyze would look for it anew.\n`,
      );
    // Names of units that systemd accepts hold nothing that this changes.
    process.stdout.write(text.split("\n").map(printable).join("\n"));
  }
  if (isRefused)
    throw new UserError(
      "boot-unfinished",
      "systemd-analyze refuses such boots.",
      "coldstart boot without --as shows what the machine is waiting for.",
    );
}

function isKnown({ units }: BootChain, name: string): boolean {
  return units.some(({ id, aliases }) => id === name || aliases.includes(name));
}
