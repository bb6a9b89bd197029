import type { Mark, ObservationSource } from "./observation.ts";
import type { ColdnessLevel } from "./plan.ts";
import type { StageName } from "./stages.ts";
import type { FailureReason, Taint } from "./trial.ts";

/** The words of benchmarks for people, one place for all of the terminal, the panel and exported texts. */

export const stageWords: Readonly<Record<StageName, string>> = {
  request: "request → created",
  scheduling: "scheduling",
  sandbox: "sandbox",
  unaccounted: "unaccounted",
  pull: "pull",
  create: "create",
  start: "start",
  "first-output": "first output",
  application: "application",
  "first-answer": "first answer",
};

export function stagesInWords(names: readonly StageName[]): string {
  return names.map((name) => stageWords[name]).join(" + ");
}

/** After a count: `2 image not pulled`. */
export const failureWords: Readonly<Record<FailureReason | "timed-out", string>> = {
  "image-pull": "image not pulled",
  "container-crashed": "container crashed",
  "container-create": "container not created",
  sandbox: "no pod sandbox",
  unschedulable: "no node found",
  evicted: "evicted",
  "node-lost": "node lost",
  "pod-deleted": "pod deleted",
  quota: "over quota",
  admission: "refused by an admission policy",
  forbidden: "not permitted",
  "not-cold": "not made cold",
  "cluster-lost": "cluster lost",
  other: "for another reason",
  "timed-out": "not ready in time",
};

/** After a count: `2 found the image on the node`. */
export const taintWords: Readonly<Record<Taint, string>> = {
  warm: "found the image on the node",
  "partly-warm": "found some of the image's layers on the node",
  "fell-back": "fell back to an ordinary pull",
  restarted: "restarted",
  "cluster-reconnected": "lost the connection to the cluster for a while",
  "less-cold": "began less cold than planned",
};

export const coldnessWords: Readonly<Record<ColdnessLevel, string>> = {
  L0: "how cold is not known",
  L1: "image removed",
  L2: "image, content and snapshots removed",
  L3: "image, content and snapshots removed, page cache dropped",
  L4: "fresh node",
};

/** What a start is busy with after its latest mark; undefined after the last. `first-output` lies within the application's start. */
export const stageAfter: Readonly<Record<Mark, StageName | undefined>> = {
  created: "scheduling",
  scheduled: "sandbox",
  sandbox: "pull",
  "pull-start": "pull",
  pulled: "create",
  "container-created": "start",
  started: "application",
  "first-output": "application",
  ready: "first-answer",
  "first-answer": undefined,
};

/** Where an instant was seen, for people. */
export const sourceWords: Readonly<Record<ObservationSource, string>> = {
  request: "our request",
  "pod-watch": "watch of the pod",
  "event-watch": "watch of events",
  "pod-status": "pod status, whole seconds",
  "event-stamp": "stamp of an event",
  "event-text": "kubelet's own span",
  "log-stamp": "stamp of the log",
  "log-watch": "the log's arrival",
  "readiness-poll": "our readiness poll",
  import: "another tool's results",
};
