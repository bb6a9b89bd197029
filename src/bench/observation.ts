/**
 * What was seen of one pod's start. Observations are stored as they were made; stages are derived from them (`stages.ts`) and can be
 * derived again.
 */
export interface Observation {
  readonly mark: Mark;
  /** The best single value for the instant, in ms since 1970 on this machine's clock unless `clock` says otherwise. */
  readonly atEpochMs: number;
  /** The true instant lies between these two, on the same clock. A stamp of whole seconds: the second that it names. */
  readonly earliestEpochMs: number;
  readonly latestEpochMs: number;
  /** Whose clock: of the machine that runs Coldstart, of the API server and its controllers, or of the node. */
  readonly clock: "client" | "cluster" | "node";
  readonly source: ObservationSource;
  /** What the source said, shortened; never environment values. */
  readonly detail?: string;
}

/** The instants of a cold start in the order in which they usually pass. */
export const marks = [
  "created",
  "scheduled",
  "sandbox",
  "pull-start",
  "pulled",
  "container-created",
  "started",
  "first-output",
  "ready",
  "first-answer",
] as const;
export type Mark = (typeof marks)[number];

/** What told of an instant. Each has its own delay and clock, so a stage shows the sources of both its ends. */
export type ObservationSource =
  /** Our own request to the API server. */
  | "request"
  /** When a watch event about the pod arrived here. */
  | "pod-watch"
  /** When a Kubernetes event about the pod arrived here. */
  | "event-watch"
  /** A stamp of whole seconds in the pod's status. */
  | "pod-status"
  /** The stamp within a Kubernetes event; the scheduler's has microseconds, the kubelet's whole seconds. */
  | "event-stamp"
  /** The duration that the kubelet's `Pulled` message tells. */
  | "event-text"
  /** The container runtime's stamp of a line of output. */
  | "log-stamp"
  | "log-watch"
  /** Our own question to the application. */
  | "readiness-poll"
  /** What another tool's results say; each reader in `results/imports` names that tool's known errors. */
  | "import";

/** What the kubelet said of the pull: `Successfully pulled image … in 1.2s (3.4s including waiting). Image size: 5 bytes.` */
export interface PullReport {
  readonly durationMs: number;
  /** With the time spent in the kubelet's queue; absent in old kubelets. */
  readonly includingWaitingMs?: number;
  /** Compressed size of the whole image, however much of it was fetched. */
  readonly imageSizeBytes?: number;
  /** `Container image … already present on machine`. */
  readonly alreadyPresent: boolean;
}
