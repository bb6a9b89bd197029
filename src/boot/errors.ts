import { UserError } from "../base/errors.ts";

const forms =
  "Coldstart reads what systemctl show, systemd-analyze (time, blame, critical-chain, plot, dump), journalctl (-o json or export; files of the journal, too), cloud-init analyze dump (its log, too) and node-latency-for-k8s print.";

export function bootUnreadable(path: string, why: string, cause?: unknown): UserError {
  return new UserError("boot-unreadable", `${path} tells of no boot: ${why}.`, forms, cause === undefined ? undefined : { cause });
}

/** No way leads to a boot chain there. `why` continues a sentence. */
export function noSystemd(node: string, why: string): UserError {
  return new UserError(
    "boot-unreadable",
    `Node ${node} tells nothing of its boot: ${why}.`,
    "Boot chains are read from systemd; on machines with another init they cannot be had.",
  );
}

/** The kubelet serves no journal of this boot. `why` continues a sentence. */
export function noJournal(node: string, why: string): UserError {
  return new UserError(
    "boot-unreadable",
    `The kubelet of node ${node} tells nothing of its boot: ${why}.`,
    "Ask the node by D-Bus (--way bus), or keep its journal on disk (Storage=persistent in journald.conf).",
  );
}

export function noSuchPool(pool: string, known: readonly string[]): UserError {
  return new UserError(
    "node-not-found",
    `No node is of a pool ${pool}.`,
    known.length > 0 ? `There are: ${known.slice(0, 10).join(", ")}.` : "No label of a node tells of a pool; name nodes with --node.",
  );
}

/** `why` continues a sentence. */
export function nodePodFailed(node: string, why: string): UserError {
  return new UserError(
    "probe-failed",
    `The pod that asks node ${node} about its boot failed: ${why}.`,
    "Choose another image for it with sh, grep and nsenter (--probe-image, or coldstart.bench.probeImage), or another way (--way).",
  );
}

/** `why`: a sentence in the cluster's words. */
export function nodePodRefused(namespace: string, why: string, cause: unknown): UserError {
  return new UserError(
    "probe-failed",
    `A pod that has a path of the node, or its privileges, was refused in namespace ${namespace}. ${why}`,
    "Choose another namespace, one that takes such pods (pod-security.kubernetes.io/enforce: privileged).",
    { cause },
  );
}

export function nodeConsentMissing(node: string): UserError {
  return new UserError(
    "consent-missing",
    `A privileged pod on node ${node} would be root there, and nobody has agreed to that.`,
    "Allow it with --allow-privileged: it only reads, has a deadline, and is removed afterwards.",
  );
}

/** Each line: a way and why it leads nowhere. */
export function nodeUnasked(node: string, lines: readonly string[]): UserError {
  return new UserError(
    "node-unasked",
    `No way that is allowed tells of the boot of node ${node}.\n${lines.join("\n")}`,
    "Mend one of these, or collect the boot on the machine itself: coldstart boot ssh://HOST.",
  );
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
