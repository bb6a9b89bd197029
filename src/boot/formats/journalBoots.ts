import { parseTimespan } from "../timespan.ts";

/** What systemd said of a unit in the journal, on the kernel's monotonic clock. */
export interface JournalEvent {
  readonly atUs: number;
  readonly unit: string;
  readonly kind: "starting" | "started" | "start-failed" | "failed" | "restart" | "stopping" | "stopped" | "skipped";
  /** Why: a job's result (`failed`, `dependency`, `timeout`) or a unit's (`exit-code`, `timeout`). */
  readonly result?: string;
}

/** The journal of one boot: what tells of units. */
export interface JournalBoot {
  readonly bootId: string;
  readonly firstMonotonicUs: number;
  readonly lastMonotonicUs: number;
  /** Wall clock minus monotonic clock at the first entry. */
  readonly epochOffsetUs?: number;
  readonly events: readonly JournalEvent[];
  readonly finished?: {
    readonly atMonotonicUs: number;
    readonly kernelUs?: number;
    readonly initrdUs?: number;
    readonly userspaceUs?: number;
  };
}

/** Message IDs of `src/systemd/sd-messages.h`; they are the same since systemd 188 or since they exist. */
const kinds: ReadonlyMap<string, JournalEvent["kind"]> = new Map<string, JournalEvent["kind"]>([
  ["7d4958e842da4a758f6c1cdc7b36dcc5", "starting"],
  ["39f53479d3a045ac8e11786248231fbf", "started"],
  ["be02cf6855d2428ba40df7e9d022f03d", "start-failed"],
  ["d9b373ed55a64feb8242e02dbe79a49c", "failed"],
  ["5eb03494b6584870a536b337290809b3", "restart"],
  ["de5b426a63be47a7b6ac3eaac82e2f6f", "stopping"],
  ["9d1aaa27d60140bd96365438aad20286", "stopped"],
  ["0e4284a0caca4bfc81c0bb6786972673", "skipped"],
]);
/** With the message ID of a start systemd also says that a unit's conditions did not hold: until 249, until 255 and since. */
const conditionMessage =
  /^Condition check resulted in .{1,1000} being skipped\.$| was skipped because | skipped, (?:unmet|no trigger) condition check/;
const resultMessage = /: Failed with result '([a-z-]{1,40})'/;
/** The second is of user managers, and of the system's manager in a container. */
const startupFinished: ReadonlySet<string> = new Set(["b07a249cd024414a82dd00cd181378ff", "eed00a68ffd84e31882105fd973abdd1"]);

/** A boot has some hundred; a unit that restarts for days would fill the memory with what comes long after it. */
const maxEvents = 100_000;
const maxBoots = 1000;

export type JournalFields = Readonly<Record<string, unknown>>;

/** Fields that `JournalBoots` looks at. */
export const journalFields: ReadonlySet<string> = new Set([
  "__MONOTONIC_TIMESTAMP",
  "__REALTIME_TIMESTAMP",
  "_BOOT_ID",
  "MESSAGE_ID",
  "MESSAGE",
  "UNIT",
  "JOB_RESULT",
  "JOB_TYPE",
  "UNIT_RESULT",
  "KERNEL_USEC",
  "INITRD_USEC",
  "USERSPACE_USEC",
  "_PID",
  "_SYSTEMD_UNIT",
]);

interface OpenBoot {
  bootId: string;
  firstMonotonicUs: number;
  lastMonotonicUs: number;
  epochOffsetUs?: number;
  events: JournalEvent[];
  finished?: NonNullable<JournalBoot["finished"]>;
}

/** Gathers the boots of a journal entry by entry, within bounds. */
export class JournalBoots {
  private readonly boots = new Map<string, OpenBoot>();
  private eventCount = 0;
  private wasCut = false;

  /** Whether something was left out because there was too much of it. */
  get isCut(): boolean {
    return this.wasCut;
  }

