import type { ObservationSource } from "../../src/bench/observation.ts";

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
