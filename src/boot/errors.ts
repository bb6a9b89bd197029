import { UserError } from "../base/errors.ts";

const forms =
  "Coldstart reads what systemctl show, systemd-analyze (time, blame, critical-chain, plot, dump), journalctl (-o json or export; files of the journal, too), cloud-init analyze dump and node-latency-for-k8s print.";

export function bootUnreadable(path: string, why: string, cause?: unknown): UserError {
  return new UserError("boot-unreadable", `${path} tells of no boot: ${why}.`, forms, cause === undefined ? undefined : { cause });
}

export function unitUnknown(unit: string, known: readonly string[]): UserError {
  const hint = known.length > 0 ? `Similar: ${known.join(", ")}.` : "coldstart boot without --unit shows what there is.";
  return new UserError("bad-usage", `No boot that was read has a unit ${unit}.`, hint);
}

export function sshFailed(host: string, why: string, cause?: unknown): UserError {
  const hint = `Try: ssh ${host} systemctl show. Coldstart uses your own ssh with its keys and configuration, and asks for no password.`;
  return new UserError("ssh-failed", `${host} could not be asked over ssh: ${why}.`, hint, cause === undefined ? undefined : { cause });
}

export function badRule(index: number, why: string): UserError {
  return new UserError(
    "bad-settings",
    `Rule ${index + 1} for classes of boot work is wrong: ${why}.`,
    'A rule is {"class": "storage", "units": "^efs-"}.',
  );
}