  /** One entry; what has no time or boot is left out. */
  entry(fields: JournalFields): void {
    const atUs = wholeNumber(fields["__MONOTONIC_TIMESTAMP"]);
    const bootId = fields["_BOOT_ID"];
    if (atUs === undefined || typeof bootId !== "string") return;
    const boot = this.boot(bootId, atUs, wholeNumber(fields["__REALTIME_TIMESTAMP"]));
    if (!boot) return;
    boot.firstMonotonicUs = Math.min(boot.firstMonotonicUs, atUs);
    boot.lastMonotonicUs = Math.max(boot.lastMonotonicUs, atUs);
    const messageId = fields["MESSAGE_ID"];
    if (typeof messageId !== "string" || !isOfManager(fields)) return;
    if (startupFinished.has(messageId)) boot.finished ??= finishedOf(atUs, fields);
    const kind = kinds.get(messageId);
    const unit = fields["UNIT"];
    if (kind === undefined || typeof unit !== "string" || unit === "") return;
    if (this.eventCount >= maxEvents) {
      this.wasCut = true;
      return;
    }
    this.eventCount++;
    const message = fields["MESSAGE"];
    const result = fields["UNIT_RESULT"] ?? fields["JOB_RESULT"] ?? unitResult(message);
    const isSkipped = kind === "started" && typeof message === "string" && conditionMessage.test(message);
    boot.events.push({ atUs, unit, kind: isSkipped ? "skipped" : kind, ...(typeof result === "string" && { result }) });
  }

  /** In the order in which they appear. */
  result(): JournalBoot[] {
    return [...this.boots.values()];
  }

  private boot(bootId: string, atUs: number, realtimeUs: number | undefined): OpenBoot | undefined {
    const known = this.boots.get(bootId);
    if (known) return known;
    if (this.boots.size >= maxBoots) {
      this.wasCut = true;
      return undefined;
    }
    const made: OpenBoot = {
      bootId,
      firstMonotonicUs: atUs,
      lastMonotonicUs: atUs,
      ...(realtimeUs !== undefined && { epochOffsetUs: realtimeUs - atUs }),
      events: [],
    };
    this.boots.set(bootId, made);
    return made;
  }
}

/** Any program may write such fields, so what is known to come from another process than PID 1 does not count. */
function isOfManager(fields: JournalFields): boolean {
  const pid = fields["_PID"];
  const unit = fields["_SYSTEMD_UNIT"];
  return (pid === undefined || pid === "1") && (unit === undefined || unit === "init.scope");
}

function finishedOf(atMonotonicUs: number, fields: JournalFields): NonNullable<JournalBoot["finished"]> {
  const message = typeof fields["MESSAGE"] === "string" ? fields["MESSAGE"] : "";
  const phase = (field: string, name: string): number | undefined =>
    wholeNumber(fields[field]) ??
    parseTimespan(new RegExp(`([0-9a-z. ]{1,60}) \\(${name}\\)`).exec(message)?.[1]?.replace(/^.*\bin /, "") ?? "");
  const kernelUs = phase("KERNEL_USEC", "kernel");
  const initrdUs = phase("INITRD_USEC", "initrd");
  const userspaceUs = phase("USERSPACE_USEC", "userspace") ?? parseTimespan(/finished in ([^+()]{1,60}?)\.?$/.exec(message)?.[1] ?? "");
  return {
    atMonotonicUs,
    ...(kernelUs && { kernelUs }),
    ...(initrdUs && { initrdUs }),
    ...(userspaceUs !== undefined && { userspaceUs }),
  };
}

/** Whether a message says more than its fields. */
export function isTellingMessage(message: string): boolean {
  return message.startsWith("Startup finished in ") || resultMessage.test(message) || conditionMessage.test(message);
}

function unitResult(message: unknown): string | undefined {
  return typeof message === "string" ? resultMessage.exec(message)?.[1] : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^\d{1,16}$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}
